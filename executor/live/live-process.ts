// A process full of controllers in the real world: what its clients tell goes in, what its controllers want is carried out,
// and the clock on the wall says when a key is due. The simulator's twin, with the same manager inside.
import {
  type Change,
  type Command,
  type CommandResult,
  type Controller,
  ControllerManager,
  clusterOf,
  HUB,
  type Place,
  type Task,
  type TraceLine,
} from '../../engine/index.ts';
import { type Following, type PlaceClient, type Refusal, refusal } from './place-client.ts';

export interface LiveProcessOptions {
  readonly name: string;
  readonly controllers: readonly Controller[];
  readonly hub: PlaceClient;
  /** Null for a cluster that is not known, or cannot be reached in principle. */
  readonly memberOf: (cluster: string) => PlaceClient | null;
  /** The same, where it may come to be known in a moment. */
  readonly memberSoon?: (cluster: string) => Promise<PlaceClient | null>;
  /** What somebody has to mend before there is a way to a cluster; null where nothing of that sort is known. */
  readonly whyNoMember?: (cluster: string) => string | null;
  /** Whole milliseconds, never going back. */
  readonly now: () => number;
  readonly trace?: (line: TraceLine) => void;
  /** Called with every task when it is settled, and how long it took from its decision on. */
  readonly onSettled?: (task: Task, results: readonly CommandResult[], tookMs: number) => void;
}

/** Other work gets its turn after so many steps. */
const STEPS_AT_ONCE = 64;
/** Timers wait no longer than this. */
const TIMER_MAX_MS = 2_000_000_000;

export class LiveProcess {
  readonly #options: LiveProcessOptions;
  readonly #manager: ControllerManager;
  readonly #followed = new Map<string, { following: Following; hasListed: boolean; client: PlaceClient }>();
  readonly #optional = new Set<string>();
  readonly #stopNoticing: () => void;
  #timer: NodeJS.Timeout | null = null;
  #isPumping = false;
  #isStopped = false;
  #underWay = 0;
  #whenIdle: (() => void) | null = null;

  constructor(options: LiveProcessOptions) {
    this.#options = options;
    const { name, controllers, trace, hub, now } = options;
    const onDoubt = (place: Place, collection: string) => this.#listAnew(place, collection);
    const managed = { name, controllers, onDoubt, ...(trace === undefined ? {} : { trace }) };
    this.#manager = new ControllerManager(managed, now());
    for (const { watches } of controllers) {
      for (const { on, collection, isOptional = false } of watches) {
        if (on !== 'hub' || typeof collection !== 'string') continue;
        if (isOptional) this.#optional.add(collection);
        this.#follow(HUB, collection, hub);
      }
    }
    this.#stopNoticing = hub.onCollection((collection) => {
      if (this.#manager.followsInHub(collection)) this.#follow(HUB, collection, hub);
    });
    if (this.#followed.size === 0) setImmediate(() => this.#beginWhenListed());
  }

  get manager(): ControllerManager {
    return this.#manager;
  }

  /** Something is due. */
  get isBusy(): boolean {
    return this.#isPumping;
  }

  /** A cluster has left: nothing that was known of it is known any more. */
  forget(place: Place): void {
    for (const [key, { following }] of [...this.#followed]) {
      if (!key.startsWith(`${place} `)) continue;
      following.close();
      this.#followed.delete(key);
    }
    if (this.#isStopped) return;
    this.#manager.forgot(place, this.#options.now());
    this.#pump();
  }

  /** There is a new way to a place: what was followed the old way is followed on it. */
  reconnect(place: Place, client: PlaceClient): void {
    if (this.#isStopped) return;
    const prefix = `${place} `;
    const collections = [...this.#followed.keys()].filter((key) => key.startsWith(prefix));
    for (const key of collections) this.#follow(place, key.slice(prefix.length), client);
  }

  /** Begins nothing new, and returns when what is under way is done or the time is up. */
  async stop(graceMs = 5_000): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#stopNoticing();
    if (this.#timer !== null) clearTimeout(this.#timer);
    for (const { following } of this.#followed.values()) following.close();
    if (this.#underWay === 0) return;
    await new Promise<void>((resolve) => {
      const limit = setTimeout(resolve, graceMs);
      this.#whenIdle = () => {
        clearTimeout(limit);
        resolve();
      };
    });
  }

  #follow(place: Place, collection: string, client: PlaceClient): void {
    const key = `${place} ${collection}`;
    const known = this.#followed.get(key);
    if (known?.client === client) return;
    known?.following.close();
    const manager = this.#manager;
    const { now } = this.#options;
    const own = { following: { close: () => {} } as Following, hasListed: false, client };
    this.#followed.set(key, own);
    const isOver = () => this.#isStopped || this.#followed.get(key) !== own;
    own.following = client.follow(collection, {
      listed: (objects, revision) => {
        if (isOver()) return;
        manager.listed(place, collection, manager.cache.listed(collection, objects), revision, now());
        own.hasListed = true;
        this.#beginWhenListed();
        this.#pump();
      },
      changed: (type, object, revision) => {
        if (isOver()) return;
        const change: Change = { revision, type, collection, object, previous: null };
        manager.changed(place, change, null, now());
        this.#pump();
      },
      caughtUp: (revision) => {
        if (isOver()) return;
        manager.caughtUp(place, collection, revision, now());
        this.#pump();
      },
      absent: () => {
        if (isOver() || place !== HUB || !this.#optional.has(collection)) return;
        own.hasListed = true;
        this.#beginWhenListed();
      },
    });
  }

  #listAnew(place: Place, collection: string): void {
    const key = `${place} ${collection}`;
    const known = this.#followed.get(key);
    if (known === undefined) return;
    known.following.close();
    this.#followed.delete(key);
    this.#follow(place, collection, known.client);
  }

  #beginWhenListed(): void {
    if (this.#manager.hasBegun || this.#isStopped) return;
    for (const [key, { hasListed }] of this.#followed) if (!hasListed && key.startsWith(`${HUB} `)) return;
    this.#manager.begin(this.#options.now());
    this.#pump();
  }

  /** Works on what is due as soon as whatever runs now is over. */
  #pump(): void {
    if (this.#isPumping || this.#isStopped || !this.#manager.hasBegun) return;
    this.#isPumping = true;
    setImmediate(() => {
      this.#isPumping = false;
      this.#work();
    });
  }

  #work(): void {
    if (this.#isStopped) return;
    const { now } = this.#options;
    for (let steps = 0; steps < STEPS_AT_ONCE; steps += 1) {
      const began = performance.now();
      const task = this.#manager.next(now());
      if (task === null) {
        this.#schedule();
        return;
      }
      if (task.outcome.commands.length > 0) void this.#carryOut(task, began);
      else this.#options.onSettled?.(task, [], performance.now() - began);
    }
    this.#pump();
  }

  #schedule(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const due = this.#manager.dueAt();
    if (due === null) return;
    const wait = Math.min(TIMER_MAX_MS, Math.max(1, due - this.#options.now()));
    this.#timer = setTimeout(() => this.#work(), wait);
  }

  /** One command after the other; the first that fails ends it, unless it is independent. */
  async #carryOut(task: Task, began: number): Promise<void> {
    const { commands } = task.outcome;
    const results: CommandResult[] = [];
    let hasFailed = false;
    this.#underWay += 1;
    for (const command of commands) {
      const result = hasFailed ? SKIPPED : await this.#do(command);
      results.push(result);
      if (!result.ok && command.isIndependent !== true && !isGone(command, result)) hasFailed = true;
    }
    this.#underWay -= 1;
    if (this.#isStopped) {
      if (this.#underWay === 0) this.#whenIdle?.();
      return;
    }
    this.#manager.settle(task, results, this.#options.now());
    this.#options.onSettled?.(task, results, performance.now() - began);
    this.#pump();
  }

  async #do(command: Command): Promise<CommandResult> {
    const client = this.#clientOf(command.on) ?? (await this.#clientSoon(command.on));
    switch (command.verb) {
      case 'watch':
        if (client === null) return NO_SUCH_PLACE;
        this.#follow(command.on, command.collection, client);
        return DONE;
      case 'ask':
        return client === null ? this.#noWay(command.on) : client.ask(command.question);
      default:
        return client === null ? NO_SUCH_PLACE : client.carryOut(command);
    }
  }

  #noWay(place: Place): Refusal {
    const problem = this.#options.whyNoMember?.(clusterOf(place) ?? '') ?? null;
    return problem === null ? NO_SUCH_PLACE : { ...refusal('NoAccess', problem), problem };
  }

  async #clientSoon(place: Place): Promise<PlaceClient | null> {
    return (await this.#options.memberSoon?.(clusterOf(place) ?? '')) ?? null;
  }

  #clientOf(place: Place): PlaceClient | null {
    const cluster = clusterOf(place);
    return cluster === null ? this.#options.hub : this.#options.memberOf(cluster);
  }
}

const DONE: CommandResult = { ok: true, object: null };
const SKIPPED: Refusal = refusal('Skipped', 'one before it failed');
const NO_SUCH_PLACE: Refusal = refusal('Unreachable', 'there is no such cluster, or no way to it');

/** What was to go and is not there is as wanted. */
const isGone = ({ verb }: Command, result: CommandResult) =>
  verb === 'delete' && !result.ok && result.code === 'NotFound';
