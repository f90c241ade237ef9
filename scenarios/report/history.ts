// A value over time, kept as the steps at which it changed.
import type { Steps } from './report-data.ts';

export class History<T> {
  readonly #steps: [number, T][] = [];

  get last(): T | undefined {
    return this.#steps.at(-1)?.[1];
  }

  /** Of several values at one moment the last counts. */
  note(second: number, value: T): void {
    const last = this.#steps.at(-1);
    if (last !== undefined && last[1] === value) return;
    if (last !== undefined && last[0] === second) {
      last[1] = value;
      const before = this.#steps.at(-2);
      if (before !== undefined && before[1] === value) this.#steps.pop();
      return;
    }
    this.#steps.push([second, value]);
  }

  get steps(): Steps<T> {
    return this.#steps;
  }
}
