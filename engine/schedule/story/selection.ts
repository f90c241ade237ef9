// What the selection did with the candidates: the groups it chose among, and why it left a cluster out.
import type { Cluster } from '../../api/cluster.ts';
import type { SpreadConstraint } from '../../api/placement.ts';
import { isDuplicated, type ScheduleRequest } from '../request.ts';
import { regionGroups } from '../select/by-region.ts';
import type { Candidate } from '../select/candidate.ts';
import { isSpreadIgnored } from '../select/select.ts';
import type { GroupStory } from './story.ts';

/** `region`, or `label example.com/rack`. */
export const spreadOver = ({ spreadByField, spreadByLabel }: SpreadConstraint): string =>
  spreadByField ? spreadByField : `label ${spreadByLabel ?? ''}`;

/** The groups that a cluster belongs to under a constraint; a cluster can be in several zones. */
export function groupsOf(cluster: Cluster, { spreadByField, spreadByLabel }: SpreadConstraint): readonly string[] {
  switch (spreadByField) {
    case 'cluster':
      return [cluster.metadata.name];
    case 'provider':
      return cluster.spec.provider ? [cluster.spec.provider] : [];
    case 'region':
      return cluster.spec.region ? [cluster.spec.region] : [];
    case 'zone':
      return cluster.spec.zones ?? [];
    default: {
      const labels = cluster.metadata.labels ?? {};
      return spreadByLabel && Object.hasOwn(labels, spreadByLabel) ? [labels[spreadByLabel]!] : [];
    }
  }
}

/** The constraints that shape a selection, beside the one over clusters: for Karmada the last one over regions alone. */
function groupConstraints({ placement, profile }: ScheduleRequest): readonly SpreadConstraint[] {
  if (isSpreadIgnored(placement) && !profile.switches.staticWeightsRespectSpread) return [];
  const constraints = (placement.spreadConstraints ?? []).filter(({ spreadByField }) => spreadByField !== 'cluster');
  if (profile.switches.spreadByAnyTopology) return constraints;
  return constraints.filter(({ spreadByField }) => spreadByField === 'region').slice(-1);
}

export function tellGroups(
  candidates: readonly Candidate[],
  selected: ReadonlySet<string>,
  request: ScheduleRequest,
): GroupStory[] {
  return groupConstraints(request).flatMap((constraint) => {
    const weights = weightsOf(candidates, constraint, request);
    const groups = new Map<string, { candidates: number; selected: number }>();
    for (const { name, cluster } of candidates) {
      for (const group of groupsOf(cluster, constraint)) {
        const counts = groups.get(group) ?? { candidates: 0, selected: 0 };
        groups.set(group, {
          candidates: counts.candidates + 1,
          selected: counts.selected + (selected.has(name) ? 1 : 0),
        });
      }
    }
    return [...groups].map(([name, counts]) => ({
      over: spreadOver(constraint),
      name,
      ...counts,
      weight: weights.get(name) ?? null,
    }));
  });
}

function weightsOf(
  candidates: readonly Candidate[],
  constraint: SpreadConstraint,
  { placement, replicas }: ScheduleRequest,
): ReadonlyMap<string, number> {
  if (constraint.spreadByField !== 'region') return new Map();
  const cluster = placement.spreadConstraints?.find(({ spreadByField }) => spreadByField === 'cluster');
  const groups = regionGroups(candidates, constraint, cluster, { replicas, duplicated: isDuplicated(placement) });
  return new Map(groups.map(({ name, weight }) => [name, weight]));
}

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
      for (const group of groupsOf(candidate.cluster, constraint)) used.add(group);
    }
  }
  const reasons = new Map<string, string>();
  for (const [at, candidate] of candidates.entries()) {
    if (selected.has(candidate.name)) continue;
    const missed = constraints.find(({ constraint, used }) => {
      const own = groupsOf(candidate.cluster, constraint);
      return own.length > 0 && !own.some((group) => used.has(group));
    });
    const roomier = chosen.find(
      ({ candidate: { available }, rank }) => rank > at + 1 && available > candidate.available,
    );
    reasons.set(
      candidate.name,
      missed !== undefined
        ? `${spreadOver(missed.constraint)} ${groupsOf(candidate.cluster, missed.constraint).join(' and ')} was not chosen`
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
