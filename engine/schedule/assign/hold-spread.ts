// Keeps a spread true of the replicas themselves: a cluster that was selected but got nothing does not count.
//
// Differs from Karmada: it checks its constraints on the selection alone, so that an aggregated workload "spread over
// three regions" can end up in one.
import { byKey, byNumber, byText, inOrder, reversed } from '../../base/order.ts';
import { fail, type Outcome, succeed } from '../decision.ts';
import { tooFewReplicasToSpread } from '../reasons.ts';
import type { ScheduleRequest } from '../request.ts';
import { dividesReplicas } from '../select/by-topology.ts';
import type { Candidate } from '../select/candidate.ts';
import { brokenBy, groupCount, readConstraints, type TopologyConstraint } from '../select/topology/constraints.ts';
import type { Assignment } from './division.ts';

export function holdSpread(
  divided: readonly Assignment[],
  selected: readonly Candidate[],
  request: ScheduleRequest,
): Outcome<readonly Assignment[]> {
  const constraints = readConstraints(request.placement.spreadConstraints ?? [], request.profile);
  if (constraints.length === 0 || !dividesReplicas(request)) return succeed(divided);
  const replicas = new Map(divided.map(({ name, replicas: count }) => [name, count]));
  const used = selected.filter(({ name }) => (replicas.get(name) ?? 0) > 0);
  if (brokenBy(constraints, used) === null) return succeed(divided);

  const needed = witnesses(selected, used, constraints);
  const kept = needed.length <= request.replicas ? needed : witnesses(selected, [], constraints);
  if (kept.length > request.replicas) return fail(tooFewReplicasToSpread(request.replicas));
  return succeed(moveOneToEach(kept, replicas, request));
}

/** A small set of clusters that satisfies every least number of groups, grown from the given ones. */
function witnesses(
  selected: readonly Candidate[],
  from: readonly Candidate[],
  constraints: readonly TopologyConstraint[],
): readonly Candidate[] {
  const chosen = [...from];
  for (;;) {
    const short = constraints.filter((constraint) => groupCount(constraint, chosen) < constraint.groupsMin);
    if (short.length === 0) return chosen;
    let best: Candidate | null = null;
    let most = 0;
    for (const candidate of selected) {
      if (chosen.includes(candidate)) continue;
      const gains = short.filter(
        (constraint) => groupCount(constraint, [...chosen, candidate]) > groupCount(constraint, chosen),
      );
      if (gains.length > most) {
        best = candidate;
        most = gains.length;
      }
    }
    // The selection as a whole satisfies the constraints, so that something always helps until they hold.
    if (best === null) return chosen;
    chosen.push(best);
  }
}

interface Donor {
  readonly name: string;
  readonly spare: number;
  readonly fresh: number;
}

/** Newly given replicas move before running ones, and the largest shares give first. */
function moveOneToEach(
  kept: readonly Candidate[],
  replicas: Map<string, number>,
  { previous }: ScheduleRequest,
): readonly Assignment[] {
  const names = new Set(kept.map(({ name }) => name));
  for (const { name } of kept) {
    if ((replicas.get(name) ?? 0) > 0) continue;
    const donors = [...replicas].map(
      ([donor, count]): Donor => ({
        name: donor,
        spare: count - (names.has(donor) ? 1 : 0),
        fresh: Math.max(0, count - (previous.get(donor)?.replicas ?? 0)),
      }),
    );
    const [donor] = donors.filter(({ spare }) => spare > 0).sort(donorOrder);
    if (donor === undefined) break;
    replicas.set(donor.name, replicas.get(donor.name)! - 1);
    replicas.set(name, 1);
  }
  return [...replicas]
    .map(([name, count]) => ({ name, replicas: count }))
    .sort(byKey(({ name }: Assignment) => name, byText));
}

const donorOrder = inOrder(
  reversed(byKey((donor: Donor) => Math.min(donor.fresh, 1), byNumber)),
  reversed(byKey((donor: Donor) => donor.spare, byNumber)),
  reversed(byKey((donor: Donor) => donor.name, byText)),
);
