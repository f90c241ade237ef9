// Conditions as a list with one entry a type, whose transition time moves only when the status does.
import { merged } from '../base/merged.ts';
import type { Condition, ConditionStatus } from './meta.ts';
import { formatTime, type Millis } from './time.ts';

export type ConditionState = Omit<Condition, 'lastTransitionTime'>;

export const findCondition = (conditions: readonly Condition[] | undefined, type: string): Condition | undefined =>
  conditions?.find((condition) => condition.type === type);

export const hasConditionStatus = (
  conditions: readonly Condition[] | undefined,
  type: string,
  status: ConditionStatus,
): boolean => findCondition(conditions, type)?.status === status;

/** The list with this state of things; at its old place if there was one of the type, else at the end. */
export function withCondition(
  conditions: readonly Condition[] | undefined,
  state: ConditionState,
  now: Millis,
): Condition[] {
  const list = [...(conditions ?? [])];
  const at = list.findIndex((condition) => condition.type === state.type);
  const before = list[at];
  if (before !== undefined && says(before, state)) return list;
  const lastTransitionTime = before?.status === state.status ? before.lastTransitionTime : formatTime(now);
  const condition: Condition = merged(state, { lastTransitionTime });
  return before === undefined ? [...list, condition] : list.with(at, condition);
}

const says = (condition: Condition, state: ConditionState): boolean =>
  condition.status === state.status &&
  condition.reason === state.reason &&
  condition.message === state.message &&
  condition.observedGeneration === state.observedGeneration;
