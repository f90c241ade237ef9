// Moves that nothing forces: a divided workload follows a fleet that has changed, and goes back to its first choice, a part of
// its replicas at a time, and only where that is worth it.

import type { GracefulEvictionTask, ResourceBinding, TargetCluster } from '../../../api/binding.ts';
import { replicasByCluster, replicasIn } from '../../../api/target-clusters.ts';
import { byKey, byText } from '../../../base/order.ts';
import { formatTime, type Millis, parseTime } from '../../../kube/time.ts';
import type { Profile } from '../../../profile/profile.ts';
import type { Scheduler } from '../../../schedule/fast/scheduler.ts';
import { isDuplicated } from '../../../schedule/request.ts';

/** On a binding: when it was last moved without need. */
export const MOVED_ANNOTATION = 'scheduling.muster.dev/moved-at';

/** On a binding: which of its affinities it was placed by. */
export const AFFINITY_ANNOTATION = 'scheduling.muster.dev/affinity';

/** On such a binding: the fleet that it was moved for, and in how many steps so far. */
export const MOVED_FOR_ANNOTATION = 'scheduling.muster.dev/moved-for';

/** As whom tasks name who moved something without need. */
export const MOVER = 'Scheduler';

/** Less than this part of the replicas in other places is no reason to move any. */
const WORTH_PERCENT = 20;

export interface VoluntaryMove {
  readonly clusters: readonly TargetCluster[];
  readonly affinity: string | null;
  /** Clusters that are left for good: what runs there stays until its successors are well. */
  readonly tasks: readonly GracefulEvictionTask[];
  /** The whole way has been gone. */
  readonly isComplete: boolean;
}

/** When the next such move is allowed at the earliest. */
export function nextMoveAt({ metadata }: ResourceBinding, { timings }: Profile): Millis {
  const moved = parseTime(metadata.annotations?.[MOVED_ANNOTATION] ?? '');
  return moved === null ? 0 : moved + timings.voluntaryMoveIntervalMs;
}

/** Null where everything is well enough as it is. */
export function voluntaryMove(
  binding: ResourceBinding,
  scheduler: Scheduler,
  now: Millis,
  profile: Profile,
  isUnderWay: boolean,
): VoluntaryMove | null {
  const wished = wishedPlaces(binding, scheduler, now, profile);
  if (wished === null) return null;
  const current = binding.spec.clusters ?? [];
  const goal = replicasByCluster(wished.clusters);
  const all = [...new Set([...current.map(({ name }) => name), ...goal.keys()])].sort(byText);
  const here = replicasByCluster(current);
  const total = replicasIn(current);
  const far = all.reduce((sum, name) => sum + Math.max(0, (goal.get(name) ?? 0) - (here.get(name) ?? 0)), 0);
  const isWhole = isDuplicated(binding.spec.placement ?? {}) || total === 0;
  if (isWhole) return wholeMove(binding, current, wished, now);
  const returns = wished.affinity !== (binding.status?.schedulerObservingAffinityName ?? null);
  // What has been begun is ended, however little is left of it.
  const isLittle = !returns && !isUnderWay && far * 100 < total * WORTH_PERCENT;
  if (far === 0 || isLittle || !(returns || isUnderWay || profile.switches.followsFleetChanges)) return null;
  const budget = Math.max(1, Math.ceil((total * profile.timings.voluntaryMovePercent) / 100));
  const step = Math.min(far, budget);
  const clusters = stepTowards(all, here, goal, step);
  return {
    clusters,
    affinity: wished.affinity,
    tasks: tasksFor(binding, clusters, now),
    isComplete: step === far,
  };
}

interface Wished {
  readonly clusters: readonly TargetCluster[];
  readonly affinity: string | null;
}

/** Where it would go if it were placed today, from the first choice on. */
function wishedPlaces(
  { spec, status }: ResourceBinding,
  scheduler: Scheduler,
  now: Millis,
  { switches }: Profile,
): Wished | null {
  const observed = status?.schedulerObservingAffinityName;
  const fresh = {
    spec: { ...spec, rescheduleTriggeredAt: formatTime(now + 1000) },
    status: { ...status, lastScheduledTime: formatTime(now - 1000) },
  };
  const verdict = scheduler.decide(fresh);
  if (!verdict.ok || verdict.clusters.length === 0) return null;
  const affinity = verdict.affinity;
  const isOtherChoice = (affinity ?? undefined) !== observed && observed !== undefined && observed !== '';
  if (isOtherChoice ? !switches.failsBack : !switches.followsFleetChanges && !isBeyondFirstTier(spec)) return null;
  return { clusters: verdict.clusters, affinity };
}

/** Replicas in an overflow tier are away from their first choice. */
const isBeyondFirstTier = ({ placement }: ResourceBinding['spec']): boolean =>
  (placement?.clusterAffinities ?? []).some(({ overflowAffinities }) => (overflowAffinities?.length ?? 0) > 0);

/** Copies are whole: they come to where they are wished first, and leave where they are not when those are well. */
function wholeMove(
  binding: ResourceBinding,
  current: readonly TargetCluster[],
  wished: Wished,
  now: Millis,
): VoluntaryMove | null {
  const names = (clusters: readonly TargetCluster[]) =>
    clusters
      .map(({ name }) => name)
      .sort(byText)
      .join(',');
  if (names(current) === names(wished.clusters)) return null;
  return { ...wished, tasks: tasksFor(binding, wished.clusters, now), isComplete: true };
}

/** Takes where there is most too much and gives where most is missing, one by one, by name where equal. */
function stepTowards(
  names: readonly string[],
  here: ReadonlyMap<string, number>,
  goal: ReadonlyMap<string, number>,
  step: number,
): readonly TargetCluster[] {
  const counts = new Map(names.map((name) => [name, here.get(name) ?? 0]));
  const lackIn = (name: string) => (goal.get(name) ?? 0) - counts.get(name)!;
  for (let moved = 0; moved < step; moved += 1) {
    let from = names[0]!;
    let to = names[0]!;
    for (const name of names) {
      if (lackIn(name) < lackIn(from)) from = name;
      if (lackIn(name) > lackIn(to)) to = name;
    }
    if (lackIn(to) <= 0) break;
    counts.set(to, counts.get(to)! + 1);
    if (lackIn(from) < 0) counts.set(from, counts.get(from)! - 1);
  }
  return [...counts]
    .filter(([, replicas]) => replicas > 0)
    .map(([name, replicas]): TargetCluster => ({ name, replicas }))
    .sort(byKey(({ name }) => name, byText));
}

/** For the clusters that are left for good. */
export function tasksFor(
  { spec }: ResourceBinding,
  clusters: readonly TargetCluster[],
  now: Millis,
  reason = 'FleetChanged',
): readonly GracefulEvictionTask[] {
  const kept = new Set(clusters.map(({ name }) => name));
  const before = (spec.clusters ?? []).map(({ name }) => name);
  return (spec.clusters ?? [])
    .filter(({ name }) => !kept.has(name))
    .map(({ name, replicas }) => ({
      fromCluster: name,
      purgeMode: 'Gracefully',
      ...(replicas !== undefined && { replicas }),
      reason,
      producer: MOVER,
      creationTimestamp: formatTime(now),
      clustersBeforeFailover: before,
    }));
}
