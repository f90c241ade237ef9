// Spark's SparkApplication: a driver and executors.
import type { AggregatedStatusItem, Component, ReplicaRequirements } from '../../../api/binding.ts';
import type { KubeObject } from '../../../kube/meta.ts';
import { booleanAt, type Fields, fieldsAt, textAt } from '../../fields.ts';
import type { KindInterpreter } from '../interpreter.ts';
import { statusesOf, sumOf } from '../native/generation.ts';
import { nodeClaimOf } from '../native/pod-requirements.ts';
import { amounts, countAt, quantityAt } from './counts.ts';
import { gravest } from './gravity.ts';
import { componentOf } from './pods.ts';
import { sparkMemory } from './spark-memory.ts';
import { latestTime, reflectFields, type Statuses, soleStatus, withStatus } from './status.ts';

export const sparkApplication: KindInterpreter = {
  components: componentsOf,
  reflect: (object) =>
    reflectFields(object, [
      'applicationState',
      'driverInfo',
      'executorState',
      'sparkApplicationId',
      'lastSubmissionAttemptTime',
      'submissionAttempts',
      'executionAttempts',
      'submissionID',
      'terminationTime',
    ]),
  aggregate: aggregateStatus,
  healthy: (object) => !['FAILED', undefined].includes(textAt(object, 'status', 'applicationState', 'state')),
};

function componentsOf(object: KubeObject): Component[] {
  return [
    componentOf('driver', 1, requirementsOf(object, 'driver')),
    componentOf('executor', executorsOf(object), requirementsOf(object, 'executor')),
  ];
}

/** With dynamic allocation at least as many as it begins with, and keeps. */
function executorsOf(object: KubeObject): number {
  const instances = countAt(object, 'spec', 'executor', 'instances') ?? 1;
  if (!booleanAt(object, 'spec', 'dynamicAllocation', 'enabled')) return instances;
  const least = (field: string) => countAt(object, 'spec', 'dynamicAllocation', field) ?? 1;
  return Math.max(instances, least('initialExecutors'), least('minExecutors'));
}

function requirementsOf(object: KubeObject, role: 'driver' | 'executor'): ReplicaRequirements {
  const pod: Fields = fieldsAt(object, 'spec', role) ?? {};
  const nodeClaim = nodeClaimOf(pod);
  const priorityClassName = textAt(pod, 'priorityClassName');
  const gpus = countAt(pod, 'gpu', 'quantity') ?? 0;
  const gpu = textAt(pod, 'gpu', 'name');
  const resources = {
    cpu: quantityAt(pod, 'cores') ?? quantityAt({ cores: 1 }, 'cores'),
    memory: sparkMemory(object, role),
  };
  return {
    ...(nodeClaim && { nodeClaim }),
    resourceRequest: { ...amounts(resources), ...(gpu && gpus > 0 && { [gpu]: String(gpus) }) },
    ...(priorityClassName && { priorityClassName }),
  };
}

/** The worse, the later; one that is not listed is as good as unknown. */
const GRAVITY = new Map([
  ['SUBMITTED', 1],
  ['PENDING_RERUN', 1],
  ['COMPLETED', 2],
  ['SUSPENDING', 3],
  ['SUSPENDED', 3],
  ['RUNNING', 4],
  ['RESUMING', 4],
  ['SUCCEEDING', 4],
  ['INVALIDATING', 5],
  ['FAILING', 6],
  ['FAILED', 6],
  ['SUBMISSION_FAILED', 6],
]);

/** Differs from Karmada: a time that no cluster reports is left out; an empty text is no time to a schema. */
function aggregateStatus(object: KubeObject, items: readonly AggregatedStatusItem[]): KubeObject {
  const statuses = statusesOf(items);
  const sole = soleStatus(statuses);
  if (sole !== null) return withStatus(object, sole);
  return withStatus(object, {
    ...fieldsAt(object, 'status'),
    applicationState: worstState(statuses),
    executionAttempts: sumOf(statuses, 'executionAttempts'),
    submissionAttempts: sumOf(statuses, 'submissionAttempts'),
    executorState: Object.assign({}, ...statuses.map((status) => fieldsAt(status ?? {}, 'executorState'))),
    lastSubmissionAttemptTime: latestTime(statuses, 'lastSubmissionAttemptTime'),
    terminationTime: latestTime(statuses, 'terminationTime'),
  });
}

const worstState = (statuses: Statuses): Fields | undefined =>
  gravest(
    statuses.map((status) => fieldsAt(status ?? {}, 'applicationState') ?? null),
    'state',
    GRAVITY,
  );
