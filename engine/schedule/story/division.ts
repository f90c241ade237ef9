// How the replicas were shared out: each tier's table of weights, quotas and seats.
import { apportion, quotient } from '../assign/apportion.ts';
import { tieOrderOf } from '../assign/divide.ts';
import { type DivisionPlan, planDivision } from '../assign/division.ts';
import { shareOverTiers } from '../assign/tiers.ts';
import type { ScheduleRequest } from '../request.ts';
import type { Candidate } from '../select/candidate.ts';
import type { DivisionStory, ShareStory } from './story.ts';

/** `decided` are the replicas of the decision, empty where it failed. */
export function tellDivisions(
  selected: readonly Candidate[],
  request: ScheduleRequest,
  decided: ReadonlyMap<string, number | null>,
): DivisionStory[] {
  if (!request.isWorkload || selected.length === 0) return [];
  const shares =
    request.tiers.length > 1
      ? shareOverTiers(selected, request).shares
      : [{ tier: 0, members: selected, replicas: request.replicas }];
  const stories: DivisionStory[] = [];
  for (const { tier, members, replicas } of shares) {
    const plan = planDivision(members, replicas, request);
    if (plan.ok) stories.push(tellDivision(tier, plan.value, request, decided));
  }
  return withMoved(stories, decided);
}

/** A cluster that took no part in any division can still be given replicas so that the spread holds. */
function withMoved(stories: readonly DivisionStory[], decided: ReadonlyMap<string, number | null>): DivisionStory[] {
  const told = new Set(stories.flatMap(({ rows }) => rows.map(({ name }) => name)));
  const moved = [...decided].filter(([name, replicas]) => !told.has(name) && (replicas ?? 0) > 0);
  const rows = moved.map(([name]): ShareStory => ({ ...share(name, 0, 0, decided), ...NO_PART }));
  return stories.map((story, at) => (at === stories.length - 1 ? { ...story, rows: [...story.rows, ...rows] } : story));
}

function tellDivision(
  tier: number,
  plan: DivisionPlan,
  request: ScheduleRequest,
  decided: ReadonlyMap<string, number | null>,
): DivisionStory {
  const { basis, seats, parties, kept } = plan;
  const ties = tieOrderOf(request.spec);
  const given = basis === 'copies' ? parties.map(() => seats) : apportion(seats, parties, ties);
  const total = parties.reduce((sum, { weight }) => sum + Math.max(weight, 0), 0);
  const rows = parties.map(({ name, weight, seatsMax }, at): ShareStory => {
    const exact = total > 0 ? (seats * Math.max(weight, 0)) / total : seats / parties.length;
    return {
      ...share(name, given[at]!, keptOn(kept, name), decided),
      weight,
      quota: basis === 'copies' ? seats : exact,
      lastQuotient: given[at]! > 0 ? quotient(weight, given[at]! - 1) : null,
      nextQuotient: quotient(weight, given[at]!),
      most: seatsMax ?? null,
    };
  });
  const taking = new Set(parties.map(({ name }) => name));
  const keepers = kept
    .filter(({ name, replicas }) => replicas > 0 && !taking.has(name))
    .map(({ name, replicas }): ShareStory => ({ ...share(name, 0, replicas, decided), ...NO_PART }));
  return { tier, basis, seats, ties, rows: [...rows, ...keepers] };
}

/** Of a cluster that keeps what it runs and takes no part in what is handed out. */
const NO_PART = { weight: 0, quota: 0, lastQuotient: null, nextQuotient: 0, most: null };

function share(name: string, given: number, kept: number, decided: ReadonlyMap<string, number | null>) {
  const divided = given + kept;
  const replicas = decided.size === 0 ? divided : (decided.get(name) ?? 0);
  return { name, given, kept, moved: replicas - divided, replicas };
}

const keptOn = (kept: DivisionPlan['kept'], name: string): number =>
  kept.reduce((sum, target) => (target.name === name ? sum + target.replicas : sum), 0);
