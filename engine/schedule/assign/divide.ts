// Divides replicas over selected clusters by one strategy, starting from what already runs.
import type { ResourceBindingSpec } from '../../api/binding.ts';
import { byName } from '../../base/order.ts';
import { fnv1a32 } from '../../kube/hash.ts';
import { fail, type Outcome, succeed } from '../decision.ts';
import { tooFewReplicas } from '../reasons.ts';
import type { ScheduleRequest } from '../request.ts';
import type { Candidate } from '../select/candidate.ts';
import { apportion, type NameOrder } from './apportion.ts';
import { type Assignment, type DivisionPlan, planDivision } from './division.ts';

export function divideReplicas(
  selected: readonly Candidate[],
  replicas: number,
  request: ScheduleRequest,
): Outcome<readonly Assignment[]> {
  const plan = planDivision(selected, replicas, request);
  return plan.ok ? handOut(plan.value, tieOrderOf(request.spec)) : plan;
}

/** Karmada turns the order of names around for every other workload, so that ties do not pile up on the first names. */
export function tieOrderOf({ resource }: ResourceBindingSpec): NameOrder {
  const uid = resource.uid;
  return uid && fnv1a32(uid) % 2 === 1 ? 'descending' : 'ascending';
}

function handOut({ basis, seats, parties, kept }: DivisionPlan, ties: NameOrder): Outcome<readonly Assignment[]> {
  if (basis === 'copies') return succeed(parties.map(({ name }) => ({ name, replicas: seats })));
  if (basis === 'unchanged') return succeed(kept);
  const given = apportion(seats, parties, ties);
  const shares = parties.map(({ name }, at) => ({ name, replicas: given[at]! }));
  const sum = given.reduce((all, count) => all + count, 0);
  if (sum !== seats) return fail(tooFewReplicas(sum, seats));
  return succeed(basis === 'static' ? shares : mergeAssignments(kept, shares));
}

function mergeAssignments(kept: readonly Assignment[], added: readonly Assignment[]): Assignment[] {
  const totals = new Map<string, number>();
  for (const { name, replicas } of [...kept, ...added]) totals.set(name, (totals.get(name) ?? 0) + replicas);
  return [...totals].map(([name, replicas]) => ({ name, replicas })).sort(byName);
}
