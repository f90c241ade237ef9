// What the selection did with the candidates: the groups it chose among, and why it left a cluster out.
import { isDuplicated, type ScheduleRequest } from '../request.ts';
import { regionGroups, selectByRegion } from '../select/by-region.ts';
import type { Candidate } from '../select/candidate.ts';
import { isSpreadIgnored } from '../select/select.ts';
import { readConstraints, type TopologyConstraint } from '../select/topology/constraints.ts';
import type { GroupStory } from './story.ts';

/** The constraints that shape a selection, beside the one over clusters: for Karmada the last one over regions alone. */
function groupConstraints({ placement, profile }: ScheduleRequest): readonly TopologyConstraint[] {
  if (isSpreadIgnored(placement) && !profile.switches.staticWeightsRespectSpread) return [];
  const constraints = readConstraints(placement.spreadConstraints ?? [], profile);
  const groups = constraints.filter(({ field }) => field !== 'cluster');
  return profile.switches.spreadByAnyTopology ? groups : groups.filter(({ field }) => field === 'region').slice(-1);
}

export function tellGroups(
  candidates: readonly Candidate[],
  selected: ReadonlySet<string>,
  request: ScheduleRequest,
): GroupStory[] {
  return groupConstraints(request).flatMap((constraint) => {
    const weights = weightsOf(candidates, selected, constraint, request);
    const groups = new Map<string, { candidates: number; selected: number }>();
    for (const { name, cluster } of candidates) {
      for (const group of constraint.groupsOf(cluster)) {
        const counts = groups.get(group) ?? { candidates: 0, selected: 0 };
        groups.set(group, {
          candidates: counts.candidates + 1,
          selected: counts.selected + (selected.has(name) ? 1 : 0),
        });
      }
    }
    return [...groups].map(([name, counts]) => ({
      over: constraint.field,
      name,
      ...counts,
      weight: weights.get(name) ?? null,
    }));
  });
}

/** Regions are weighed where the selection is Karmada's own; a search over any topology weighs whole sets instead. */
function weightsOf(
  candidates: readonly Candidate[],
  selected: ReadonlySet<string>,
  { field }: TopologyConstraint,
  { placement, replicas }: ScheduleRequest,
): ReadonlyMap<string, number> {
  const constraints = placement.spreadConstraints ?? [];
  const region = constraints.findLast(({ spreadByField }) => spreadByField === 'region');
  if (field !== 'region' || region === undefined) return new Map();
  const cluster = constraints.findLast(({ spreadByField }) => spreadByField === 'cluster');
  const demand = { replicas, duplicated: isDuplicated(placement) };
  const chosen = selectByRegion(candidates, region, cluster, demand);
  if (chosen.ok && !isSameSet(selected, chosen.value)) return new Map();
  const groups = regionGroups(candidates, region, cluster, demand);
  return new Map(groups.map(({ name, weight }) => [name, weight]));
}

const isSameSet = (names: ReadonlySet<string>, candidates: readonly Candidate[]): boolean =>
  names.size === candidates.length && candidates.every(({ name }) => names.has(name));

/** Why each candidate that was not selected was left out, by the first thing that explains it; they come in their order. */
export function whyLeftOut(
  candidates: readonly Candidate[],
  selected: ReadonlySet<string>,
  request: ScheduleRequest,
): ReadonlyMap<string, string> {
  const constraints = groupConstraints(request).map((constraint) => ({ constraint, used: new Set<string>() }));
  const chosen = candidates.map((candidate, at) => ({ candidate, rank: at + 1 })).filter(isIn(selected));
  for (const { candidate } of chosen) {
    for (const { constraint, used } of constraints) {
      for (const group of constraint.groupsOf(candidate.cluster)) used.add(group);
    }
  }
  const reasons = new Map<string, string>();
  for (const [at, candidate] of candidates.entries()) {
    if (selected.has(candidate.name)) continue;
    const missed = constraints.find(({ constraint, used }) => {
      const own = constraint.groupsOf(candidate.cluster);
      return own.length > 0 && !own.some((group) => used.has(group));
    });
    // Had room not mattered, the first ones would have been taken; those behind them came in for their room.
    const roomier = at < chosen.length ? chosen.find(({ rank }) => rank > chosen.length) : undefined;
    reasons.set(
      candidate.name,
      missed !== undefined
        ? `${missed.constraint.field} ${missed.constraint.groupsOf(candidate.cluster).join(' and ')} was not chosen`
        : roomier !== undefined
          ? `gave way to ${roomier.candidate.name}, which has more room`
          : outranked(at + 1, chosen.length, request),
    );
  }
  return reasons;
}

const isIn =
  (selected: ReadonlySet<string>) =>
  ({ candidate }: { readonly candidate: Candidate }): boolean =>
    selected.has(candidate.name);

function outranked(rank: number, count: number, { placement }: ScheduleRequest): string {
  const limit = placement.spreadConstraints?.find(({ spreadByField }) => spreadByField === 'cluster');
  if (limit === undefined) return 'another cluster of its group was taken';
  const most = limit.maxGroups === undefined ? 'maxGroups is not set' : `maxGroups ${limit.maxGroups}`;
  return `rank ${rank}, and the spread over clusters takes ${count} (${most})`;
}
