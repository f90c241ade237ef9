// Selection under a region constraint: the best regions, the best cluster of each, then the roomiest of the rest.
import type { SpreadConstraint } from '../../api/placement.ts';
import { fail, type Outcome, succeed } from '../decision.ts';
import { noGroupsReach, tooFewGroups } from '../reasons.ts';
import { type Candidate, candidateOrder } from './candidate.ts';
import { chooseGroups, type Group } from './choose-groups.ts';
import { type GroupDemand, groupScore } from './group-score.ts';

export interface RegionGroup extends Group {
  readonly members: readonly Candidate[];
}

/** The regions of the candidates with their weights, in the order in which they were met. */
export function regionGroups(
  candidates: readonly Candidate[],
  region: SpreadConstraint,
  cluster: SpreadConstraint | undefined,
  demand: GroupDemand,
): RegionGroup[] {
  const regions = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const name = candidate.cluster.spec.region;
    if (!name) continue;
    const known = regions.get(name);
    if (known === undefined) regions.set(name, [candidate]);
    else known.push(candidate);
  }
  return [...regions].map(([name, members]) => ({
    name,
    members,
    size: members.length,
    weight: groupScore(members, demand, region.minGroups ?? 0, cluster?.minGroups ?? 0),
  }));
}

export function selectByRegion(
  candidates: readonly Candidate[],
  region: SpreadConstraint,
  cluster: SpreadConstraint | undefined,
  demand: GroupDemand,
): Outcome<readonly Candidate[]> {
  const groups = regionGroups(candidates, region, cluster, demand);
  const groupsMin = region.minGroups ?? 0;
  if (groups.length < groupsMin) return fail(tooFewGroups('region', groups.length, groupsMin));

  const groupsMax = region.maxGroups ?? 0;
  const membersMin = cluster?.minGroups ?? 0;
  const chosen = chooseGroups(groups, { groupsMin, groupsMax, membersMin });
  if (chosen === null || chosen.length === 0) return fail(noGroupsReach('region', membersMin, groupsMax));

  const members = new Map(groups.map((group) => [group.name, group.members]));
  const first = chosen.map((group) => members.get(group.name)![0]!);
  const rest = chosen.flatMap((group) => members.get(group.name)!.slice(1));
  const room = Math.min(first.length + rest.length, cluster?.maxGroups ?? 0) - first.length;
  return succeed(room > 0 ? [...first, ...rest.sort(candidateOrder).slice(0, room)] : first);
}
