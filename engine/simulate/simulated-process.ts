// A process full of controllers, somewhere in the world: it sees through watches of its own, acts through requests, and forgets
// everything when it restarts.
import { assert } from '../base/assert.ts';
import type { Random } from '../base/random.ts';
import type { AskCommand, Command, CommandResult } from '../control/command.ts';
import type { Controller } from '../control/controller.ts';
import { ControllerManager, type Task } from '../control/manager.ts';
import { clusterOf, HUB, type Place } from '../control/place.ts';
import type { TraceLine } from '../control/trace.ts';
import type { Millis } from '../kube/time.ts';
import type { ObjectCommand } from './api.ts';
import { type Answered, type Calls, PROBE_MS } from './calls.ts';
import { cancel, type Timer } from './clock.ts';
import { RateLimit, type RateLimitOptions } from './rate-limit.ts';
import { WatchStream } from './watch-stream.ts';
import type { World } from './world.ts';

export interface ProcessOptions {
  readonly name: string;
  /** Beside the hub, or, as an agent, in a member. */
  readonly at: Place;
  readonly controllers: readonly Controller[];
  /** Requests that it sends to one place; without a limit where it is left out. */
  readonly rateLimit?: RateLimitOptions;
  readonly trace?: (line: TraceLine) => void;
  /** Called with every task when it is settled. */
  readonly onSettled?: (task: Task, results: readonly CommandResult[]) => void;
}

export class SimulatedProcess {
  readonly name: string;
  readonly at: Place;
  readonly options: ProcessOptions;
  readonly #world: World;
  readonly #calls: Calls;
  /** Null while it is down. */
  #manager: ControllerManager | null = null;
  readonly #streams = new Map<string, WatchStream>();
  #limits = new Map<Place, RateLimit>();
  #pump: Timer | null = null;
  #starts = 0;
  #pausedUntil: Millis = 0;
  #disorderUntil: Millis = 0;
  readonly #order: Random;

  constructor(options: ProcessOptions, world: World, calls: Calls) {
    this.name = options.name;
    this.at = options.at;
    this.options = options;
    this.#world = world;
    this.#calls = calls;
    this.#order = world.random.stream(`order/${options.name}`);
    for (const { name, indexes = [] } of options.controllers) {
      const missing = indexes.find((index) => !world.indexes.some((one) => one.name === index.name));
      assert(missing === undefined, `the world keeps the index ${missing?.name} for ${name}`);
    }
    world.hub.onNewCollection((collection) => this.#noticeCollection(collection));
    world.onDown((place) => this.#noticeDown(place));
  }

  get isUp(): boolean {
    return this.#manager !== null;
  }

  get starts(): number {
    return this.#starts;
  }

  /** What it knows and has before it; null while it is down. */
  get manager(): ControllerManager | null {
    return this.#manager;
  }

  start(): void {
    if (this.#manager !== null) return;
    this.#starts += 1;
    const { name, trace } = this.options;
    const controllers = this.options.controllers.map((one) => this.#inItsOrder(one));
    const { clock } = this.#world;
    // What runs in a member goes by the clock there.
    const aheadMs = () => (this.at === HUB ? 0 : (this.#world.api(this.at)?.wallClock.now ?? clock.now) - clock.now);
    const onDoubt = (place: Place, collection: string) => this.#streams.get(streamKey(place, collection))?.expire();
    const options = { name, controllers, aheadMs, onDoubt, ...(trace === undefined ? {} : { trace }) };
    this.#manager = new ControllerManager(options, this.#world.clock.now);
    const { store } = this.#world.hub;
    const named = controllers.flatMap(({ watches }) =>
      watches.flatMap(({ on, collection }) => (on === 'hub' && typeof collection === 'string' ? [collection] : [])),
    );
    for (const collection of new Set([...named, ...store.collectionNames()])) this.#noticeCollection(collection);
    if (this.#streams.size === 0) this.#beginWhenListed();
  }

  /** Every cache, queue and answer under way is lost. */
  stop(): void {
    for (const stream of this.#streams.values()) stream.close();
    this.#streams.clear();
    this.#limits = new Map();
    this.#pausedUntil = 0;
    cancel(this.#pump);
    this.#pump = null;
    this.#manager = null;
  }

  /** Until then it hears and does nothing; nothing is lost. */
  pause(until: Millis): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, until);
    for (const stream of this.#streams.values()) stream.hold(this.#pausedUntil);
    cancel(this.#pump);
    this.#pump = null;
    this.#schedule();
  }

  /** Until then it works on what is due in any order, but for what is more urgent. */
  disorder(until: Millis): void {
    this.#disorderUntil = Math.max(this.#disorderUntil, until);
  }

  #inItsOrder(controller: Controller): Controller {
    const { priorityOf } = controller;
    const { clock } = this.#world;
    return {
      ...controller,
      priorityOf: (key, view) => {
        const priority = priorityOf?.(key, view) ?? 0;
        return this.#disorderUntil > clock.now ? priority + this.#order.integer(1, 1_000) / 1_001 : priority;
      },
    };
  }

  resync(): void {
    if (this.#manager?.hasBegun !== true) return;
    this.#manager.resync(this.#world.clock.now);
    this.#schedule();
  }

  /** Streams that follow a collection of a place; null for any. */
  streams(place: Place | null, collection: string | null): readonly WatchStream[] {
    return [...this.#streams.values()].filter(
      (stream) =>
        (place === null || stream.place === place) && (collection === null || stream.collection === collection),
    );
  }

  #noticeCollection(collection: string): void {
    if (this.#manager?.followsInHub(collection) === true) this.#follow(HUB, collection);
  }

  #noticeDown(place: Place): void {
    const isGone = this.#world.api(place) === null;
    for (const stream of this.streams(place, null)) {
      if (isGone) {
        stream.close();
        this.#streams.delete(streamKey(place, stream.collection));
      } else stream.break();
    }
    if (isGone && this.#manager !== null) {
      this.#manager.forgot(place, this.#world.clock.now);
      this.#schedule();
    }
  }

  #follow(place: Place, collection: string): void {
    const key = streamKey(place, collection);
    const manager = this.#manager;
    if (manager === null || this.#streams.has(key)) return;
    const { clock } = this.#world;
    const stream = new WatchStream(this.at, place, collection, this.#world, this.#calls, {
      listed: (list, revision) => {
        manager.listed(place, collection, list, revision, clock.now);
        this.#beginWhenListed();
      },
      changed: (change, after) => manager.changed(place, change, after, clock.now),
      done: () => this.#schedule(),
    });
    this.#streams.set(key, stream);
  }

  #beginWhenListed(): void {
    const manager = this.#manager;
    if (manager === null || manager.hasBegun) return;
    for (const stream of this.#streams.values()) if (!stream.hasListed) return;
    manager.begin(this.#world.clock.now);
    this.#schedule();
  }

  /** Sees to it that the next due key is worked on when it is due. */
  #schedule(): void {
    const due = this.#manager?.dueAt() ?? null;
    if (due === null) return;
    const at = Math.max(due, this.#pausedUntil, this.#world.clock.now);
    if (this.#pump !== null && this.#pump.run !== null && this.#pump.at <= at) return;
    cancel(this.#pump);
    this.#pump = this.#world.clock.at(at, () => {
      this.#pump = null;
      this.#work();
    });
  }

  #work(): void {
    const manager = this.#manager;
    if (manager === null) return;
    for (let task = manager.next(this.#world.clock.now); task !== null; task = manager.next(this.#world.clock.now)) {
      if (task.outcome.commands.length > 0) this.#carryOut(manager, task, []);
      else this.options.onSettled?.(task, []);
    }
    this.#schedule();
  }

  /** One command after the other; the first that fails ends it, unless it is independent. */
  #carryOut(manager: ControllerManager, task: Task, results: CommandResult[]): void {
    const { commands } = task.outcome;
    const command = commands[results.length];
    if (command === undefined) {
      manager.settle(task, results, this.#world.clock.now);
      this.options.onSettled?.(task, results);
      this.#schedule();
      return;
    }
    const last = commands[results.length - 1];
    const hasFailed = results.some(
      (result, at) => !result.ok && commands[at]!.isIndependent !== true && !isGone(commands[at]!, result),
    );
    if (hasFailed && last !== undefined) {
      const skipped = commands.slice(results.length).map(() => SKIPPED);
      manager.settle(task, [...results, ...skipped], this.#world.clock.now);
      this.options.onSettled?.(task, [...results, ...skipped]);
      this.#schedule();
      return;
    }
    this.#do(command, (result) =>
      this.#whenAwake(() => {
        // Whoever asked may have restarted meanwhile: the answer reaches nobody.
        if (manager !== this.#manager) return;
        results.push(result);
        this.#carryOut(manager, task, results);
      }),
    );
  }

  #whenAwake(run: () => void): void {
    const { clock } = this.#world;
    if (this.#pausedUntil > clock.now) clock.at(this.#pausedUntil, run);
    else run();
  }

  #do(command: Command, done: (result: CommandResult) => void): void {
    switch (command.verb) {
      case 'watch':
        if (this.#world.api(command.on) === null) done(NO_SUCH_PLACE);
        else {
          this.#follow(command.on, command.collection);
          done(DONE);
        }
        return;
      case 'ask':
        this.#request(command, null, () => this.#answer(command), done);
        return;
      default:
        this.#request(command, command.key.collection, () => this.#write(command), done);
    }
  }

  #request(
    command: Command,
    collection: string | null,
    perform: () => CommandResult,
    done: (result: CommandResult) => void,
  ): void {
    const { on, verb } = command;
    const isProbe = command.verb === 'ask' && command.question.about === 'state';
    const patienceMs = isProbe ? PROBE_MS : undefined;
    const send = () =>
      this.#calls.send(
        { from: this.at, to: on, verb, collection, by: this.name, patienceMs },
        perform,
        (answer: Answered<CommandResult>) => done(answer.ok ? answer.value : answer),
      );
    const wait = this.#waitFor(on);
    if (wait === 0) send();
    else this.#world.clock.after(wait, send);
  }

  #write(command: ObjectCommand): CommandResult {
    return this.#world.api(command.on)!.carryOut(command);
  }

  #answer({ on, question }: AskCommand): CommandResult {
    const cluster = clusterOf(on);
    const member = cluster === null ? null : this.#world.member(cluster);
    if (member === null) return { ok: false, code: 'ServerError', message: 'only members answer questions' };
    return { ok: true, object: null, answer: member.answer(question) };
  }

  #waitFor(place: Place): Millis {
    const { rateLimit } = this.options;
    if (rateLimit === undefined) return 0;
    let limit = this.#limits.get(place);
    if (limit === undefined) {
      limit = new RateLimit(rateLimit);
      this.#limits.set(place, limit);
    }
    return limit.wait(this.#world.clock.now);
  }
}

const DONE: CommandResult = { ok: true, object: null };
const SKIPPED: CommandResult = { ok: false, code: 'Skipped', message: 'one before it failed' };
const NO_SUCH_PLACE: CommandResult = { ok: false, code: 'Unreachable', message: 'there is no such place' };

const streamKey = (place: Place, collection: string) => `${place} ${collection}`;

/** What was to go and is not there is as wanted. */
const isGone = ({ verb }: Command, result: CommandResult) =>
  verb === 'delete' && !result.ok && result.code === 'NotFound';
