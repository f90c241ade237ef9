// Selection under a region constraint over columns: the same choice as select/by-region.ts, looking only at the
// leading clusters of each region.
import type { SpreadConstraint } from '../../api/placement.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import type { Failure } from '../decision.ts';
import { noGroupsReach, tooFewGroups } from '../reasons.ts';
import { chooseGroups } from '../select/choose-groups.ts';
import { type GroupDemand, groupScore } from '../select/group-score.ts';
import type { Candidates, KeySpace } from './candidates.ts';
import { heapify, popTop } from './top.ts';
import { TopFew } from './top-few.ts';

export function selectByRegion(
  candidates: Candidates,
  region: SpreadConstraint,
  cluster: SpreadConstraint | undefined,
  demand: GroupDemand,
  fleet: Fleet,
  space: KeySpace,
): Failure | null {
  const regions = splitByRegion(candidates, fleet);
  const groupsMin = region.minGroups ?? 0;
  if (regions.length < groupsMin) return tooFewGroups('region', regions.length, groupsMin);
  const groupsMax = region.maxGroups ?? 0;
  const membersMin = cluster?.minGroups ?? 0;
  const groups = regions.map((each) => ({
    name: each.name,
    size: each.size,
    weight: scoreRegion(each, demand, groupsMin, membersMin, space),
    region: each,
  }));
  const chosen = chooseGroups(groups, { groupsMin, groupsMax, membersMin });
  if (chosen === null || chosen.length === 0) return noGroupsReach('region', membersMin, groupsMax);
  const inTurn = chosen.map(({ name }) => groups.find((group) => group.name === name)!.region);
  candidates.keepSelected(takeBest(inTurn, cluster?.maxGroups ?? 0), fleet, space);
  return null;
}

/** The best cluster of each region, then the best of all the rest as long as there may be more. */
function takeBest(regions: readonly RegionMembers[], clustersMax: number): number[] {
  const taken = regions.map((region) => region.nth(0));
  const next = regions.map(() => 1);
  const members = regions.reduce((sum, region) => sum + region.size, 0);
  for (let room = Math.min(members, clustersMax) - taken.length; room > 0; room -= 1) {
    let leader = 0;
    let most = -1;
    for (let at = 0; at < regions.length; at += 1) {
      if (next[at]! >= regions[at]!.size) continue;
      const key = regions[at]!.nth(next[at]!);
      if (key <= most) continue;
      most = key;
      leader = at;
    }
    taken.push(most);
    next[leader]! += 1;
  }
  return taken;
}

/** The keys of one region's candidates. The leading few are known at once; a heap gives the others when asked for. */
class RegionMembers {
  readonly name: string;
  readonly #keys: Float64Array;
  readonly #from: number;
  readonly #few = new TopFew();
  readonly #later: number[] = [];
  #heapEnd: number;
  #isHeap = false;
  #filled = 0;

  constructor(name: string, keys: Float64Array, from: number, size: number) {
    this.name = name;
    this.#keys = keys;
    this.#from = from;
    this.#heapEnd = from + size;
  }

  get size(): number {
    return this.#filled;
  }

  add(key: number): void {
    this.#keys[this.#from + this.#filled] = key;
    this.#filled += 1;
    this.#few.offer(key);
  }

  *keys(): Generator<number> {
    for (let at = 0; at < this.#filled; at += 1) yield this.#keys[this.#from + at]!;
  }

  nth(place: number): number {
    const known = this.#few.count;
    if (place < known) return this.#few.at(place);
    if (!this.#isHeap) {
      heapify(this.#keys, this.#from, this.#heapEnd);
      this.#isHeap = true;
      for (let seen = 0; seen < known; seen += 1) this.#pop();
    }
    while (this.#later.length <= place - known) this.#later.push(this.#pop());
    return this.#later[place - known]!;
  }

  #pop(): number {
    const key = popTop(this.#keys, this.#from, this.#heapEnd);
    this.#heapEnd -= 1;
    return key;
  }
}

function splitByRegion(candidates: Candidates, fleet: Fleet): RegionMembers[] {
  const { indices, keys, scratch, size } = candidates;
  const { regionOf, regionNames } = fleet;
  const counts = new Int32Array(regionNames.length);
  for (let at = 0; at < size; at += 1) {
    const number = regionOf[indices[at]!]!;
    if (number >= 0) counts[number]! += 1;
  }
  const byNumber: (RegionMembers | undefined)[] = [];
  let from = 0;
  for (let number = 0; number < counts.length; number += 1) {
    const members = counts[number]!;
    byNumber.push(members > 0 ? new RegionMembers(regionNames[number]!, scratch, from, members) : undefined);
    from += members;
  }
  for (let at = 0; at < size; at += 1) {
    const number = regionOf[indices[at]!]!;
    if (number >= 0) byNumber[number]!.add(keys[at]!);
  }
  return byNumber.filter((region) => region !== undefined);
}

function scoreRegion(
  region: RegionMembers,
  demand: GroupDemand,
  groupsMin: number,
  membersMin: number,
  space: KeySpace,
): number {
  const members: { available: number; score: number }[] = [];
  const count = (key: number): number => {
    members.push({ available: space.available(key), score: space.score(key) });
    return space.available(key);
  };
  if (demand.duplicated) {
    for (const key of region.keys()) count(key);
    return groupScore(members, demand, groupsMin, membersMin);
  }
  // Only the leading members count: as many as must take part and as carry the share.
  const share = Math.ceil(demand.replicas / Math.max(groupsMin, 1));
  const counted = Math.max(membersMin, groupsMin);
  let available = 0;
  while (members.length < region.size && (members.length < counted || available < share)) {
    available += count(region.nth(members.length));
  }
  return groupScore(members, demand, groupsMin, membersMin);
}
