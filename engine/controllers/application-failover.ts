// An application that stays unwell in a cluster leaves it, where its policy asks for that. The clock is kept in memory, as in
// Karmada: a restart begins to count anew.
import type { GracefulEvictionTask, ResourceBinding } from '../api/binding.ts';
import type { Cluster } from '../api/cluster.ts';
import { compileAffinity } from '../api/cluster-affinity.ts';
import { COLLECTIONS } from '../api/kinds.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type View } from '../control/controller.ts';
import { isObject, type JsonValue } from '../kube/json.ts';
import { isTolerated } from '../kube/taint.ts';
import type { Millis } from '../kube/time.ts';
import type { Profile } from '../profile/profile.ts';
import type { Change } from '../store/change.ts';
import { BINDINGS, type BindingKey, bindingAt, keyOfBinding, objectKeyOf } from './bindings.ts';
import { isReady } from './cluster-conditions.ts';
import { evict } from './evict.ts';
import type { ControlPorts } from './ports.ts';

const TOLERATION_SECONDS = 300;

/** Until it is looked again whether there is another place. */
const LOOK_MS: Millis = 30_000;

const REASON = 'ApplicationFailure';

export function applicationFailover({ profile }: ControlPorts): Controller {
  return {
    name: 'application-failover',
    watches: [
      ...BINDINGS.map((collection) => ({ on: 'hub' as const, collection, keysOf: ofBinding })),
      { on: 'hub', collection: COLLECTIONS.clusters, keysOf: () => [] },
    ],
    reconcile: (key, view, now) => reconcile(key, view, now, profile),
  };
}

const ofBinding = ({ type, object }: Change): readonly BindingKey[] =>
  type !== 'DELETED' && (object as unknown as ResourceBinding).spec.failover?.application !== undefined
    ? [keyOfBinding(object)]
    : [];

/** What is remembered between two looks, by cluster. */
interface Memory {
  /** Since when it has been unwell there. */
  readonly since: Readonly<Record<string, Millis>>;
  /** How often it has left for that, without ever having been well there since. */
  readonly left: Readonly<Record<string, number>>;
  /** What it is leaving: counted. */
  readonly leaving: readonly string[];
}

const memoryOf = ({ remembered }: View): Memory =>
  isObject(remembered) && isObject(remembered.since) && isObject(remembered.left)
    ? (remembered as unknown as Memory)
    : { since: {}, left: {}, leaving: [] };

/** What came back for want of another place is given twice as long each time: else it would come and go for ever. */
const DOUBLINGS_MAX = 10;

function reconcile(key: BindingKey, view: View, now: Millis, { gates, switches }: Profile): Outcome {
  const binding = bindingAt(view, key);
  const behavior = binding?.spec.failover?.application;
  if (binding === null || behavior === undefined || binding.metadata.deletionTimestamp !== undefined) {
    return { ...NOTHING_TO_DO, remember: null };
  }
  const toleratedMs = (behavior.decisionConditions.tolerationSeconds ?? TOLERATION_SECONDS) * 1000;
  const known = memoryOf(view);
  const since: Record<string, Millis> = {};
  const left = leftBefore(binding, known);
  const leaving: string[] = [];
  let nextMs = Number.POSITIVE_INFINITY;
  for (const { name } of binding.spec.clusters ?? []) {
    const item = binding.status?.aggregatedStatus?.find(({ clusterName }) => clusterName === name);
    if (item?.health === 'Healthy') delete left[name];
    if (item === undefined || item.health === 'Healthy') continue;
    const isUnwell = item.health === 'Unhealthy';
    const began = known.since[name];
    // What nobody knows of is not counted as unwell, but does not make well what was unwell before either.
    if (!isUnwell && began === undefined) continue;
    since[name] = began ?? now;
    const doublings = switches.keepsWhatFitsNowhere ? Math.min(left[name] ?? 0, DOUBLINGS_MAX) : 0;
    const waitsMs = since[name] + toleratedMs * 2 ** doublings - now;
    if (waitsMs > 0) nextMs = Math.min(nextMs, waitsMs);
    else if (isUnwell) leaving.push(name);
  }
  const remember = { since, left, leaving: leftBy(binding) } as JsonValue;
  const requeue = nextMs === Number.POSITIVE_INFINITY ? 'await-change' : { afterMs: nextMs };
  if (leaving.length === 0) return { commands: [], requeue, events: [], remember };
  if (switches.keepsWhatFitsNowhere && !hasAnotherPlace(binding, view)) {
    return { commands: [], requeue: { afterMs: Math.min(nextMs, LOOK_MS) }, events: [], remember };
  }
  const rules = gates.StatefulFailoverInjection ? (behavior.statePreservation?.rules ?? []) : [];
  const evicted = evict(objectKeyOf(key), binding, leaving, taskFor(binding, behavior), rules);
  return { ...evicted, requeue, remember };
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

const leftBy = ({ spec }: ResourceBinding): readonly string[] =>
  (spec.gracefulEvictionTasks ?? []).filter(({ reason }) => reason === REASON).map(({ fromCluster }) => fromCluster);

/** Of the clusters where it is, or that it is leaving; what it has begun to leave since then counts once more. */
function leftBefore(binding: ResourceBinding, { left, leaving }: Memory): Record<string, number> {
  const away = leftBy(binding);
  const counts: Record<string, number> = {};
  for (const name of [...(binding.spec.clusters ?? []).map((target) => target.name), ...away]) {
    const count = (left[name] ?? 0) + (away.includes(name) && !leaving.includes(name) ? 1 : 0);
    if (count > 0) counts[name] = count;
  }
  return counts;
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
    reason: REASON,
    producer: `${scope}-application-failover-controller`,
    ...(purgeMode === 'Never' && { suppressDeletion: true }),
    ...(purgeMode === 'Gracefully' && gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
  };
}
