// What a FederatedHPA tells of itself.
import type { FederatedHPA, FederatedHPAStatus, MetricStatus } from '../../api/autoscaling.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import type { PatchCommand } from '../../control/command.ts';
import type { EventRecord } from '../../control/controller.ts';
import { type ConditionState, findCondition, withCondition } from '../../kube/conditions.ts';
import { deepEqual, type JsonObject, type JsonValue } from '../../kube/json.ts';
import { mergePatchBetween } from '../../kube/merge-patch.ts';
import type { Condition } from '../../kube/meta.ts';
import { formatTime, type Millis } from '../../kube/time.ts';
import type { ObjectKey } from '../../store/key.ts';
import { event, patchStatus } from '../writes.ts';

export interface News {
  readonly conditions: readonly ConditionState[];
  /** What is left out stays as it was. */
  readonly current?: number;
  readonly desired?: number;
  /** Null where nothing was measured. */
  readonly metrics?: readonly MetricStatus[] | null;
  readonly hasScaled?: boolean;
}

export const keyOfScaler = ({ metadata: { namespace = '', name } }: FederatedHPA): ObjectKey => ({
  collection: COLLECTIONS.federatedHpas,
  namespace,
  name,
});

/** Nothing where that is told already. Nobody else writes it: it holds whatever else has changed. */
export function tellStatus(hpa: FederatedHPA, news: News, now: Millis): readonly PatchCommand[] {
  const before = hpa.status ?? { desiredReplicas: 0 };
  const { currentMetrics, ...rest } = before;
  const metrics = news.metrics === undefined ? currentMetrics : news.metrics;
  const after: FederatedHPAStatus = {
    ...rest,
    ...(news.current !== undefined && { currentReplicas: news.current }),
    ...(news.desired !== undefined && { desiredReplicas: news.desired }),
    ...(metrics && { currentMetrics: [...metrics] }),
    ...(news.hasScaled && { lastScaleTime: formatTime(now) }),
    conditions: news.conditions.reduce<Condition[]>((list, one) => withCondition(list, one, now), conditionsOf(hpa)),
  };
  const told = (hpa.status ?? {}) as JsonObject;
  if (deepEqual(after as unknown as JsonValue, told)) return [];
  const { uid } = hpa.metadata;
  const patch = patchStatus(
    keyOfScaler(hpa),
    hpa,
    mergePatchBetween(told, after as unknown as JsonObject) as JsonObject,
  );
  return [{ ...patch, precondition: uid === undefined ? null : { uid } }];
}

const conditionsOf = ({ status }: FederatedHPA): Condition[] => [...((status?.conditions ?? []) as Condition[])];

/** What is in the way is told once, and again when it is something else. */
export function tellTrouble(hpa: FederatedHPA, condition: ConditionState, reason: string): readonly EventRecord[] {
  const known = findCondition(conditionsOf(hpa), condition.type);
  if (known?.reason === condition.reason && known.message === condition.message) return [];
  return [event('Warning', 'FederatedHPA', keyOfScaler(hpa), reason, condition.message)];
}
