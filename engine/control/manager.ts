// One process full of controllers, without a clock and without a connection: it is told what happened, calls the
// controller whose key is due, and is told what became of the commands. Both drivers pump it, and do nothing else:
//   const task = manager.next(now);            the next due key, already decided; null if none
//   ... carry out task.outcome.commands ...     in order, see command.ts
//   manager.settle(task, results, now);         unless there were no commands: then it is settled already
//   manager.listed / changed / caughtUp(...)    what the watches tell
//   manager.dueAt()                             when to call next() again if nothing happens
// A restart is a new manager: everything in here is lost by design.
import { assert } from '../base/assert.ts';
import type { JsonValue } from '../kube/json.ts';
import type { Millis } from '../kube/time.ts';
import type { Change } from '../store/change.ts';
import type { Collection } from '../store/collection.ts';
import { OWNER_INDEX } from '../store/indexes.ts';
import { BACK_OFF, backOffMs } from './back-off.ts';
import { Cache } from './cache.ts';
import type { Command, CommandResult } from './command.ts';
import type { Attempt, Controller, Outcome, Reader, View, Watch } from './controller.ts';
import { type Awaited, Guard } from './guard.ts';
import { HUB, memberPlace, type Place } from './place.ts';
import { NO_ATTEMPT, ProcessView } from './process-view.ts';
import type { Projection } from './projection.ts';
import { WorkQueue } from './queue.ts';
import { stepLine, type TraceLine } from './trace.ts';

/** Keys of one controller whose commands may be under way at once, unless it says otherwise. */
export const CONCURRENCY = 16;

/** Longest wait for our own writes to come back. */
export const GUARD_MAX_MS = 30_000;

export interface ManagerOptions {
  readonly name: string;
  readonly controllers: readonly Controller[];
  readonly guardMaxMs?: Millis;
  /** How far the clock that controllers are told is ahead of the one by which things are due. */
  readonly aheadMs?: () => Millis;
  /** Gets every line of the trace as it happens. */
  readonly trace?: (line: TraceLine) => void;
}

/** A key that was due, and what its controller answered. */
export interface Task {
  readonly id: number;
  readonly controller: string;
  readonly key: string;
  readonly failures: number;
  readonly outcome: Outcome;
}

interface KeyState {
  failures: number;
  results: Attempt['results'];
  remembered: JsonValue | undefined;
}

interface Room {
  readonly controller: Controller;
  readonly queue: WorkQueue;
  readonly states: Map<string, KeyState>;
  readonly view: View;
  /** Keys whose commands are being carried out, and what would have woken them meanwhile. */
  readonly underWay: Map<string, Awaited[]>;
  /** Nothing more is to be commanded before. */
  notBefore: Millis;
}

interface Written extends Awaited {
  readonly isSeen: boolean;
}

interface Listener {
  readonly room: Room;
  readonly keysOf: Watch['keysOf'];
}

export class ControllerManager {
  readonly name: string;
  readonly cache: Cache;
  readonly #rooms: readonly Room[];
  readonly #projections = new Map<Projection<unknown>, unknown>();
  readonly #listeners = {
    hub: new Map<string, readonly Listener[]>(),
    members: new Map<string, readonly Listener[]>(),
  };
  readonly #guard = new Guard<{ readonly room: Room; readonly key: string }>();
  readonly #guardMaxMs: Millis;
  readonly #aheadMs: () => Millis;
  readonly #trace: ((line: TraceLine) => void) | null;
  readonly #underWay = new Map<number, Room>();
  readonly #streams = new Map<Place, Map<string, string>>();
  readonly #member = (cluster: string): Reader => this.cache.reader(memberPlace(cluster));
  readonly #derived = <T>(projection: Projection<T>): T => {
    const found = this.#projections.get(projection as Projection<unknown>);
    assert(found !== undefined, `${this.name} keeps the projection ${projection.name}`);
    return found as T;
  };
  #hasBegun = false;
  #lastId = 0;

  constructor(options: ManagerOptions, now: Millis) {
    const { name, controllers, guardMaxMs = GUARD_MAX_MS, aheadMs = () => 0, trace = null } = options;
    this.name = name;
    this.#aheadMs = aheadMs;
    this.#guardMaxMs = guardMaxMs;
    this.#trace = trace;
    this.cache = new Cache([OWNER_INDEX, ...controllers.flatMap(({ indexes = [] }) => indexes)]);
    for (const projection of controllers.flatMap(({ projections = [] }) => projections)) {
      if (!this.#projections.has(projection)) this.#projections.set(projection, projection.begin());
    }
    this.#rooms = controllers.map((controller, at) => {
      assert(
        controllers.findIndex((other) => other.name === controller.name) === at,
        `controllers of one process have different names, unlike ${controller.name}`,
      );
      return {
        controller,
        queue: new WorkQueue(),
        states: new Map(),
        view: this.#viewOf(NO_ATTEMPT, undefined),
        underWay: new Map(),
        notBefore: 0,
      };
    });
    this.#trace?.({ type: 'started', at: now, by: name, controllers: controllers.map((one) => one.name), guardMaxMs });
  }

  /** Whether a driver has to follow this collection of the hub. */
  followsInHub(collection: string): boolean {
    return this.#listenersOf('hub', collection).length > 0 || this.#isProjected(collection, HUB);
  }

  /** The lists that were awaited have come: from now on keys are worked on. */
  begin(now: Millis): void {
    assert(!this.#hasBegun, 'a process begins once');
    this.#hasBegun = true;
    this.#trace?.({ type: 'began', at: now, by: this.name });
    for (const room of this.#rooms) {
      for (const key of room.controller.initialKeys ?? []) this.#enqueue(room, key, now);
    }
  }

  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** When something is to be done at the earliest; now or past if something is due, null if nothing will be. */
  dueAt(): Millis | null {
    if (!this.#hasBegun) return null;
    let earliest = this.#guard.nextDeadline();
    for (const room of this.#rooms) {
      if (!hasSlot(room)) continue;
      const due = dueIn(room);
      if (due !== null && (earliest === null || due < earliest)) earliest = due;
    }
    return earliest;
  }

  /** Calls the controller of the key that has been due for longest; of equals, the first controller's. */
  next(now: Millis, aheadMs: Millis = this.#aheadMs()): Task | null {
    if (!this.#hasBegun) return null;
    this.#expireGuards(now);
    let first: Room | null = null;
    let earliest = 0;
    for (const room of this.#rooms) {
      const due = hasSlot(room) ? dueIn(room) : null;
      if (due === null || due > now || (first !== null && due >= earliest)) continue;
      first = room;
      earliest = due;
    }
    const key = first?.queue.take(now) ?? null;
    return first === null || key === null ? null : this.#run(first, key, now, aheadMs);
  }

  /** One result a command, in order. */
  settle(task: Task, results: readonly CommandResult[], now: Millis): void {
    const room = this.#underWay.get(task.id);
    assert(room !== undefined, `task ${task.id} is under way`);
    const { commands } = task.outcome;
    assert(results.length === commands.length, 'every command has a result');
    this.#expireGuards(now);
    this.#trace?.({ type: 'settled', at: now, by: this.name, id: task.id, results });
    this.#underWay.delete(task.id);
    for (const [at, command] of commands.entries()) this.#takeIn(command, results[at]!);
    this.#plan(room, task, results, now);
    const written = this.#writtenBy(commands, results);
    const heard = room.underWay.get(task.key)!;
    room.underWay.delete(task.key);
    if (heard.some((one) => !written.some((own) => isSameMoment(one, own)))) this.#enqueue(room, task.key, now);
    const awaited = written.filter(({ isSeen }) => !isSeen);
    if (awaited.length === 0) room.queue.release(task.key);
    else this.#guard.hold({ room, key: task.key }, awaited, now + this.#guardMaxMs);
  }

  /** A whole list of a collection, as a version of it. */
  listed(place: Place, name: string, collection: Collection, revision: number, now: Millis): void {
    this.#expireGuards(now);
    this.#trace?.({
      type: 'listed',
      at: now,
      by: this.name,
      on: place,
      collection: name,
      revision,
      objects: collection.list(),
    });
    const changes = this.cache.replace(place, name, collection, revision);
    for (const change of changes) this.#project(change, place);
    for (const change of changes) this.#wake(change, place, now);
    this.#release(place, name);
  }

  /** A change; `after` is the collection after it, where the caller has it. */
  changed(place: Place, change: Change, after: Collection | null, now: Millis): void {
    this.#expireGuards(now);
    const { collection, revision, object, type } = change;
    this.#trace?.({ type: 'saw', at: now, by: this.name, on: place, collection, revision, change: type, object });
    // Whoever has the collection tells every change once and in order: it is as it is for us.
    const known = after === null ? this.cache.known(place, change) : change;
    this.cache.change(place, known, after);
    this.#project(known, place);
    this.#wake(known, place, now);
    this.#release(place, collection);
  }

  /** Everything up to a revision has been told. */
  caughtUp(place: Place, collection: string, revision: number, now: Millis): void {
    this.#expireGuards(now);
    this.#trace?.({ type: 'caught-up', at: now, by: this.name, on: place, collection, revision });
    this.cache.advance(place, collection, revision);
    this.#release(place, collection);
  }

  /** A place is no longer there to be followed. */
  forgot(place: Place, now: Millis): void {
    this.#expireGuards(now);
    this.#trace?.({ type: 'forgot', at: now, by: this.name, on: place });
    this.#forget(place, null);
  }

  /** Everything that is known is looked at again, as informers do it from time to time; whoever has done its work does nothing. */
  resync(now: Millis): void {
    this.#expireGuards(now);
    this.#trace?.({ type: 'resynced', at: now, by: this.name });
    for (const { place, change } of this.cache.everything()) this.#wake(change, place, now);
  }

  /** Keys that wait or are due, by controller. */
  backlog(): readonly { readonly controller: string; readonly keys: number; readonly held: number }[] {
    return this.#rooms.map(({ controller, queue }) => ({
      controller: controller.name,
      keys: queue.size,
      held: queue.held,
    }));
  }

  #run(room: Room, key: string, now: Millis, aheadMs: Millis): Task {
    const state = room.states.get(key);
    const attempt: Attempt = state ?? NO_ATTEMPT;
    const view = state === undefined ? room.view : this.#viewOf(attempt, state.remembered);
    const outcome = room.controller.reconcile(key, view, now + aheadMs);
    this.#lastId += 1;
    const task = { id: this.#lastId, controller: room.controller.name, key, failures: attempt.failures, outcome };
    this.#trace?.(stepLine(now, this.name, aheadMs, task));
    if (outcome.commands.length === 0) {
      this.#plan(room, task, NO_RESULTS, now);
      room.queue.release(key);
      return task;
    }
    room.underWay.set(key, []);
    this.#underWay.set(task.id, room);
    room.notBefore = now + (room.controller.paceMs ?? 0);
    for (const command of outcome.commands) {
      for (const [projection, derived] of this.#projections) projection.sent?.(derived, command);
    }
    return task;
  }

  #takeIn(command: Command, result: CommandResult): void {
    if (result.ok && command.verb === 'watch') this.cache.follow(command.on, command.collection);
    if (result.ok && command.verb === 'unwatch') this.#forget(command.on, command.collection);
    for (const [projection, derived] of this.#projections) projection.settled?.(derived, command, result);
  }

  /** Nobody is woken: what is no longer followed has not changed. But nothing derived may rest on it. */
  #forget(place: Place, collection: string | null): void {
    for (const change of this.cache.forget(place, collection)) this.#project(change, place);
  }

  #plan(room: Room, task: Task, results: readonly CommandResult[], now: Millis): void {
    const { key, outcome } = task;
    const { commands, requeue, remember } = outcome;
    if (requeue === 'when-done') {
      assert(commands.length > 0, `${task.controller} waits for commands only when it gives some`);
    }
    if (typeof requeue === 'object') {
      assert(requeue.afterMs > 0, `${task.controller} lets time pass before the next look`);
    }
    const before = room.states.get(key);
    const hasFailed = results.length > 0 && commands.some((command, at) => isFailure(command, results[at]!));
    const failures = hasFailed || requeue === 'back-off' ? (before?.failures ?? 0) + 1 : 0;
    const keepsResults = hasFailed || requeue === 'when-done';
    const remembered = remember === undefined ? before?.remembered : (remember ?? undefined);
    if (failures === 0 && !keepsResults && remembered === undefined) room.states.delete(key);
    else {
      const paired = keepsResults ? commands.map((command, at) => ({ command, result: results[at]! })) : [];
      room.states.set(key, { failures, results: paired, remembered });
    }
    if (failures > 0) {
      this.#enqueue(room, key, now + backOffMs(room.controller.backOff ?? BACK_OFF, failures));
    } else if (requeue === 'when-done') this.#enqueue(room, key, now);
    else if (typeof requeue === 'object') this.#enqueue(room, key, now + requeue.afterMs);
  }

  /** Our own writes to what this process follows. */
  #writtenBy(commands: readonly Command[], results: readonly CommandResult[]): readonly Written[] {
    const written: Written[] = [];
    commands.forEach((command, at) => {
      const result = results[at]!;
      if (!('key' in command) || !result.ok || result.object === null) return;
      const { collection } = command.key;
      if (!this.cache.isSynced(command.on, collection)) return;
      const revision = Number(result.object.metadata.resourceVersion);
      if (!Number.isSafeInteger(revision)) return;
      const isSeen = revision <= this.cache.revision(command.on, collection);
      written.push({ stream: this.#streamOf(command.on, collection), revision, isSeen });
    });
    return written;
  }

  #project(change: Change, place: Place): void {
    for (const [projection, derived] of this.#projections) {
      if (projection.follows(change.collection, place)) projection.change(derived, change, place);
    }
  }

  #wake(change: Change, place: Place, now: Millis): void {
    const moment = { stream: this.#streamOf(place, change.collection), revision: change.revision };
    const writer = change.type === 'DELETED' ? null : this.#guard.waitsFor(moment.stream, moment.revision);
    for (const { room, keysOf } of this.#listenersOf(place === HUB ? 'hub' : 'members', change.collection)) {
      const isDeaf = room.controller.ignoresEchoes === true && change.type !== 'DELETED';
      for (const key of keysOf(change, room.view, place)) {
        if (isDeaf && writer?.room === room && writer.key === key) continue;
        // Whether it is an echo is known once its commands are done.
        const heard = isDeaf ? room.underWay.get(key) : undefined;
        if (heard === undefined) this.#enqueue(room, key, now);
        else heard.push(moment);
      }
    }
  }

  #enqueue(room: Room, key: string, due: Millis): void {
    room.queue.add(key, due, room.controller.priorityOf?.(key, room.view) ?? 0);
  }

  #release(place: Place, collection: string): void {
    const free = this.#guard.seen(this.#streamOf(place, collection), this.cache.revision(place, collection));
    for (const { room, key } of free) room.queue.release(key);
  }

  #expireGuards(now: Millis): void {
    for (const { room, key } of this.#guard.expired(now)) room.queue.release(key);
  }

  #listenersOf(on: Watch['on'], collection: string): readonly Listener[] {
    let found = this.#listeners[on].get(collection);
    if (found === undefined) {
      found = this.#rooms.flatMap((room) =>
        room.controller.watches
          .filter((watch) => watch.on === on && isOf(watch, collection))
          .map(({ keysOf }) => ({ room, keysOf })),
      );
      this.#listeners[on].set(collection, found);
    }
    return found;
  }

  /** Joined once: there are as many questions as changes. */
  #streamOf(place: Place, collection: string): string {
    let streams = this.#streams.get(place);
    if (streams === undefined) {
      streams = new Map();
      this.#streams.set(place, streams);
    }
    let stream = streams.get(collection);
    if (stream === undefined) {
      stream = `${place} ${collection}`;
      streams.set(collection, stream);
    }
    return stream;
  }

  #isProjected(collection: string, place: Place): boolean {
    return [...this.#projections.keys()].some(({ follows }) => follows(collection, place));
  }

  #viewOf(attempt: Attempt, remembered: JsonValue | undefined): View {
    return new ProcessView(this.cache.reader(HUB), this.#member, this.#derived, attempt, remembered);
  }
}

function dueIn({ queue, notBefore }: Room): Millis | null {
  const due = queue.dueAt();
  return due === null ? null : Math.max(due, notBefore);
}

const NO_RESULTS: readonly CommandResult[] = [];

const hasSlot = ({ underWay, controller }: Room) => underWay.size < (controller.concurrency ?? CONCURRENCY);

const isSameMoment = (a: Awaited, b: Awaited): boolean => a.revision === b.revision && a.stream === b.stream;

const isOf = ({ collection: wanted }: Watch, name: string) =>
  typeof wanted === 'string' ? wanted === name : wanted(name);

/** What was to go and is not there is as wanted. */
const isFailure = ({ verb }: Command, result: CommandResult) =>
  !result.ok && !(verb === 'delete' && result.code === 'NotFound');
