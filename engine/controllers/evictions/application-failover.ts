// An application that stays unwell in a cluster leaves it, where its policy asks for that. Since when it is unwell is kept in memory,
// as in Karmada: a restart begins to count anew.
import type { ResourceBinding } from '../../api/binding.ts';
import type { Cluster } from '../../api/cluster.ts';
import { compileAffinity } from '../../api/cluster-affinity.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type View } from '../../control/controller.ts';
import { isObject, type JsonValue } from '../../kube/json.ts';
import { isTolerated } from '../../kube/taint.ts';
import type { Millis } from '../../kube/time.ts';
import type { Profile } from '../../profile/profile.ts';
import type { Change } from '../../store/change.ts';
import { BINDINGS, type BindingKey, bindingAt, keyOfBinding, objectKeyOf } from '../bindings.ts';
import { isReady } from '../clusters/cluster-conditions.ts';
import type { ControlPorts } from '../ports.ts';
import { patch } from '../writes.ts';
import { departuresOf, doublingsFor, isAny, NO_DEPARTURES, noteOf, withMore } from './departures.ts';
import { type EvictionReason, evict, toldWaiting } from './evict.ts';

const TOLERATION_SECONDS = 300;

/** Until it is looked again whether there is another place. */
const LOOK_MS: Millis = 30_000;

/** Who has been well for so long is well. */
const FORGOTTEN_MS: Millis = 600_000;

const REASON = 'ApplicationFailure';

export function applicationFailover({ profile }: ControlPorts): Controller {
  return {
    name: 'application-failover',
    watches: [
      ...BINDINGS.map((collection) => ({ on: 'hub' as const, collection, keysOf: ofBinding })),
      { on: 'hub', collection: COLLECTIONS.clusters },
    ],
    reconcile: (key, view, now) => reconcile(key, view, now, profile),
  };
}

const ofBinding = ({ type, object }: Change): readonly BindingKey[] =>
  type !== 'DELETED' && (object as unknown as ResourceBinding).spec.failover?.application !== undefined
    ? [keyOfBinding(object)]
    : [];

/** What is remembered between two looks. */
interface Memory {
  /** By cluster, since when it has been unwell there. */
  readonly unwell: Readonly<Record<string, Millis>>;
  /** Since when it has been well wherever it is. */
  readonly well?: Millis;
}

const memoryOf = ({ remembered }: View): Memory =>
  isObject(remembered) && isObject(remembered.unwell) ? (remembered as unknown as Memory) : { unwell: {} };

function reconcile(key: BindingKey, view: View, now: Millis, { gates, switches }: Profile): Outcome {
  const binding = bindingAt(view, key);
  const behavior = binding?.spec.failover?.application;
  const aggregatedStatus = binding?.status?.aggregatedStatus ?? [];
  const isGone = binding === null || binding.metadata.deletionTimestamp !== undefined;
  if (isGone || behavior === undefined || aggregatedStatus.length === 0) return { ...NOTHING_TO_DO, remember: null };
  const departures = switches.keepsWhatFitsNowhere ? departuresOf(binding) : NO_DEPARTURES;
  const known = memoryOf(view);
  if (isAny(departures) && isSettled(binding)) return forget(key, binding, known.well ?? now, now);
  const toleratedMs = (behavior.decisionConditions.tolerationSeconds ?? TOLERATION_SECONDS) * 1000;
  const since: Record<string, Millis> = {};
  const leaving: string[] = [];
  let nextMs = Number.POSITIVE_INFINITY;
  for (const { name } of binding.spec.clusters ?? []) {
    const health = aggregatedStatus.find(({ clusterName }) => clusterName === name)?.health;
    if (health === 'Healthy') continue;
    // It has left already, as far as anybody here is concerned.
    const isUnwell = health === 'Unhealthy' && !isLeaving(name, binding);
    const began = known.unwell[name];
    // What nobody knows of is not counted as unwell, but does not make well what was unwell before either.
    if (!isUnwell && began === undefined) continue;
    since[name] = began ?? now;
    const waitsMs = since[name] + toleratedMs * 2 ** doublingsFor(name, departures) - now;
    if (waitsMs > 0) nextMs = Math.min(nextMs, waitsMs);
    // What is tolerated for no time at all leaves in Karmada with the next event after the first, whenever that comes.
    else if (isUnwell && (began !== undefined || switches.keepsWhatFitsNowhere)) leaving.push(name);
  }
  const remember = { unwell: since } as JsonValue;
  const requeue = nextMs === Number.POSITIVE_INFINITY ? 'await-change' : { afterMs: nextMs };
  if (leaving.length === 0) return { commands: [], requeue, events: [], remember };
  if (switches.keepsWhatFitsNowhere && !hasAnotherPlace(binding, view)) {
    return { commands: [], requeue: { afterMs: Math.min(nextMs, LOOK_MS) }, events: [], remember };
  }
  const task = taskFor(binding, behavior);
  // As in Karmada: who asks for grace where there is none stays. It is waited for in vain, since gates change with a restart alone.
  if (task.purgeMode === 'Gracefully' && !gates.GracefulEviction)
    return { commands: [], requeue, events: [], remember };
  const rules = gates.StatefulFailoverInjection ? (behavior.statePreservation?.rules ?? []) : [];
  const note = switches.keepsWhatFitsNowhere ? noteOf(withMore(departures, leaving, view)) : {};
  const luggage = { rules, notesClusters: true };
  const eviction = evict(objectKeyOf(key), binding, leaving, task, luggage, now, note);
  return {
    commands: eviction.commands,
    requeue: eviction.waiting.size > 0 ? 'back-off' : requeue,
    events: toldWaiting(binding, objectKeyOf(key), eviction, view.attempt.failures),
    remember,
  };
}

const isLeaving = (cluster: string, { spec }: ResourceBinding): boolean =>
  (spec.gracefulEvictionTasks ?? []).some(({ fromCluster }) => fromCluster === cluster);

/** Not at once: whoever leaves for a place where it is well anyway may be back in a moment. */
function forget(key: BindingKey, binding: ResourceBinding, well: Millis, now: Millis): Outcome {
  const left = well + FORGOTTEN_MS - now;
  if (left > 0) return { commands: [], requeue: { afterMs: left }, events: [], remember: { unwell: {}, well } };
  const forgetting = patch(objectKeyOf(key), binding, { metadata: { annotations: noteOf(NO_DEPARTURES) } });
  return { commands: [forgetting], requeue: 'await-change', events: [], remember: null };
}

/** Everywhere it is it is well, and it is leaving nothing for being unwell there. */
function isSettled({ spec, status }: ResourceBinding): boolean {
  const { clusters = [], gracefulEvictionTasks = [] } = spec;
  const well = new Set(
    (status?.aggregatedStatus ?? []).flatMap(({ clusterName, health }) => (health === 'Healthy' ? clusterName : [])),
  );
  return (
    clusters.length > 0 &&
    clusters.every(({ name }) => well.has(name)) &&
    gracefulEvictionTasks.every(({ reason }) => reason !== REASON)
  );
}

/** Differs from Karmada: what is unwell is not taken away where it could go nowhere else, and be gone altogether. */
function hasAnotherPlace({ spec }: ResourceBinding, view: View): boolean {
  const { placement = {} } = spec;
  const terms =
    placement.clusterAffinities?.flatMap((term) => [term, ...(term.overflowAffinities ?? [])]) ??
    (placement.clusterAffinity === undefined ? [] : [placement.clusterAffinity]);
  const fits = terms.map(compileAffinity);
  const taken = new Set([
    ...(spec.clusters ?? []).map(({ name }) => name),
    ...(spec.gracefulEvictionTasks ?? []).map(({ fromCluster }) => fromCluster),
  ]);
  return view.list(COLLECTIONS.clusters).some((object) => {
    const cluster = object as unknown as Cluster;
    if (taken.has(object.metadata.name) || object.metadata.deletionTimestamp !== undefined || !isReady(object))
      return false;
    const isOpen = (cluster.spec.taints ?? []).every((taint) => isTolerated(taint, placement.clusterTolerations ?? []));
    return isOpen && (fits.length === 0 || fits.some((reject) => reject(cluster) === null));
  });
}

function taskFor(
  { metadata }: ResourceBinding,
  {
    purgeMode = 'Gracefully',
    gracePeriodSeconds,
  }: NonNullable<NonNullable<ResourceBinding['spec']['failover']>['application']>,
): EvictionReason {
  const scope = metadata.namespace ? 'resource-binding' : 'cluster-resource-binding';
  return {
    purgeMode,
    reason: REASON,
    producer: `${scope}-application-failover-controller`,
    ...(purgeMode === 'Never' && { suppressDeletion: true }),
    ...(purgeMode === 'Gracefully' && gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
  };
}
