// One controller in a process: its keys and when they are due, what is remembered of each, and whose commands are under way.
import { assert } from '../base/assert.ts';
import type { JsonValue } from '../kube/json.ts';
import type { Millis } from '../kube/time.ts';
import { BACK_OFF, backOffMs } from './back-off.ts';
import type { Command, CommandResult } from './command.ts';
import type { Attempt, Controller, Outcome, View } from './controller.ts';
import type { Awaited } from './guard.ts';
import { WorkQueue } from './queue.ts';
import { uniformController } from './uniform.ts';

/** Keys of one controller whose commands may be under way at once, unless it says otherwise. */
export const CONCURRENCY = 16;

/** What is known of a key from looks before this one. */
interface KeyState extends Attempt {
  /** Failures since all was done that there was to do: a step on the way that succeeds does not shorten the next wait. */
  readonly setbacks: number;
  readonly remembered: JsonValue | undefined;
}

export class Room {
  readonly controller: Controller;
  readonly queue = new WorkQueue();
  /** Of a key of which nothing is remembered. */
  readonly view: View;
  readonly #states = new Map<string, KeyState>();
  /** Keys whose commands are being carried out, and what would have woken them meanwhile. */
  readonly #underWay = new Map<string, Awaited[]>();
  /** Nothing more is to be commanded before. */
  #notBefore: Millis = 0;

  constructor(controller: Controller, view: View) {
    this.controller = uniformController(controller);
    this.view = view;
  }

  stateOf(key: string): KeyState | undefined {
    return this.#states.get(key);
  }

  enqueue(key: string, due: Millis): void {
    this.queue.add(key, due, this.controller.priorityOf?.(key, this.view) ?? 0);
  }

  /** When the next key may be worked on; null where none waits, or as many are worked on as may be. */
  dueAt(): Millis | null {
    if (this.#underWay.size >= (this.controller.concurrency ?? CONCURRENCY)) return null;
    const due = this.queue.dueAt();
    return due === null ? null : Math.max(due, this.#notBefore);
  }

  /** Its commands are being carried out. */
  begin(key: string, now: Millis): void {
    this.#underWay.set(key, []);
    this.#notBefore = now + (this.controller.paceMs ?? 0);
  }

  /** Notes for a key what would wake it but may be an echo of its own commands; false where it has none under way. */
  hear(key: string, moment: Awaited): boolean {
    const heard = this.#underWay.get(key);
    heard?.push(moment);
    return heard !== undefined;
  }

  /** Its commands are done; what was heard meanwhile. */
  end(key: string): readonly Awaited[] {
    const heard = this.#underWay.get(key);
    assert(heard !== undefined, `${this.controller.name} works on ${key}`);
    this.#underWay.delete(key);
    return heard;
  }

  /** When the key is looked at again, and what is remembered until then. One result a command. */
  plan(key: string, outcome: Outcome, results: readonly CommandResult[], now: Millis): void {
    const { commands, requeue, remember, restMs = 0 } = outcome;
    const { name, backOff = BACK_OFF } = this.controller;
    if (requeue === 'when-done') assert(commands.length > 0, `${name} waits for commands only when it gives some`);
    if (typeof requeue === 'object') assert(requeue.afterMs > 0, `${name} lets time pass before the next look`);
    const before = this.#states.get(key);
    const hasFailed = commands.some((command, at) => isFailure(command, results[at]!));
    const failures = hasFailed || requeue === 'back-off' ? (before?.failures ?? 0) + 1 : 0;
    const isOnTheWay = requeue === 'when-done';
    const isOver = failures === 0 && !isOnTheWay;
    const setbacks = isOver ? 0 : (before?.setbacks ?? 0) + (failures > 0 ? 1 : 0);
    const keepsResults = hasFailed || isOnTheWay;
    const remembered = remember === undefined ? before?.remembered : (remember ?? undefined);
    if (failures === 0 && !keepsResults && remembered === undefined) this.#states.delete(key);
    else {
      const paired = keepsResults ? commands.map((command, at) => ({ command, result: results[at]! })) : [];
      this.#states.set(key, { failures, setbacks, results: paired, remembered });
    }
    if (restMs > 0 && failures === 0) this.queue.rest(key, now + restMs);
    if (failures > 0) this.enqueue(key, now + backOffMs(backOff, setbacks));
    else if (isOnTheWay) this.enqueue(key, now);
    else if (typeof requeue === 'object') this.enqueue(key, now + requeue.afterMs);
  }
}

/** What was to go and is not there is as wanted. */
const isFailure = ({ verb }: Command, result: CommandResult) =>
  !result.ok && !(verb === 'delete' && result.code === 'NotFound');
