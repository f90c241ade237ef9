// Requests from one place to another: there, done, and back, each with its own luck. A client that hears nothing gives up
// after a time and does not know whether it was done.
import type { Random } from '../base/random.ts';
import type { CommandResult, ResultCode, Verb } from '../control/command.ts';
import type { Place } from '../control/place.ts';
import type { Millis } from '../kube/time.ts';
import type { World } from './world.ts';

/** How long clients wait for an answer. */
export const TIMEOUT_MS: Millis = 10_000;
/** Who cannot say within this that it is well is not well. */
export const PROBE_MS: Millis = 5_000;

export interface ErrorRule {
  readonly place: Place;
  /** From whom; from everybody where it is left out. */
  readonly from?: Place;
  readonly code: Exclude<ResultCode, 'Unreachable' | 'NoAccess' | 'Skipped'>;
  /** Which of a thousand requests. */
  readonly perMille: number;
  /** With a timeout, or an error of the server: whether it is done all the same. Whatever else fails has not been done. */
  readonly isDone?: boolean;
  /** All where it is left out. */
  readonly verbs?: readonly Verb[];
  readonly collections?: readonly string[];
}

export interface Request {
  readonly from: Place;
  readonly to: Place;
  /** "list" for the lists that begin a watch. */
  readonly verb: Verb | 'list';
  readonly collection: string | null;
  /** How long it is waited for the answer, where that is not as long as for others. */
  readonly patienceMs?: Millis;
  /** The process that sends it, where that matters. */
  readonly by?: string;
}

/** Called when a request has arrived, before and after it is done; true before means that it is lost, and not done. */
export type ArrivalListener = (request: Request, moment: 'before' | 'after') => boolean;

export type Answered<T> = { readonly ok: true; readonly value: T } | Extract<CommandResult, { ok: false }>;

export class Calls {
  readonly #world: World;
  readonly #random: Random;
  readonly #rules = new Set<ErrorRule>();
  readonly #arrivalListeners = new Set<ArrivalListener>();
  #count = 0;

  constructor(world: World) {
    this.#world = world;
    this.#random = world.random.stream('api-errors');
  }

  /** Requests sent so far. */
  get count(): number {
    return this.#count;
  }

  addRule(rule: ErrorRule): void {
    this.#rules.add(rule);
  }

  removeRule(rule: ErrorRule): void {
    this.#rules.delete(rule);
  }

  onArrival(listener: ArrivalListener): void {
    this.#arrivalListeners.add(listener);
  }

  send<T>(request: Request, perform: () => T, done: (answer: Answered<T>) => void): void {
    this.#count += 1;
    const { clock, network } = this.#world;
    const deadline = clock.now + (request.patienceMs ?? TIMEOUT_MS);
    const giveUp = () => clock.at(Math.max(clock.now, deadline), () => done(TIMED_OUT));
    const transit = network.transit(request.from, request.to);
    if (transit === null) {
      giveUp();
      return;
    }
    clock.after(transit, () => {
      if (network.isCut(request.from, request.to)) {
        giveUp();
        return;
      }
      const answer = this.#arrive(request, perform);
      const back = answer === null ? null : network.transit(request.to, request.from);
      if (answer === null || back === null || clock.now + back > deadline) {
        giveUp();
        return;
      }
      clock.after(back, () => {
        if (network.isCut(request.to, request.from)) giveUp();
        else done(answer);
      });
    });
  }

  /** Null where there is no answer. */
  #arrive<T>(request: Request, perform: () => T): Answered<T> | null {
    if (!this.#world.isUp(request.to) || this.#world.api(request.to) === null) return REFUSED;
    const rule = this.#ruleFor(request);
    const failure = rule === null ? null : failureBy(rule, request);
    const isDone = rule === null || (rule.isDone === true && MAY_BE_DONE.includes(rule.code));
    if (!isDone) return failure;
    let isLost = false;
    for (const listener of this.#arrivalListeners) isLost = listener(request, 'before') || isLost;
    if (isLost) return null;
    const value = perform();
    for (const listener of this.#arrivalListeners) listener(request, 'after');
    return rule === null ? { ok: true, value } : failure;
  }

  #ruleFor({ from, to, verb, collection }: Request): ErrorRule | null {
    for (const rule of this.#rules) {
      if (rule.place !== to || verb === 'list') continue;
      if (rule.from !== undefined && rule.from !== from) continue;
      if (rule.verbs?.includes(verb) === false) continue;
      if (rule.collections !== undefined && (collection === null || !rule.collections.includes(collection))) continue;
      if (this.#random.chance(rule.perMille, 1000)) return rule;
    }
    return null;
  }
}

/** What says that something went wrong, and not whether it was done. */
const MAY_BE_DONE: readonly ErrorRule['code'][] = ['Timeout', 'ServerError'];

/** Null where there is no answer. */
const failureBy = ({ code }: ErrorRule, { to }: Request): Extract<CommandResult, { ok: false }> | null =>
  code === 'Timeout' ? null : { ok: false, code, message: `${to} answers with ${code}` };

const TIMED_OUT: Extract<CommandResult, { ok: false }> = {
  ok: false,
  code: 'Timeout',
  message: 'no answer in time: it may or may not have been done',
};

const REFUSED: Extract<CommandResult, { ok: false }> = {
  ok: false,
  code: 'Unreachable',
  message: 'the connection was refused',
};
