// Selection under a cluster constraint over columns: the same choice as select/by-cluster.ts, without sorting everything.
import type { SpreadConstraint } from '../../api/placement.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import type { Failure } from '../decision.ts';
import { noRoomInSelection, tooFewGroups } from '../reasons.ts';
import type { Candidates, KeySpace } from './candidates.ts';
import { greatest, type TopScratch } from './top.ts';

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
  fleet: Fleet,
  space: KeySpace,
  topScratch: TopScratch,
): Failure | null {
  if (candidates.size < minGroups) return tooFewGroups('cluster', candidates.size, minGroups);
  const count = Math.min(candidates.size, Math.max(maxGroups, 0));
  if (count === 0) {
    candidates.size = 0;
    return wanted === null ? null : noRoomInSelection(0, 0, wanted);
  }
  const { keys } = candidates;
  const last = greatest(keys, candidates.size, count, topScratch);
  if (wanted === null || availableFrom(last, candidates, space) >= wanted) {
    candidates.keepFrom(last);
    return null;
  }
  return exchange(candidates, count, wanted, fleet, space);
}

function availableFrom(threshold: number, { keys, size }: Candidates, space: KeySpace): number {
  let sum = 0;
  for (let at = 0; at < size; at += 1) if (keys[at]! >= threshold) sum += space.available(keys[at]!);
  return sum;
}

/** From the last to the first, each at most once gives way to the roomiest one outside that has more room. */
function exchange(
  candidates: Candidates,
  count: number,
  wanted: number,
  fleet: Fleet,
  space: KeySpace,
): Failure | null {
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
  candidates.keepSelected(ordered.subarray(0, count), fleet, space);
  return null;
}
