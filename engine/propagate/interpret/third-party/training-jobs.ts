// Kubeflow's training jobs: PyTorchJob and TFJob, with a component for each of their roles.
import type { AggregatedStatusItem } from '../../../api/binding.ts';
import type { KubeObject } from '../../../kube/meta.ts';
import type { Millis } from '../../../kube/time.ts';
import { type Fields, fieldsAt } from '../../fields.ts';
import type { KindInterpreter } from '../interpreter.ts';
import { statusesOf } from '../native/generation.ts';
import { conditionsOf, isTrue, sinceWhen } from './conditions.ts';
import { countAt } from './counts.ts';
import { componentOf, requirementsOf, templatesReferences } from './pods.ts';
import { podsOf } from './replica-statuses.ts';
import { earliestTime, latestTime, withoutBlanks, withStatus } from './status.ts';

export const pyTorchJob = trainingJob('PyTorchJob', 'pytorchReplicaSpecs', ['Master', 'Worker']);
export const tfJob = trainingJob('TFJob', 'tfReplicaSpecs', ['PS', 'Worker', 'Chief', 'Master', 'Evaluator']);

function trainingJob(kind: string, specs: string, roles: readonly string[]): KindInterpreter {
  const specsOf = (object: KubeObject) =>
    roles.flatMap((role) => {
      const spec = fieldsAt(object, 'spec', specs, role);
      return spec === undefined ? [] : [{ role, spec }];
    });
  return {
    components: (object) =>
      specsOf(object).map(({ role, spec }) =>
        componentOf(role.toLowerCase(), countAt(spec, 'replicas') ?? 1, requirementsOf(fieldsAt(spec, 'template'))),
      ),
    aggregate: (object, items, now) => aggregateStatus(object, items, now, kind, roles),
    healthy: (object) => {
      const status = fieldsAt(object, 'status');
      return status?.conditions !== undefined && !isTrue(status, 'Failed');
    },
    dependencies: (object) =>
      templatesReferences(
        object,
        specsOf(object).map(({ spec }) => fieldsAt(spec, 'template')),
      ),
  };
}

function aggregateStatus(
  object: KubeObject,
  items: readonly AggregatedStatusItem[],
  now: Millis,
  kind: string,
  roles: readonly string[],
): KubeObject {
  const statuses = statusesOf(items);
  const before = fieldsAt(object, 'status') ?? {};
  const ends = statuses.map(finishedAs);
  const isComplete = ends.length > 0 && ends.every((end) => end === 'Succeeded');
  const failed = items.filter((_, at) => ends[at] === 'Failed').map(({ clusterName }) => clusterName);
  return withStatus(
    object,
    withoutBlanks({
      ...before,
      startTime: earliestTime(statuses, 'startTime'),
      lastReconcileTime: latestTime(statuses, 'lastReconcileTime'),
      replicaStatuses: Object.fromEntries(roles.map((role) => [role, podsOf(statuses, role)])),
      conditions: sinceWhen(object, finalConditions(kind, isComplete, failed), now),
      ...(isComplete && { completionTime: latestTime(statuses, 'completionTime') }),
    }),
  );
}

/** Failed as soon as one cluster's share has failed; complete when all are. */
function finalConditions(kind: string, isComplete: boolean, failed: readonly string[]): Fields[] {
  if (isComplete) {
    const message = `the ${kind} is complete in every member cluster`;
    return [{ type: 'Succeeded', status: 'True', reason: 'Completed', message }];
  }
  if (failed.length === 0) return [];
  const message = `the ${kind} failed in member clusters ${failed.join(', ')}`;
  return [{ type: 'Failed', status: 'True', reason: `${kind}Failed`, message }];
}

const finishedAs = (status: Fields | null): unknown =>
  conditionsOf(status).findLast(
    ({ type, status: value }) => (type === 'Succeeded' || type === 'Failed') && value === 'True',
  )?.type;
