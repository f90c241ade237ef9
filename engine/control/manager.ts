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
import { Cache } from './cache.ts';
import type { Command, CommandResult } from './command.ts';
import type { Attempt, Controller, KeysOf, Outcome, Reader, View, Watch } from './controller.ts';
import { Doubts } from './doubts.ts';
import { type Awaited, Guard } from './guard.ts';
import { HUB, memberPlace, type Place } from './place.ts';
import { NO_ATTEMPT, ProcessView } from './process-view.ts';
import type { Projection } from './projection.ts';
import { Projections } from './projections.ts';
import { Room } from './room.ts';
import { StreamNames } from './stream-names.ts';
import { stepLine, type TraceLine } from './trace.ts';
import { uniformOutcome } from './uniform.ts';

/** Longest wait for our own writes to come back. */
export const GUARD_MAX_MS = 30_000;

export interface ManagerOptions {
  readonly name: string;
  readonly controllers: readonly Controller[];
  readonly guardMaxMs?: Millis;
  /** How far the clock that controllers are told is ahead of the one by which things are due. */
  readonly aheadMs?: () => Millis;
  /** What is seen of a collection is not what is there: it is to be listed anew. */
  readonly onDoubt?: (place: Place, collection: string) => void;
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

interface Written extends Awaited {
  readonly on: Place;
  readonly collection: string;
  readonly isSeen: boolean;
}

interface Listener {
  readonly room: Room;
  readonly keysOf: KeysOf;
}

export class ControllerManager {
  readonly name: string;
  readonly cache: Cache;
  readonly #rooms: readonly Room[];
  readonly #projections: Projections;
  readonly #doubts: Doubts;
  readonly #listeners = {
    hub: new Map<string, readonly Listener[]>(),
    members: new Map<string, readonly Listener[]>(),
  };
  readonly #guard = new Guard<{ readonly room: Room; readonly key: string }, Written>();
  readonly #guardMaxMs: Millis;
  readonly #aheadMs: () => Millis;
  readonly #trace: ((line: TraceLine) => void) | null;
  readonly #underWay = new Map<number, Room>();
  readonly #streams = new StreamNames();
  readonly #member = (cluster: string): Reader => this.cache.reader(memberPlace(cluster));
  readonly #derived = <T>(projection: Projection<T>): T => this.#projections.state(projection);
  #hasBegun = false;
  #lastId = 0;

  constructor(options: ManagerOptions, now: Millis) {
    const {
      name,
      controllers,
      guardMaxMs = GUARD_MAX_MS,
      aheadMs = () => 0,
      trace = null,
      onDoubt = () => {},
    } = options;
    this.name = name;
    this.#aheadMs = aheadMs;
    this.#guardMaxMs = guardMaxMs;
    this.#trace = trace;
    this.cache = new Cache([OWNER_INDEX, ...controllers.flatMap(({ indexes = [] }) => indexes)]);
    this.#doubts = new Doubts(this.cache, onDoubt);
    this.#projections = new Projections(
      name,
      controllers.flatMap(({ projections = [] }) => projections),
    );
    this.#rooms = controllers.map((controller, at) => {
      assert(
        controllers.findIndex((other) => other.name === controller.name) === at,
        `controllers of one process have different names, unlike ${controller.name}`,
      );
      return new Room(controller, this.#viewOf(NO_ATTEMPT, undefined));
    });
    this.#trace?.({ type: 'started', at: now, by: name, controllers: controllers.map((one) => one.name), guardMaxMs });
  }

  /** Whether a driver has to follow this collection of the hub. */
  followsInHub(collection: string): boolean {
    const isWatched = this.#rooms.some(({ controller }) =>
      controller.watches.some((one) => isOf(one, 'hub', collection)),
    );
    return isWatched || this.#projections.follow(collection, HUB);
  }

  /** The lists that were awaited have come: from now on keys are worked on. */
  begin(now: Millis): void {
    assert(!this.#hasBegun, 'a process begins once');
    this.#hasBegun = true;
    this.#trace?.({ type: 'began', at: now, by: this.name });
    for (const room of this.#rooms) {
      for (const key of room.controller.initialKeys ?? []) room.enqueue(key, now);
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
      const due = room.dueAt();
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
      const due = room.dueAt();
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
    for (const [at, command] of commands.entries()) this.#takeIn(command, results[at]!, now);
    room.plan(task.key, task.outcome, results, now);
    const written = this.#writtenBy(commands, results);
    const heard = room.end(task.key);
    if (heard.some((one) => !written.some((own) => isSameMoment(one, own)))) room.enqueue(task.key, now);
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
    for (const change of changes) this.#projections.change(change, place);
    for (const change of changes) this.#wake(change, place, now);
    for (const change of changes) this.#doubts.heard(place, change);
    this.#doubts.listed(place, name);
    this.#release(place, name, now);
  }

  /** A change; `after` is the collection after it, where the caller has it. */
  changed(place: Place, change: Change, after: Collection | null, now: Millis): void {
    this.#expireGuards(now);
    const { collection, revision, object, type } = change;
    this.#trace?.({ type: 'saw', at: now, by: this.name, on: place, collection, revision, change: type, object });
    // Whoever has the collection tells every change once and in order: it is as it is for us.
    const known = after === null ? this.cache.known(place, change) : change;
    this.cache.change(place, known, after);
    this.#projections.change(known, place);
    this.#wake(known, place, now);
    this.#doubts.heard(place, known);
    this.#release(place, collection, now);
  }

  /** Everything up to a revision has been told. */
  caughtUp(place: Place, collection: string, revision: number, now: Millis): void {
    this.#expireGuards(now);
    this.#trace?.({ type: 'caught-up', at: now, by: this.name, on: place, collection, revision });
    this.cache.advance(place, collection, revision);
    this.#release(place, collection, now);
  }

  /** A place is no longer there to be followed. */
  forgot(place: Place, now: Millis): void {
    this.#expireGuards(now);
    this.#trace?.({ type: 'forgot', at: now, by: this.name, on: place });
    // Nobody is woken: what is no longer followed has not changed. But nothing derived may rest on it.
    for (const change of this.cache.forget(place)) this.#projections.change(change, place);
    this.#doubts.forget(place);
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
    const state = room.stateOf(key);
    const attempt: Attempt = state ?? NO_ATTEMPT;
    const view = state === undefined ? room.view : this.#viewOf(attempt, state.remembered);
    const outcome = uniformOutcome(room.controller.reconcile(key, view, now + aheadMs));
    this.#lastId += 1;
    const task = { id: this.#lastId, controller: room.controller.name, key, failures: attempt.failures, outcome };
    this.#trace?.(stepLine(now, this.name, aheadMs, task));
    if (outcome.commands.length === 0) {
      room.plan(key, outcome, NO_RESULTS, now);
      room.queue.release(key);
      return task;
    }
    room.begin(key, now);
    this.#underWay.set(task.id, room);
    for (const command of outcome.commands) this.#projections.sent(command);
    return task;
  }

  #takeIn(command: Command, result: CommandResult, now: Millis): void {
    if (result.ok && command.verb === 'watch') this.cache.follow(command.on, command.collection);
    this.#projections.settled(command, result);
    if (!result.ok) this.#doubts.answered(command, result, now);
  }

  /** Our own writes to what this process follows. */
  #writtenBy(commands: readonly Command[], results: readonly CommandResult[]): readonly Written[] {
    const written: Written[] = [];
    commands.forEach((command, at) => {
      const result = results[at]!;
      if (!('key' in command) || !result.ok || result.object === null) return;
      const { on } = command;
      const { collection } = command.key;
      if (!this.cache.isSynced(on, collection)) return;
      const revision = Number(result.object.metadata.resourceVersion);
      if (!Number.isSafeInteger(revision)) return;
      const isSeen = revision <= this.cache.revision(on, collection);
      written.push({ stream: this.#streams.of(on, collection), on, collection, revision, isSeen });
    });
    return written;
  }

  #wake(change: Change, place: Place, now: Millis): void {
    const moment = { stream: this.#streams.of(place, change.collection), revision: change.revision };
    const writer = change.type === 'DELETED' ? null : this.#guard.waitsFor(moment.stream, moment.revision);
    for (const { room, keysOf } of this.#listenersOf(place === HUB ? 'hub' : 'members', change.collection)) {
      const isDeaf = room.controller.ignoresEchoes === true && change.type !== 'DELETED';
      for (const key of keysOf(change, room.view, place)) {
        if (isDeaf && writer?.room === room && writer.key === key) continue;
        // Whether it is an echo is known once its commands are done.
        if (!isDeaf || !room.hear(key, moment)) room.enqueue(key, now);
      }
    }
  }

  #release(place: Place, collection: string, now: Millis): void {
    const seen = this.#guard.seen(this.#streams.of(place, collection), this.cache.revision(place, collection));
    for (const { item, isLate } of seen) {
      if (isLate) item.room.enqueue(item.key, now);
      else item.room.queue.release(item.key);
    }
  }

  #expireGuards(now: Millis): void {
    for (const { item, awaited } of this.#guard.expired(now)) {
      item.room.queue.release(item.key);
      for (const { on, collection, revision } of awaited) {
        if (this.cache.revision(on, collection) < revision) this.#doubts.doubt(on, collection);
      }
    }
  }

  #listenersOf(on: Watch['on'], collection: string): readonly Listener[] {
    let found = this.#listeners[on].get(collection);
    if (found === undefined) {
      found = this.#rooms.flatMap((room) =>
        room.controller.watches
          .filter((watch) => isOf(watch, on, collection))
          .flatMap(({ keysOf }) => (keysOf === undefined ? [] : [{ room, keysOf }])),
      );
      this.#listeners[on].set(collection, found);
    }
    return found;
  }

  #viewOf(attempt: Attempt, remembered: JsonValue | undefined): View {
    return new ProcessView(this.cache.reader(HUB), this.#member, this.#derived, attempt, remembered);
  }
}

const NO_RESULTS: readonly CommandResult[] = [];

const isSameMoment = (a: Awaited, b: Awaited): boolean => a.revision === b.revision && a.stream === b.stream;

const isOf = (watch: Watch, on: Watch['on'], name: string) =>
  watch.on === on && (typeof watch.collection === 'string' ? watch.collection === name : watch.collection(name));
