// Jobs: their parallelism is divided, and they are complete when every cluster's share is.
import type { AggregatedStatusItem } from '../../../api/binding.ts';
import { dropZeros } from '../../../kube/drop-zeros.ts';
import { deepEqual } from '../../../kube/json.ts';
import type { KubeObject } from '../../../kube/meta.ts';
import { formatTime, type Millis } from '../../../kube/time.ts';
import { type Fields, fieldsAt, listAt, numberAt, textsAt, withValue } from '../../fields.ts';
import type { KindInterpreter } from '../interpreter.ts';
import { statusesOf, sumOf } from './generation.ts';
import { podRequirements } from './pod-requirements.ts';
import { reviseField, templateOf, templateReferences } from './pod-template.ts';
import { earliest, latest, timeAt } from './times.ts';
import { retyped } from './typed.ts';

export const job: KindInterpreter = {
  replicas: (object) => {
    const parallelism = numberAt(object, 'spec', 'parallelism') ?? 0;
    return {
      replicas: Math.min(parallelism, numberAt(object, 'spec', 'completions') ?? parallelism),
      requirements: podRequirements(templateOf(object)),
    };
  },
  revise: (object, replicas) => reviseField(object, 'parallelism', replicas),
  retain: retainGeneratedLabels,
  reflect: reflectStatus,
  aggregate: aggregateStatus,
  dependencies: templateReferences,
};

/** The member has generated a selector, and the labels that it selects; neither may change. */
function retainGeneratedLabels(desired: KubeObject, observed: KubeObject): KubeObject {
  const selector = textsAt(observed, 'spec', 'selector', 'matchLabels');
  const labels = textsAt(observed, 'spec', 'template', 'metadata', 'labels');
  const retained = selector ? withValue(desired, selector, 'spec', 'selector', 'matchLabels') : desired;
  return labels ? withValue(retained, labels, 'spec', 'template', 'metadata', 'labels') : retained;
}

function reflectStatus(object: KubeObject): Fields | null {
  const status = fieldsAt(object, 'status');
  if (status === undefined) return null;
  const conditions = listAt(status, 'conditions');
  const startTime = timeAt(status, 'startTime');
  const completionTime = timeAt(status, 'completionTime');
  return {
    ...(conditions.length > 0 && { conditions }),
    ...(startTime !== null && { startTime: formatTime(startTime) }),
    ...(completionTime !== null && { completionTime: formatTime(completionTime) }),
    ...counters([status]),
  };
}

const counters = (statuses: readonly (Fields | null)[]): Fields =>
  dropZeros({
    active: sumOf(statuses, 'active'),
    succeeded: sumOf(statuses, 'succeeded'),
    failed: sumOf(statuses, 'failed'),
  });

function aggregateStatus(object: KubeObject, items: readonly AggregatedStatusItem[], now: Millis): KubeObject {
  const before = fieldsAt(object, 'status') ?? {};
  // What has finished stays finished, whatever a member reports later.
  if (finishedAs(before) !== null) return object;
  const after = statusOver(before, items, now);
  return deepEqual(before, after) ? object : withValue(retyped(object), after, 'status');
}

function statusOver(before: Fields, items: readonly AggregatedStatusItem[], now: Millis): Fields {
  const statuses = statusesOf(items);
  const reported = statuses.filter((status) => status !== null);
  const starts = reported.map((status) => timeAt(status, 'startTime')).filter((time) => time !== null);
  const ends = reported.map((status) => timeAt(status, 'completionTime')).filter((time) => time !== null);
  const complete = items.length > 0;
  const startTime =
    timeAt(before, 'startTime') ?? (complete && starts.length === items.length ? earliest(starts) : null);
  const completionTime = complete && ends.length === items.length ? latest(ends) : null;
  const conditions = conditionsOver(items, statuses, now);
  return {
    ...(conditions.length > 0 && { conditions }),
    ...(startTime !== null && { startTime: formatTime(startTime) }),
    ...(completionTime !== null && { completionTime: formatTime(completionTime) }),
    ...counters(statuses),
  };
}

/** Failed as soon as one cluster's share has failed; complete when all are. */
function conditionsOver(
  items: readonly AggregatedStatusItem[],
  statuses: readonly (Fields | null)[],
  now: Millis,
): Fields[] {
  const time = formatTime(now);
  const condition = (type: string, reason: string, message: string): Fields => ({
    type,
    status: 'True',
    lastProbeTime: time,
    lastTransitionTime: time,
    reason,
    message,
  });
  const count = (test: (status: Fields) => boolean) =>
    statuses.filter((status) => status !== null && test(status)).length;
  const failed = items.filter((_, at) => finishedAs(statuses[at] ?? {}) === 'Failed').map((item) => item.clusterName);
  const conditions: Fields[] = [];
  if (failed.length > 0) {
    const message = `the Job failed in member clusters ${failed.join(',')}`;
    // Differs from Karmada: it does not tell this one, and Kubernetes from 1.32 on then refuses the one that says it has failed.
    if (count((status) => isTrue(status, 'FailureTarget')) > 0) {
      conditions.push(condition('FailureTarget', 'JobFailed', message));
    }
    conditions.push(condition('Failed', 'JobFailed', message));
  }
  if (items.length > 0 && count((status) => finishedAs(status) === 'Complete') === items.length) {
    conditions.push(condition('Complete', 'Completed', 'the Job is complete in every member cluster'));
    if (count((status) => isTrue(status, 'SuccessCriteriaMet')) === items.length) {
      const message = 'every member cluster has met the success criteria';
      conditions.push(condition('SuccessCriteriaMet', 'CompletionsReached', message));
    }
  }
  return conditions;
}

function finishedAs(status: Fields): 'Complete' | 'Failed' | null {
  const final = listAt(status, 'conditions').find(
    ({ type, status: value }) => (type === 'Complete' || type === 'Failed') && value === 'True',
  );
  return (final?.type as 'Complete' | 'Failed' | undefined) ?? null;
}

const isTrue = (status: Fields, type: string): boolean =>
  listAt(status, 'conditions').some((condition) => condition.type === type && condition.status === 'True');
