// The candidates of one decision as parallel columns, in scratch memory that decisions share one after the other.
import { powerOfTwoFrom } from '../../base/power-of-two.ts';
import type { Fleet } from '../../fleet/fleet.ts';

export class Candidates {
  /** May belong to somebody else: only the keep methods replace it. */
  indices: Int32Array = new Int32Array(0);
  /** Room beside what the workload already runs there. */
  room = new Float64Array(0);
  size = 0;
  /** Greater keys come first in candidate order: score, then room with what runs there, then name. */
  keys = new Float64Array(0);
  /** The place in the selection, where `isOrdered` says that it differs from candidate order. */
  order = new Int32Array(0);
  isOrdered = false;
  weights = new Float64Array(0);
  limits = new Float64Array(0);
  scratch = new Float64Array(0);
  /** By fleet index: replicas of the previous decision, and whether there was one. */
  previous = new Float64Array(0);
  isPrevious = new Uint8Array(0);
  #own = new Int32Array(0);

  fit(slots: number): void {
    if (this.#own.length >= slots) return;
    const length = Math.max(slots, this.#own.length * 2, 64);
    this.#own = new Int32Array(length);
    this.room = new Float64Array(length);
    this.keys = new Float64Array(length);
    this.order = new Int32Array(length);
    this.weights = new Float64Array(length);
    this.limits = new Float64Array(length);
    this.scratch = new Float64Array(length);
    this.previous = new Float64Array(length);
    this.isPrevious = new Uint8Array(length);
  }

  share(indices: Int32Array): void {
    this.indices = indices;
    this.size = indices.length;
    this.isOrdered = false;
  }

  /** The open clusters and these others, which may not be open, less the evicting ones; in rising order. */
  merge(open: Int32Array, others: readonly number[], evicting: ReadonlySet<number>): void {
    const own = this.#own;
    let size = 0;
    let next = 0;
    for (let at = 0; at <= open.length; at += 1) {
      const index = at < open.length ? open[at]! : Number.POSITIVE_INFINITY;
      while (next < others.length && others[next]! < index) own[size++] = others[next++]!;
      if (at < open.length) own[size++] = index;
    }
    if (evicting.size > 0) {
      let kept = 0;
      for (let at = 0; at < size; at += 1) if (!evicting.has(own[at]!)) own[kept++] = own[at]!;
      size = kept;
    }
    this.indices = own;
    this.size = size;
    this.isOrdered = false;
  }

  /** Keeps only the candidates whose key reaches the threshold. */
  keepFrom(threshold: number): void {
    const { indices, room, keys, order } = this;
    const own = this.#own;
    let kept = 0;
    for (let at = 0; at < this.size; at += 1) {
      if (keys[at]! < threshold) continue;
      own[kept] = indices[at]!;
      room[kept] = room[at]!;
      keys[kept] = keys[at]!;
      order[kept] = order[at]!;
      kept += 1;
    }
    this.indices = own;
    this.size = kept;
  }

  /** Keeps the candidates with these keys, which come in the order of the selection. */
  keepSelected(selected: readonly number[] | Float64Array, fleet: Fleet, space: KeySpace): void {
    const indexByRank = fleet.indexByRank();
    const places = Array.from(selected, (key, place) => ({ key, place, index: indexByRank[space.rank(key)]! }));
    places.sort((a, b) => a.index - b.index);
    for (let at = 0; at < places.length; at += 1) {
      const { key, place, index } = places[at]!;
      this.#own[at] = index;
      this.room[at] = space.available(key) - (this.isPrevious[index] === 1 ? this.previous[index]! : 0);
      this.order[at] = place;
    }
    this.indices = this.#own;
    this.size = places.length;
    this.isOrdered = true;
  }
}

/**
 * Keys are exact numbers below 2^53: a place for the name's rank, above it up to 2^32 replicas, above that the score.
 * Two clusters never have the same key, so that no further comparison is needed.
 */
export class KeySpace {
  /** One more than the greatest rank, as a power of two. */
  readonly span: number;
  readonly scored: number;

  constructor(fleet: Fleet) {
    this.span = powerOfTwoFrom(fleet.slots);
    this.scored = this.span * 2 ** 33;
  }

  candidateKey(isPrevious: boolean, available: number, rank: number): number {
    return (isPrevious ? this.scored : 0) + available * this.span + (this.span - 1 - rank);
  }

  available(key: number): number {
    return Math.floor((key >= this.scored ? key - this.scored : key) / this.span);
  }

  score(key: number): number {
    return key >= this.scored ? 100 : 0;
  }

  rank(key: number): number {
    return this.span - 1 - (key % this.span);
  }
}
