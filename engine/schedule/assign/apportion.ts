// Webster's apportionment: seats to parties by their weights, in time that does not grow with the seats.
//
// Each next seat goes to the greatest weight / (2 * seats + 1), in double precision as Karmada computes it; ties go to
// fewer seats, then by name. Every quotient at or above a suitable threshold is certain to win, so all those seats are
// given at once; fewer seats than parties are then left for the queue.
import { assert } from '../../base/assert.ts';

export interface Party {
  readonly name: string;
  readonly weight: number;
  /** The most seats it can take; unlimited where absent. */
  readonly seatsMax?: number;
}

export type NameOrder = 'ascending' | 'descending';

/** The seats of each party, in the order of the parties. They add up to `seats` unless every party is full. */
export function apportion(seats: number, parties: readonly Party[], ties: NameOrder = 'ascending'): number[] {
  assert(Number.isSafeInteger(seats) && seats >= 0, `a whole number of seats, not ${seats}`);
  const anyWeight = parties.some(({ weight }) => weight > 0);
  const weights = parties.map(({ weight }) => (anyWeight ? Math.max(weight, 0) : 1));
  const limits = parties.map(({ seatsMax = seats }, at) => (weights[at] === 0 ? 0 : seatsMax));
  const given = certainSeats(seats, weights, limits);
  const left = seats - given.reduce((sum, count) => sum + count, 0);
  handOut(left, given, weights, limits, nameRanks(parties, ties));
  return given;
}

export const quotient = (weight: number, seats: number): number => weight / (2 * seats + 1);

/** Seats that each party has for sure: those whose quotients reach a threshold that at most `seats` can reach. */
function certainSeats(seats: number, weights: readonly number[], limits: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const spare = 2 * seats - weights.length;
  if (spare <= 0 || total <= 0) return weights.map(() => 0);
  const threshold = total / spare;
  const given = weights.map((weight, at) => {
    let count = Math.max(0, Math.floor((weight / threshold + 1) / 2));
    while (quotient(weight, count) >= threshold) count += 1;
    while (count > 0 && quotient(weight, count - 1) < threshold) count -= 1;
    return Math.min(count, limits[at]!);
  });
  const sum = given.reduce((all, count) => all + count, 0);
  // Rounding of the threshold itself could let one seat too many through.
  return sum <= seats ? given : certainSeats(seats - (sum - seats) - 1, weights, limits);
}

function nameRanks(parties: readonly Party[], ties: NameOrder): number[] {
  const sign = ties === 'ascending' ? 1 : -1;
  const order = parties.map((_, at) => at);
  order.sort((a, b) => {
    const [one, other] = [parties[a]!.name, parties[b]!.name];
    return one < other ? -sign : one > other ? sign : a - b;
  });
  const ranks = new Array<number>(parties.length);
  order.forEach((party, rank) => {
    ranks[party] = rank;
  });
  return ranks;
}

function handOut(
  seats: number,
  given: number[],
  weights: readonly number[],
  limits: readonly number[],
  ranks: readonly number[],
): void {
  if (seats <= 0) return;
  const wins = (a: number, b: number): boolean => {
    const difference = quotient(weights[a]!, given[a]!) - quotient(weights[b]!, given[b]!);
    if (difference !== 0) return difference > 0;
    return given[a] !== given[b] ? given[a]! < given[b]! : ranks[a]! < ranks[b]!;
  };
  const heap = weights.map((_, at) => at).filter((at) => given[at]! < limits[at]!);
  const sink = (from: number): void => {
    let at = from;
    const party = heap[at]!;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && wins(heap[child + 1]!, heap[child]!)) child += 1;
      if (!wins(heap[child]!, party)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = party;
  };
  for (let at = (heap.length >> 1) - 1; at >= 0; at -= 1) sink(at);
  for (let left = seats; left > 0 && heap.length > 0; left -= 1) {
    const party = heap[0]!;
    given[party]! += 1;
    if (given[party]! >= limits[party]!) {
      const last = heap.pop()!;
      if (heap.length === 0) break;
      if (last !== party) heap[0] = last;
    }
    sink(0);
  }
}
