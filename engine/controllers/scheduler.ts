// Decides where each binding goes, the most urgent first, and again only when there is a reason to.
//
// A decision is written in two steps: where it goes, and, once that has come back, that it has been decided. Ending between
// the two does no harm: it is decided again.
import type { ResourceBinding, TargetCluster } from '../api/binding.ts';
import { COLLECTIONS } from '../api/kinds.ts';
import { ANNOTATIONS, LABELS } from '../api/names.ts';
import { BINDING_CONDITIONS } from '../api/work.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type Requeue, type View } from '../control/controller.ts';
import type { Projection } from '../control/projection.ts';
import { type ConditionState, findCondition, withCondition } from '../kube/conditions.ts';
import { canonicalJson, deepEqual, isObject, type JsonObject, type JsonValue } from '../kube/json.ts';
import { formatTime, type Millis } from '../kube/time.ts';
import type { Profile } from '../profile/profile.ts';
import { isClaimed } from '../propagate/claim.ts';
import type { Verdict } from '../schedule/fast/verdict.ts';
import type { Change } from '../store/change.ts';
import {
  BINDINGS,
  BINDINGS_BY_TARGET,
  type BindingKey,
  bindingAt,
  bindingsIn,
  keyOfBinding,
  objectKeyOf,
} from './bindings.ts';
import { isWish } from './changes.ts';
import type { ControlPorts } from './ports.ts';
import { type FleetState, fleetStateOf, isOtherCluster } from './scheduler/fleet-state.ts';
import { MOVED_ANNOTATION, mayMove, nextMoveAt, voluntaryMove } from './scheduler/voluntary.ts';
import { reasonToDecide } from './scheduler/why.ts';
import { event, patch, patchStatus } from './writes.ts';

export const SCHEDULER_NAME = 'default-scheduler';

/** Most failed writes are conflicts, and over at once. */
const BACK_OFF = { baseMs: 20, maxMs: 10_000 };

/** Between two tries of what failed for another reason than room. */
const RETRY_MS: Millis = 10_000;

/** What is remembered of a binding between two looks. */
interface Memory {
  /** The generation that the last decision made, and what it had to say. */
  readonly generation?: number | undefined;
  readonly affinity?: string | null | undefined;
  /** The fleet that it was made for. */
  readonly decidedOn?: number | undefined;
  /** The fleet as it was last looked at, since when it has been so, and whether that has been acted on. */
  readonly fleet?: number;
  readonly since?: Millis;
  readonly isFollowed?: boolean;
}

export interface SchedulerOptions {
  /** Decides only on bindings that ask for this scheduler. */
  readonly schedulerName?: string;
}

export function scheduler(ports: ControlPorts, { schedulerName = SCHEDULER_NAME }: SchedulerOptions = {}): Controller {
  const fleet = fleetStateOf(ports);
  return {
    name: 'scheduler',
    indexes: BINDINGS_BY_TARGET,
    projections: [fleet as Projection<unknown>],
    backOff: BACK_OFF,
    // Decisions build on each other: what one takes, the next must not count on.
    concurrency: ports.profile.gates.SchedulingOvercommitProtection ? 64 : 1,
    priorityOf: (key, view) =>
      ports.profile.gates.PriorityBasedScheduling ? (bindingAt(view, key)?.spec.schedulePriority?.priority ?? 0) : 0,
    watches: [
      ...BINDINGS.map((collection) => ({ on: 'hub' as const, collection, keysOf: ofBinding })),
      {
        on: 'hub',
        collection: COLLECTIONS.clusters,
        keysOf: (change, view) => ofCluster(change, view, view.derived(fleet)),
      },
    ],
    reconcile: (key, view, now) => reconcile(key, view, now, view.derived(fleet), ports.profile, schedulerName),
  };
}

const ofBinding = (change: Change): readonly BindingKey[] =>
  change.type !== 'DELETED' && isWish(change) ? [keyOfBinding(change.object)] : [];

/** Room that comes and goes wakes nobody: what waits for room looks again by itself. */
function ofCluster({ object, previous, type }: Change, view: View, state: FleetState): readonly BindingKey[] {
  if (type !== 'DELETED' && !isOtherCluster(object, previous)) return [];
  const isLeaving = type === 'DELETED' || object.metadata.deletionTimestamp !== undefined;
  // Those that are still there have to go even if their policies no longer mean the cluster.
  const there = isLeaving ? bindingsIn(view, object.metadata.name) : [];
  return [...state.concernedBy(object, previous), ...there];
}

const memoryOf = (value: JsonValue | undefined): Memory => (isObject(value) ? (value as unknown as Memory) : {});

function reconcile(
  key: BindingKey,
  view: View,
  now: Millis,
  state: FleetState,
  profile: Profile,
  schedulerName: string,
): Outcome {
  const binding = bindingAt(view, key);
  if (binding === null) return { ...NOTHING_TO_DO, remember: null };
  if (!isMine(binding, schedulerName)) return NOTHING_TO_DO;
  const memory = memoryOf(view.remembered);
  const { generation } = binding.metadata;
  // What was decided has come back: it is told, and not decided again until that has come back, too.
  if (memory.generation !== undefined && memory.generation === generation && memory.decidedOn === state.version) {
    const told = tellSuccess(key, binding, memory.affinity ?? null, now);
    if (told.commands.length > 0) return { ...told, requeue: 'when-done' };
    const forgetting = { ...memory, generation: undefined, affinity: undefined, decidedOn: undefined };
    return follow(key, binding, forgetting, now, state, profile);
  }
  const reason = reasonToDecide(binding, view);
  if (reason === null) return follow(key, binding, memory, now, state, profile);
  const verdict = state.scheduler.decide({ spec: binding.spec, status: binding.status });
  return verdict.ok
    ? place(key, binding, verdict.clusters, verdict.affinity, { ...memory, decidedOn: state.version }, now, [])
    : refuse(key, binding, verdict, memory, view, now, profile);
}

/** Attached bindings have no placement; what nobody claims stays as it is. */
function isMine({ metadata, spec, status }: ResourceBinding, schedulerName: string): boolean {
  if (metadata.deletionTimestamp !== undefined || spec.placement === undefined) return false;
  if ((spec.schedulerName || SCHEDULER_NAME) !== schedulerName) return false;
  if (!isClaimed(metadata) && metadata.labels?.[LABELS.bindingManagedBy] === undefined) return false;
  return spec.suspension?.scheduling !== true || status?.lastScheduledTime !== undefined;
}

const kept = (memory: Record<string, unknown>): JsonValue =>
  Object.fromEntries(Object.entries(memory).filter(([, value]) => value !== undefined)) as JsonValue;

function place(
  key: BindingKey,
  binding: ResourceBinding,
  clusters: readonly TargetCluster[],
  affinity: string | null,
  memory: Memory,
  now: Millis,
  voluntary: readonly JsonObject[],
): Outcome {
  const applied = canonicalJson(binding.spec.placement ?? {});
  const isElsewhere = !deepEqual(clusters, binding.spec.clusters ?? []);
  const isNoted = binding.metadata.annotations?.[ANNOTATIONS.appliedPlacement] === applied;
  const { generation = 0 } = binding.metadata;
  if (!isElsewhere && isNoted && voluntary.length === 0) {
    return { ...tellSuccess(key, binding, affinity, now), remember: kept({ ...memory }) };
  }
  const change = [
    {
      ...(isElsewhere && { spec: { clusters: clusters as unknown as JsonValue } }),
      metadata: { annotations: { [ANNOTATIONS.appliedPlacement]: applied } },
    } as JsonObject,
    ...voluntary,
  ].reduce(merged);
  const isCounted = isElsewhere || voluntary.some((part) => part.spec !== undefined);
  return {
    commands: [patch(objectKeyOf(key), binding, change)],
    requeue: 'when-done',
    events: [],
    remember: kept({ ...memory, generation: isCounted ? generation + 1 : generation, affinity }),
  };
}

const merged = (a: JsonObject, b: JsonObject): JsonObject => {
  const both = Object.entries(b).map(([name, value]) => {
    const other = a[name];
    return [
      name,
      isObject(other) && isObject(value) ? merged(other as JsonObject, value as JsonObject) : value,
    ] as const;
  });
  return { ...a, ...Object.fromEntries(both) } as JsonObject;
};

function tellSuccess(key: BindingKey, binding: ResourceBinding, affinity: string | null, now: Millis): Outcome {
  const message = 'every replica has a place';
  const state: ConditionState = { type: BINDING_CONDITIONS.scheduled, status: 'True', reason: 'Success', message };
  const where = (binding.spec.clusters ?? []).map(({ name, replicas }) =>
    replicas === undefined ? name : `${name}: ${replicas}`,
  );
  return tell(key, binding, state, affinity, now, 'await-change', `it goes to ${where.join(', ') || 'no cluster'}`);
}

/** Written only where it is news. */
function tell(
  key: BindingKey,
  binding: ResourceBinding,
  state: ConditionState,
  affinity: string | null,
  now: Millis,
  requeue: Requeue,
  story: string,
): Outcome {
  const { metadata, status, spec } = binding;
  const known = findCondition(status?.conditions, BINDING_CONDITIONS.scheduled);
  const isTold = known?.status === state.status && known.reason === state.reason && known.message === state.message;
  const isObserved = status?.schedulerObservedGeneration === metadata.generation;
  const isPast =
    spec.rescheduleTriggeredAt !== undefined && !isAfter(status?.lastScheduledTime, spec.rescheduleTriggeredAt);
  const isChosen = state.status !== 'True' || (status?.schedulerObservingAffinityName ?? null) === affinity;
  if (isTold && isObserved && isChosen && !(isPast && state.status === 'True')) {
    return { commands: [], requeue, events: [] };
  }
  const isGood = state.status === 'True';
  const next = {
    schedulerObservedGeneration: metadata.generation ?? 0,
    conditions: withCondition(status?.conditions, state, now) as unknown as JsonValue,
    ...(isGood && { lastScheduledTime: formatTime(now), schedulerObservingAffinityName: affinity }),
  };
  const command = patchStatus(objectKeyOf(key), binding, next);
  const reason = isGood ? 'ScheduleBindingSucceed' : 'ScheduleBindingFailed';
  const told = event(isGood ? 'Normal' : 'Warning', binding.kind ?? '', objectKeyOf(key), reason, story);
  return { commands: [command], requeue, events: isTold && isObserved ? [] : [told] };
}

const isAfter = (later: string | undefined, earlier: string): boolean => later !== undefined && later >= earlier;

function refuse(
  key: BindingKey,
  binding: ResourceBinding,
  verdict: Extract<Verdict, { ok: false }>,
  memory: Memory,
  view: View,
  now: Millis,
  profile: Profile,
): Outcome {
  const { code, message, step } = verdict;
  const remember = kept({ ...memory });
  const isNowhere = code === 'NoClusterFits';
  const isShort = step === 'assign';
  const reason = isNowhere ? 'NoClusterFit' : isShort ? 'Unschedulable' : 'SchedulerError';
  const state: ConditionState = { type: BINDING_CONDITIONS.scheduled, status: 'False', reason, message };
  const there = binding.spec.clusters ?? [];
  const staying =
    isNowhere && !profile.switches.keepsWhatFitsNowhere ? [] : there.filter(({ name }) => stays(name, view));
  if (staying.length < there.length) {
    const cleared = { spec: { clusters: staying } } as unknown as JsonObject;
    return { commands: [patch(objectKeyOf(key), binding, cleared)], requeue: 'when-done', events: [], remember };
  }
  // What fits nowhere waits for the fleet to change, what finds no room looks again, and all else is tried again.
  const wait: Requeue = isNowhere
    ? 'await-change'
    : isShort
      ? { afterMs: profile.timings.unschedulableRetryMs }
      : { afterMs: RETRY_MS };
  return { ...tell(key, binding, state, null, now, wait, message), remember };
}

/** Nothing stays in a cluster that leaves. */
function stays(name: string, view: View): boolean {
  const cluster = view.get(COLLECTIONS.clusters, '', name);
  return cluster !== null && cluster.metadata.deletionTimestamp === undefined;
}

/** Nothing forces a decision: the generation is noted, and with time it is looked whether another place would be better. */
function follow(
  key: BindingKey,
  binding: ResourceBinding,
  memory: Memory,
  now: Millis,
  state: FleetState,
  profile: Profile,
): Outcome {
  const told = tellSuccess(key, binding, binding.status?.schedulerObservingAffinityName ?? null, now);
  const { commands } = told;
  if (!mayMove(profile) || commands.length > 0 || isOnTheMove(binding)) {
    return { ...told, remember: kept({ ...memory }) };
  }
  if (memory.fleet !== state.version) {
    const remember = kept({ ...memory, fleet: state.version, since: now, isFollowed: false });
    return { commands, requeue: { afterMs: profile.timings.fleetChangeSettleMs }, events: [], remember };
  }
  if (memory.isFollowed === true) return { commands, requeue: 'await-change', events: [] };
  const at = Math.max((memory.since ?? now) + profile.timings.fleetChangeSettleMs, nextMoveAt(binding, profile));
  if (at > now) return { commands, requeue: { afterMs: at - now }, events: [] };
  const move = voluntaryMove(binding, state.scheduler, now, profile);
  if (move === null)
    return { commands, requeue: 'await-change', events: [], remember: kept({ ...memory, isFollowed: true }) };
  const moving: JsonObject = {
    metadata: { annotations: { [MOVED_ANNOTATION]: formatTime(now) } },
    ...(move.tasks.length > 0 && {
      spec: {
        gracefulEvictionTasks: [...(binding.spec.gracefulEvictionTasks ?? []), ...move.tasks] as unknown as JsonValue,
      },
    }),
  };
  const remembered = { ...memory, isFollowed: move.isComplete, decidedOn: state.version };
  return place(key, binding, move.clusters, move.affinity, remembered, now, [moving]);
}

/** What is still being left, or has not come up yet, is not moved again. */
function isOnTheMove({ spec, status }: ResourceBinding): boolean {
  if ((spec.gracefulEvictionTasks ?? []).length > 0) return true;
  return (spec.clusters ?? []).some(
    ({ name }) => status?.aggregatedStatus?.find(({ clusterName }) => clusterName === name)?.health !== 'Healthy',
  );
}
