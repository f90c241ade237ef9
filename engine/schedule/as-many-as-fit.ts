// Of what there is too little room for, as much as there is room for: services that run with fewer replicas than they were to have.

import type { ResourceBindingSpec, TargetCluster } from '../api/binding.ts';
import { replicasByCluster, replicasIn } from '../api/target-clusters.ts';
import { largestWith } from '../base/largest.ts';
import type { Failure } from './decision.ts';
import { type BindingInput, strategyOf } from './request.ts';

export interface Part {
  readonly clusters: readonly TargetCluster[];
  readonly affinity: string | null;
}

export type Decide = (input: BindingInput) => (Part & { readonly ok: true }) | (Failure & { readonly ok: false });

/** Of these a part is of use; a job that waits for all of its pods would hold the room of those that came. */
const SERVICES: readonly string[] = ['apps', 'apps.kruise.io'];

/**
 * Beside those that are there, which all stay where they are, and `leaving` ones that run on where they are to leave. Null where there
 * is no room for one more, and where it was not for want of room that all were refused.
 *
 * Of several groups of clusters that one takes it which has room for most, the first of those that have.
 */
export function asManyAsFit(
  { spec, status }: BindingInput,
  refused: Failure,
  decide: Decide,
  leaving = 0,
): Part | null {
  if (refused.code !== 'InsufficientReplicas' || !isDivisible(spec)) return null;
  const there = spec.clusters ?? [];
  // Each group of a spread has one at least.
  const least = Math.max(
    replicasIn(there) + 1,
    ...(spec.placement?.spreadConstraints ?? []).map(({ minGroups = 1 }) => minGroups),
  );
  return largestWith(least, (spec.replicas ?? 0) - Math.max(1, leaving), (replicas) => {
    const verdict = decide({ spec: { ...spec, replicas }, status });
    if (!verdict.ok) return null;
    const { clusters, affinity } = verdict;
    const decided = replicasByCluster(clusters);
    const stays = there.every(({ name, replicas: before = 0 }) => (decided.get(name) ?? 0) >= before);
    return stays ? { clusters, affinity } : null;
  });
}

function isDivisible({ resource, placement = {}, components = [] }: ResourceBindingSpec): boolean {
  const [group = ''] = resource.apiVersion.split('/');
  const isDivided = ['DynamicWeight', 'Aggregated', 'StaticWeight'].includes(strategyOf(placement));
  return SERVICES.includes(group) && components.length === 0 && isDivided;
}
