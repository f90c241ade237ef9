// Overflow: the first tier is filled, what is left goes to the next, each tier divided as if it were alone.
import { fail, type Outcome, succeed } from '../decision.ts';
import { tooFewReplicas } from '../reasons.ts';
import type { ScheduleRequest } from '../request.ts';
import type { Candidate } from '../select/candidate.ts';
import { type Assignment, divideReplicas } from './divide.ts';

export function divideOverTiers(
  selected: readonly Candidate[],
  request: ScheduleRequest,
): Outcome<readonly Assignment[]> {
  let left = request.replicas;
  const assignments: Assignment[] = [];
  for (let tier = 0; tier < request.tiers.length; tier += 1) {
    const members = selected.filter((candidate) => candidate.tier === tier);
    if (members.length === 0) continue;
    const capacity = members.reduce((sum, member) => sum + member.available, 0);
    const share = Math.min(left, capacity);
    if (share === 0) continue;
    const divided = divideReplicas(members, share, request);
    if (!divided.ok) return divided;
    assignments.push(...divided.value);
    left -= share;
  }
  return left > 0 ? fail(tooFewReplicas(request.replicas - left, request.replicas)) : succeed(assignments);
}
