// Volcano's Job: one component a task.
import type { AggregatedStatusItem } from '../../../api/binding.ts';
import type { KubeObject } from '../../../kube/meta.ts';
import { formatTime, type Millis } from '../../../kube/time.ts';
import { type Fields, fieldsAt, listAt, numberAt, textAt } from '../../fields.ts';
import type { KindInterpreter } from '../interpreter.ts';
import { statusesOf, sumOf } from '../native/generation.ts';
import { conditionsOf } from './conditions.ts';
import { countAt } from './counts.ts';
import { secondsOf } from './go-duration.ts';
import { componentOf, requirementsOf } from './pods.ts';
import { reflectFields, type Statuses, soleStatus, withoutBlanks, withStatus } from './status.ts';

const SUMMED = [
  'minAvailable',
  'pending',
  'running',
  'succeeded',
  'failed',
  'terminating',
  'unknown',
  'retryCount',
] as const;

const HEALTHY_PHASES: ReadonlySet<unknown> = new Set([
  'Pending',
  'Running',
  'Restarting',
  'Completing',
  'Completed',
  'Aborting',
  'Aborted',
  'Terminating',
  'Terminated',
]);
const FAILED_PHASES: ReadonlySet<unknown> = new Set(['Failed', 'Aborted', 'Aborting', 'Terminated', 'Terminating']);

export const volcanoJob: KindInterpreter = {
  components: (object) =>
    listAt(object, 'spec', 'tasks').map((task, at) =>
      componentOf(
        textAt(task, 'name') || `task-${at}`,
        countAt(task, 'minAvailable') ?? 1,
        requirementsOf(fieldsAt(task, 'template')),
      ),
    ),
  reflect: (object) =>
    reflectFields(object, [
      ...SUMMED,
      'version',
      'runningDuration',
      'taskStatusCount',
      'controlledResources',
      'state',
      'conditions',
    ]),
  aggregate: aggregateStatus,
  healthy: (object) => HEALTHY_PHASES.has(textAt(object, 'status', 'state', 'phase')),
};

function aggregateStatus(object: KubeObject, items: readonly AggregatedStatusItem[], now: Millis): KubeObject {
  const statuses = statusesOf(items);
  const sole = soleStatus(statuses);
  if (sole !== null) return withStatus(object, sole);
  const over: Fields = {
    state: stateOver(object, items, statuses, now),
    ...Object.fromEntries(SUMMED.map((name) => [name, sumOf(statuses, name)])),
    version: Math.max(0, ...statuses.map((status) => numberAt(status ?? {}, 'version') ?? 0)),
    runningDuration: longestOf(statuses),
    taskStatusCount: tasksOver(statuses),
    controlledResources: Object.assign({}, ...statuses.map((status) => fieldsAt(status ?? {}, 'controlledResources'))),
    conditions: conditionsOver(statuses),
  };
  return withStatus(object, withoutBlanks(over));
}

/** None while some clusters still work on it and none has failed. */
function stateOver(
  object: KubeObject,
  items: readonly AggregatedStatusItem[],
  statuses: Statuses,
  now: Millis,
): Fields {
  const phases = statuses.map((status) => textAt(status ?? {}, 'state', 'phase'));
  const failed = items.filter((_, at) => phases[at] === 'Failed' || phases[at] === 'Aborted');
  const state =
    phases.length > 0 && phases.every((phase) => phase === 'Completed')
      ? { phase: 'Completed', reason: 'Completed', message: 'the Job is complete in every member cluster' }
      : failed.length > 0
        ? {
            phase: 'Failed',
            reason: 'VolcanoJobFailed',
            message: `the Job failed in member clusters ${failed.map(({ clusterName }) => clusterName).join(', ')}`,
          }
        : null;
  if (state === null) return {};
  const before = fieldsAt(object, 'status', 'state') ?? {};
  const isOld = before.phase === state.phase && before.message === state.message;
  return { ...state, lastTransitionTime: isOld ? before.lastTransitionTime : formatTime(now) };
}

const longestOf = (statuses: Statuses): string =>
  statuses.reduce((longest, status) => {
    const duration = textAt(status ?? {}, 'runningDuration') ?? '0s';
    return secondsOf(duration) > secondsOf(longest) ? duration : longest;
  }, '0s');

/** Pods by task and phase, summed over the clusters. */
function tasksOver(statuses: Statuses): Fields {
  const tasks = new Map<string, Map<string, number>>();
  for (const status of statuses) {
    for (const task of Object.keys(fieldsAt(status ?? {}, 'taskStatusCount') ?? {})) {
      const phases = tasks.get(task) ?? new Map<string, number>();
      tasks.set(task, phases);
      const counted = fieldsAt(status!, 'taskStatusCount', task, 'phase') ?? {};
      for (const phase of Object.keys(counted)) {
        phases.set(phase, (phases.get(phase) ?? 0) + (numberAt(counted, phase) ?? 0));
      }
    }
  }
  return Object.fromEntries([...tasks].map(([task, phases]) => [task, { phase: Object.fromEntries(phases) }]));
}

/** The story of the first cluster in which it failed; else the latest of each kind. A condition's kind is its status. */
function conditionsOver(statuses: Statuses): readonly Fields[] {
  const stories = statuses.map(conditionsOf);
  const failed = stories.find((story) => story.some(({ status }) => FAILED_PHASES.has(status)));
  if (failed !== undefined) return failed;
  const latest = new Map<unknown, Fields>();
  for (const condition of stories.flat()) {
    const known = latest.get(condition.status);
    const time = textAt(condition, 'lastTransitionTime') ?? '';
    if (known === undefined || time > (textAt(known, 'lastTransitionTime') ?? ''))
      latest.set(condition.status, condition);
  }
  return [...latest.values()];
}
