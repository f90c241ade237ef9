// Virtual time: a queue of events. Now is the time of the event that runs; events of one time run in the order in which they
// were planned; time never goes back.
import { assert } from '../base/assert.ts';
import type { Millis } from '../kube/time.ts';

/** A planned event; cancelled ones are passed over. */
export interface Timer {
  readonly at: Millis;
  run: (() => void) | null;
}

export const cancel = (timer: Timer | null | undefined): void => {
  if (timer !== null && timer !== undefined) timer.run = null;
};

export class Clock {
  #now: Millis;
  /** A binary heap by time, then by number; both in arrays of their own, since this is the busiest place of a simulation. */
  readonly #timers: Timer[] = [];
  readonly #numbers: number[] = [];
  #planned = 0;
  #run = 0;

  constructor(start: Millis) {
    this.#now = start;
  }

  get now(): Millis {
    return this.#now;
  }

  /** Events that have run. */
  get eventsRun(): number {
    return this.#run;
  }

  get pending(): number {
    return this.#timers.length;
  }

  at(time: Millis, run: () => void): Timer {
    assert(time >= this.#now, 'nothing is planned for the past');
    const timer: Timer = { at: time, run };
    this.#planned += 1;
    this.#push(timer, this.#planned);
    return timer;
  }

  after(delayMs: Millis, run: () => void): Timer {
    return this.at(this.now + delayMs, run);
  }

  /** Runs the next event; false where there is none at or before the time. */
  step(until: Millis): boolean {
    for (;;) {
      const first = this.#timers[0];
      if (first === undefined || first.at > until) return false;
      this.#pop();
      if (first.run === null) continue;
      this.#now = first.at;
      this.#run += 1;
      first.run();
      return true;
    }
  }

  /** Runs everything up to a time, and the time is then that. */
  runUntil(time: Millis): void {
    while (this.step(time));
    this.#now = Math.max(this.#now, time);
  }

  /** When the next event is due; null where none is planned. */
  nextAt(): Millis | null {
    for (let first = this.#timers[0]; first !== undefined; first = this.#timers[0]) {
      if (first.run !== null) return first.at;
      this.#pop();
    }
    return null;
  }

  #isBefore(at: Millis, number: number, index: number): boolean {
    const other = this.#timers[index]!.at;
    return at < other || (at === other && number < this.#numbers[index]!);
  }

  #push(timer: Timer, number: number): void {
    let at = this.#timers.length;
    this.#timers.push(timer);
    this.#numbers.push(number);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(timer.at, number, parent)) break;
      this.#timers[at] = this.#timers[parent]!;
      this.#numbers[at] = this.#numbers[parent]!;
      at = parent;
    }
    this.#timers[at] = timer;
    this.#numbers[at] = number;
  }

  #pop(): void {
    const timer = this.#timers.pop()!;
    const number = this.#numbers.pop()!;
    const size = this.#timers.length;
    if (size === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      const right = child + 1;
      if (right < size && this.#isBefore(this.#timers[right]!.at, this.#numbers[right]!, child)) child = right;
      if (this.#isBefore(timer.at, number, child)) break;
      this.#timers[at] = this.#timers[child]!;
      this.#numbers[at] = this.#numbers[child]!;
      at = child;
    }
    this.#timers[at] = timer;
    this.#numbers[at] = number;
  }
}
