// A decision is told on its binding: as a condition, with what was chosen and when, and in an Event.
import type { ResourceBinding } from '../../api/binding.ts';
import { BINDING_CONDITIONS } from '../../api/work.ts';
import type { Outcome, Requeue } from '../../control/controller.ts';
import { type ConditionState, findCondition, withCondition } from '../../kube/conditions.ts';
import type { JsonValue } from '../../kube/json.ts';
import { formatTime, type Millis } from '../../kube/time.ts';
import { type BindingKey, objectKeyOf } from '../bindings.ts';
import { eventsAbout, patchStatus } from '../writes.ts';
import { AFFINITY_ANNOTATION } from './voluntary.ts';

/** Kept beside the decision, since the status that tells it is written later. */
export const affinityOf = ({ metadata, spec, status }: ResourceBinding): string | null =>
  spec.placement?.clusterAffinities === undefined
    ? null
    : (metadata.annotations?.[AFFINITY_ANNOTATION] ?? status?.schedulerObservingAffinityName ?? null);

export function tellSuccess(key: BindingKey, binding: ResourceBinding, affinity: string | null, now: Millis): Outcome {
  const message = 'every replica has a place';
  const state: ConditionState = { type: BINDING_CONDITIONS.scheduled, status: 'True', reason: 'Success', message };
  const where = (binding.spec.clusters ?? []).map(({ name, replicas }) =>
    replicas === undefined ? name : `${name}: ${replicas}`,
  );
  return tell(key, binding, state, affinity, now, 'await-change', `it goes to ${where.join(', ') || 'no cluster'}`);
}

/** Written only where it is news. */
export function tell(
  key: BindingKey,
  binding: ResourceBinding,
  state: ConditionState,
  affinity: string | null,
  now: Millis,
  requeue: Requeue,
  story: string,
): Outcome {
  const { metadata, status, spec } = binding;
  const known = findCondition(status?.conditions, BINDING_CONDITIONS.scheduled);
  const isTold = known?.status === state.status && known.reason === state.reason && known.message === state.message;
  const isObserved = status?.schedulerObservedGeneration === metadata.generation;
  const isPast =
    spec.rescheduleTriggeredAt !== undefined && !isAfter(status?.lastScheduledTime, spec.rescheduleTriggeredAt);
  const isChosen = state.status !== 'True' || (status?.schedulerObservingAffinityName ?? null) === affinity;
  if (isTold && isObserved && isChosen && !(isPast && state.status === 'True')) {
    return { commands: [], requeue, events: [] };
  }
  const isGood = state.status === 'True';
  const next = {
    schedulerObservedGeneration: metadata.generation ?? 0,
    conditions: withCondition(status?.conditions, state, now) as unknown as JsonValue,
    ...(isGood && { lastScheduledTime: formatTime(now), schedulerObservingAffinityName: affinity }),
  };
  const command = patchStatus(objectKeyOf(key), binding, next);
  const reason = isGood ? 'ScheduleBindingSucceed' : 'ScheduleBindingFailed';
  const told = eventsAbout(binding, objectKeyOf(key), isGood ? 'Normal' : 'Warning', reason, story);
  return { commands: [command], requeue, events: isTold && isObserved ? [] : told };
}

const isAfter = (later: string | undefined, earlier: string): boolean => later !== undefined && later >= earlier;
