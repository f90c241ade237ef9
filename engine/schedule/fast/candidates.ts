// The candidates of one decision as parallel columns, in scratch memory that decisions share one after the other.
import type { Fleet } from '../../fleet/fleet.ts';

export class Candidates {
  indices = new Int32Array(0);
  /** Room beside what the workload already runs there. */
  room = new Float64Array(0);
  size = 0;
  /** Greater keys come first in candidate order: score, then room with what runs there, then name. */
  keys = new Float64Array(0);
  ties = new Int32Array(0);
  /** The place in the selection, where `isOrdered` says that it differs from candidate order. */
  order = new Int32Array(0);
  isOrdered = false;
  weights = new Float64Array(0);
  limits = new Float64Array(0);
  seats = new Float64Array(0);
  scratch = new Float64Array(0);
  /** By fleet index: replicas of the previous decision, and whether there was one. */
  previous = new Float64Array(0);
  isPrevious = new Uint8Array(0);

  fit(slots: number): void {
    if (this.indices.length >= slots) return;
    const length = Math.max(slots, this.indices.length * 2, 64);
    this.indices = new Int32Array(length);
    this.room = new Float64Array(length);
    this.keys = new Float64Array(length);
    this.ties = new Int32Array(length);
    this.order = new Int32Array(length);
    this.weights = new Float64Array(length);
    this.limits = new Float64Array(length);
    this.seats = new Float64Array(length);
    this.scratch = new Float64Array(length);
    this.previous = new Float64Array(length);
    this.isPrevious = new Uint8Array(length);
  }

  /** Keeps only the candidates whose key reaches the threshold. */
  keepFrom(threshold: number): void {
    let kept = 0;
    for (let at = 0; at < this.size; at += 1) {
      if (this.keys[at]! < threshold) continue;
      this.indices[kept] = this.indices[at]!;
      this.room[kept] = this.room[at]!;
      this.keys[kept] = this.keys[at]!;
      this.order[kept] = this.order[at]!;
      kept += 1;
    }
    this.size = kept;
  }

  /** Keeps the candidates with these keys, which come in the order of the selection. */
  keepSelected(selected: readonly number[] | Float64Array): void {
    const places = new Map<number, number>();
    for (let place = 0; place < selected.length; place += 1) places.set(selected[place]!, place);
    let kept = 0;
    for (let at = 0; at < this.size; at += 1) {
      const place = places.get(this.keys[at]!);
      if (place === undefined) continue;
      this.indices[kept] = this.indices[at]!;
      this.room[kept] = this.room[at]!;
      this.order[kept] = place;
      kept += 1;
    }
    this.size = kept;
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
    this.span = 2 ** Math.ceil(Math.log2(Math.max(fleet.slots, 2)));
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
