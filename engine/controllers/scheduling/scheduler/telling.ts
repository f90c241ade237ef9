// A decision is told on its binding: as a condition, with what was chosen and when, and in an Event.
import type { ResourceBinding } from '../../../api/binding.ts';
import { BINDING_CONDITIONS } from '../../../api/work.ts';
import { NOTHING_TO_DO, type Outcome, type Requeue } from '../../../control/controller.ts';
import { type ConditionState, findCondition, withCondition } from '../../../kube/conditions.ts';
import type { JsonObject, JsonValue } from '../../../kube/json.ts';
import { formatTime, type Millis } from '../../../kube/time.ts';
import type { Profile } from '../../../profile/profile.ts';
import type { FailureReason } from '../../../schedule/decision.ts';
import type { PassedOver } from '../../../schedule/fast/verdict.ts';
import { type BindingKey, objectKeyOf } from '../../bindings.ts';
import { eventsAbout, patchStatus } from '../../writes.ts';
import { AFFINITY_ANNOTATION } from './voluntary.ts';

const FAILED = 'ScheduleBindingFailed';

/** The binding that is told about, when, and by whose rules. */
export interface Subject {
  readonly key: BindingKey;
  readonly binding: ResourceBinding;
  readonly now: Millis;
  readonly profile: Profile;
}

/** Kept beside the decision, since the status that tells it is written later. */
export const affinityOf = ({ metadata, spec, status }: ResourceBinding): string | null =>
  spec.placement?.clusterAffinities === undefined
    ? null
    : (metadata.annotations?.[AFFINITY_ANNOTATION] ?? status?.schedulerObservingAffinityName ?? null);

/** Written only where it is news. */
export function tellSuccess(
  subject: Subject,
  affinity: string | null,
  passedOver: readonly PassedOver[] = [],
): Outcome {
  const { binding, now, profile } = subject;
  const { spec, status } = binding;
  const message = 'every replica has a place';
  const state: ConditionState = { type: BINDING_CONDITIONS.scheduled, status: 'True', reason: 'Success', message };
  const isNews = !isTold(binding, state) || !isObserved(binding);
  const before = status?.schedulerObservingAffinityName ?? null;
  // In Karmada the name outlives the list that it is from: a list that comes later is tried from there on.
  const chosen = affinity ?? (profile.switches.failsBack ? null : before);
  const isPast =
    spec.rescheduleTriggeredAt !== undefined && !isAfter(status?.lastScheduledTime, spec.rescheduleTriggeredAt);
  if (!isNews && chosen === before && !isPast) return NOTHING_TO_DO;
  const where = (spec.clusters ?? []).map(({ name, replicas }) =>
    replicas === undefined ? name : `${name}: ${replicas}`,
  );
  const change = {
    ...observed(binding),
    ...told(subject, state),
    lastScheduledTime: formatTime(now),
    schedulerObservingAffinityName: chosen,
  };
  const story = `it goes to ${where.join(', ') || 'no cluster'}`;
  const events = isNews
    ? [...groupEvents(subject, passedOver), ...eventsOf(subject, 'Normal', 'ScheduleBindingSucceed', story)]
    : [];
  return { commands: [written(subject, change)], requeue: 'await-change', events };
}

/** Why it was refused. In Karmada it counts as seen only once it has been placed. */
export function tellRefusal(
  subject: Subject,
  reason: FailureReason | 'QuotaExceeded',
  message: string,
  requeue: Requeue,
  passedOver: readonly PassedOver[] = [],
): Outcome {
  const { binding, profile } = subject;
  const state: ConditionState = { type: BINDING_CONDITIONS.scheduled, status: 'False', reason, message };
  const isToBeSeen = profile.switches.tellsEveryOutcome;
  if (isTold(binding, state) && (isObserved(binding) || !isToBeSeen)) return { ...NOTHING_TO_DO, requeue };
  const change = { ...(isToBeSeen && observed(binding)), ...told(subject, state) };
  const events = [...groupEvents(subject, passedOver), ...eventsOf(subject, 'Warning', FAILED, message)];
  return { commands: [written(subject, change)], requeue, events };
}

/** There was nothing to decide: that it has been seen is told, and what was told of it before stands. */
export const tellSeen = (subject: Subject): Outcome =>
  isObserved(subject.binding)
    ? NOTHING_TO_DO
    : { ...NOTHING_TO_DO, commands: [written(subject, observed(subject.binding))] };

export const isObserved = ({ metadata, status }: ResourceBinding): boolean =>
  status?.schedulerObservedGeneration === metadata.generation;

const observed = ({ metadata }: ResourceBinding) => ({ schedulerObservedGeneration: metadata.generation ?? 0 });

function isTold({ status }: ResourceBinding, state: ConditionState): boolean {
  const known = findCondition(status?.conditions, BINDING_CONDITIONS.scheduled);
  return known?.status === state.status && known.reason === state.reason && known.message === state.message;
}

const told = ({ binding, now }: Subject, state: ConditionState) => ({
  conditions: withCondition(binding.status?.conditions, state, now) as unknown as JsonValue,
});

const written = ({ key, binding }: Subject, status: JsonObject) => patchStatus(objectKeyOf(key), binding, status);

const eventsOf = ({ key, binding }: Subject, type: 'Normal' | 'Warning', reason: string, message: string) =>
  eventsAbout(binding, objectKeyOf(key), type, reason, message);

/** Each group of clusters that came to nothing is told of, whatever became of those after it. */
const groupEvents = (subject: Subject, passedOver: readonly PassedOver[]) =>
  passedOver.flatMap(({ affinity, message }) =>
    eventsOf(subject, 'Warning', FAILED, `the affinity ${affinity} is passed over: ${message}`),
  );

const isAfter = (later: string | undefined, earlier: string): boolean => later !== undefined && later >= earlier;
