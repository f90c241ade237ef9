// How good a group of clusters is for a workload: first whether it can carry its share, then how well it is liked.
import type { Candidate } from './candidate.ts';

export interface GroupDemand {
  readonly replicas: number;
  readonly duplicated: boolean;
}

/** One replica that fits outweighs any score, which never passes 100. */
const UNIT = 1000;

/** The members come in candidate order. */
export function groupScore(
  members: readonly Pick<Candidate, 'available' | 'score'>[],
  { replicas, duplicated }: GroupDemand,
  groupsMin: number,
  clustersMin: number,
): number {
  return duplicated ? duplicatedScore(members, replicas) : dividedScore(members, replicas, groupsMin, clustersMin);
}

function duplicatedScore(members: readonly Pick<Candidate, 'available' | 'score'>[], replicas: number): number {
  const able = members.filter((member) => member.available >= replicas);
  if (able.length === 0) return 0;
  const scores = able.reduce((sum, member) => sum + member.score, 0);
  return able.length * UNIT + Math.trunc(scores / able.length);
}

function dividedScore(
  members: readonly Pick<Candidate, 'available' | 'score'>[],
  replicas: number,
  groupsMin: number,
  clustersMin: number,
): number {
  // Without minGroups every group may have to carry the whole; Karmada divides by zero there.
  const share = Math.ceil(replicas / Math.max(groupsMin, 1));
  const membersMin = Math.max(clustersMin, groupsMin);
  let available = 0;
  let scores = 0;
  let counted = 0;
  for (const member of members) {
    available += member.available;
    scores += member.score;
    counted += 1;
    if (counted >= membersMin && available >= share) break;
  }
  return Math.min(available, share) * UNIT + Math.trunc(scores / (available < share ? members.length : counted));
}
