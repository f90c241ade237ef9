// How the replicas were shared out: each tier's table of weights, quotas and seats.
import { apportion, quotient } from '../assign/apportion.ts';
import { tieOrderOf } from '../assign/divide.ts';
import { type DivisionPlan, planDivision } from '../assign/division.ts';
import { shareOverTiers } from '../assign/tiers.ts';
import type { ScheduleRequest } from '../request.ts';
import type { Candidate } from '../select/candidate.ts';
import type { DivisionStory, ShareStory } from './story.ts';

export function tellDivisions(selected: readonly Candidate[], request: ScheduleRequest): DivisionStory[] {
  if (!request.isWorkload || selected.length === 0) return [];
  const shares =
    request.tiers.length > 1
      ? shareOverTiers(selected, request).shares
      : [{ tier: 0, members: selected, replicas: request.replicas }];
  const stories: DivisionStory[] = [];
  for (const { tier, members, replicas } of shares) {
    const plan = planDivision(members, replicas, request);
    if (plan.ok) stories.push(tellDivision(tier, plan.value, request));
  }
  return stories;
}

function tellDivision(tier: number, plan: DivisionPlan, request: ScheduleRequest): DivisionStory {
  const { basis, seats, parties, kept } = plan;
  const ties = tieOrderOf(request.spec);
  const given = seatsOf(plan, request);
  const total = parties.reduce((sum, { weight }) => sum + Math.max(weight, 0), 0);
  const rows = parties.map(({ name, weight, seatsMax }, at): ShareStory => {
    const stays = keptOn(kept, name);
    const seatsHere = given[at]!;
    return {
      name,
      weight,
      quota: basis === 'copies' ? seats : total > 0 ? (seats * Math.max(weight, 0)) / total : seats / parties.length,
      given: seatsHere,
      kept: stays,
      replicas: seatsHere + stays,
      lastQuotient: seatsHere > 0 ? quotient(weight, seatsHere - 1) : null,
      nextQuotient: quotient(weight, seatsHere),
      most: seatsMax ?? null,
    };
  });
  return { tier, basis, seats, ties, rows: [...rows, ...keepers(plan)] };
}

function seatsOf({ basis, seats, parties }: DivisionPlan, request: ScheduleRequest): readonly number[] {
  return basis === 'copies' ? parties.map(() => seats) : apportion(seats, parties, tieOrderOf(request.spec));
}

/** Clusters that keep what they run and take no part in what is handed out. */
function keepers({ parties, kept }: DivisionPlan): ShareStory[] {
  const taking = new Set(parties.map(({ name }) => name));
  return kept
    .filter(({ name }) => !taking.has(name))
    .map(({ name, replicas }) => ({
      name,
      weight: 0,
      quota: 0,
      given: 0,
      kept: replicas,
      replicas,
      lastQuotient: null,
      nextQuotient: 0,
      most: null,
    }));
}

const keptOn = (kept: DivisionPlan['kept'], name: string): number =>
  kept.reduce((sum, target) => (target.name === name ? sum + target.replicas : sum), 0);
