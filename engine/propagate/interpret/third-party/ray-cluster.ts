// KubeRay's RayCluster.
import { addQuantity, formatQuantity, type Quantity } from '../../../kube/quantity.ts';
import { fieldsAt } from '../../fields.ts';
import type { KindInterpreter } from '../interpreter.ts';
import { statusesOf, sumOf } from '../native/generation.ts';
import { allConditions, isTrue } from './conditions.ts';
import { quantityAt } from './counts.ts';
import { rayComponents } from './ray-groups.ts';
import { firstValue, latestTime, type Statuses, soleStatus, withStatus } from './status.ts';

const SUMMED = [
  'readyWorkerReplicas',
  'availableWorkerReplicas',
  'maxWorkerReplicas',
  'minWorkerReplicas',
  'desiredWorkerReplicas',
] as const;
const RESOURCES = ['desiredCPU', 'desiredGPU', 'desiredTPU', 'desiredMemory'] as const;

export const rayCluster: KindInterpreter = {
  components: (object) => rayComponents(fieldsAt(object, 'spec') ?? {}),
  aggregate: (object, items) => {
    const statuses = statusesOf(items);
    const sole = soleStatus(statuses);
    if (sole !== null) return withStatus(object, sole);
    const stated = statuses.find((status) => status?.state !== undefined && status.state !== null);
    return withStatus(object, {
      ...fieldsAt(object, 'status'),
      conditions: allConditions(statuses),
      ...Object.fromEntries(SUMMED.map((name) => [name, sumOf(statuses, name)])),
      ...Object.fromEntries(RESOURCES.map((name) => [name, totalOf(statuses, name)])),
      lastUpdateTime: latestTime(statuses, 'lastUpdateTime'),
      endpoints: firstValue(statuses, 'endpoints'),
      head: firstValue(statuses, 'head'),
      state: stated?.state,
      stateTransitionTimes: stated?.stateTransitionTimes,
    });
  },
  healthy: (object) => {
    const status = fieldsAt(object, 'status') ?? {};
    return (
      isTrue(status, 'HeadPodReady') &&
      isTrue(status, 'RayClusterProvisioned') &&
      !isTrue(status, 'RayClusterReplicaFailure')
    );
  },
};

function totalOf(statuses: Statuses, resource: string): string {
  const none: Quantity = { nano: 0n, format: 'DecimalSI' };
  const total = statuses.reduce((sum, status) => addQuantity(sum, quantityAt(status ?? {}, resource) ?? none), none);
  return formatQuantity(total);
}
