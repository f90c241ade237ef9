// Finds the best set of units that satisfies every constraint at once, by branch and bound.
//
// Better means, in this order: more score, more clusters, earlier overflow tiers, more room, and then the set that was
// met first when earlier units are taken rather than left. Each is a sum over the set, so that what the units to come
// could add at most bounds a branch. Where the steps run out the best set found so far stands: always the same one.
import type { TopologyConstraint } from './constraints.ts';
import type { Unit } from './units.ts';

export interface SearchDemand {
  /** Clusters that the set may have at most. */
  readonly clustersMax: number;
  readonly clustersMin: number;
  /** Replicas that the set must have room for; null where room does not matter. */
  readonly wanted: number | null;
}

const STEPS_MAX = 200_000;

interface Worth {
  readonly score: number;
  readonly clusters: number;
  readonly tier: number;
  readonly available: number;
}

const NOTHING: Worth = { score: 0, clusters: 0, tier: 0, available: 0 };

export function findBestUnits(
  units: readonly Unit[],
  constraints: readonly TopologyConstraint[],
  demand: SearchDemand,
): readonly Unit[] | null {
  return new UnitSearch(units, constraints, demand).run();
}

class UnitSearch {
  readonly #units: readonly Unit[];
  readonly #constraints: readonly TopologyConstraint[];
  readonly #demand: SearchDemand;
  /** By constraint, how many chosen units belong to each group. */
  readonly #uses: Int32Array[];
  readonly #distinct: Int32Array;
  /** By constraint and place, groups that only later units can still bring. */
  readonly #lastPlaces: Int32Array[];
  readonly #restOf: Worth[];
  readonly #chosen: Unit[] = [];
  #best: readonly Unit[] | null = null;
  #bestWorth: Worth = NOTHING;
  #steps = 0;

  constructor(units: readonly Unit[], constraints: readonly TopologyConstraint[], demand: SearchDemand) {
    this.#units = units;
    this.#constraints = constraints;
    this.#demand = demand;
    const totals = constraints.map(
      (_, at) => units.reduce((most, unit) => Math.max(most, ...unit.groups[at]!), -1) + 1,
    );
    this.#uses = totals.map((total) => new Int32Array(total));
    this.#distinct = new Int32Array(constraints.length);
    this.#lastPlaces = totals.map((total) => new Int32Array(total).fill(-1));
    units.forEach((unit, place) => {
      unit.groups.forEach((groups, at) => {
        for (const group of groups) this.#lastPlaces[at]![group] = place;
      });
    });
    this.#restOf = restWorths(units);
  }

  run(): readonly Unit[] | null {
    this.#visit(0, NOTHING);
    return this.#best;
  }

  #visit(place: number, worth: Worth): void {
    this.#steps += 1;
    if (this.#steps > STEPS_MAX || !this.#canStillWin(place, worth)) return;
    if (place === this.#units.length) {
      this.#offer(worth);
      return;
    }
    const unit = this.#units[place]!;
    if (this.#chosen.length < this.#demand.clustersMax && this.#take(unit)) {
      this.#chosen.push(unit);
      this.#visit(place + 1, plus(worth, worthOf(unit)));
      this.#chosen.pop();
    }
    this.#release(unit);
    this.#visit(place + 1, worth);
  }

  /** Counts the unit's groups; false where that breaks a limit. Always followed by a release. */
  #take(unit: Unit): boolean {
    let fits = true;
    unit.groups.forEach((groups, at) => {
      for (const group of groups) {
        if (this.#uses[at]![group] === 0) this.#distinct[at]! += 1;
        this.#uses[at]![group]! += 1;
      }
      if (this.#distinct[at]! > this.#constraints[at]!.groupsMax) fits = false;
    });
    this.#taken.add(unit);
    return fits;
  }

  readonly #taken = new Set<Unit>();

  #release(unit: Unit): void {
    if (!this.#taken.delete(unit)) return;
    unit.groups.forEach((groups, at) => {
      for (const group of groups) {
        this.#uses[at]![group]! -= 1;
        if (this.#uses[at]![group] === 0) this.#distinct[at]! -= 1;
      }
    });
  }

  #canStillWin(place: number, worth: Worth): boolean {
    const { clustersMin, wanted } = this.#demand;
    const most = plus(worth, this.#restOf[place]!);
    if (most.clusters < clustersMin || (wanted !== null && most.available < wanted)) return false;
    for (let at = 0; at < this.#constraints.length; at += 1) {
      if (this.#reachable(at, place) < this.#constraints[at]!.groupsMin) return false;
    }
    return this.#best === null || isBetter(this.#capped(most), this.#bestWorth);
  }

  #reachable(at: number, place: number): number {
    const { groupsMin } = this.#constraints[at]!;
    let groups = this.#distinct[at]!;
    const [uses, last] = [this.#uses[at]!, this.#lastPlaces[at]!];
    for (let group = 0; group < uses.length && groups < groupsMin; group += 1) {
      if (uses[group] === 0 && last[group]! >= place) groups += 1;
    }
    return groups;
  }

  /** A set never counts for more clusters than it may have. */
  #capped(worth: Worth): Worth {
    return { ...worth, clusters: Math.min(worth.clusters, this.#demand.clustersMax) };
  }

  #offer(worth: Worth): void {
    const capped = this.#capped(worth);
    if (this.#best !== null && !isBetter(capped, this.#bestWorth)) return;
    this.#best = [...this.#chosen];
    this.#bestWorth = capped;
  }
}

const worthOf = (unit: Unit): Worth => ({
  score: unit.score,
  clusters: unit.members.length,
  tier: unit.tier,
  available: unit.available,
});

const plus = (a: Worth, b: Worth): Worth => ({
  score: a.score + b.score,
  clusters: a.clusters + b.clusters,
  tier: a.tier + b.tier,
  available: a.available + b.available,
});

function isBetter(a: Worth, b: Worth): boolean {
  if (a.score !== b.score) return a.score > b.score;
  if (a.clusters !== b.clusters) return a.clusters > b.clusters;
  if (a.tier !== b.tier) return a.tier < b.tier;
  return a.available > b.available;
}

/** What all units from a place on could add at most; tiers only ever cost, so none of them counts. */
function restWorths(units: readonly Unit[]): Worth[] {
  const rest: Worth[] = new Array(units.length + 1);
  rest[units.length] = NOTHING;
  for (let place = units.length - 1; place >= 0; place -= 1) {
    const { score, clusters, available } = worthOf(units[place]!);
    rest[place] = plus(rest[place + 1]!, {
      score: Math.max(score, 0),
      clusters,
      tier: 0,
      available: Math.max(available, 0),
    });
  }
  return rest;
}
