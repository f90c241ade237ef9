// Virtual time: a queue of events. Now is the time of the event that runs; events of one time run in the order in which they
// were planned; time never goes back.
import { assert } from '../base/assert.ts';
import { Heap } from '../base/heap.ts';
import type { Millis } from '../kube/time.ts';

/** A planned event; cancelled ones are passed over. */
export interface Timer {
  readonly at: Millis;
  run: (() => void) | null;
}

export const cancel = (timer: Timer | null | undefined): void => {
  if (timer !== null && timer !== undefined) timer.run = null;
};

/** What is planned for one time, in the order in which it was planned. */
interface Moment {
  readonly at: Millis;
  readonly timers: Timer[];
  /** So many have run, or were passed over. */
  passed: number;
}

export class Clock {
  #now: Millis;
  /** By moments, and not by events: of those there are hundreds at one time when much is going on. */
  readonly #next = new Heap<Moment>((a, b) => a.at - b.at);
  readonly #moments = new Map<Millis, Moment>();
  #pending = 0;
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
    return this.#pending;
  }

  at(time: Millis, run: () => void): Timer {
    assert(time >= this.#now, 'nothing is planned for the past');
    const timer: Timer = { at: time, run };
    let moment = this.#moments.get(time);
    if (moment === undefined) {
      moment = { at: time, timers: [], passed: 0 };
      this.#moments.set(time, moment);
      this.#next.push(moment);
    }
    moment.timers.push(timer);
    this.#pending += 1;
    return timer;
  }

  after(delayMs: Millis, run: () => void): Timer {
    return this.at(this.now + delayMs, run);
  }

  /** Runs the next event; false where there is none at or before the time. */
  step(until: Millis): boolean {
    const moment = this.#firstMoment();
    if (moment === undefined || moment.at > until) return false;
    const { run } = moment.timers[moment.passed]!;
    this.#pass(moment);
    this.#now = moment.at;
    this.#run += 1;
    run!();
    return true;
  }

  /** Runs everything up to a time, and the time is then that. */
  runUntil(time: Millis): void {
    while (this.step(time));
    this.#now = Math.max(this.#now, time);
  }

  /** When the next event is due; null where none is planned. */
  nextAt(): Millis | null {
    return this.#firstMoment()?.at ?? null;
  }

  /** The first whose next event has not been cancelled. */
  #firstMoment(): Moment | undefined {
    for (let first = this.#next.peek(); first !== undefined; first = this.#next.peek()) {
      while (first.passed < first.timers.length) {
        if (first.timers[first.passed]!.run !== null) return first;
        this.#pass(first);
      }
      this.#next.pop();
      this.#moments.delete(first.at);
    }
    return undefined;
  }

  #pass(moment: Moment): void {
    moment.passed += 1;
    this.#pending -= 1;
  }
}
