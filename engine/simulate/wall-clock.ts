// The clock on a place's wall: it may be ahead of the true time or behind, and run faster or slower.
import type { Millis } from '../kube/time.ts';
import type { Clock } from './clock.ts';

export class WallClock {
  readonly #clock: Clock;
  #aheadMs = 0;
  readonly #drifts = new Set<{ readonly since: Millis; readonly ppm: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whole milliseconds. */
  get now(): Millis {
    const { now } = this.#clock;
    let ahead = this.#aheadMs;
    for (const { since, ppm } of this.#drifts) ahead += ((now - since) * ppm) / 1_000_000;
    return now + Math.round(ahead);
  }

  set(byMs: Millis): void {
    this.#aheadMs += byMs;
  }

  /** From now on, until the answer is called: then the clock is set right, too. */
  drift(ppm: number): () => void {
    const drift = { since: this.#clock.now, ppm };
    this.#drifts.add(drift);
    return () => void this.#drifts.delete(drift);
  }
}
