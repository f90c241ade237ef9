// Decides where each binding goes, the most urgent first, and again only when there is a reason to.
//
// A decision is written in two steps: where it goes, and, once that has come back, that it has been decided. Ending between
// the two does no harm: it is decided again.

import type { ResourceBinding } from '../../api/binding.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import { replicasIn } from '../../api/target-clusters.ts';
import { BINDING_CONDITIONS } from '../../api/work.ts';
import { merged } from '../../base/merged.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type Requeue, type View } from '../../control/controller.ts';
import type { Projection } from '../../control/projection.ts';
import { findCondition, hasConditionStatus } from '../../kube/conditions.ts';
import { deepEqual, isObject, type JsonValue } from '../../kube/json.ts';
import type { Millis } from '../../kube/time.ts';
import type { Profile } from '../../profile/profile.ts';
import type { PassedOver, Placed, PlacedPlainly } from '../../schedule/fast/verdict.ts';
import { type BindingInput, isDuplicated } from '../../schedule/request.ts';
import type { Change } from '../../store/change.ts';
import {
  BINDINGS,
  BINDINGS_BY_LEFT,
  BINDINGS_BY_TARGET,
  type BindingKey,
  bindingAt,
  bindingsIn,
  bindingsLeaving,
  isShort,
  keyOfBinding,
  objectKeyOf,
} from '../bindings.ts';
import { isWish } from '../changes.ts';
import type { ControlPorts } from '../ports.ts';
import { ROLLOUTS_BY_RESOURCE } from '../rollout/resources.ts';
import { patch } from '../writes.ts';
import { isNews } from './scheduler/cluster-news.ts';
import type { FleetState } from './scheduler/fleet-state.ts';
import { isFollowed } from './scheduler/followed.ts';
import { type Gate, gateOf, letThroughBy, stagedChange } from './scheduler/in-waves.ts';
import { isMine } from './scheduler/mine.ts';
import { isElsewhere, isNoted, placedAs } from './scheduler/placed-as.ts';
import { type Asked, askedNow, ofQuota, quotaRefusalIn } from './scheduler/quota.ts';
import { keepWithinQuota, pauseAfter, type Refusal, refuse } from './scheduler/refusal.ts';
import { hasMoreRoom } from './scheduler/room.ts';
import { takes } from './scheduler/standing-clusters.ts';
import { affinityOf, isObserved, type Subject, tellRefusal, tellSeen, tellSuccess } from './scheduler/telling.ts';
import { AFFINITY_ANNOTATION, MOVER } from './scheduler/voluntary.ts';
import { reasonToDecide } from './scheduler/why.ts';

/** Most failed writes are conflicts, and over at once. */
const BACK_OFF = { baseMs: 20, maxMs: 10_000 };

/** What is remembered of a binding between two looks. */
interface Memory {
  /** The generation that the last decision made. */
  readonly generation?: number | undefined;
  /** The fleet that it was made for. */
  readonly decidedOn?: number | undefined;
  /** What it came to nothing with before, until that is told. */
  readonly passedOver?: readonly PassedOver[];
  readonly refusal?: Refusal;
  /** What was decided on, where the hub may refuse it. */
  readonly asked?: Asked;
}

/** Decides on the bindings that ask for the scheduler of that name. */
export function scheduler(ports: ControlPorts, fleet: Projection<FleetState>, schedulerName: string): Controller {
  return {
    name: 'scheduler',
    indexes: [...BINDINGS_BY_TARGET, ...BINDINGS_BY_LEFT, ROLLOUTS_BY_RESOURCE],
    projections: [fleet as Projection<unknown>],
    backOff: BACK_OFF,
    // Decisions build on each other: what one takes, the next must not count on.
    concurrency: ports.profile.gates.SchedulingOvercommitProtection ? 64 : 1,
    priorityOf: (key, view) =>
      ports.profile.gates.PriorityBasedScheduling ? (bindingAt(view, key)?.spec.schedulePriority?.priority ?? 0) : 0,
    watches: [
      ...BINDINGS.map((collection) => ({ on: 'hub' as const, collection, keysOf: ofBinding })),
      { on: 'hub', collection: COLLECTIONS.stagedRollouts, isOptional: true, keysOf: letThroughBy },
      { on: 'hub', collection: COLLECTIONS.quotas, isOptional: true, keysOf: ofQuota },
      {
        on: 'hub',
        collection: COLLECTIONS.clusters,
        keysOf: (change, view) => ofCluster(change, view, view.derived(fleet), ports.profile),
      },
    ],
    reconcile: (key, view, now) => reconcile(key, view, now, view.derived(fleet), ports.profile, schedulerName),
  };
}

const ofBinding = (change: Change): readonly BindingKey[] =>
  change.type !== 'DELETED' && (isWish(change) || isUntold(change)) ? [keyOfBinding(change.object)] : [];

/** Somebody took away from the status what was told of the decision. */
function isUntold({ object, previous }: Change): boolean {
  const [now, before] = [object, previous].map((one) => (one as unknown as ResourceBinding | null)?.status);
  const observed = now?.schedulerObservedGeneration;
  if (observed !== object.metadata.generation && observed !== before?.schedulerObservedGeneration) return true;
  const tells = (status: ResourceBinding['status']) =>
    findCondition(status?.conditions, BINDING_CONDITIONS.scheduled) !== undefined;
  return tells(before) && !tells(now);
}

/** Room that comes wakes whoever waits for it; in Karmada nobody: what waits there looks again by itself. */
function ofCluster(
  { object, previous, type }: Change,
  view: View,
  state: FleetState,
  { switches }: Profile,
): readonly BindingKey[] {
  if (type !== 'DELETED' && !isNews(object, previous, switches)) {
    return switches.followsFleetChanges && hasMoreRoom(object, previous) ? state.waitingFor(object, previous) : [];
  }
  const isLeaving = type === 'DELETED' || object.metadata.deletionTimestamp !== undefined;
  // Those that are still there have to go even if their policies no longer mean the cluster.
  const there = isLeaving ? bindingsIn(view, object.metadata.name) : [];
  return [...state.concernedBy(object, previous), ...there, ...bindingsLeaving(view, object.metadata.name)];
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
  if (binding === null) return merged(NOTHING_TO_DO, { remember: null });
  if (!isMine(binding, schedulerName)) return NOTHING_TO_DO;
  const memory = memoryOf(view.remembered);
  const { generation } = binding.metadata;
  const subject: Subject = { key, binding, now, profile };
  const asked = askedNow(binding, state.version, view);
  const beyond = quotaRefusalIn(view.attempt);
  // Had anything changed since it was asked, it would be decided again.
  if (beyond !== null && deepEqual({ ...memory.asked }, { ...asked })) return keepWithinQuota(subject, beyond, view);
  const chosen = merged(binding.status, { schedulerObservingAffinityName: affinityOf(binding) ?? undefined });
  const known = reasonToDecide(merged(binding, { status: chosen }), view);
  const reason = known === 'always' && isSettled(binding, state, profile, schedulerName) ? null : known;
  const gate = gateOf(binding, reason, view);
  if (gate !== undefined) return inWaves(subject, chosen, gate, view, state, asked);
  // What was decided has come back: it is told, and not decided again until that has come back, too. Where the counts are
  // others, somebody else's write took that generation, and the decision was lost to a conflict.
  const isLost = reason === 'replicas-changed' || (reason === 'placement-changed' && !isNoted(binding));
  const isWritten = view.attempt.failures === 0 && memory.generation !== undefined;
  const isBack = isWritten && memory.generation === generation && !isLost;
  if (reason === null || (isBack && memory.decidedOn === state.version)) {
    const isNews = isBack || (isWritten && (binding.status?.schedulerObservedGeneration ?? 0) < memory.generation!);
    const told = tellStanding(subject, isNews, isBack ? memory.passedOver : undefined);
    return told.commands.length > 0 ? told : merged(told, { remember: null });
  }
  const pausesMs = pauseAfter(memory.refusal, generation ?? 0, state.version, now);
  if (pausesMs > 0) return { commands: [], requeue: { afterMs: pausesMs }, events: [] };
  state.tick(now);
  const spec = profile.switches.keepsWhatFitsNowhere ? withReturns(binding, view) : binding.spec;
  const input = { spec, status: chosen };
  const decide = (one: BindingInput) => state.scheduler.decide(one);
  const verdict = decide(input);
  if (verdict.ok) return place(subject, verdict, state.version, asked);
  return refuse(subject, { input, verdict, before: memory.refusal, fleet: state.version, asked, decide }, view);
}

/**
 * Nothing forces a decision: that the generation has been seen is told, and where whoever moved it meant it to be. In Karmada only
 * a decision says more than that, and a refusal outlives its cause; but what no condition tells of was decided, and that was lost.
 */
function tellStanding(subject: Subject, isNews: boolean, passedOver: readonly PassedOver[] | undefined): Outcome {
  const { binding, profile } = subject;
  const isUntold = findCondition(binding.status?.conditions, BINDING_CONDITIONS.scheduled) === undefined;
  return isNews || isUntold || profile.switches.tellsEveryOutcome
    ? tellSuccess(subject, affinityOf(binding), passedOver)
    : tellSeen(subject);
}

function inWaves(
  subject: Subject,
  status: ResourceBinding['status'],
  gate: Gate,
  view: View,
  state: FleetState,
  asked: Asked,
): Outcome {
  const { key, binding, now } = subject;
  const { timings, switches } = subject.profile;
  state.tick(now);
  const spec = switches.keepsWhatFitsNowhere ? withReturns(binding, view) : binding.spec;
  const { change, isRefused } = stagedChange(
    binding,
    { spec, status },
    gate,
    (input) => state.scheduler.decide(input),
    view,
  );
  if (change !== null) {
    const remember = { asked: { ...asked } };
    return { commands: [patch(objectKeyOf(key), binding, change)], requeue: 'when-done', events: [], remember };
  }
  const again: Requeue = { afterMs: timings.unschedulableRetryMs };
  if (isShort(binding)) {
    const message = 'neither the placement before nor the new one has a place for every replica';
    return merged(tellRefusal(subject, 'Unschedulable', message, again), { remember: null });
  }
  const told = tellSuccess(subject, affinityOf(binding));
  return merged(told, { ...(isRefused && { requeue: again }), remember: null });
}

/** Whoever left for being unwell does not come back by itself; whoever had to leave, or left for a better place, does. */
const MAY_RETURN: readonly (string | undefined)[] = ['TaintManager', MOVER];

/**
 * What found no other place is decided on as if it had never left the clusters that take it again: its old copy is still there,
 * in the very room that it needs.
 */
function withReturns(binding: ResourceBinding, view: View): ResourceBinding['spec'] {
  const { spec } = binding;
  const tasks = spec.gracefulEvictionTasks ?? [];
  const over = tasks.filter(
    ({ producer, purgeMode, fromCluster }) =>
      MAY_RETURN.includes(producer) && purgeMode !== 'Directly' && takes(fromCluster, view),
  );
  if (over.length === 0 || !isShort(binding)) return spec;
  const { clusters = [], placement = {} } = spec;
  // Some of it may have found a place.
  let missing = isDuplicated(placement) ? Number.POSITIVE_INFINITY : (spec.replicas ?? 0) - replicasIn(clusters);
  const returning = over.flatMap(({ fromCluster, replicas }) => {
    if (replicas === undefined) return [{ name: fromCluster }];
    const some = Math.min(replicas, missing);
    missing -= some;
    return some > 0 ? [{ name: fromCluster, replicas: some }] : [];
  });
  const back = new Set(returning.map(({ name }) => name));
  return merged(spec, {
    clusters: [...clusters, ...returning],
    gracefulEvictionTasks: tasks.filter(({ fromCluster }) => !back.has(fromCluster)),
  });
}

/**
 * Copies have been placed for the fleet as it is, and it has been followed since: whoever only looks again, as after a start, leaves
 * them there, whatever room there is now elsewhere.
 */
function isSettled(binding: ResourceBinding, state: FleetState, { switches }: Profile, schedulerName: string): boolean {
  if (!switches.followsFleetChanges || !isObserved(binding)) return false;
  const isPlaced = hasConditionStatus(binding.status?.conditions, BINDING_CONDITIONS.scheduled, 'True');
  return isPlaced && isFollowed(state, schedulerName);
}

function place(
  subject: Subject,
  { clusters, affinity, passedOver = [] }: Placed | PlacedPlainly,
  decidedOn: number,
  asked: Asked,
): Outcome {
  const { key, binding } = subject;
  const isMoved = isElsewhere(binding, clusters);
  const { generation = 0, annotations } = binding.metadata;
  const isChosen = (annotations?.[AFFINITY_ANNOTATION] ?? null) === affinity;
  if (!isMoved && isChosen && isNoted(binding)) return tellSuccess(subject, affinity, passedOver);
  const change = placedAs(binding, clusters, affinity);
  const remember = {
    generation: isMoved ? generation + 1 : generation,
    decidedOn,
    asked: { ...asked },
    ...(passedOver.length > 0 && { passedOver: passedOver.map((one) => ({ ...one })) }),
  };
  return { commands: [patch(objectKeyOf(key), binding, change)], requeue: 'when-done', events: [], remember };
}
