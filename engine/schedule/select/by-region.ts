// Selection under a region constraint: the best regions, the best cluster of each, then the roomiest of the rest.
import type { SpreadConstraint } from '../../api/placement.ts';
import { fail, type Outcome, succeed } from '../decision.ts';
import { noGroupsReach, tooFewGroups } from '../reasons.ts';
import { type Candidate, candidateOrder } from './candidate.ts';
import { chooseGroups } from './choose-groups.ts';
import { type GroupDemand, groupScore } from './group-score.ts';

export function selectByRegion(
  candidates: readonly Candidate[],
  region: SpreadConstraint,
  cluster: SpreadConstraint | undefined,
  demand: GroupDemand,
): Outcome<readonly Candidate[]> {
  const members = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const name = candidate.cluster.spec.region;
    if (!name) continue;
    const known = members.get(name);
    if (known === undefined) members.set(name, [candidate]);
    else known.push(candidate);
  }
  const groupsMin = region.minGroups ?? 0;
  if (members.size < groupsMin) return fail(tooFewGroups('region', members.size, groupsMin));

  const groupsMax = region.maxGroups ?? 0;
  const membersMin = cluster?.minGroups ?? 0;
  const groups = [...members].map(([name, clusters]) => ({
    name,
    size: clusters.length,
    weight: groupScore(clusters, demand, groupsMin, membersMin),
  }));
  const chosen = chooseGroups(groups, { groupsMin, groupsMax, membersMin });
  if (chosen === null || chosen.length === 0) return fail(noGroupsReach('region', membersMin, groupsMax));

  const first = chosen.map((group) => members.get(group.name)![0]!);
  const rest = chosen.flatMap((group) => members.get(group.name)!.slice(1));
  const room = Math.min(first.length + rest.length, cluster?.maxGroups ?? 0) - first.length;
  return succeed(room > 0 ? [...first, ...rest.sort(candidateOrder).slice(0, room)] : first);
}
