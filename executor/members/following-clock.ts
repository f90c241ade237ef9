// A simulated clock that follows the one on the wall, and wakes nobody while nothing is due.
import { Clock, type Millis, type Timer } from '../../engine/index.ts';

/** The longest that the platform's timers wait. */
const TIMER_MAX_MS = 2 ** 31 - 1;

export class FollowingClock extends Clock {
  readonly #wall: () => Millis;
  #waking: NodeJS.Timeout | null = null;
  #wakesAt: Millis = Number.POSITIVE_INFINITY;

  constructor(wall: () => Millis) {
    super(wall());
    this.#wall = wall;
  }

  override get now(): Millis {
    return this.#wall();
  }

  override at(time: Millis, run: () => void): Timer {
    const timer = super.at(time, run);
    if (time < this.#wakesAt) this.#wakeAt(time);
    return timer;
  }

  stop(): void {
    if (this.#waking !== null) clearTimeout(this.#waking);
    this.#wakesAt = Number.NEGATIVE_INFINITY;
  }

  #wakeAt(time: Millis): void {
    if (this.#waking !== null) clearTimeout(this.#waking);
    this.#wakesAt = time;
    const waitMs = Math.min(TIMER_MAX_MS, Math.max(0, time - this.#wall()));
    this.#waking = setTimeout(() => this.#wake(), waitMs);
  }

  #wake(): void {
    this.#waking = null;
    this.runUntil(this.#wall());
    // Whatever was planned meanwhile was sooner than nothing.
    this.#wakesAt = Number.POSITIVE_INFINITY;
    const next = this.nextAt();
    if (next !== null) this.#wakeAt(next);
  }
}
