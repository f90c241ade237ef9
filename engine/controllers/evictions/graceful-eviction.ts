// Ends what is being left: when its successor is well, when its time is up, or when somebody has said so.
import type { GracefulEvictionTask, ResourceBinding } from '../../api/binding.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import { executionSpaceOf, workNameOf } from '../../api/names.ts';
import { BINDING_CONDITIONS, type Work } from '../../api/work.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type View } from '../../control/controller.ts';
import { hasConditionStatus } from '../../kube/conditions.ts';
import { isObject, type JsonObject } from '../../kube/json.ts';
import { formatTime, type Millis, parseTime } from '../../kube/time.ts';
import type { Profile } from '../../profile/profile.ts';
import { isClaimed } from '../../propagate/claim.ts';
import { targetsOf } from '../../propagate/targets.ts';
import type { Change } from '../../store/change.ts';
import {
  BINDINGS,
  BINDINGS_BY_LEFT,
  type BindingKey,
  bindingAt,
  bindingKeyIn,
  bindingsLeaving,
  isShort,
  keyOfBinding,
  objectKeyOf,
} from '../bindings.ts';
import { isReady } from '../clusters/cluster-conditions.ts';
import type { ControlPorts } from '../ports.ts';
import { dispatchedSince } from '../works/suspension.ts';
import { eventsAbout, patch } from '../writes.ts';

export function gracefulEviction({ profile }: ControlPorts): Controller {
  return {
    name: 'graceful-eviction',
    indexes: BINDINGS_BY_LEFT,
    watches: [
      ...BINDINGS.map((collection) => ({ on: 'hub' as const, collection, keysOf: ofBinding })),
      { on: 'hub', collection: COLLECTIONS.works, keysOf: ofLostWork },
      { on: 'hub', collection: COLLECTIONS.clusters, keysOf: ofLostCluster },
    ],
    reconcile: (key, view, now) => reconcile(key, view, now, profile),
  };
}

const ofBinding = ({ type, object }: Change): readonly BindingKey[] =>
  type !== 'DELETED' && (object as unknown as ResourceBinding).spec.gracefulEvictionTasks?.length
    ? [keyOfBinding(object)]
    : [];

function ofLostWork({ type, object }: Change): readonly BindingKey[] {
  const key = type === 'DELETED' ? bindingKeyIn(object.metadata) : null;
  return key === null ? [] : [key];
}

const ofLostCluster = ({ type, object }: Change, view: View): readonly BindingKey[] =>
  type === 'DELETED' || object.metadata.deletionTimestamp !== undefined
    ? bindingsLeaving(view, object.metadata.name)
    : [];

function reconcile(key: BindingKey, view: View, now: Millis, profile: Profile): Outcome {
  const binding = bindingAt(view, key);
  const tasks = binding?.spec.gracefulEvictionTasks ?? [];
  if (binding === null || tasks.length === 0 || binding.metadata.deletionTimestamp !== undefined) return NOTHING_TO_DO;
  const ended = tasks.filter((task) => isOver(task, binding, view, now, profile));
  const left = tasks
    .filter((task) => !ended.includes(task))
    .map((task) => (task.creationTimestamp === undefined ? { ...task, creationTimestamp: formatTime(now) } : task));
  const next = left.flatMap((task) => endOf(task, binding, view, now, profile) ?? []).filter((end) => end > now);
  const requeue = next.length === 0 ? 'await-change' : { afterMs: Math.max(1, Math.min(...next) - now) };
  const isSame = left.length === tasks.length && left.every((task, at) => task === tasks[at]);
  if (isSame) return { commands: [], requeue, events: [] };
  const spec = { gracefulEvictionTasks: left.length === 0 ? null : left } as unknown as JsonObject;
  const events = ended.filter((task) => !isTarget(task, binding)).flatMap((task) => toldLeft(task, binding, key));
  return { commands: [patch(objectKeyOf(key), binding, { spec })], requeue, events };
}

const toldLeft = ({ fromCluster, reason }: GracefulEvictionTask, binding: ResourceBinding, key: BindingKey) =>
  eventsAbout(
    binding,
    objectKeyOf(key),
    'Normal',
    'EvictWorkloadFromClusterSucceed',
    `it has left ${fromCluster}: ${reason}`,
  );

/**
 * Null for one that waits for somebody's word, or for another place: however late it is, where there is none the old copy is all
 * there is, and its successors get their time from when they were decided on.
 */
function endOf(
  task: GracefulEvictionTask,
  binding: ResourceBinding,
  view: View,
  now: Millis,
  { switches, timings }: Profile,
): Millis | null {
  if (task.suppressDeletion === true) return null;
  const graceMs =
    task.gracePeriodSeconds === undefined ? timings.gracefulEvictionTimeoutMs : task.gracePeriodSeconds * 1000;
  const asked = parseTime(task.creationTimestamp ?? '') ?? now;
  const since = switches.staysUntilArrived ? arrivingSince(task, binding, view, now) : asked;
  if (since === null) return null;
  const began = Math.max(asked, since);
  // What is purged directly is gone already, and what no policy claims is decided on by nobody. What left because it was unwell has
  // no other place where it could be well: it may as well come back.
  const isKept =
    task.purgeMode !== 'Directly' &&
    task.reason !== 'ApplicationFailure' &&
    isClaimed(binding.metadata) &&
    isStaying(task.fromCluster, view);
  if (!switches.keepsWhatFitsNowhere || !isKept) return began + graceMs;
  if (isShort(binding) || !isSeen(binding)) return null;
  return Math.max(began, parseTime(binding.status?.lastScheduledTime ?? '') ?? began) + graceMs;
}

/** Since when its successors may arrive; null while they may not, and it is all there is. */
function arrivingSince(
  { purgeMode, fromCluster }: GracefulEvictionTask,
  binding: ResourceBinding,
  view: View,
  now: Millis,
): Millis | null {
  if (purgeMode === 'Directly' || !isStaying(fromCluster, view)) return 0;
  const { kind, name, namespace } = binding.spec.resource;
  const arriving = targetsOf(binding.spec).filter((target) => !isHealthyIn(target.name, binding));
  const works = arriving.flatMap((target) => {
    const work = view.get(COLLECTIONS.works, executionSpaceOf(target.name), workNameOf(kind, name, namespace));
    return work === null ? [] : [work as unknown as Work];
  });
  return dispatchedSince(
    binding,
    arriving.map((target) => target.name),
    works,
    now,
  );
}

const isHealthyIn = (cluster: string, { status }: ResourceBinding): boolean =>
  status?.aggregatedStatus?.find(({ clusterName }) => clusterName === cluster)?.health === 'Healthy';

function isStaying(name: string, view: View): boolean {
  const cluster = view.get(COLLECTIONS.clusters, '', name);
  return cluster !== null && cluster.metadata.deletionTimestamp === undefined;
}

function isOver(
  task: GracefulEvictionTask,
  binding: ResourceBinding,
  view: View,
  now: Millis,
  profile: Profile,
): boolean {
  // Differs from Karmada: there is nothing to keep in a cluster that is gone.
  if (view.get(COLLECTIONS.clusters, '', task.fromCluster) === null && view.isSynced(COLLECTIONS.clusters)) return true;
  if (task.suppressDeletion !== undefined) return !task.suppressDeletion;
  // In Karmada a task outlives its end: what is a target again cannot be chosen there until the time of the task is up.
  if (profile.switches.keepsWhatFitsNowhere && isTarget(task, binding)) return true;
  if (task.creationTimestamp === undefined) return false;
  const isLate = (endOf(task, binding, view, now, profile) ?? Number.POSITIVE_INFINITY) <= now;
  const isWell = isWellElsewhere(binding, profile.switches.evictionWaitsForReplicas);
  // Karmada's word to purge directly ends as any other, whether anything has been purged or not.
  const waitsForPurge = profile.switches.purgeSkipsDeadClusters && task.purgeMode === 'Directly';
  return (isLate || isWell) && (!waitsForPurge || isPurged(task, binding, view));
}

/** What was to be left is a target again. */
const isTarget = ({ fromCluster }: GracefulEvictionTask, { spec }: ResourceBinding): boolean =>
  (spec.clusters ?? []).some(({ name }) => name === fromCluster);

/** What is purged directly has gone there, or nobody can say. */
function isPurged({ fromCluster }: GracefulEvictionTask, { spec }: ResourceBinding, view: View): boolean {
  const { kind, name, namespace } = spec.resource;
  const isGone = view.get(COLLECTIONS.works, executionSpaceOf(fromCluster), workNameOf(kind, name, namespace)) === null;
  return isGone || !isReady(view.get(COLLECTIONS.clusters, '', fromCluster));
}

/** By the scheduler, as it is now. */
const isSeen = ({ metadata, status }: ResourceBinding): boolean =>
  status?.schedulerObservedGeneration === metadata.generation;

const isDecided = (binding: ResourceBinding): boolean =>
  isSeen(binding) && hasConditionStatus(binding.status?.conditions, BINDING_CONDITIONS.scheduled, 'True');

function isWellElsewhere(binding: ResourceBinding, countsReplicas: boolean): boolean {
  if (!isDecided(binding)) return false;
  // Healthy successors that are too few are no successors yet: the decision that fills them up is still on its way.
  if (countsReplicas && isShort(binding)) return false;
  return (binding.spec.clusters ?? []).every(({ name, replicas = 0 }) => {
    const item = binding.status?.aggregatedStatus?.find(({ clusterName }) => clusterName === name);
    if (item?.health !== 'Healthy') return false;
    const ready = isObject(item.status) ? item.status.readyReplicas : undefined;
    return !countsReplicas || !hasReplicas(item.status) || Number(ready ?? 0) >= replicas;
  });
}

/** Whether a status counts replicas at all. */
const hasReplicas = (status: unknown): boolean =>
  isObject(status) &&
  ['replicas', 'readyReplicas', 'updatedReplicas'].some((field) => typeof status[field] === 'number');
