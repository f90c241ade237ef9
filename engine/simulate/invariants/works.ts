// Works against decisions: one for each cluster that is to have the object and no other, with the manifest that the overrides
// make of the template in their documented order.
import type { ResourceBinding } from '../../api/binding.ts';
import type { Cluster } from '../../api/cluster.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import { ANNOTATIONS, clusterOfExecutionSpace, executionSpaceOf, LABELS, workNameOf } from '../../api/names.ts';
import type { OverridePolicy } from '../../api/override.ts';
import { BINDING_CONDITIONS, type Work } from '../../api/work.ts';
import { hasConditionStatus } from '../../kube/conditions.ts';
import { canonicalJson, isObject } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { isForsaken } from '../../propagate/edition.ts';
import { clustersWithWork } from '../../propagate/targets.ts';
import { worksFor } from '../../propagate/works.ts';
import type { World } from '../world.ts';
import { isHeldUp } from './held-up.ts';
import type { SettledPorts } from './settled-ports.ts';
import { nameOf, type Violation, violation } from './violation.ts';

export function workViolations(
  { hub: { store } }: World,
  binding: ResourceBinding,
  template: KubeObject,
  clusters: ReadonlyMap<string, Cluster>,
  ports: SettledPorts,
): readonly Violation[] {
  const { kind, namespace, name } = binding.spec.resource;
  const workName = workNameOf(kind, name, namespace);
  const stored = (cluster: string) => store.get(COLLECTIONS.works, executionSpaceOf(cluster), workName) as Work | null;
  const found: Violation[] = [];
  const mayHaveMore = isHeldUp(binding, ports) || (ports.collectsStrays && isNowhere(binding));
  const wanted = clustersWithWork(binding.spec);
  for (const cluster of clusters.keys()) {
    const work = stored(cluster);
    if (work !== null && isOf(work, binding) && !wanted.has(cluster) && !mayHaveMore) {
      found.push(
        violation('work-has-target', nameOf(work as unknown as KubeObject), `${cluster} is no target any more`),
      );
    }
  }
  const policies = {
    clusterOverridePolicies: store.list(COLLECTIONS.clusterOverrides) as unknown as readonly OverridePolicy[],
    overridePolicies: store.list(COLLECTIONS.overrides, namespace ?? null) as unknown as readonly OverridePolicy[],
  };
  const workId = (space: string) =>
    stored(clusterOfExecutionSpace(space) ?? '')?.metadata.labels?.[LABELS.workId] ?? '';
  const { works } = worksFor({ binding, template, clusters, policies }, { ...ports, workId }, { preservedState: true });
  for (const work of works) {
    const cluster = clusterOfExecutionSpace(work.metadata.namespace ?? '') ?? '';
    const there = stored(cluster);
    const about = nameOf({ kind: 'Work', metadata: work.metadata });
    // With a cluster that leaves its Works go first.
    if (there === null && clusters.get(cluster)?.metadata.deletionTimestamp !== undefined) continue;
    if (there === null) {
      found.push(violation('target-has-work', about, `${nameOf(binding)} is to run there, and there is no Work`));
    } else if (!isForsaken(binding) && !isSame(there, work, isHeldUp(binding, ports))) {
      found.push(violation('work-is-rendered', about, 'its manifest is not what template and overrides make it'));
    }
  }
  return found;
}

/** Works whose binding is gone: nobody will ever take them away. */
export function abandonedWorks({ hub: { store } }: World): readonly Violation[] {
  return store.list(COLLECTIONS.works).flatMap((work) => {
    const { [ANNOTATIONS.bindingName]: name, [ANNOTATIONS.bindingNamespace]: namespace = '' } =
      work.metadata.annotations ?? {};
    if (name === undefined || store.get(COLLECTIONS.bindings, namespace, name) !== null) return [];
    return [violation('work-has-binding', nameOf(work), `its binding ${namespace}/${name} is gone`)];
  });
}

/** What is held up keeps the replicas that others cannot take over yet. */
const isSame = (there: Work, wanted: Work, mayHaveOtherReplicas: boolean): boolean =>
  mayHaveOtherReplicas
    ? canonicalJson(withoutReplicas(there)) === canonicalJson(withoutReplicas(wanted))
    : canonicalJson(there.spec.workload) === canonicalJson(wanted.spec.workload);

const withoutReplicas = ({ spec: { workload } }: Work): readonly unknown[] =>
  (workload.manifests ?? []).map(({ spec, ...rest }) => ({
    ...rest,
    spec: isObject(spec) ? { ...spec, replicas: null } : spec,
  }));

/** There is no place for it, and that is told: where it still is, it may stay, unless Karmada's rules are those that count. */
export const isNowhere = ({ spec, status }: ResourceBinding): boolean =>
  (spec.clusters ?? []).length === 0 &&
  (spec.replicas ?? 0) > 0 &&
  hasConditionStatus(status?.conditions, BINDING_CONDITIONS.scheduled, 'False');

/** Objects of one name and kind take turns at a Work's name. */
function isOf({ metadata }: Work, binding: ResourceBinding): boolean {
  const label = binding.metadata.namespace ? LABELS.bindingId : LABELS.clusterBindingId;
  return metadata.labels?.[label] === binding.metadata.labels?.[label];
}
