// Selection under cluster and region constraints over columns: the same choices as select/, without sorting everything.
import type { SpreadConstraint } from '../../api/placement.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import type { Failure } from '../decision.ts';
import { noGroupsReach, noRoomInSelection, tooFewGroups } from '../reasons.ts';
import { chooseGroups } from '../select/choose-groups.ts';
import { type GroupDemand, groupScore } from '../select/group-score.ts';
import type { Candidates, KeySpace } from './candidates.ts';
import { heapify, popTop, selectTop } from './top.ts';

/** Writes the candidate keys; room must be known. */
export function keyCandidates(candidates: Candidates, fleet: Fleet, space: KeySpace): void {
  const ranks = fleet.ranks();
  const { indices, room, keys, previous, isPrevious, size } = candidates;
  for (let at = 0; at < size; at += 1) {
    const index = indices[at]!;
    const known = isPrevious[index] === 1;
    keys[at] = space.candidateKey(known, room[at]! + (known ? previous[index]! : 0), ranks[index]!);
  }
}

export function selectByCluster(
  candidates: Candidates,
  { minGroups = 0, maxGroups = 0 }: SpreadConstraint,
  wanted: number | null,
  space: KeySpace,
): Failure | null {
  if (candidates.size < minGroups) return tooFewGroups('cluster', candidates.size, minGroups);
  const count = Math.min(candidates.size, Math.max(maxGroups, 0));
  if (count === 0) {
    candidates.size = 0;
    return wanted === null ? null : noRoomInSelection(0, 0, wanted);
  }
  const { scratch, keys } = candidates;
  scratch.set(keys.subarray(0, candidates.size));
  const last = selectTop(scratch, candidates.size, count);
  if (wanted === null || topAvailable(scratch, count, space) >= wanted) {
    candidates.keepFrom(last);
    return null;
  }
  return exchange(candidates, count, wanted, space);
}

function topAvailable(keys: Float64Array, count: number, space: KeySpace): number {
  let sum = 0;
  for (let at = 0; at < count; at += 1) sum += space.available(keys[at]!);
  return sum;
}

/** From the last to the first, each at most once gives way to the roomiest one outside that has more room. */
function exchange(candidates: Candidates, count: number, wanted: number, space: KeySpace): Failure | null {
  const ordered = candidates.keys.slice(0, candidates.size).sort().reverse();
  const available = Array.from(ordered, (key) => space.available(key));
  let sum = 0;
  for (let at = 0; at < count; at += 1) sum += available[at]!;
  for (let at = count - 1; at >= 0 && sum < wanted; at -= 1) {
    let most = available[at]!;
    let best = -1;
    for (let other = count; other < available.length; other += 1) {
      if (available[other]! > most) {
        most = available[other]!;
        best = other;
      }
    }
    if (best < 0) continue;
    sum += most - available[at]!;
    [available[at], available[best]] = [available[best]!, available[at]!];
    [ordered[at], ordered[best]] = [ordered[best]!, ordered[at]!];
  }
  if (sum < wanted) return noRoomInSelection(count, sum, wanted);
  candidates.keepSelected(ordered.subarray(0, count));
  return null;
}

interface Region {
  readonly name: string;
  readonly from: number;
  /** End of the part of the segment that is still a heap. */
  heapEnd: number;
  readonly size: number;
  /** Members taken off the heap so far, best first. */
  readonly best: number[];
}

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
  const heap = candidates.scratch;
  const groups = regions.map((each) => ({
    name: each.name,
    size: each.size,
    weight: scoreRegion(each, heap, demand, groupsMin, membersMin, space),
    region: each,
  }));
  const chosen = chooseGroups(groups, { groupsMin, groupsMax, membersMin });
  if (chosen === null || chosen.length === 0) return noGroupsReach('region', membersMin, groupsMax);

  const picked: number[] = [];
  const open: { readonly region: Region; next: number }[] = [];
  let members = 0;
  for (const { name } of chosen) {
    const { region: each } = groups.find((group) => group.name === name)!;
    picked.push(nth(each, heap, 0));
    members += each.size;
    open.push({ region: each, next: 1 });
  }
  for (let room = Math.min(members, cluster?.maxGroups ?? 0) - picked.length; room > 0; room -= 1) {
    let leader: (typeof open)[number] | null = null;
    let most = -1;
    for (const each of open) {
      if (each.next >= each.region.size) continue;
      const key = nth(each.region, heap, each.next);
      if (key > most) {
        most = key;
        leader = each;
      }
    }
    picked.push(most);
    leader!.next += 1;
  }
  candidates.keepSelected(picked);
  return null;
}

/** Lays the keys out region by region in the scratch column, each region a heap. */
function splitByRegion(candidates: Candidates, fleet: Fleet): Region[] {
  const { indices, keys, scratch, size } = candidates;
  const { regionOf, regionNames } = fleet;
  const counts = new Int32Array(regionNames.length);
  for (let at = 0; at < size; at += 1) {
    const number = regionOf[indices[at]!]!;
    if (number >= 0) counts[number]! += 1;
  }
  const ends = new Int32Array(regionNames.length);
  const regions: Region[] = [];
  let from = 0;
  for (let number = 0; number < counts.length; number += 1) {
    const members = counts[number]!;
    ends[number] = from;
    if (members > 0) {
      regions.push({ name: regionNames[number]!, from, heapEnd: from + members, size: members, best: [] });
    }
    from += members;
  }
  for (let at = 0; at < size; at += 1) {
    const number = regionOf[indices[at]!]!;
    if (number >= 0) scratch[ends[number]!++] = keys[at]!;
  }
  for (const region of regions) heapify(scratch, region.from, region.heapEnd);
  return regions;
}

function nth(region: Region, heap: Float64Array, place: number): number {
  while (region.best.length <= place) {
    region.best.push(popTop(heap, region.from, region.heapEnd));
    region.heapEnd -= 1;
  }
  return region.best[place]!;
}

function scoreRegion(
  region: Region,
  heap: Float64Array,
  demand: GroupDemand,
  groupsMin: number,
  membersMin: number,
  space: KeySpace,
): number {
  if (demand.duplicated) {
    const members: { available: number; score: number }[] = [];
    for (let at = region.from; at < region.heapEnd; at += 1) {
      members.push({ available: space.available(heap[at]!), score: space.score(heap[at]!) });
    }
    return groupScore(members, demand, groupsMin, membersMin);
  }
  // Only the leading members count: as many as must take part and as carry the share.
  const share = Math.ceil(demand.replicas / Math.max(groupsMin, 1));
  const counted = Math.max(membersMin, groupsMin);
  const members: { available: number; score: number }[] = [];
  let available = 0;
  while (members.length < region.size && (members.length < counted || available < share)) {
    const key = nth(region, heap, members.length);
    available += space.available(key);
    members.push({ available: space.available(key), score: space.score(key) });
  }
  return groupScore(members, demand, groupsMin, membersMin);
}
