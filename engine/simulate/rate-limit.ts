// A client's own limit on its requests, as client-go has it: so many a second, and a burst of so many more.
import type { Millis } from '../kube/time.ts';

export interface RateLimitOptions {
  readonly perSecond: number;
  readonly burst: number;
}

/** In thousandths of a millisecond, so that no rate is lost to rounding. */
const FINE = 1_000;

export class RateLimit {
  readonly #interval: number;
  readonly #burst: number;
  /** When the next request would go without any burst: long ago, so that the burst is there from the start. */
  #next = Number.NEGATIVE_INFINITY;

  constructor({ perSecond, burst }: RateLimitOptions) {
    this.#interval = Math.ceil((1_000 * FINE) / perSecond);
    this.#burst = burst;
  }

  /** How long the next request has to wait; it counts as sent then. */
  wait(now: Millis): Millis {
    const at = now * FINE;
    const earliest = Math.max(this.#next, at - (this.#burst - 1) * this.#interval);
    this.#next = earliest + this.#interval;
    return earliest <= at ? 0 : Math.ceil((earliest - at) / FINE);
  }
}
