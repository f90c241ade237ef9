// Kubeflow's Notebook: one pod, with the state of its container as status.
import type { AggregatedStatusItem } from '../../../api/binding.ts';
import type { KubeObject } from '../../../kube/meta.ts';
import type { Millis } from '../../../kube/time.ts';
import { type Fields, fieldsAt, numberAt, textAt, valueAt } from '../../fields.ts';
import type { KindInterpreter } from '../interpreter.ts';
import { statusesOf, sumOf } from '../native/generation.ts';
import { sinceWhen } from './conditions.ts';
import { requirementsOf } from './pods.ts';
import { latestTime, reflectFields, soleStatus, withStatus } from './status.ts';

export const notebook: KindInterpreter = {
  replicas: (object) => ({ replicas: 1, requirements: requirementsOf(fieldsAt(object, 'spec', 'template')) }),
  reflect: (object) => {
    if (fieldsAt(object, 'status') === undefined) return {};
    return { readyReplicas: 0, ...reflectFields(object, ['readyReplicas', 'containerState', 'conditions']) };
  },
  aggregate: aggregateStatus,
  healthy: isWell,
};

const FATAL_REASONS: ReadonlySet<unknown> = new Set(['Error', 'OOMKilled', 'ContainerCannotRun']);

function isWell(object: KubeObject): boolean {
  const state = fieldsAt(object, 'status', 'containerState') ?? {};
  if (valueAt(state, 'running') !== undefined) return true;
  if (valueAt(state, 'waiting') !== undefined) return textAt(state, 'waiting', 'reason') === 'ContainerCreating';
  if (valueAt(state, 'terminated') === undefined) return false;
  const failed = FATAL_REASONS.has(textAt(state, 'terminated', 'reason'));
  return !failed && (numberAt(state, 'terminated', 'exitCode') ?? 0) === 0;
}

/** As it is where it has failed last; where it runs everywhere, since it last began to. */
function aggregateStatus(object: KubeObject, items: readonly AggregatedStatusItem[], now: Millis): KubeObject {
  const statuses = statusesOf(items);
  const sole = soleStatus(statuses);
  if (sole !== null) return withStatus(object, sole);
  const states = statuses.map((status) => status && (fieldsAt(status, 'containerState') ?? {}));
  const failed = items.filter((_, at) => states[at] && hasFailed(states[at]));
  const running = states.filter((state) => state !== null && valueAt(state, 'running') !== undefined);
  const conditions: Fields[] = [];
  if (failed.length > 0) {
    const message = `the Notebook failed in member clusters ${failed.map(({ clusterName }) => clusterName).join(', ')}`;
    conditions.push({ type: 'Failed', status: 'True', reason: 'NotebookFailed', message });
  } else if (items.length > 0 && running.length === items.length) {
    const message = 'the Notebook runs in every member cluster';
    conditions.push({ type: 'Ready', status: 'True', reason: 'Ready', message });
  }
  return withStatus(object, {
    readyReplicas: sumOf(statuses, 'readyReplicas'),
    containerState: failed.length > 0 ? lastFailure(states) : runningSince(running),
    conditions: sinceWhen(object, conditions, now),
  });
}

/** A container of which nothing is told could not be placed. */
const hasFailed = (state: Fields): boolean =>
  Object.keys(state).length === 0 ||
  valueAt(state, 'terminated') !== undefined ||
  valueAt(state, 'waiting') !== undefined;

function lastFailure(states: readonly (Fields | null)[]): Fields {
  const last = states.findLast((state) => state !== null && hasFailed(state)) ?? {};
  return Object.keys(last).length === 0 ? { waiting: { reason: 'Unschedulable' } } : last;
}

function runningSince(states: readonly (Fields | null)[]): Fields {
  if (states.length === 0) return {};
  const startedAt = latestTime(
    states.map((state) => fieldsAt(state!, 'running') ?? null),
    'startedAt',
  );
  return { running: startedAt === undefined ? {} : { startedAt } };
}
