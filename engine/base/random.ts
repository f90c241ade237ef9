// Seeded randomness as a value. Each named stream is independent: a draw added to one never shifts another.
// The interface is integers only; a probability is a ratio, so that no rounding differs between machines.
import { assert } from './assert.ts';

export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;
  readonly #seed: string;

  constructor(seed: string) {
    this.#seed = seed;
    const next = hashWords(seed);
    this.#a = next();
    this.#b = next();
    this.#c = next();
    this.#d = next() | 1;
    for (let warm = 0; warm < 12; warm += 1) this.uint32();
  }

  /** A stream of its own for each source of randomness. */
  stream(name: string): Random {
    return new Random(`${this.#seed}/${name}`);
  }

  /** sfc32: 128 bits of state, passes the usual batteries, and needs only 32-bit integer arithmetic. */
  uint32(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#d) | 0;
    this.#d = (this.#d + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    this.#c |= 0;
    return sum >>> 0;
  }

  /** A whole number from `min` to `max`, both included, without modulo bias. */
  integer(min: number, max: number): number {
    assert(
      Number.isSafeInteger(min) && Number.isSafeInteger(max) && min <= max,
      `a range [${min}, ${max}] to draw from`,
    );
    const span = max - min + 1;
    if (span > 0x1_0000_0000) {
      const high = this.integer(0, Math.floor((span - 1) / 0x1_0000_0000));
      const drawn = high * 0x1_0000_0000 + this.uint32();
      return drawn < span ? min + drawn : this.integer(min, max);
    }
    const fair = 0x1_0000_0000 - (0x1_0000_0000 % span);
    let drawn = this.uint32();
    while (drawn >= fair) drawn = this.uint32();
    return min + (drawn % span);
  }

  /** True `part` times out of `whole`. */
  chance(part: number, whole: number): boolean {
    return this.integer(1, whole) <= part;
  }

  pick<T>(items: readonly T[]): T {
    assert(items.length > 0, 'something to pick from');
    return items[this.integer(0, items.length - 1)]!;
  }

  shuffled<T>(items: readonly T[]): T[] {
    const copy = [...items];
    for (let last = copy.length - 1; last > 0; last -= 1) {
      const other = this.integer(0, last);
      [copy[last], copy[other]] = [copy[other]!, copy[last]!];
    }
    return copy;
  }
}

/** xmur3: spreads a text over as many 32-bit words as are asked for. */
function hashWords(text: string): () => number {
  let hash = 1779033703 ^ text.length;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 3432918353);
    hash = (hash << 13) | (hash >>> 19);
  }
  return () => {
    hash = Math.imul(hash ^ (hash >>> 16), 2246822507);
    hash = Math.imul(hash ^ (hash >>> 13), 3266489909);
    hash ^= hash >>> 16;
    return hash | 0;
  };
}
