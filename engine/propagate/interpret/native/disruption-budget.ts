// PodDisruptionBudgets.
import type { AggregatedStatusItem } from '../../../api/binding.ts';
import { deepEqual } from '../../../kube/json.ts';
import type { KubeObject } from '../../../kube/meta.ts';
import { type Fields, fieldsAt, numberAt, textsAt, withValue } from '../../fields.ts';
import type { KindInterpreter } from '../interpreter.ts';
import { statusesOf, sumOf } from './generation.ts';

const COUNTERS = ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'] as const;

export const podDisruptionBudget: KindInterpreter = {
  reflect: (object) => {
    const status = fieldsAt(object, 'status');
    if (status === undefined) return null;
    return { ...countersOf([status]), ...disruptedPods(textsAt(status, 'disruptedPods') ?? {}) };
  },
  aggregate: aggregateStatus,
  healthy: (object) =>
    (numberAt(object, 'status', 'currentHealthy') ?? 0) >= (numberAt(object, 'status', 'desiredHealthy') ?? 0),
};

function aggregateStatus(object: KubeObject, items: readonly AggregatedStatusItem[]): KubeObject {
  const statuses = statusesOf(items);
  const pods = statuses.flatMap((status, at) =>
    Object.entries(textsAt(status ?? {}, 'disruptedPods') ?? {}).map(([name, time]) => [
      `${items[at]!.clusterName}/${name}`,
      time,
    ]),
  );
  const after = { ...countersOf(statuses), ...disruptedPods(Object.fromEntries(pods)) };
  return deepEqual(fieldsAt(object, 'status'), after) ? object : withValue(object, after, 'status');
}

const countersOf = (statuses: readonly (Fields | null)[]): Fields =>
  Object.fromEntries(COUNTERS.map((name) => [name, sumOf(statuses, name)]));

const disruptedPods = (pods: Readonly<Record<string, string>>): Fields =>
  Object.keys(pods).length === 0 ? {} : { disruptedPods: pods };
