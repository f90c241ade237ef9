// Kubeflow's MPIJob: a launcher and workers, each a component.
import type { AggregatedStatusItem } from '../../../api/binding.ts';
import { sortedKeys } from '../../../base/order.ts';
import type { KubeObject } from '../../../kube/meta.ts';
import { type Fields, fieldsAt, textAt } from '../../fields.ts';
import type { KindInterpreter } from '../interpreter.ts';
import { statusesOf } from '../native/generation.ts';
import { allConditions, conditionsOf, isTrue } from './conditions.ts';
import { countAt } from './counts.ts';
import { componentOf, requirementsOf } from './pods.ts';
import { podsOf } from './replica-statuses.ts';
import { earliestTime, latestTime, picked, reflectFields, type Statuses, soleStatus, withStatus } from './status.ts';

const TIMES = ['startTime', 'completionTime', 'lastReconcileTime'] as const;

export const mpiJob: KindInterpreter = {
  components: (object) => {
    const specs = fieldsAt(object, 'spec', 'mpiReplicaSpecs') ?? {};
    return sortedKeys(specs).flatMap((role) => {
      const template = fieldsAt(specs, role, 'template');
      if (template === undefined) return [];
      const usual = role.toLowerCase() === 'worker' ? 0 : 1;
      return [componentOf(role, countAt(specs, role, 'replicas') ?? usual, requirementsOf(template))];
    });
  },
  reflect: (object) => {
    const pods = fieldsAt(object, 'status', 'replicaStatuses') ?? {};
    const counted = Object.keys(pods).map((role) => [
      role,
      picked(fieldsAt(pods, role) ?? {}, ['active', 'succeeded', 'failed', 'selector']),
    ]);
    const shown = counted.filter(([, counters]) => Object.keys(counters as Fields).length > 0);
    return {
      ...(shown.length > 0 && { replicaStatuses: Object.fromEntries(shown) }),
      ...reflectFields(object, ['conditions', ...TIMES]),
    };
  },
  aggregate: aggregateStatus,
  healthy: (object) => {
    const status = fieldsAt(object, 'status');
    return conditionsOf(status).length > 0 && !isTrue(status ?? null, 'Failed');
  },
};

function aggregateStatus(object: KubeObject, items: readonly AggregatedStatusItem[]): KubeObject {
  if (items.length === 0) return object;
  const statuses = statusesOf(items);
  const sole = soleStatus(statuses);
  if (sole !== null) return withStatus(object, sole);
  const roles = new Set(statuses.flatMap((status) => Object.keys(fieldsAt(status ?? {}, 'replicaStatuses') ?? {})));
  return withStatus(object, {
    replicaStatuses: Object.fromEntries([...roles].map((role) => [role, podsOf(statuses, role)])),
    conditions: latestByType(statuses),
    startTime: earliestTime(statuses, 'startTime'),
    completionTime: latestTime(statuses, 'completionTime'),
    lastReconcileTime: latestTime(statuses, 'lastReconcileTime'),
  });
}

/** Of each type the newest; one without a time tells nothing. */
function latestByType(statuses: Statuses): Fields[] {
  const timeOf = (condition: Fields) => textAt(condition, 'lastUpdateTime') ?? textAt(condition, 'lastTransitionTime');
  const latest = new Map<unknown, Fields>();
  for (const condition of allConditions(statuses)) {
    const time = timeOf(condition);
    const known = latest.get(condition.type);
    if (time && (known === undefined || time > timeOf(known)!)) latest.set(condition.type, condition);
  }
  return [...latest.values()];
}
