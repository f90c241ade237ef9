// KubeRay's RayService: a Ray cluster that serves applications. Its replicas are all pods, with the head among them.
import type { AggregatedStatusItem, ReplicaRequirements } from '../../../api/binding.ts';
import type { KubeObject } from '../../../kube/meta.ts';
import { type Fields, fieldsAt, numberAt, textAt, withValue } from '../../fields.ts';
import type { KindInterpreter, ReplicaAnswer } from '../interpreter.ts';
import { statusesOf, sumOf } from '../native/generation.ts';
import { allConditions, isTrue } from './conditions.ts';
import { amounts, greaterOf, quantityAt } from './counts.ts';
import { requirementsOf, templatesReferences } from './pods.ts';
import { headTemplateOf, rayTemplatesOf, workerGroupsOf, workersIn } from './ray-groups.ts';
import { firstValue, latestTime, type Statuses, soleStatus, withStatus } from './status.ts';

export const rayService: KindInterpreter = {
  replicas: replicasOf,
  revise: reviseWorkers,
  aggregate: aggregateStatus,
  healthy: (object) => isTrue(fieldsAt(object, 'status') ?? {}, 'Ready'),
  dependencies: (object) => templatesReferences(object, rayTemplatesOf(clusterOf(object))),
};

const clusterOf = (object: KubeObject): Fields => fieldsAt(object, 'spec', 'rayClusterConfig') ?? {};

function replicasOf(object: KubeObject): ReplicaAnswer {
  const cluster = clusterOf(object);
  const head = headTemplateOf(cluster);
  if (head === undefined) return { replicas: 0, requirements: null };
  const workers = workerGroupsOf(cluster).reduce((sum, group) => sum + workersIn(group), 0);
  return { replicas: 1 + workers, requirements: greatestRequirements(object, cluster) };
}

/** One kind of replica stands for all: it runs where the head may, and asks for as much as the greatest of them. */
function greatestRequirements(object: KubeObject, cluster: Fields): ReplicaRequirements | null {
  const [head, ...workers] = rayTemplatesOf(cluster).map(requirementsOf);
  if (!head) return null;
  const most = (resource: string) =>
    [head, ...workers].map((one) => quantityAt({ ...one?.resourceRequest }, resource)).reduce(greaterOf, undefined);
  const resourceRequest = { ...head.resourceRequest, ...amounts({ cpu: most('cpu'), memory: most('memory') }) };
  const { namespace } = object.metadata;
  return {
    ...head,
    ...(Object.keys(resourceRequest).length > 0 && { resourceRequest }),
    ...(namespace && { namespace }),
  };
}

/** The head stays; the groups share the workers in the proportion that they have now. */
function reviseWorkers(object: KubeObject, replicas: number): KubeObject {
  const groups = workerGroupsOf(clusterOf(object));
  if (groups.length === 0) return object;
  const shares = sharesOf(Math.max(0, replicas - 1), groups.map(workersIn));
  const revised = groups.map((group, at) => withValue(group, shares[at], 'replicas'));
  return withValue(object, revised, 'spec', 'rayClusterConfig', 'workerGroupSpecs');
}

/**
 * Rounded to the nearest, with what is left for the last; alike where there are no workers yet.
 *
 * Differs from Karmada: no group gets more than is left, so that none is asked to have fewer workers than none.
 */
function sharesOf(workers: number, weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const even = (at: number) => Math.floor(workers / weights.length) + (at < workers % weights.length ? 1 : 0);
  let left = workers;
  return weights.map((weight, at) => {
    const fair = total === 0 ? even(at) : rounded(workers, weight, total);
    const share = at === weights.length - 1 ? left : Math.min(left, fair);
    left -= share;
    return share;
  });
}

/** In the doubles of the script that Karmada runs. */
const rounded = (workers: number, weight: number, total: number): number =>
  Math.floor(workers * (weight / total) + 0.5);

/** The worse, the later. */
const APPLICATION_GRAVITY = new Map([
  ['RUNNING', 0],
  ['NOT_STARTED', 1],
  ['DEPLOYING', 2],
  ['DELETING', 3],
  ['UNHEALTHY', 4],
  ['DEPLOY_FAILED', 5],
]);

function aggregateStatus(object: KubeObject, items: readonly AggregatedStatusItem[]): KubeObject {
  const statuses = statusesOf(items);
  const sole = soleStatus(statuses);
  if (sole !== null) return withStatus(object, sole);
  const active = statuses.map((status) => fieldsAt(status ?? {}, 'activeServiceStatus')).find(Boolean);
  const pending = firstValue(statuses, 'pendingServiceStatus');
  const isDown = statuses.some((status) => status?.serviceStatus === '');
  return withStatus(object, {
    ...fieldsAt(object, 'status'),
    conditions: allConditions(statuses),
    numServeEndpoints: sumOf(statuses, 'numServeEndpoints'),
    lastUpdateTime: latestTime(statuses, 'lastUpdateTime'),
    observedGeneration: Math.max(0, ...statuses.map((status) => numberAt(status ?? {}, 'observedGeneration') ?? 0)),
    serviceStatus: isDown ? '' : 'Running',
    ...(active && { activeServiceStatus: { ...active, applicationStatuses: worstApplications(statuses) } }),
    ...(pending !== undefined && { pendingServiceStatus: pending }),
  });
}

/** Each application as it is where it is worst. */
function worstApplications(statuses: Statuses): Fields {
  const gravityOf = (application: Fields) => APPLICATION_GRAVITY.get(textAt(application, 'status') ?? '') ?? 0;
  const worst = new Map<string, Fields>();
  for (const status of statuses) {
    const applications = fieldsAt(status ?? {}, 'activeServiceStatus', 'applicationStatuses') ?? {};
    for (const name of Object.keys(applications)) {
      const application = fieldsAt(applications, name);
      const known = worst.get(name);
      if (application && (known === undefined || gravityOf(application) > gravityOf(known))) {
        worst.set(name, application);
      }
    }
  }
  return Object.fromEntries(worst);
}
