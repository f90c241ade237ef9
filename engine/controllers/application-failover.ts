// An application that stays unwell in a cluster leaves it, where its policy asks for that. The clock is kept in memory, as in
// Karmada: a restart begins to count anew.
import type { GracefulEvictionTask, ResourceBinding } from '../api/binding.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type View } from '../control/controller.ts';
import { isObject, type JsonValue } from '../kube/json.ts';
import type { Millis } from '../kube/time.ts';
import type { Profile } from '../profile/profile.ts';
import type { Change } from '../store/change.ts';
import { BINDINGS, type BindingKey, bindingAt, keyOfBinding, objectKeyOf } from './bindings.ts';
import { evict } from './evict.ts';
import type { ControlPorts } from './ports.ts';

const TOLERATION_SECONDS = 300;

export function applicationFailover({ profile }: ControlPorts): Controller {
  return {
    name: 'application-failover',
    watches: BINDINGS.map((collection) => ({ on: 'hub' as const, collection, keysOf: ofBinding })),
    reconcile: (key, view, now) => reconcile(key, view, now, profile),
  };
}

const ofBinding = ({ type, object }: Change): readonly BindingKey[] =>
  type !== 'DELETED' && (object as unknown as ResourceBinding).spec.failover?.application !== undefined
    ? [keyOfBinding(object)]
    : [];

function reconcile(key: BindingKey, view: View, now: Millis, { gates }: Profile): Outcome {
  const binding = bindingAt(view, key);
  const behavior = binding?.spec.failover?.application;
  if (binding === null || behavior === undefined || binding.metadata.deletionTimestamp !== undefined) {
    return { ...NOTHING_TO_DO, remember: null };
  }
  const toleratedMs = (behavior.decisionConditions.tolerationSeconds ?? TOLERATION_SECONDS) * 1000;
  const known = isObject(view.remembered) ? view.remembered : {};
  const since: Record<string, Millis> = {};
  const leaving: string[] = [];
  for (const { name } of binding.spec.clusters ?? []) {
    const item = binding.status?.aggregatedStatus?.find(({ clusterName }) => clusterName === name);
    if (item === undefined || item.health === 'Healthy') continue;
    const isUnwell = item.health === 'Unhealthy';
    // What nobody knows of is not counted as unwell, but does not make well what was unwell before either.
    if (!isUnwell && typeof known[name] !== 'number') continue;
    const began = typeof known[name] === 'number' ? known[name] : now;
    since[name] = began;
    if (isUnwell && began + toleratedMs <= now) leaving.push(name);
  }
  const remember: JsonValue = since;
  const waits = Object.values(since).map((began) => began + toleratedMs - now);
  const requeue = waits.some((left) => left > 0)
    ? { afterMs: Math.min(...waits.filter((left) => left > 0)) }
    : 'await-change';
  if (leaving.length === 0) return { commands: [], requeue, events: [], remember };
  const rules = gates.StatefulFailoverInjection ? (behavior.statePreservation?.rules ?? []) : [];
  const evicted = evict(objectKeyOf(key), binding, leaving, taskFor(binding, behavior), rules);
  return { ...evicted, requeue, remember };
}

function taskFor(
  { metadata }: ResourceBinding,
  {
    purgeMode = 'Gracefully',
    gracePeriodSeconds,
  }: NonNullable<NonNullable<ResourceBinding['spec']['failover']>['application']>,
): Omit<GracefulEvictionTask, 'fromCluster'> {
  const scope = metadata.namespace ? 'resource-binding' : 'cluster-resource-binding';
  return {
    purgeMode,
    reason: 'ApplicationFailure',
    producer: `${scope}-application-failover-controller`,
    ...(purgeMode === 'Never' && { suppressDeletion: true }),
    ...(purgeMode === 'Gracefully' && gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
  };
}
