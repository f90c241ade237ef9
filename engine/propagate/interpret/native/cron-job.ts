// CronJobs: whole in every cluster; the latest run anywhere is the latest run.
import type { AggregatedStatusItem } from '../../../api/binding.ts';
import { deepEqual } from '../../../kube/json.ts';
import type { KubeObject } from '../../../kube/meta.ts';
import { formatTime } from '../../../kube/time.ts';
import { type Fields, fieldsAt, listAt, withValue } from '../../fields.ts';
import type { KindInterpreter } from '../interpreter.ts';
import { statusesOf } from './generation.ts';
import { podReferences } from './pod-references.ts';
import { latest, timeAt } from './times.ts';
import { retyped } from './typed.ts';

export const cronJob: KindInterpreter = {
  aggregate: aggregateStatus,
  dependencies: (object) =>
    podReferences(fieldsAt(object, 'spec', 'jobTemplate', 'spec', 'template', 'spec') ?? {}, object.metadata.namespace),
};

function aggregateStatus(object: KubeObject, items: readonly AggregatedStatusItem[]): KubeObject {
  const statuses = statusesOf(items).filter((status) => status !== null);
  const active = statuses.flatMap((status) => listAt(status, 'active'));
  const after: Fields = {
    ...(active.length > 0 && { active }),
    ...latestOf(statuses, 'lastScheduleTime'),
    ...latestOf(statuses, 'lastSuccessfulTime'),
  };
  return deepEqual(fieldsAt(object, 'status') ?? {}, after) ? object : withValue(retyped(object), after, 'status');
}

function latestOf(statuses: readonly Fields[], field: string): Fields {
  const time = latest(statuses.map((status) => timeAt(status, field)).filter((found) => found !== null));
  return time === null ? {} : { [field]: formatTime(time) };
}
