// PodDisruptionBudgets.
import type { AggregatedStatusItem } from '../../../api/binding.ts';
import { deepEqual } from '../../../kube/json.ts';
import type { KubeObject } from '../../../kube/meta.ts';
import { formatTime } from '../../../kube/time.ts';
import { PropagationError } from '../../errors.ts';
import { type Fields, fieldsAt, numberAt, withValue } from '../../fields.ts';
import type { KindInterpreter } from '../interpreter.ts';
import { statusesOf, sumOf } from './generation.ts';
import { timeAt } from './times.ts';

const COUNTERS = ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'] as const;

export const podDisruptionBudget: KindInterpreter = {
  reflect: (object) => {
    const status = fieldsAt(object, 'status');
    if (status === undefined) return null;
    return { ...countersOf([status]), ...disruptedPods(pods(status)) };
  },
  aggregate: aggregateStatus,
  healthy: (object) =>
    (numberAt(object, 'status', 'currentHealthy') ?? 0) >= (numberAt(object, 'status', 'desiredHealthy') ?? 0),
};

function aggregateStatus(object: KubeObject, items: readonly AggregatedStatusItem[]): KubeObject {
  const statuses = statusesOf(items);
  const disrupted = statuses.flatMap((status, at) =>
    pods(status ?? {}).map(([name, time]): PodTime => [`${items[at]!.clusterName}/${name}`, time]),
  );
  const after = { ...countersOf(statuses), ...disruptedPods(disrupted) };
  return deepEqual(fieldsAt(object, 'status'), after) ? object : withValue(object, after, 'status');
}

const countersOf = (statuses: readonly (Fields | null)[]): Fields =>
  Object.fromEntries(COUNTERS.map((name) => [name, sumOf(statuses, name)]));

type PodTime = readonly [name: string, time: string];

/** Those on their way out, and since when: in whole seconds of UTC. */
function pods(status: Fields): readonly PodTime[] {
  const times = fieldsAt(status, 'disruptedPods') ?? {};
  return Object.keys(times).map((name) => {
    const time = timeAt(times, name);
    if (time === null) throw new PropagationError(`disruptedPods.${name} must be a time`);
    return [name, formatTime(time)];
  });
}

const disruptedPods = (found: readonly PodTime[]): Fields =>
  found.length === 0 ? {} : { disruptedPods: Object.fromEntries(found) };
