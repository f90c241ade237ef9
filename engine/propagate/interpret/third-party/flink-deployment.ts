// Flink's FlinkDeployment: a job manager and task managers.
import type { ReplicaRequirements } from '../../../api/binding.ts';
import type { KubeObject } from '../../../kube/meta.ts';
import type { Quantity } from '../../../kube/quantity.ts';
import { type Fields, fieldsAt, textAt, valueAt } from '../../fields.ts';
import type { KindInterpreter } from '../interpreter.ts';
import { statusesOf } from '../native/generation.ts';
import { nodeClaimOf } from '../native/pod-requirements.ts';
import { amounts, countAt, greaterOf, quantityAt } from './counts.ts';
import { componentOf } from './pods.ts';
import { picked, reflectFields, withStatus } from './status.ts';

const REPORTED = [
  'clusterInfo',
  'error',
  'jobManagerDeploymentStatus',
  'jobStatus',
  'observedGeneration',
  'lifecycleState',
  'reconciliationStatus',
  'taskManager',
] as const;

type Role = 'jobManager' | 'taskManager';

export const flinkDeployment: KindInterpreter = {
  replicas: (object) => {
    const most = (resource: string) =>
      greaterOf(resourceOf(object, 'taskManager', resource), resourceOf(object, 'jobManager', resource));
    const { namespace } = object.metadata;
    return {
      replicas: jobManagers(object) + taskManagers(object),
      // One kind of replica has to stand for both: the greater one.
      requirements: {
        ...requirements(object, { cpu: most('cpu'), memory: most('memory') }),
        ...(namespace && { namespace }),
      },
    };
  },
  components: (object) => {
    const component = (name: string, replicas: number, role: Role) => {
      const resources = { cpu: resourceOf(object, role, 'cpu'), memory: resourceOf(object, role, 'memory') };
      return componentOf(name, replicas, requirements(object, resources));
    };
    return [
      component('jobmanager', jobManagers(object), 'jobManager'),
      component('taskmanager', taskManagers(object), 'taskManager'),
    ];
  },
  reflect: (object) => reflectFields(object, REPORTED),
  // It runs in one cluster: what the last one says that says anything.
  aggregate: (object, items) => {
    const last = statusesOf(items).findLast((status) => status !== null);
    if (last === undefined) return object;
    const others = Object.entries(fieldsAt(object, 'status') ?? {}).filter(
      ([name]) => !(REPORTED as readonly string[]).includes(name),
    );
    return withStatus(object, { ...Object.fromEntries(others), ...picked(last, REPORTED) });
  },
  healthy: isSettled,
};

const jobManagers = (object: KubeObject): number => countAt(object, 'spec', 'jobManager', 'replicas') ?? 1;

/** As many as are asked for; else as many as it takes for every parallel task to have a slot. */
function taskManagers(object: KubeObject): number {
  const asked = countAt(object, 'spec', 'taskManager', 'replicas');
  if (asked !== undefined) return asked;
  const parallelism = countAt(object, 'spec', 'job', 'parallelism');
  const slots = countAt(object, 'spec', 'flinkConfiguration', 'taskmanager.numberOfTaskSlots');
  return parallelism === undefined || !slots ? 1 : Math.ceil(parallelism / slots);
}

const resourceOf = (object: KubeObject, role: Role, resource: string): Quantity | undefined =>
  quantityAt(object, 'spec', role, 'resource', resource);

function requirements(
  object: KubeObject,
  resources: Readonly<Record<string, Quantity | undefined>>,
): ReplicaRequirements {
  const podSpec: Fields = fieldsAt(object, 'spec', 'podTemplate', 'spec') ?? {};
  const nodeClaim = nodeClaimOf(picked(podSpec, ['nodeSelector', 'tolerations']));
  const priorityClassName = textAt(podSpec, 'priorityClassName');
  const resourceRequest = amounts(resources);
  return {
    ...(nodeClaim && { nodeClaim }),
    ...(Object.keys(resourceRequest).length > 0 && { resourceRequest }),
    ...(priorityClassName && { priorityClassName }),
  };
}

const BEFORE_IT_RUNS: ReadonlySet<string> = new Set(['CREATED', 'INITIALIZING', 'RECONCILING']);

/** What does not get to run is unwell, unless it says why: that would be so in any cluster. */
function isSettled(object: KubeObject): boolean {
  const state = textAt(object, 'status', 'jobStatus', 'state');
  if (state !== undefined && !BEFORE_IT_RUNS.has(state)) return true;
  if (valueAt(object, 'status', 'error') !== undefined) return true;
  return state !== undefined && textAt(object, 'status', 'jobManagerDeploymentStatus') === 'ERROR';
}
