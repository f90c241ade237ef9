// What a store's revision was a while ago: no replica of an API that answers at all is further behind than that.
import type { Millis } from '../kube/time.ts';
import type { ObjectStore } from '../store/store.ts';
import type { Clock } from './clock.ts';

const LAG_MAX_MS: Millis = 60_000;

/** One mark in so long is exact enough. */
const BETWEEN_MARKS_MS: Millis = 1_000;

export class Recently {
  readonly #clock: Clock;
  /** Revisions before changes, the oldest first; the first is from before the time that counts. */
  readonly #marks: { readonly at: Millis; readonly revision: number }[] = [];
  #latest = 0;

  constructor(store: ObjectStore, clock: Clock) {
    this.#clock = clock;
    store.onChange(({ revision }) => this.#note(revision));
  }

  revision(): number {
    const since = this.#clock.now - LAG_MAX_MS;
    const first = this.#marks.find(({ at }) => at > since);
    return first === undefined ? this.#latest : first.revision - 1;
  }

  #note(revision: number): void {
    this.#latest = revision;
    const last = this.#marks.at(-1);
    if (last !== undefined && last.at + BETWEEN_MARKS_MS > this.#clock.now) return;
    this.#marks.push({ at: this.#clock.now, revision });
    while (this.#marks.length > 0 && this.#marks[0]!.at <= this.#clock.now - LAG_MAX_MS) this.#marks.shift();
  }
}
