// Reads one scheduling case, as the reference decisions write it, from a JSON document of unknown shape.
import type { ResourceBindingSpec, ResourceBindingStatus } from '../../api/binding.ts';
import type { Cluster, ResourceModel } from '../../api/cluster.ts';
import type { ClusterInside } from '../../api/node.ts';
import { fields, filledText, listOf, mapOf, problemsOf, type ShapeProblem } from '../../base/shape.ts';
import { dropNulls } from '../../kube/drop-nulls.ts';
import { isObject } from '../../kube/json.ts';
import type { Gates } from '../../profile/gates.ts';
import type { Peer } from '../peers.ts';
import { bindingSpec, bindingStatus, cluster, gates, inside, options, peer } from './shapes.ts';

export interface ScheduleCase {
  readonly id: string;
  readonly clusters: readonly Cluster[];
  readonly spec: ResourceBindingSpec;
  readonly status: ResourceBindingStatus;
  /** Feature gates that differ from the profile's for this case. */
  readonly gates?: Partial<Gates>;
  readonly options?: { readonly enableEmptyWorkloadPropagation?: boolean };
  /** Nodes and pods by cluster, for the accurate estimator. */
  readonly insides?: Readonly<Record<string, ClusterInside>>;
  /** Workloads of affinity groups that are placed already. */
  readonly peers?: readonly Peer[];
}

export type CaseReading =
  | { readonly ok: true; readonly value: ScheduleCase }
  | { readonly ok: false; readonly id: string | null; readonly problems: readonly ShapeProblem[] };

const caseShape = fields(
  { id: filledText, clusters: listOf(cluster), spec: bindingSpec },
  { status: bindingStatus, gates, options, insides: mapOf(inside), peers: listOf(peer) },
);

export function readCase(document: unknown): CaseReading {
  const id = isObject(document) && typeof document.id === 'string' ? document.id : null;
  const problems = problemsOf(caseShape, document);
  if (problems.length > 0) return { ok: false, id, problems };
  const value = dropNulls(document) as unknown as ScheduleCase;
  const repeated = repeatedName(value.clusters);
  if (repeated !== null) return { ok: false, id, problems: [repeated] };
  return { ok: true, value: { ...value, clusters: value.clusters.map(completed), status: value.status ?? {} } };
}

/** What may be left out and counts as empty. */
function completed(cluster: Cluster): Cluster {
  const { spec = {} } = cluster;
  const { resourceModels } = spec;
  if (resourceModels === undefined) return spec === cluster.spec ? cluster : { ...cluster, spec };
  return {
    ...cluster,
    spec: { ...spec, resourceModels: resourceModels.map((model) => ({ ...EMPTY_MODEL, ...model })) },
  };
}

const EMPTY_MODEL: ResourceModel = { grade: 0, ranges: [] };

/** What keeps a document from being a cluster that can be decided on. */
export const clusterProblems = (document: unknown): readonly ShapeProblem[] => problemsOf(cluster, document);

function repeatedName(clusters: readonly Cluster[]): ShapeProblem | null {
  const places = new Map<string, number>();
  for (const [at, { metadata }] of clusters.entries()) {
    const earlier = places.get(metadata.name);
    if (earlier !== undefined) {
      const path = `clusters[${at}].metadata.name`;
      return { path, message: `repeats "${metadata.name}" of clusters[${earlier}]; every cluster needs its own name` };
    }
    places.set(metadata.name, at);
  }
  return null;
}
