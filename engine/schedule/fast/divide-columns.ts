// Division over columns: the same shares as assign/, for thousands of candidates at once.
import type { TargetCluster } from '../../api/binding.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import type { NameOrder } from '../assign/apportion.ts';
import type { Failure } from '../decision.ts';
import { tooFewReplicas } from '../reasons.ts';
import { Apportioner } from './apportion-columns.ts';
import type { Candidates, KeySpace } from './candidates.ts';
import type { TargetPacker, Targets } from './targets.ts';
import { selectTop } from './top.ts';
import { TopFew } from './top-few.ts';

export interface DivisionDemand {
  readonly replicas: number;
  readonly previous: readonly TargetCluster[];
  readonly aggregated: boolean;
  readonly fresh: boolean;
  readonly ties: NameOrder;
}

export type Division =
  | { readonly ok: true; readonly targets: Targets }
  | { readonly ok: false; readonly failure: Failure };

/** Prefixes of the roomiest clusters are tried in growing steps before everything is sorted. */
const FIRST_STEP = 128;
const STEP_FACTOR = 16;

export class Divider {
  readonly #fleet: Fleet;
  readonly #packer: TargetPacker;
  readonly #apportioner = new Apportioner();
  readonly #few = new TopFew();
  #runningAt = new Int32Array(0);
  #runningReplicas = new Float64Array(0);
  #running = 0;
  #mergedAt = new Int32Array(0);
  #mergedReplicas = new Float64Array(0);

  constructor(fleet: Fleet, packer: TargetPacker) {
    this.#fleet = fleet;
    this.#packer = packer;
  }

  /** `candidates.weights` hold the static weights; `limited` bounds each share by the room there. */
  byStaticWeights(candidates: Candidates, replicas: number, ties: NameOrder, limited: boolean): Division {
    const { indices, weights, limits, size } = candidates;
    if (limited) {
      for (let at = 0; at < size; at += 1)
        limits[at] = candidates.room[at]! + this.#previousOf(candidates, indices[at]!);
    }
    const ranks = this.#fleet.ranks();
    const parties = { size, indices, weights, limits: limited ? limits : null, ranks, ties };
    const left = this.#apportioner.run(replicas, parties);
    if (left > 0) return { ok: false, failure: tooFewReplicas(replicas - left, replicas) };
    return { ok: true, targets: this.#packShares() };
  }

  /** Dynamic weights and Aggregated. */
  byRoom(candidates: Candidates, demand: DivisionDemand, space: KeySpace): Division {
    this.#findRunning(candidates, demand.previous);
    let assigned = 0;
    for (let at = 0; at < this.#running; at += 1) assigned += this.#runningReplicas[at]!;
    if (demand.fresh) {
      const { room, indices, size } = candidates;
      for (let at = 0; at < size; at += 1) room[at]! += this.#previousOf(candidates, indices[at]!);
      this.#running = 0;
      return this.#divide(candidates, demand.replicas, demand, space, false);
    }
    if (assigned === demand.replicas) return this.#keepRunning();
    if (assigned > demand.replicas) return this.#scaleDown(demand);
    return this.#divide(candidates, demand.replicas - assigned, demand, space, true);
  }

  #previousOf(candidates: Candidates, index: number): number {
    return candidates.isPrevious[index] === 1 ? candidates.previous[index]! : 0;
  }

  /** What runs on selected clusters, by rising index. */
  #findRunning(candidates: Candidates, previous: readonly TargetCluster[]): void {
    this.#running = 0;
    if (previous.length === 0) return;
    if (this.#runningAt.length < previous.length) {
      this.#runningAt = new Int32Array(previous.length * 2);
      this.#runningReplicas = new Float64Array(previous.length * 2);
    }
    const { indices, size, isPrevious } = candidates;
    for (let at = 0; at < size; at += 1) {
      const index = indices[at]!;
      if (isPrevious[index] !== 1) continue;
      this.#runningAt[this.#running] = index;
      this.#runningReplicas[this.#running] = candidates.previous[index]!;
      this.#running += 1;
    }
  }

  #keepRunning(): Division {
    return { ok: true, targets: this.#packer.pack(this.#runningAt, this.#runningReplicas, this.#running) };
  }

  /** The previous replicas are the weights, and their order in the previous decision breaks ties. */
  #scaleDown(demand: DivisionDemand): Division {
    const chosen = demand.aggregated ? this.#shortestRunning(demand) : null;
    let size = 0;
    for (let at = 0; at < this.#running; at += 1) {
      const index = this.#runningAt[at]!;
      if (chosen !== null && !chosen.has(index)) continue;
      this.#runningAt[size] = index;
      this.#runningReplicas[size] = this.#runningReplicas[at]!;
      size += 1;
    }
    this.#running = 0;
    return this.#share(size, this.#runningAt, this.#runningReplicas, demand.replicas, demand.ties);
  }

  #shortestRunning({ previous, replicas }: DivisionDemand): Set<number> {
    const running = new Set(this.#runningAt.subarray(0, this.#running));
    const ranked = previous
      .map((target) => ({ index: this.#fleet.indexOf(target.name) ?? -1, replicas: target.replicas ?? 0 }))
      .filter(({ index }) => running.has(index))
      .sort((a, b) => b.replicas - a.replicas);
    const chosen = new Set<number>();
    let sum = 0;
    for (const target of ranked) {
      if (sum >= replicas) break;
      chosen.add(target.index);
      sum += target.replicas;
    }
    return chosen;
  }

  #divide(candidates: Candidates, wanted: number, demand: DivisionDemand, space: KeySpace, steady: boolean): Division {
    const { room, size } = candidates;
    let available = 0;
    for (let at = 0; at < size; at += 1) available += room[at]!;
    if (available < wanted) return { ok: false, failure: tooFewReplicas(available, wanted) };
    if (demand.aggregated) this.#keepShortest(candidates, wanted, space, steady);
    return this.#share(candidates.size, candidates.indices, room, wanted, demand.ties);
  }

  /** Clusters that run replicas first, then the roomiest, until they reach what is wanted. */
  #keepShortest(candidates: Candidates, wanted: number, space: KeySpace, steady: boolean): void {
    const ranks = this.#fleet.ranks();
    const { indices, room, keys, isPrevious, order, isOrdered, size } = candidates;
    // Equal room keeps the order of the selection; unless told otherwise, previous clusters come first there, then names.
    const step = space.span * 2;
    for (let at = 0; at < size; at += 1) {
      const index = indices[at]!;
      const late = isOrdered ? order[at]! : (isPrevious[index] === 1 ? 0 : space.span) + ranks[index]!;
      keys[at] = room[at]! * step + (step - 1 - late);
    }
    let left = wanted;
    if (steady && this.#running > 0) left = this.#takeOccupied(candidates, wanted, ranks);
    if (left <= 0) {
      candidates.keepFrom(Number.POSITIVE_INFINITY);
      return;
    }
    const few = this.#few;
    few.clear();
    for (let at = 0; at < size; at += 1) if (keys[at]! < Number.POSITIVE_INFINITY) few.offer(keys[at]!);
    for (let place = 0; place < few.count; place += 1) {
      left -= Math.floor(few.at(place) / step);
      if (left <= 0) {
        candidates.keepFrom(few.at(place));
        return;
      }
    }
    this.#keepShortestOfMany(candidates, left, step);
  }

  /** The same where a few are not enough: prefixes in growing steps, each sorted. */
  #keepShortestOfMany(candidates: Candidates, leftAfterFew: number, step: number): void {
    const { keys, scratch, size } = candidates;
    let wanted = leftAfterFew;
    for (let place = 0; place < this.#few.count; place += 1) wanted += Math.floor(this.#few.at(place) / step);
    let open = 0;
    for (let at = 0; at < size; at += 1) if (keys[at]! < Number.POSITIVE_INFINITY) scratch[open++] = keys[at]!;
    for (let tried = FIRST_STEP; ; tried *= STEP_FACTOR) {
      const count = Math.min(tried, open);
      if (count < open) selectTop(scratch, open, count);
      const top = scratch.slice(0, count).sort();
      let sum = 0;
      for (let at = count - 1; at >= 0; at -= 1) {
        sum += Math.floor(top[at]! / step);
        if (sum >= wanted) {
          candidates.keepFrom(top[at]!);
          return;
        }
      }
      if (count === open) return;
    }
  }

  /** Gives occupied clusters the key that always stays, until they reach what is wanted; the others of them go last. */
  #takeOccupied(candidates: Candidates, wanted: number, ranks: Int32Array): number {
    const { indices, room, keys, isPrevious, previous, order, isOrdered, size } = candidates;
    const occupied: number[] = [];
    for (let at = 0; at < size; at += 1) {
      const index = indices[at]!;
      if (isPrevious[index] === 1 && previous[index]! > 0) occupied.push(at);
    }
    occupied.sort(
      (a, b) =>
        room[b]! - room[a]! ||
        (isOrdered ? order[a]! - order[b]! : 0) ||
        previous[indices[b]!]! - previous[indices[a]!]! ||
        ranks[indices[a]!]! - ranks[indices[b]!]!,
    );
    let left = wanted;
    for (const at of occupied) {
      if (left <= 0) break;
      left -= room[at]!;
      keys[at] = Number.POSITIVE_INFINITY;
    }
    return left;
  }

  #share(size: number, indices: Int32Array, weights: Float64Array, wanted: number, ties: NameOrder): Division {
    this.#apportioner.run(wanted, { size, indices, weights, limits: null, ranks: this.#fleet.ranks(), ties });
    return { ok: true, targets: this.#running === 0 ? this.#packShares() : this.#mergeWithRunning() };
  }

  #packShares(): Targets {
    const { indices, seats, size } = this.#apportioner;
    return this.#packer.pack(indices, seats, size);
  }

  #mergeWithRunning(): Targets {
    const { indices, seats, size: kept } = this.#apportioner;
    const total = kept + this.#running;
    if (this.#mergedAt.length < total) {
      this.#mergedAt = new Int32Array(total * 2);
      this.#mergedReplicas = new Float64Array(total * 2);
    }
    let size = 0;
    let one = 0;
    let other = 0;
    while (one < kept || other < this.#running) {
      const index = one < kept ? indices[one]! : Number.POSITIVE_INFINITY;
      const running = other < this.#running ? this.#runningAt[other]! : Number.POSITIVE_INFINITY;
      const next = Math.min(index, running);
      this.#mergedAt[size] = next;
      this.#mergedReplicas[size] =
        (index === next ? seats[one++]! : 0) + (running === next ? this.#runningReplicas[other++]! : 0);
      size += 1;
    }
    return this.#packer.pack(this.#mergedAt, this.#mergedReplicas, size);
  }
}
