// Of what there is too little room for, as much as there is room for: services that run with fewer replicas than they were to have.
import type { ResourceBindingSpec, TargetCluster } from '../../../api/binding.ts';
import type { Verdict } from '../../../schedule/fast/verdict.ts';
import { type BindingInput, strategyOf } from '../../../schedule/request.ts';

export type Decide = (input: BindingInput) => Verdict;

/** Of these a part is of use; a job that waits for all of its pods would hold the room of those that came. */
const SERVICES: readonly string[] = ['apps', 'apps.kruise.io'];

export interface Part {
  readonly clusters: readonly TargetCluster[];
  readonly affinity: string | null;
}

/**
 * Beside those that are there, which all stay where they are, and those that run on where they are to leave. Null where there is no
 * room for one more.
 *
 * Of several groups of clusters, each the next choice where the one before is full, none takes a part.
 */
export function asManyAsFit(
  { spec, status }: BindingInput,
  there: readonly TargetCluster[],
  leaving: number,
  decide: Decide,
): Part | null {
  if (!isDivisible(spec)) return null;
  const partOf = (replicas: number): Part | null => {
    const verdict = decide({ spec: { ...spec, clusters: [...there], replicas }, status });
    if (!verdict.ok) return null;
    const { clusters, affinity } = verdict;
    const decided = new Map(clusters.map((target) => [target.name, target.replicas ?? 0]));
    return there.every(({ name, replicas: before = 0 }) => (decided.get(name) ?? 0) >= before)
      ? { clusters, affinity }
      : null;
  };
  let [least, most] = [
    there.reduce((sum, { replicas = 0 }) => sum + replicas, 0) + 1,
    (spec.replicas ?? 0) - Math.max(1, leaving),
  ];
  let part: Part | null = null;
  // Mostly there is no room for any.
  for (let tried = least; least <= most; tried = Math.floor((least + most) / 2)) {
    const found = partOf(tried);
    if (found === null) most = tried - 1;
    else [part, least] = [found, tried + 1];
  }
  return part;
}

function isDivisible({ resource, placement = {}, components = [] }: ResourceBindingSpec): boolean {
  const [group = ''] = resource.apiVersion.split('/');
  const isOneGroup = (placement.clusterAffinities?.length ?? 1) === 1;
  const isDivided = ['DynamicWeight', 'Aggregated', 'StaticWeight'].includes(strategyOf(placement));
  return SERVICES.includes(group) && components.length === 0 && isOneGroup && isDivided;
}
