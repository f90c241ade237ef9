// Conditions of many clusters in one list, and conditions that only the hub can make.
import type { AggregatedStatusItem } from '../../../api/binding.ts';
import { deepEqual } from '../../../kube/json.ts';
import type { KubeObject } from '../../../kube/meta.ts';
import { formatTime, type Millis } from '../../../kube/time.ts';
import { type Fields, listAt, textAt } from '../../fields.ts';
import { statusesOf } from '../native/generation.ts';
import type { Statuses } from './status.ts';

export const conditionsOf = (status: Fields | null | undefined): readonly Fields[] =>
  listAt(status ?? {}, 'conditions');

export const isTrue = (status: Fields | null, type: string): boolean =>
  conditionsOf(status).some((condition) => condition.type === type && condition.status === 'True');

/** Ready, for one of these reasons. */
export const isReadyBecause = (status: Fields | undefined, reasons: readonly string[]): boolean =>
  conditionsOf(status).some(
    ({ type, status: value, reason }) => type === 'Ready' && value === 'True' && reasons.includes(String(reason)),
  );

/** One condition for all clusters that say the same for the same reason; its message tells who says what. */
export function conditionsByCluster(items: readonly AggregatedStatusItem[]): Fields[] {
  const merged = new Map<string, Fields>();
  for (const [at, status] of statusesOf(items).entries()) {
    for (const condition of conditionsOf(status)) {
      const message = `${items[at]!.clusterName}=${textAt(condition, 'message') ?? ''}`;
      const key = JSON.stringify([condition.type, condition.status, condition.reason]);
      const same = merged.get(key);
      merged.set(key, same ? { ...same, message: `${String(same.message)}, ${message}` } : { ...condition, message });
    }
  }
  return [...merged.values()];
}

/** One condition a type: the last cluster's. */
export const conditionsByType = (statuses: Statuses): Fields[] => [
  ...new Map(statuses.flatMap(conditionsOf).map((condition) => [condition.type, condition])).values(),
];

export const allConditions = (statuses: Statuses): Fields[] => statuses.flatMap(conditionsOf);

/** A list with the time at which each condition began to say what it says: now, unless it stands there already. */
export function sinceWhen(object: KubeObject, conditions: readonly Fields[], now: Millis): Fields[] {
  const before = listAt(object, 'status', 'conditions');
  const time = formatTime(now);
  return conditions.map((condition) => {
    const same = before.find((one) => Object.entries(condition).every(([name, value]) => deepEqual(one[name], value)));
    return same ?? { ...condition, lastProbeTime: time, lastTransitionTime: time };
  });
}
