// What cannot arrive since its dispatching is suspended: whoever waits for it waits for as long as that lasts, and gives it its time
// from when it was over.
import type { ResourceBinding } from '../../api/binding.ts';
import { clusterOfExecutionSpace } from '../../api/names.ts';
import { WORK_CONDITIONS, type Work } from '../../api/work.ts';
import { findCondition } from '../../kube/conditions.ts';
import { type Millis, parseTime } from '../../kube/time.ts';
import { isSuspended } from '../../propagate/works.ts';

/** Since when all of the Works, each to arrive in its cluster, may be dispatched; null while one of them may not. */
export function dispatchedSince(
  { spec: { suspension } }: ResourceBinding,
  clusters: readonly string[],
  works: readonly Work[],
  now: Millis,
): Millis | null {
  if (clusters.some((name) => isSuspended(suspension, name))) return null;
  const times = works
    .filter(({ metadata }) => clusters.includes(clusterOfExecutionSpace(metadata.namespace ?? '') ?? ''))
    .map((work) => resumedAt(work, now));
  return Math.max(0, ...times);
}

/** Just now, where who dispatches has not yet said so. */
function resumedAt({ spec, status }: Work, now: Millis): Millis {
  const told = findCondition(status?.conditions, WORK_CONDITIONS.dispatching);
  if (spec.suspendDispatching === true || told?.status === 'False') return now;
  return parseTime(told?.lastTransitionTime ?? '') ?? 0;
}
