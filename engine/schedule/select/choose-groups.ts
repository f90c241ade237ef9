// Chooses groups (regions) so that they together have enough members, with the greatest weight.
//
// Karmada lists every combination depth first over the groups in rising size; a branch ends where it first has enough
// groups and members. The best one has the most weight, then the most members, then was found first; and where a
// shorter combination is a prefix of it (heaviest groups first), the shorter one is taken. The search here visits the
// same tree and skips only branches that cannot beat the best so far, so its answer is the same.
import { byKey, byNumber, byText, inOrder, reversed } from '../../base/order.ts';

export interface Group {
  readonly name: string;
  readonly size: number;
  readonly weight: number;
}

export interface GroupLimits {
  readonly groupsMin: number;
  readonly groupsMax: number;
  /** Members that the chosen groups need in total. */
  readonly membersMin: number;
}

/** Past this many steps the best combination found so far stands; Karmada itself would not return in years. */
const STEPS_MAX = 2_000_000;

const bySearchOrder = inOrder(
  byKey((group: Group) => group.size, byNumber),
  reversed(byKey((group: Group) => group.weight, byNumber)),
  byKey((group: Group) => group.name, byText),
);
const byWeightThenSize = inOrder(
  reversed(byKey((group: Group) => group.weight, byNumber)),
  reversed(byKey((group: Group) => group.size, byNumber)),
  byKey((group: Group) => group.name, byText),
);
const byWeight = inOrder(
  reversed(byKey((group: Group) => group.weight, byNumber)),
  byKey((group: Group) => group.name, byText),
);

/** The chosen groups, heaviest first; null where no combination satisfies the limits. */
export function chooseGroups(groups: readonly Group[], limits: GroupLimits): Group[] | null {
  if (groups.length === 0) return null;
  const ordered = [...groups].sort(bySearchOrder);
  if (anyGroupsDo(ordered, limits)) return heaviest(ordered, limits.groupsMin);
  const best = new Search(ordered, limits).run();
  return best === null ? null : shortestPrefix(best.sort(byWeight), ordered, limits);
}

/** Even the smallest groups have members enough: then every branch ends at `groupsMin` groups. */
function anyGroupsDo(ordered: readonly Group[], { groupsMin, groupsMax, membersMin }: GroupLimits): boolean {
  if (groupsMin < 1 || groupsMin > groupsMax || groupsMin > ordered.length) return false;
  let members = 0;
  for (let at = 0; at < groupsMin; at += 1) members += ordered[at]!.size;
  return members >= membersMin;
}

/** What the search would find then: the most weight; of equal weights the most members; of those the first names. */
const heaviest = (groups: readonly Group[], count: number): Group[] =>
  [...groups].sort(byWeightThenSize).slice(0, count).sort(byWeight);

class Search {
  readonly #groups: readonly Group[];
  readonly #limits: GroupLimits;
  readonly #bounds: SuffixBounds;
  readonly #path: Group[] = [];
  #best: Group[] | null = null;
  #bestWeight = 0;
  #bestSize = 0;
  #steps = 0;

  constructor(groups: readonly Group[], limits: GroupLimits) {
    this.#groups = groups;
    this.#limits = limits;
    this.#bounds = new SuffixBounds(groups, Math.min(limits.groupsMax, groups.length));
  }

  run(): Group[] | null {
    this.#visit(0, 0, 0);
    return this.#best;
  }

  #visit(begin: number, size: number, weight: number): void {
    const { groupsMin, groupsMax, membersMin } = this.#limits;
    const length = this.#path.length;
    if (size >= membersMin && length >= groupsMin && length <= groupsMax) {
      this.#offer(size, weight);
      return;
    }
    if (length >= groupsMax) return;
    for (let at = begin; at < this.#groups.length; at += 1) {
      if (++this.#steps > STEPS_MAX && this.#best !== null) return;
      if (!this.#canWin(at, length, size, weight)) continue;
      const group = this.#groups[at]!;
      this.#path.push(group);
      this.#visit(at + 1, size + group.size, weight + group.weight);
      this.#path.pop();
    }
  }

  #offer(size: number, weight: number): void {
    if (this.#best !== null && (weight < this.#bestWeight || (weight === this.#bestWeight && size <= this.#bestSize)))
      return;
    this.#best = [...this.#path];
    this.#bestWeight = weight;
    this.#bestSize = size;
  }

  /** Groups from `at` on are no smaller than the one there, which bounds how many more a branch can take. */
  #canWin(at: number, length: number, size: number, weight: number): boolean {
    const { groupsMin, groupsMax, membersMin } = this.#limits;
    const available = this.#groups.length - at;
    if (length + available < groupsMin) return false;
    // Not even the largest of the groups behind this one make it: without this the search for a first choice is endless.
    const members = size + this.#groups[at]!.size + this.#bounds.size(at + 1, groupsMax - length - 1);
    if (members < membersMin) return false;
    if (this.#best === null) return true;
    const smallest = this.#groups[at]!.size;
    const forMembers = smallest > 0 ? Math.ceil((membersMin - size) / smallest) : available;
    const more = Math.min(groupsMax - length, available, Math.max(groupsMin - length, forMembers));
    const weightMost = weight + this.#bounds.weight(at, more);
    if (weightMost !== this.#bestWeight) return weightMost > this.#bestWeight;
    return size + this.#bounds.size(at, more) > this.#bestSize;
  }
}

/** The most that any `count` of the groups from an index on can weigh and hold. */
class SuffixBounds {
  readonly #weights: Float64Array[];
  readonly #sizes: Float64Array[];

  constructor(groups: readonly Group[], countMax: number) {
    this.#weights = new Array(groups.length);
    this.#sizes = new Array(groups.length);
    const heaviest: number[] = [];
    const largest: number[] = [];
    for (let at = groups.length - 1; at >= 0; at -= 1) {
      insertDescending(heaviest, groups[at]!.weight, countMax);
      insertDescending(largest, groups[at]!.size, countMax);
      this.#weights[at] = runningSums(heaviest);
      this.#sizes[at] = runningSums(largest);
    }
  }

  weight(from: number, count: number): number {
    return boundAt(this.#weights[from]!, count);
  }

  size(from: number, count: number): number {
    return from < this.#sizes.length ? boundAt(this.#sizes[from]!, count) : 0;
  }
}

const boundAt = (sums: Float64Array, count: number): number => sums[Math.min(Math.max(count, 0), sums.length - 1)]!;

function insertDescending(values: number[], value: number, countMax: number): void {
  let at = values.length;
  while (at > 0 && values[at - 1]! < value) at -= 1;
  values.splice(at, 0, value);
  if (values.length > countMax) values.pop();
}

function runningSums(values: readonly number[]): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (let at = 0; at < values.length; at += 1) sums[at + 1] = sums[at]! + Math.max(values[at]!, 0);
  return sums;
}

/** The shortest leading part of the best combination that the search would have met as a combination of its own. */
function shortestPrefix(best: Group[], ordered: readonly Group[], limits: GroupLimits): Group[] {
  const place = new Map(ordered.map((group, at) => [group.name, at]));
  for (let length = Math.max(limits.groupsMin, 1); length < best.length; length += 1) {
    const prefix = best.slice(0, length);
    if (endsBranch(prefix, place, limits)) return prefix;
  }
  return best;
}

function endsBranch(prefix: readonly Group[], place: ReadonlyMap<string, number>, limits: GroupLimits): boolean {
  const size = prefix.reduce((sum, group) => sum + group.size, 0);
  if (size < limits.membersMin) return false;
  const last = prefix.reduce((late, group) => (place.get(group.name)! > place.get(late.name)! ? group : late));
  return prefix.length - 1 < limits.groupsMin || size - last.size < limits.membersMin;
}
