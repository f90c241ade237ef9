// Where replicas could go that wait in full clusters, and what that makes of their places.

import type { ResourceBinding, TargetCluster } from '../../../api/binding.ts';
import type { Cluster } from '../../../api/cluster.ts';
import { replicasByCluster, replicasIn } from '../../../api/target-clusters.ts';
import { largestWith } from '../../../base/largest.ts';
import { byKey, byText } from '../../../base/order.ts';
import type { Scheduler } from '../../../schedule/fast/scheduler.ts';
import type { BindingInput } from '../../../schedule/request.ts';
import { readyIn } from '../../bindings.ts';
import { type Counts, firstOf, negative, sumEach, sumOf } from './counts.ts';

/**
 * How many of those that wait would get a place in which other clusters: where they have not left yet, and then by the scheduler's own
 * rules as many of them as there is room for, without anything else being moved.
 */
export function growthElsewhere(binding: ResourceBinding, waiting: Counts, scheduler: Scheduler): Counts {
  const home = firstOf(surplusIn(binding), sumOf(waiting));
  const there = withMore(withMore(binding.spec.clusters ?? [], negative(waiting)), home);
  const most = sumOf(waiting) - sumOf(home);
  // Most who wait do so because there is no room anywhere: that is soon seen.
  if (most === 0 || !scheduler.decide(withPlaces(binding, there, 1)).ok) return home;
  const growth = largestWith(1, most, (count) => growthOf(there, count, binding, waiting, scheduler));
  return growth === null ? home : sumEach(home, growth);
}

/** Those that run in a cluster beyond what was decided: they wait there until they have arrived elsewhere, and need no other room. */
export function surplusIn({ spec, status }: ResourceBinding): Counts {
  const surplus = new Map<string, number>();
  for (const { name, replicas = 0 } of spec.clusters ?? []) {
    const more = (readyIn(name, status) ?? 0) - replicas;
    if (more > 0) surplus.set(name, more);
  }
  return surplus;
}

/** Null where so many more have no place beside those that are there. */
function growthOf(
  there: readonly TargetCluster[],
  count: number,
  binding: ResourceBinding,
  waiting: Counts,
  scheduler: Scheduler,
): Counts | null {
  const fleet = scheduler.view();
  const verdict = scheduler.explain(withPlaces(binding, there, count), {
    ...fleet,
    clusters: fleet.clusters.map((cluster) => (waiting.has(cluster.metadata.name) ? asFull(cluster) : cluster)),
  });
  if (!verdict.ok || (verdict.affinity ?? '') !== (binding.status?.schedulerObservingAffinityName ?? '')) return null;
  const change = sumEach(replicasByCluster(verdict.clusters), negative(replicasByCluster(there)));
  const isOnlyGrowth = [...change].every(([name, more]) => more === 0 || (more > 0 && !waiting.has(name)));
  return isOnlyGrowth ? new Map([...change].filter(([, more]) => more > 0)) : null;
}

/** As if it were there, and so many more were wanted. */
const withPlaces = (
  { spec, status }: ResourceBinding,
  there: readonly TargetCluster[],
  more: number,
): BindingInput => ({
  spec: { ...spec, clusters: [...there], replicas: replicasIn(there) + more },
  status,
});

/** Whatever its status says: those that wait there show that there is no room for them. */
function asFull(cluster: Cluster): Cluster {
  const { resourceSummary: _room, ...status } = cluster.status ?? {};
  return { ...cluster, status };
}

/** Where it is when so many go to others, those first that most of them wait with. */
export const movedElsewhere = ({ spec }: ResourceBinding, waiting: Counts, growth: Counts): readonly TargetCluster[] =>
  withMore(withMore(spec.clusters ?? [], negative(firstOf(waiting, sumOf(growth)))), growth);

/** Less than nothing is fewer of them; a cluster with none is left. */
const withMore = (clusters: readonly TargetCluster[], change: Counts): readonly TargetCluster[] =>
  [...sumEach(replicasByCluster(clusters), change)]
    .filter(([, replicas]) => replicas > 0)
    .map(([name, replicas]): TargetCluster => ({ name, replicas }))
    .sort(byKey(({ name }) => name, byText));
