// Webster's apportionment over columns: the same seats as assign/apportion.ts, for many parties and in few passes.
//
// A party without one of the `seats` greatest weights cannot win a seat, because that many first quotients stand
// before its own. Among the rest a falling threshold hands out certain seats, and a short queue the last few.
import { powerOfTwoFrom } from '../../base/power-of-two.ts';
import { type NameOrder, quotient } from '../assign/apportion.ts';
import { greatest, TopScratch } from './top.ts';

const REFINEMENTS_MAX = 6;
const CLOSE_ENOUGH = 8;
/** Weights up to here and a rank fit one exact number together. */
const WEIGHT_MAX = 2 ** 31;

export interface Parties {
  readonly size: number;
  /** Fleet indices in rising order. */
  readonly indices: Int32Array;
  readonly weights: Float64Array;
  /** The most seats of each party; null where nothing limits them. */
  readonly limits: Float64Array | null;
  /** By fleet index: the place among the names; of equal parties the lower (or the higher) wins. */
  readonly ranks: Int32Array;
  readonly ties: NameOrder;
}

export class Apportioner {
  /** The outcome: who can have seats, by rising index, and how many each has. */
  indices = new Int32Array(0);
  seats = new Float64Array(0);
  size = 0;
  #weights = new Float64Array(0);
  #limits = new Float64Array(0);
  #ties = new Int32Array(0);
  #keys = new Float64Array(0);
  #heap = new Int32Array(0);
  #limited = false;
  readonly #top = new TopScratch();

  /** Returns how many seats found nobody who may take them. */
  run(seats: number, parties: Parties): number {
    this.#fit(parties.size);
    this.#limited = parties.limits !== null;
    this.#admit(seats, parties);
    let left = seats - this.#giveCertain(seats);
    if (left > CLOSE_ENOUGH) left = this.#queue(left);
    while (left > 0) {
      const winner = this.#best();
      if (winner < 0) break;
      this.seats[winner]! += 1;
      left -= 1;
    }
    return left;
  }

  #fit(size: number): void {
    if (this.indices.length >= size) return;
    const length = size * 2;
    this.indices = new Int32Array(length);
    this.seats = new Float64Array(length);
    this.#weights = new Float64Array(length);
    this.#limits = new Float64Array(length);
    this.#ties = new Int32Array(length);
    this.#keys = new Float64Array(length);
    this.#heap = new Int32Array(length);
  }

  /** Lets in only the parties that can win. */
  #admit(seats: number, parties: Parties): void {
    const { indices, weights, limits, ranks, size, ties } = parties;
    const keys = this.#keys;
    const span = powerOfTwoFrom(ranks.length);
    const [sign, offset] = ties === 'ascending' ? [-1, span - 1] : [1, 0];
    let able = 0;
    let heaviest = 0;
    for (let at = 0; at < size; at += 1) {
      const weight = weights[at]!;
      const key =
        weight <= 0 || (limits !== null && limits[at]! <= 0)
          ? -1
          : weight * span + offset + sign * ranks[indices[at]!]!;
      keys[at] = key;
      if (key < 0) continue;
      able += 1;
      if (weight > heaviest) heaviest = weight;
    }
    // With seats for half of them anyway, leaving some out costs more than it saves.
    const bound = able > 2 * seats && heaviest < WEIGHT_MAX ? this.#leastKey(size, seats) : 0;
    this.size = 0;
    for (let at = 0; at < size; at += 1) {
      if (keys[at]! < bound) continue;
      this.indices[this.size] = indices[at]!;
      this.#weights[this.size] = weights[at]!;
      this.#ties[this.size] = ties === 'ascending' ? ranks[indices[at]!]! : -ranks[indices[at]!]!;
      if (limits !== null) this.#limits[this.size] = limits[at]!;
      this.size += 1;
    }
  }

  #leastKey(size: number, count: number): number {
    return greatest(this.#keys, size, count, this.#top);
  }

  /** Lowers the threshold while at most `seats` quotients reach it; gives out those seats and returns their sum. */
  #giveCertain(seats: number): number {
    const { size } = this;
    this.seats.fill(0, 0, size);
    let total = 0;
    for (let at = 0; at < size; at += 1) total += this.#weights[at]!;
    const spare = 2 * seats - size;
    if (spare <= 0 || total <= 0) return 0;
    const first = (total / spare) * (1 + Number.EPSILON * 4);
    let threshold = first;
    let reached = this.#countAbout(first);
    let tooLow = 0;
    for (let pass = 0; pass < REFINEMENTS_MAX && seats - reached > CLOSE_ENOUGH; pass += 1) {
      // Seats grow about as total / (2 * threshold); the offset seen so far corrects the guess.
      const guess = total / (2 * (seats - reached) + total / threshold);
      const next = guess > tooLow && guess < threshold ? guess : (threshold + tooLow) / 2;
      const count = this.#countAbout(next);
      if (count > seats) {
        tooLow = next;
        continue;
      }
      threshold = next;
      reached = count;
    }
    return this.#give(threshold, seats) ?? this.#give(first, seats) ?? 0;
  }

  /** Null, and nobody has a seat, where the threshold lets in more than there are. */
  #give(threshold: number, seats: number): number | null {
    let sum = 0;
    for (let at = 0; at < this.size; at += 1) {
      const count = this.#reach(threshold, at);
      this.seats[at] = count;
      sum += count;
    }
    if (sum <= seats) return sum;
    this.seats.fill(0, 0, this.size);
    return null;
  }

  /** Within rounding: good enough to steer the search, which ends with an exact count. */
  #countAbout(threshold: number): number {
    const weights = this.#weights;
    const scale = 0.5 / threshold;
    let sum = 0;
    for (let at = 0; at < this.size; at += 1) {
      const count = Math.floor(weights[at]! * scale + 0.5);
      sum += this.#limited && count > this.#limits[at]! ? this.#limits[at]! : count;
    }
    return sum;
  }

  /** Seats of a party whose quotients are no smaller than the threshold. */
  #reach(threshold: number, at: number): number {
    const weight = this.#weights[at]!;
    let count = Math.floor((weight / threshold + 1) / 2);
    while (quotient(weight, count) >= threshold) count += 1;
    while (count > 0 && quotient(weight, count - 1) < threshold) count -= 1;
    return this.#limited && count > this.#limits[at]! ? this.#limits[at]! : count;
  }

  #wins(a: number, b: number): boolean {
    const one = quotient(this.#weights[a]!, this.seats[a]!);
    const other = quotient(this.#weights[b]!, this.seats[b]!);
    if (one !== other) return one > other;
    return this.seats[a] !== this.seats[b] ? this.seats[a]! < this.seats[b]! : this.#ties[a]! < this.#ties[b]!;
  }

  #isFull(at: number): boolean {
    return this.#limited && this.seats[at]! >= this.#limits[at]!;
  }

  #best(): number {
    let winner = -1;
    for (let at = 0; at < this.size; at += 1) {
      if (!this.#isFull(at) && (winner < 0 || this.#wins(at, winner))) winner = at;
    }
    return winner;
  }

  /** Hands out seats one by one from a heap; returns those that nobody could take. */
  #queue(seats: number): number {
    const heap = this.#heap;
    let length = 0;
    for (let at = 0; at < this.size; at += 1) if (!this.#isFull(at)) heap[length++] = at;
    for (let at = (length >> 1) - 1; at >= 0; at -= 1) this.#sink(at, length);
    let left = seats;
    for (; left > 0 && length > 0; left -= 1) {
      const party = heap[0]!;
      this.seats[party]! += 1;
      if (this.#isFull(party)) heap[0] = heap[--length]!;
      if (length > 0) this.#sink(0, length);
    }
    return left;
  }

  #sink(from: number, length: number): void {
    const heap = this.#heap;
    const party = heap[from]!;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= length) break;
      if (child + 1 < length && this.#wins(heap[child + 1]!, heap[child]!)) child += 1;
      if (!this.#wins(heap[child]!, party)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = party;
  }
}
