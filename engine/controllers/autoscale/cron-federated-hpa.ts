// CronFederatedHPA: scales a workload, or sets the bounds of a FederatedHPA, when a rule is due.
import { defaultCronFederatedHpa } from '../../api/admission/cron-autoscaling.ts';
import type { CronFederatedHPA, CronRule } from '../../api/cron-autoscaling.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import { merged } from '../../base/merged.ts';
import type { Command, CommandResult, ResultCode } from '../../control/command.ts';
import {
  type Controller,
  type EventRecord,
  NOTHING_TO_DO,
  type Outcome,
  type Requeue,
  type View,
} from '../../control/controller.ts';
import { deepEqual, isObject, type JsonObject, type JsonValue } from '../../kube/json.ts';
import { mergePatchBetween } from '../../kube/merge-patch.ts';
import type { Millis } from '../../kube/time.ts';
import { UTC } from '../../kube/time-zone.ts';
import type { ObjectKey } from '../../store/key.ts';
import { isWish } from '../changes.ts';
import { DEFINED_KIND_INDEX } from '../kinds.ts';
import { isTemplateCollection } from '../policies/templates.ts';
import type { ControlPorts } from '../ports.ts';
import { event, patchStatus } from '../writes.ts';
import { actOf } from './cron-act.ts';
import { type Calendar, type Due, nextOf, planned, type Turn, turnsOf } from './cron-calendar.ts';
import { type Execution, historiesOf } from './cron-histories.ts';
import { asSound } from './sound.ts';

/** For so long a hub that does not answer is tried again, before that is a failure. */
const PATIENCE_MS: Millis = 60_000;

interface Memory {
  /** One for each rule, in their order. */
  readonly due: readonly Due[];
  /** The rule that is being carried out. */
  readonly underWay?: Turn;
  /** What has to be told. */
  readonly executions: readonly Execution[];
}

export function cronFederatedHpa({ zones, profile }: ControlPorts): Controller {
  const calendar = { zones, makesUp: profile.switches.makesUpForMissedTimes };
  return {
    name: 'cron-federated-hpa',
    indexes: [DEFINED_KIND_INDEX],
    watches: [
      {
        on: 'hub',
        collection: COLLECTIONS.cronFederatedHpas,
        isOptional: true,
        keysOf: (change) => (isWish(change) ? [pathOf(change.object)] : []),
      },
      // What it scales matters when a rule is due, and not before.
      { on: 'hub', collection: COLLECTIONS.federatedHpas, isOptional: true },
      { on: 'hub', collection: COLLECTIONS.definitions },
      { on: 'hub', collection: isTemplateCollection },
    ],
    reconcile: (key, view, now) => reconcile(key, view, now, calendar),
  };
}

const pathOf = ({ metadata }: { readonly metadata: { readonly namespace?: string; readonly name: string } }): string =>
  `${metadata.namespace ?? ''}/${metadata.name}`;

const memoryOf = ({ remembered }: View): Memory =>
  isObject(remembered) && Array.isArray(remembered.due)
    ? (remembered as unknown as Memory)
    : { due: [], executions: [] };

const kept = (memory: Memory): JsonValue => memory as unknown as JsonValue;

function reconcile(key: string, view: View, now: Millis, calendar: Calendar): Outcome {
  const [namespace = '', name = ''] = key.split('/');
  const found = view.get(COLLECTIONS.cronFederatedHpas, namespace, name);
  if (found === null || found.metadata.deletionTimestamp !== undefined)
    return merged(NOTHING_TO_DO, { remember: null });
  const cron = defaultCronFederatedHpa(asSound<CronFederatedHPA>(found));
  const known = memoryOf(view);
  const events: EventRecord[] = [];
  const due = planned(cron, known.due, now, calendar, (rule) => events.push(startFailed(cron, rule)));
  const executions = [...known.executions];
  let underWay = known.underWay;
  const written = view.attempt.results.find(({ command }) => command.verb === 'patch')?.result;
  if (underWay !== undefined && written !== undefined && !isToTryAgain(written, underWay.since, now)) {
    const { rule, scheduled } = underWay;
    executions.push({ rule, scheduled, at: now, failure: written.ok ? null : written.message });
    if (!written.ok) events.push(scaleFailed(cron, written.message));
    underWay = undefined;
  }
  for (const turn of turnsOf(due, underWay, now)) {
    const at = cron.spec.rules.findIndex(({ name: own }) => own === turn.rule);
    const rule = cron.spec.rules[at];
    if (rule === undefined) continue;
    due[at] = { ...due[at]!, at: nextOf(rule, now, calendar) };
    const act = actOf(cron, rule, view);
    if (act.is === 'write') {
      const remember = kept({ due, executions, underWay: turn });
      return { commands: [act.command], requeue: 'when-done', events, remember };
    }
    const failure = act.is === 'done' ? null : act.message;
    if (failure !== null) events.push(scaleFailed(cron, failure));
    executions.push({ rule: rule.name, scheduled: turn.scheduled, at: now, failure });
  }
  const commands = tell(cron, due, executions);
  // Once it can be seen it need not be told again.
  if (commands.length > 0) return { commands, requeue: 'when-done', events, remember: kept({ due, executions }) };
  return { commands, requeue: untilDue(due, now), events, remember: kept({ due, executions: [] }) };
}

const TRANSIENT: ReadonlySet<ResultCode> = new Set(['Timeout', 'Unreachable', 'TooManyRequests', 'ServerError']);

/** Somebody else has written it meanwhile, or nobody answers just now. */
const isToTryAgain = (result: CommandResult, since: Millis, now: Millis): boolean =>
  !result.ok && (result.code === 'Conflict' || (TRANSIENT.has(result.code) && now < since + PATIENCE_MS));

function untilDue(due: readonly Due[], now: Millis): Requeue {
  const times = due.flatMap(({ at }) => at ?? []);
  return times.length === 0 ? 'await-change' : { afterMs: Math.max(1, Math.min(...times) - now) };
}

const keyOfCron = ({ metadata: { namespace = '', name } }: CronFederatedHPA): ObjectKey => ({
  collection: COLLECTIONS.cronFederatedHpas,
  namespace,
  name,
});

/** Nobody else writes it: it holds whatever else has changed. */
function tell(cron: CronFederatedHPA, due: readonly Due[], executions: readonly Execution[]): readonly Command[] {
  const nextTimes = due.map(({ at }) => at);
  const histories = historiesOf(cron, nextTimes, executions);
  const before = (cron.status ?? {}) as JsonObject;
  const after = merged(before, { executionHistories: histories }) as unknown as JsonObject;
  if (deepEqual(after.executionHistories!, before.executionHistories ?? [])) return [];
  const { uid } = cron.metadata;
  const command = patchStatus(keyOfCron(cron), cron, mergePatchBetween(before, after) as JsonObject);
  return [{ ...command, precondition: uid === undefined ? null : { uid } }];
}

const scaleFailed = (cron: CronFederatedHPA, message: string): EventRecord =>
  event('Warning', 'CronFederatedHPA', keyOfCron(cron), 'ScaleFailed', message);

const startFailed = (cron: CronFederatedHPA, { name, schedule, timeZone = UTC }: CronRule): EventRecord => {
  const message = `rule ${name} is never due: "${schedule}" is no schedule, or ${timeZone} no time zone`;
  return event('Warning', 'CronFederatedHPA', keyOfCron(cron), 'StartRuleFailed', message);
};
