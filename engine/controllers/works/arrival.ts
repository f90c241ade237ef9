// What moves is taken from its old clusters when it has arrived in the new ones, so that there is never a moment without any.
import type { ResourceBinding } from '../../api/binding.ts';
import type { Cluster } from '../../api/cluster.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import { clusterOfExecutionSpace, executionSpaceOf, LABELS } from '../../api/names.ts';
import { WORK_CONDITIONS, type Work } from '../../api/work.ts';
import type { View } from '../../control/controller.ts';
import { hasConditionStatus } from '../../kube/conditions.ts';
import { isObject } from '../../kube/json.ts';
import { type Millis, parseTime } from '../../kube/time.ts';
import type { Profile } from '../../profile/profile.ts';
import type { Switches } from '../../profile/switches.ts';
import { isClaimed } from '../../propagate/claim.ts';
import { targetsOf } from '../../propagate/targets.ts';
import { countIn, readyIn } from './hold-back.ts';
import { dispatchedSince } from './suspension.ts';

export const isApplied = (work: Work | undefined): boolean =>
  hasConditionStatus(work?.status?.conditions, WORK_CONDITIONS.applied, 'True');

/** Applied, and where it is counted in replicas, serving with all of them: of those that the cluster has by itself, where it scales it. */
const hasArrived = (work: Work | undefined, { evictionWaitsForReplicas }: Switches): boolean =>
  isApplied(work) && (!evictionWaitsForReplicas || readyIn(work) >= (ownCountIn(work) ?? countIn(work)));

/** Null where its replicas are the hub's to say, or nothing is told of them yet. */
function ownCountIn(work: Work | undefined): number | null {
  const isItsOwn = work?.spec.workload.manifests?.[0]?.metadata.labels?.[LABELS.retainReplicas] === 'true';
  const status = work?.status?.manifestStatuses?.[0]?.status;
  return isItsOwn && isObject(status) && typeof status.replicas === 'number' ? status.replicas : null;
}

/**
 * Differs from Karmada: there old and new are written at once, and who is first is a matter of luck. Whoever never arrives is not
 * waited for without end, unless it is not allowed to.
 */
export function isAwaited(
  binding: ResourceBinding,
  works: readonly Work[],
  now: Millis,
  { switches, timings }: Profile,
): boolean {
  if (!switches.staysUntilArrived) return false;
  const { spec, status, metadata } = binding;
  const targets = targetsOf(spec);
  // Where it was to go has been left before it arrived, and nowhere else takes it: what is there is all there is.
  if (targets.length === 0) return switches.keepsWhatFitsNowhere && (spec.replicas ?? 0) > 0 && isClaimed(metadata);
  const missing = targets
    .map(({ name }) => name)
    .filter((name) => {
      const space = executionSpaceOf(name);
      return !hasArrived(
        works.find((work) => work.metadata.namespace === space),
        switches,
      );
    });
  if (missing.length === 0) return false;
  const since = dispatchedSince(binding, missing, works, now);
  if (since === null) return true;
  // Until the scheduler has told of its decision, its time is that of the one before; on what no policy claims it decides nothing.
  if (isClaimed(metadata) && status?.schedulerObservedGeneration !== metadata.generation) return true;
  const decided = parseTime(status?.lastScheduledTime ?? '');
  return decided !== null && now < Math.max(decided, since) + timings.gracefulEvictionTimeoutMs;
}

/** Nothing is kept in a cluster that leaves, nor what is purged directly. */
export function mayStay({ metadata }: Work, { spec }: ResourceBinding, view: View): boolean {
  const name = clusterOfExecutionSpace(metadata.namespace ?? '') ?? '';
  const cluster = view.get(COLLECTIONS.clusters, '', name) as unknown as Cluster | null;
  if (cluster === null || cluster.metadata.deletionTimestamp !== undefined) return false;
  return !(spec.gracefulEvictionTasks ?? []).some(({ fromCluster }) => fromCluster === name);
}
