// What a cluster says of itself: whether it is ready, not ready, or out of sight, and since when.
import type { Cluster } from '../../api/cluster.ts';
import { findCondition } from '../../kube/conditions.ts';
import type { Condition, ConditionStatus, KubeObject } from '../../kube/meta.ts';
import { type Millis, parseTime } from '../../kube/time.ts';

const READY = 'Ready';

export const readyCondition = (cluster: KubeObject | null): Condition | undefined =>
  findCondition((cluster as unknown as Cluster | null)?.status?.conditions, READY);

export const readiness = (cluster: KubeObject | null): ConditionStatus | null =>
  readyCondition(cluster)?.status ?? null;

export const isReady = (cluster: KubeObject | null): boolean => readiness(cluster) === 'True';

/** Null where nothing has been said yet. */
export function readySince(cluster: KubeObject | null): Millis | null {
  const since = readyCondition(cluster)?.lastTransitionTime;
  return since === undefined ? null : parseTime(since);
}
