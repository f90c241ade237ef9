// Replicas that have waited in a cluster for long, because no node there has room for them, go where there is some.
//
// A look has steps: the clusters where some are missing are asked how many of them wait for a node, then the scheduler's rules say where
// those could go, then the clusters in question are asked whether so many would fit on their nodes. Ending in between does no harm: the
// next look begins with what there is.
//
// Differs from Karmada, whose descheduler takes them away wherever they wait and leaves it to the scheduler to find another place: here
// they stay unless there is one, and are taken from the old cluster when they have come to the new one.
import type { ResourceBinding } from '../../api/binding.ts';
import { builtInCollectionOf, COLLECTIONS } from '../../api/kinds.ts';
import { merged } from '../../base/merged.ts';
import { byText } from '../../base/order.ts';
import type { Command, Question } from '../../control/command.ts';
import { type Attempt, type Controller, NOTHING_TO_DO, type Outcome, type View } from '../../control/controller.ts';
import { clusterOf, memberPlace } from '../../control/place.ts';
import type { Projection } from '../../control/projection.ts';
import { isObject, type JsonObject, type JsonValue } from '../../kube/json.ts';
import type { Millis } from '../../kube/time.ts';
import type { Profile } from '../../profile/profile.ts';
import type { Timings } from '../../profile/timings.ts';
import type { Change } from '../../store/change.ts';
import { BINDINGS, type BindingKey, bindingAt, keyOfBinding, objectKeyOf } from '../bindings.ts';
import { isReady } from '../clusters/cluster-conditions.ts';
import type { ControlPorts } from '../ports.ts';
import { eventsAbout, patch } from '../writes.ts';
import { type Counts, lessOf, sumEach, sumOf } from './descheduler/counts.ts';
import { growthElsewhere, movedElsewhere, surplusIn } from './descheduler/elsewhere.ts';
import { isMovable, lackingIn } from './descheduler/lacking.ts';
import type { FleetState } from './scheduler/fleet-state.ts';
import { tasksFor } from './scheduler/voluntary.ts';

export const DESCHEDULER = 'descheduler';

/** What has been moved and waits again, waits so many times twice as long at most. */
const DOUBLINGS_MAX = 3;

/** What is remembered of a binding between two looks; a restart begins anew. */
interface Memory {
  readonly lookAt: Millis;
  /** How often it was moved in a row. */
  readonly moves: number;
  /** Of which generation of the binding this look is. */
  readonly of?: number;
  /** How many have told that they wait. */
  readonly waiting?: JsonObject;
  /** Where those would go. */
  readonly growth?: JsonObject;
}

/** What one look goes by. */
interface Look {
  readonly key: BindingKey;
  readonly binding: ResourceBinding;
  readonly lacking: Counts;
  readonly view: View;
  readonly now: Millis;
  readonly timings: Timings;
}

export function descheduler(
  { profile }: ControlPorts,
  fleet: Projection<FleetState>,
  schedulerName: string,
): Controller {
  const isOn = profile.switches.leavesFullClusters;
  return {
    name: DESCHEDULER,
    projections: [fleet as Projection<unknown>],
    concurrency: 16,
    // A cluster that does not answer is an answer.
    backOff: { baseMs: 1, maxMs: 1_000 },
    watches: [
      ...BINDINGS.map((collection) => ({
        on: 'hub' as const,
        collection,
        keysOf: (change: Change) => (isOn && beginsToLack(change, schedulerName) ? [keyOfBinding(change.object)] : []),
      })),
      { on: 'hub', collection: COLLECTIONS.clusters },
    ],
    reconcile: (key, view, now) => reconcile(key, view, now, view.derived(fleet), profile, schedulerName),
  };
}

/** When it does no longer is seen at the next look. */
function beginsToLack({ type, object, previous }: Change, schedulerName: string): boolean {
  const lacks = (binding: ResourceBinding) => isMovable(binding, schedulerName) && lackingIn(binding).size > 0;
  if (type === 'DELETED' || !lacks(object as unknown as ResourceBinding)) return false;
  return previous === null || !lacks(previous as unknown as ResourceBinding);
}

const memoryOf = ({ remembered }: View): Memory | null =>
  isObject(remembered) ? (remembered as unknown as Memory) : null;

function reconcile(
  key: BindingKey,
  view: View,
  now: Millis,
  state: FleetState,
  { timings }: Profile,
  schedulerName: string,
): Outcome {
  const binding = bindingAt(view, key);
  const lacking = binding !== null && isMovable(binding, schedulerName) ? lackingIn(binding) : new Map();
  if (binding === null || lacking.size === 0) return merged(NOTHING_TO_DO, { remember: null });
  const memory = memoryOf(view) ?? { lookAt: now + timings.unschedulableThresholdMs, moves: 0 };
  const look: Look = { key, binding, lacking, view, now, timings };
  // What was refused because somebody else had changed it meanwhile has not moved.
  const moves = memory.moves - (wasRefused(view.attempt) ? 1 : 0);
  const later = rest({ lookAt: now + Math.max(1, timings.deschedulingIntervalMs), moves }, now);
  if (moves < memory.moves) return later;
  if (memory.of === undefined) return memory.lookAt > now ? rest(memory, now) : (askWhoWaits(look, memory) ?? later);
  const answers = answersIn(view.attempt);
  if (answers === null || memory.of !== binding.metadata.generation) return later;
  const next = memory.growth === undefined ? askWhoHasRoom(look, memory, answers, state) : move(look, memory, answers);
  return next ?? later;
}

/** Null where there is nobody to ask: clusters that are out of reach are somebody else's matter. */
function askWhoWaits({ binding, lacking, view, timings }: Look, { lookAt, moves }: Memory): Outcome | null {
  const { apiVersion, kind, namespace = '', name } = binding.spec.resource;
  const collection = builtInCollectionOf(apiVersion, kind);
  const clusters = [...lacking.keys()].filter((one) => isReady(view.get(COLLECTIONS.clusters, '', one)));
  if (collection === null || clusters.length === 0) return null;
  const key = { collection, namespace, name };
  return ask(
    clusters,
    { about: 'unschedulable', key, forMs: timings.unschedulableThresholdMs },
    { lookAt, moves, of: binding.metadata.generation ?? 0 },
  );
}

/** Null where none wait, and where there is no other place for any of them. */
function askWhoHasRoom(
  { binding, lacking, now }: Look,
  memory: Memory,
  answers: Counts,
  state: FleetState,
): Outcome | null {
  const waiting = lessOf(answers, lacking);
  if (sumOf(waiting) === 0) return null;
  state.tick(now);
  const growth = growthElsewhere(binding, waiting, state.scheduler);
  if (sumOf(growth) === 0) return null;
  const requirements = binding.spec.replicaRequirements ?? {};
  return ask(
    [...growth.keys()],
    { about: 'capacity', requirements },
    { ...memory, waiting: noted(waiting), growth: noted(growth) },
  );
}

/** Null where none of them would find a node, or where some have found one meanwhile. */
function move({ key, binding, lacking, now, timings }: Look, memory: Memory, room: Counts): Outcome | null {
  const growth = lessOf(countsIn(memory.growth), sumEach(room, surplusIn(binding)));
  const waiting = lessOf(countsIn(memory.waiting), lacking);
  if (sumOf(growth) === 0 || sumOf(growth) > sumOf(waiting)) return null;
  const clusters = movedElsewhere(binding, waiting, growth);
  const tasks = tasksFor(binding, clusters, now, 'NoRoom');
  const spec = { clusters, ...(tasks.length > 0 && { gracefulEvictionTasks: tasks }) } as unknown as JsonObject;
  const message = `${sumOf(growth)} replicas that wait for a node in ${listed(waiting)} go to ${listed(growth)}`;
  const pauseMs = timings.unschedulableThresholdMs * 2 ** Math.min(memory.moves, DOUBLINGS_MAX);
  return {
    ...rest({ lookAt: now + pauseMs, moves: memory.moves + 1 }, now),
    commands: [patch(objectKeyOf(key), binding, { spec })],
    events: eventsAbout(binding, objectKeyOf(key), 'Normal', 'DescheduleBindingSucceed', message),
  };
}

const kept = (memory: Memory): JsonValue => memory as unknown as JsonValue;

const rest = (memory: Memory, now: Millis): Outcome => ({
  commands: [],
  requeue: { afterMs: Math.max(1, memory.lookAt - now) },
  events: [],
  remember: kept(memory),
});

const ask = (clusters: readonly string[], question: Question, memory: Memory): Outcome => ({
  commands: clusters.map(
    (cluster): Command => ({ verb: 'ask', on: memberPlace(cluster), question, isIndependent: true }),
  ),
  requeue: 'when-done',
  events: [],
  remember: kept(memory),
});

/** Null where nobody was asked; a cluster that does not answer has told of none. */
function answersIn({ results }: Attempt): Counts | null {
  const asked = results.filter(({ command }) => command.verb === 'ask');
  if (asked.length === 0) return null;
  const told = asked.map(({ command, result }): [string, JsonValue] => [
    clusterOf(command.on) ?? '',
    result.ok && isObject(result.answer) ? (result.answer.replicas as JsonValue) : null,
  ]);
  return countsIn(Object.fromEntries(told));
}

const wasRefused = ({ results }: Attempt): boolean =>
  results.some(({ command, result }) => command.verb === 'patch' && !result.ok);

const noted = (counts: Counts): JsonObject => Object.fromEntries(counts);

const countsIn = (told: JsonObject = {}): Counts =>
  new Map(
    Object.entries(told).flatMap(([name, count]) => (Number.isSafeInteger(count) ? [[name, Number(count)]] : [])),
  );

const listed = (counts: Counts): string => [...counts.keys()].sort(byText).join(', ');
