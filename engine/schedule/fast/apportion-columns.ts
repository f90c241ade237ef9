// Webster's apportionment over columns: the same seats as assign/apportion.ts, for many parties and in few passes.
//
// A party without one of the `seats` greatest weights cannot win a seat, because that many first quotients stand
// before its own. Among the rest a falling threshold hands out certain seats, and a short queue the last few.
import { quotient } from '../assign/apportion.ts';
import { selectTop } from './top.ts';

const REFINEMENTS_MAX = 6;
const CLOSE_ENOUGH = 8;

export class Apportioner {
  #keys = new Float64Array(0);
  #heap = new Int32Array(0);

  /**
   * Leaves in the first places of `parties`, `weights`, `ties` and `limits` those that can win, in their old order,
   * writes their seats to `seatsOf` and returns how many they are. Lower `ties` win; `limits` may be null.
   */
  run(
    seats: number,
    size: number,
    parties: Int32Array,
    weights: Float64Array,
    ties: Int32Array,
    limits: Float64Array | null,
    seatsOf: Float64Array,
  ): number {
    const kept = this.#keepContenders(seats, size, parties, weights, ties, limits);
    let total = 0;
    for (let at = 0; at < kept; at += 1) total += weights[at]!;
    let left = seats - certainSeats(seats, kept, weights, limits, total, seatsOf);
    if (left > CLOSE_ENOUGH) left = this.#queue(left, kept, weights, ties, limits, seatsOf);
    while (left > 0) {
      const winner = best(kept, weights, ties, limits, seatsOf);
      if (winner < 0) break;
      seatsOf[winner]! += 1;
      left -= 1;
    }
    return kept;
  }

  #keepContenders(
    seats: number,
    size: number,
    parties: Int32Array,
    weights: Float64Array,
    ties: Int32Array,
    limits: Float64Array | null,
  ): number {
    let able = 0;
    for (let at = 0; at < size; at += 1) {
      if (weights[at]! <= 0 || (limits !== null && limits[at]! <= 0)) continue;
      move(at, able++, parties, weights, ties, limits);
    }
    if (able <= seats) return able;
    if (this.#keys.length < able) this.#keys = new Float64Array(able * 2);
    const keys = this.#keys;
    for (let at = 0; at < able; at += 1) keys[at] = weights[at]!;
    const least = selectTop(keys, able, seats);
    let certain = 0;
    for (let at = 0; at < able; at += 1) if (weights[at]! > least) certain += 1;
    const lastTie = this.#lastTie(seats - certain, able, weights, ties, least);
    let kept = 0;
    for (let at = 0; at < able; at += 1) {
      const weight = weights[at]!;
      if (weight > least || (weight === least && ties[at]! <= lastTie))
        move(at, kept++, parties, weights, ties, limits);
    }
    return kept;
  }

  /** Of the parties with exactly the least weight only the first few by name come in: the tie of the last of them. */
  #lastTie(count: number, size: number, weights: Float64Array, ties: Int32Array, least: number): number {
    const keys = this.#keys;
    let tied = 0;
    for (let at = 0; at < size; at += 1) if (weights[at] === least) keys[tied++] = -ties[at]!;
    return tied <= count ? Number.POSITIVE_INFINITY : -selectTop(keys, tied, count);
  }

  #queue(
    seats: number,
    size: number,
    weights: Float64Array,
    ties: Int32Array,
    limits: Float64Array | null,
    seatsOf: Float64Array,
  ): number {
    if (this.#heap.length < size) this.#heap = new Int32Array(size * 2);
    const heap = this.#heap;
    let length = 0;
    for (let at = 0; at < size; at += 1) if (limits === null || seatsOf[at]! < limits[at]!) heap[length++] = at;
    const sink = (from: number): void => {
      const party = heap[from]!;
      let at = from;
      for (;;) {
        let child = 2 * at + 1;
        if (child >= length) break;
        if (child + 1 < length && wins(heap[child + 1]!, heap[child]!, weights, ties, seatsOf)) child += 1;
        if (!wins(heap[child]!, party, weights, ties, seatsOf)) break;
        heap[at] = heap[child]!;
        at = child;
      }
      heap[at] = party;
    };
    for (let at = (length >> 1) - 1; at >= 0; at -= 1) sink(at);
    let left = seats;
    for (; left > 0 && length > 0; left -= 1) {
      const party = heap[0]!;
      seatsOf[party]! += 1;
      if (limits !== null && seatsOf[party]! >= limits[party]!) {
        length -= 1;
        heap[0] = heap[length]!;
      }
      if (length > 0) sink(0);
    }
    return left;
  }
}

function move(
  from: number,
  to: number,
  parties: Int32Array,
  weights: Float64Array,
  ties: Int32Array,
  limits: Float64Array | null,
): void {
  if (from === to) return;
  parties[to] = parties[from]!;
  weights[to] = weights[from]!;
  ties[to] = ties[from]!;
  if (limits !== null) limits[to] = limits[from]!;
}

function wins(a: number, b: number, weights: Float64Array, ties: Int32Array, seatsOf: Float64Array): boolean {
  const one = quotient(weights[a]!, seatsOf[a]!);
  const other = quotient(weights[b]!, seatsOf[b]!);
  if (one !== other) return one > other;
  return seatsOf[a] !== seatsOf[b] ? seatsOf[a]! < seatsOf[b]! : ties[a]! < ties[b]!;
}

function best(
  size: number,
  weights: Float64Array,
  ties: Int32Array,
  limits: Float64Array | null,
  seatsOf: Float64Array,
): number {
  let winner = -1;
  for (let at = 0; at < size; at += 1) {
    if (limits !== null && seatsOf[at]! >= limits[at]!) continue;
    if (winner < 0 || wins(at, winner, weights, ties, seatsOf)) winner = at;
  }
  return winner;
}

/** Lowers the threshold while at most `seats` quotients reach it; writes those seats and returns their sum. */
function certainSeats(
  seats: number,
  size: number,
  weights: Float64Array,
  limits: Float64Array | null,
  total: number,
  seatsOf: Float64Array,
): number {
  const spare = 2 * seats - size;
  seatsOf.fill(0, 0, size);
  if (spare <= 0 || total <= 0) return 0;
  let threshold = (total / spare) * (1 + Number.EPSILON * 4);
  let reached = seatsReaching(threshold, size, weights, limits, seatsOf);
  if (reached > seats) {
    seatsOf.fill(0, 0, size);
    return 0;
  }
  let tooLow = 0;
  for (let pass = 0; pass < REFINEMENTS_MAX && seats - reached > CLOSE_ENOUGH; pass += 1) {
    // Seats grow about as total / (2 * threshold); the offset seen so far corrects the guess.
    const guess = total / (2 * (seats - reached) + total / threshold);
    const next = guess > tooLow && guess < threshold ? guess : (threshold + tooLow) / 2;
    const count = countReaching(next, size, weights, limits);
    if (count > seats) {
      tooLow = next;
      continue;
    }
    threshold = next;
    reached = count;
  }
  return seatsReaching(threshold, size, weights, limits, seatsOf);
}

function reach(threshold: number, weight: number): number {
  let count = Math.floor((weight / threshold + 1) / 2);
  while (quotient(weight, count) >= threshold) count += 1;
  while (count > 0 && quotient(weight, count - 1) < threshold) count -= 1;
  return count;
}

function countReaching(threshold: number, size: number, weights: Float64Array, limits: Float64Array | null): number {
  let sum = 0;
  for (let at = 0; at < size; at += 1) {
    const count = reach(threshold, weights[at]!);
    sum += limits !== null && count > limits[at]! ? limits[at]! : count;
  }
  return sum;
}

function seatsReaching(
  threshold: number,
  size: number,
  weights: Float64Array,
  limits: Float64Array | null,
  seatsOf: Float64Array,
): number {
  let sum = 0;
  for (let at = 0; at < size; at += 1) {
    const count = reach(threshold, weights[at]!);
    const given = limits !== null && count > limits[at]! ? limits[at]! : count;
    seatsOf[at] = given;
    sum += given;
  }
  return sum;
}
