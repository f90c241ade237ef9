// Selection under a cluster constraint: as many as it allows, exchanged from the back while they lack room.
import type { SpreadConstraint } from '../../api/placement.ts';
import { fail, type Outcome, succeed } from '../decision.ts';
import { noRoomInSelection, tooFewGroups } from '../reasons.ts';
import type { Candidate } from './candidate.ts';

/** `wanted` is null where room does not matter. */
export function selectByCluster(
  candidates: readonly Candidate[],
  { minGroups = 0, maxGroups = 0 }: SpreadConstraint,
  wanted: number | null,
): Outcome<readonly Candidate[]> {
  if (candidates.length < minGroups) return fail(tooFewGroups('cluster', candidates.length, minGroups));
  const count = Math.min(candidates.length, Math.max(maxGroups, 0));
  if (wanted === null) return succeed(candidates.slice(0, count));

  const selected = withRoom(candidates, count, wanted);
  const available = selected.reduce((sum, candidate) => sum + candidate.available, 0);
  if (selected.length === 0 || available < wanted) return fail(noRoomInSelection(count, available, wanted));
  return succeed(selected);
}

/** From the last to the first, each at most once gives way to the roomiest one left outside that has more room. */
function withRoom(candidates: readonly Candidate[], count: number, wanted: number): Candidate[] {
  const selected = candidates.slice(0, count);
  const outside = candidates.slice(count);
  let available = selected.reduce((sum, candidate) => sum + candidate.available, 0);
  for (let at = count - 1; at >= 0 && available < wanted; at -= 1) {
    let best = -1;
    let most = selected[at]!.available;
    for (let other = 0; other < outside.length; other += 1) {
      if (outside[other]!.available > most) {
        best = other;
        most = outside[other]!.available;
      }
    }
    if (best < 0) continue;
    available += most - selected[at]!.available;
    [selected[at], outside[best]] = [outside[best]!, selected[at]!];
  }
  return selected;
}
