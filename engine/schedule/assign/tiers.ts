// Overflow: the first tier is filled, what is left goes to the next, each tier divided as if it were alone.
import { fail, type Outcome, succeed } from '../decision.ts';
import { tooFewReplicas } from '../reasons.ts';
import type { ScheduleRequest } from '../request.ts';
import type { Candidate } from '../select/candidate.ts';
import { divideReplicas } from './divide.ts';
import type { Assignment } from './division.ts';

export interface TierShare {
  readonly tier: number;
  readonly members: readonly Candidate[];
  readonly capacity: number;
  readonly replicas: number;
}

export function divideOverTiers(
  selected: readonly Candidate[],
  request: ScheduleRequest,
): Outcome<readonly Assignment[]> {
  const { shares, left } = shareOverTiers(selected, request);
  const assignments: Assignment[] = [];
  for (const { members, replicas } of shares) {
    const divided = divideReplicas(members, replicas, request);
    if (!divided.ok) return divided;
    assignments.push(...divided.value);
  }
  return left > 0 ? fail(tooFewReplicas(request.replicas - left, request.replicas)) : succeed(assignments);
}

/** What each tier that takes part has to carry, and what no tier has room for. */
export function shareOverTiers(
  selected: readonly Candidate[],
  request: ScheduleRequest,
): { readonly shares: readonly TierShare[]; readonly left: number } {
  let left = request.replicas;
  const shares: TierShare[] = [];
  for (let tier = 0; tier < request.tiers.length; tier += 1) {
    const members = selected.filter((candidate) => candidate.tier === tier);
    const capacity = members.reduce((sum, member) => sum + member.available, 0);
    const replicas = Math.min(left, Math.max(capacity, 0));
    if (members.length === 0 || replicas === 0) continue;
    shares.push({ tier, members, capacity, replicas });
    left -= replicas;
  }
  return { shares, left };
}
