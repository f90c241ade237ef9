// OpenKruise's jobs: BroadcastJob, whose parallelism is divided, and AdvancedCronJob, which is whole everywhere.
import type { AggregatedStatusItem } from '../../../api/binding.ts';
import type { KubeObject } from '../../../kube/meta.ts';
import { type Fields, fieldsAt, listAt, numberAt, textsAt, withValue } from '../../fields.ts';
import type { KindInterpreter } from '../interpreter.ts';
import { statusesOf, sumOf } from '../native/generation.ts';
import { conditionsOf } from './conditions.ts';
import { requirementsOf, templatesReferences } from './pods.ts';
import { lastText, lastValue, reflectFields, requiredStatus, withStatus } from './status.ts';

export const broadcastJob: KindInterpreter = {
  replicas: (object) => ({
    replicas: numberAt(object, 'spec', 'parallelism') ?? 1,
    requirements: requirementsOf(fieldsAt(object, 'spec', 'template')),
  }),
  revise: (object, replicas) => withValue(object, replicas, 'spec', 'parallelism'),
  retain: (desired, observed) => {
    const labels = textsAt(observed, 'spec', 'template', 'metadata', 'labels');
    return labels ? withValue(desired, labels, 'spec', 'template', 'metadata', 'labels') : desired;
  },
  reflect: (object) =>
    reflectFields(object, [
      'conditions',
      'startTime',
      'completionTime',
      'active',
      'succeeded',
      'failed',
      'desired',
      'phase',
    ]),
  aggregate: aggregateJob,
  healthy: isGettingOn,
  dependencies: (object) => templatesReferences(object, [fieldsAt(object, 'spec', 'template')]),
};

/** Something runs or has succeeded, and nothing has failed; failures that are not counted at all may be any number. */
function isGettingOn(object: KubeObject): boolean {
  const status = requiredStatus(object);
  const counter = (name: string) => numberAt(status, name);
  if (counter('desired') === 0 || counter('failed') !== 0) return false;
  return counter('succeeded') !== 0 || counter('active') !== 0;
}

/**
 * Failed as soon as one cluster's share has failed; complete when all are.
 *
 * Differs from Karmada: a cluster that has not finished is not counted as what the cluster before it in the list is.
 */
function aggregateJob(object: KubeObject, items: readonly AggregatedStatusItem[]): KubeObject {
  const statuses = statusesOf(items);
  const ends = statuses.map(finishedAs);
  const failed = items.filter((_, at) => ends[at] === 'Failed').map(({ clusterName }) => clusterName);
  const conditions: Fields[] = [];
  if (failed.length > 0) {
    const message = `the BroadcastJob failed in member clusters ${failed.join(', ')}`;
    conditions.push({ type: 'Failed', status: 'True', reason: 'JobFailed', message });
  }
  if (ends.length > 0 && ends.every((end) => end === 'Complete')) {
    const message = 'the BroadcastJob is complete in every member cluster';
    conditions.push({ type: 'Completed', status: 'True', reason: 'Completed', message });
  }
  return withStatus(object, {
    ...fieldsAt(object, 'status'),
    active: sumOf(statuses, 'active'),
    succeeded: sumOf(statuses, 'succeeded'),
    failed: sumOf(statuses, 'failed'),
    desired: sumOf(statuses, 'desired'),
    phase: lastText(statuses, 'phase') ?? '',
    conditions,
  });
}

const finishedAs = (status: Fields | null): unknown =>
  conditionsOf(status).find(({ type, status: value }) => (type === 'Complete' || type === 'Failed') && value === 'True')
    ?.type;

export const advancedCronJob: KindInterpreter = {
  aggregate: (object, items) => {
    const statuses = statusesOf(items);
    return withStatus(object, {
      ...fieldsAt(object, 'status'),
      active: statuses.flatMap((status) => listAt(status ?? {}, 'active')),
      type: lastText(statuses, 'type') ?? '',
      lastScheduleTime: lastValue(statuses, 'lastScheduleTime'),
    });
  },
  dependencies: (object) => {
    const of = (kind: string) => fieldsAt(object, 'spec', 'template', kind, 'spec', 'template');
    return templatesReferences(object, [of('broadcastJobTemplate') ?? of('jobTemplate')]);
  },
};
