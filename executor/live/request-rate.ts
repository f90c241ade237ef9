// No more requests a second than agreed, with some in advance: whoever comes too early waits for its turn, in order.
import { setTimeout as sleep } from 'node:timers/promises';

export interface RequestRate {
  readonly perSecond: number;
  /** How many may come at once after a quiet time. */
  readonly burst: number;
}

/** As much as a small API server answers with ease; Karmada's own flags for it are `--cluster-api-qps` and `-burst`. */
export const MEMBER_RATE: RequestRate = { perSecond: 500, burst: 1000 };

export class RequestPace {
  readonly #rate: RequestRate;
  readonly #now: () => number;
  /** When the next request would be on time if none were in advance. */
  #nextAt = Number.NEGATIVE_INFINITY;

  constructor(rate: RequestRate, now: () => number) {
    this.#rate = rate;
    this.#now = now;
  }

  /** How long the next request has to wait; it counts as sent. */
  take(): number {
    const { perSecond, burst } = this.#rate;
    const stepMs = 1000 / perSecond;
    const now = this.#now();
    this.#nextAt = Math.max(this.#nextAt, now - (burst - 1) * stepMs) + stepMs;
    return Math.max(0, this.#nextAt - stepMs - now);
  }

  /** Undefined where there is nothing to wait for, so that nobody waits for a turn of the loop. */
  turn(): Promise<void> | undefined {
    const wait = this.take();
    return wait <= 0 ? undefined : sleep(Math.ceil(wait));
  }
}
