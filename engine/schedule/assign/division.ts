// What is to be handed out to whom: the plan of a division, made before any replica is given, so that it can be told.
import { fail, type Outcome, succeed } from '../decision.ts';
import { strategyUnsupported, tooFewReplicas, weightFactorUnsupported } from '../reasons.ts';
import type { ScheduleRequest } from '../request.ts';
import type { Candidate } from '../select/candidate.ts';
import type { Party } from './apportion.ts';
import { staticWeights } from './weights.ts';

export interface Assignment {
  readonly name: string;
  readonly replicas: number;
}

/**
 * What the weights of the parties are: `copies` gives each the whole number; `static` are the policy's weights; `room`
 * is the room beside what runs; `fresh` is room and what runs together; `running` is what runs, when less is wanted;
 * `unchanged` hands out nothing.
 */
export type DivisionBasis = 'copies' | 'static' | 'room' | 'fresh' | 'running' | 'unchanged';

export interface DivisionPlan {
  readonly basis: DivisionBasis;
  /** Replicas to hand out; with `copies`, to each party. */
  readonly seats: number;
  readonly parties: readonly Party[];
  /** What runs already and stays beside what is handed out. */
  readonly kept: readonly Assignment[];
}

export function planDivision(
  selected: readonly Candidate[],
  replicas: number,
  request: ScheduleRequest,
): Outcome<DivisionPlan> {
  switch (request.strategy) {
    case 'Duplicated': {
      const parties = selected.map(({ name }) => ({ name, weight: 1 }));
      return succeed({ basis: 'copies', seats: replicas, parties, kept: [] });
    }
    case 'StaticWeight':
      return succeed({ basis: 'static', seats: replicas, parties: weighedParties(selected, request), kept: [] });
    case 'DynamicWeight': {
      const factor = request.placement.replicaScheduling?.weightPreference?.dynamicWeight ?? '';
      if (factor !== 'AvailableReplicas') return fail(weightFactorUnsupported(factor));
      return planByRoom(selected, replicas, request);
    }
    case 'Aggregated':
      return planByRoom(selected, replicas, request);
    case 'Unsupported':
      return fail(strategyUnsupported());
  }
}

function weighedParties(selected: readonly Candidate[], request: ScheduleRequest): Party[] {
  const weights = staticWeights(
    selected.map(({ cluster }) => cluster),
    request.placement.replicaScheduling?.weightPreference,
  );
  const limited = request.profile.switches.staticWeightsRespectCapacity;
  return selected.map(({ name, available }, at): Party => {
    const weight = weights[at]!;
    return limited ? { name, weight, seatsMax: available } : { name, weight };
  });
}

function planByRoom(selected: readonly Candidate[], replicas: number, request: ScheduleRequest): Outcome<DivisionPlan> {
  const names = new Set(selected.map(({ name }) => name));
  const running = (request.spec.clusters ?? [])
    .filter(({ name }) => names.has(name))
    .map((target): Assignment => ({ name: target.name, replicas: target.replicas ?? 0 }));
  const assigned = running.reduce((sum, target) => sum + target.replicas, 0);

  if (request.fresh) {
    const offers = selected.map(({ name, room }) => ({ name, replicas: room + runningOn(running, name) }));
    return planBetween('fresh', offers, replicas, [], request);
  }
  if (assigned === replicas) return succeed({ basis: 'unchanged', seats: 0, parties: [], kept: running });
  if (assigned > replicas) return planBetween('running', running, replicas, [], request);
  const offers = selected.map(({ name, room }) => ({ name, replicas: room }));
  return planBetween('room', offers, replicas - assigned, running, request);
}

const runningOn = (running: readonly Assignment[], name: string): number =>
  running.find((target) => target.name === name)?.replicas ?? 0;

/** Each takes part in proportion to what it offers; Aggregated lets as few take part as will do. */
function planBetween(
  basis: DivisionBasis,
  offers: readonly Assignment[],
  wanted: number,
  kept: readonly Assignment[],
  request: ScheduleRequest,
): Outcome<DivisionPlan> {
  const available = offers.reduce((sum, offer) => sum + offer.replicas, 0);
  if (available < wanted) return fail(tooFewReplicas(available, wanted));
  // Sorting is stable: equal offers stay in the order of the selection.
  const ranked = [...offers].sort((a, b) => b.replicas - a.replicas);
  const used = request.strategy === 'Aggregated' ? shortestThatReaches(ranked, wanted, kept) : ranked;
  const parties = used.map(({ name, replicas }) => ({ name, weight: replicas }));
  return succeed({ basis, seats: wanted, parties, kept });
}

/** Clusters that run replicas come first, so that the workload stays together. */
function shortestThatReaches(
  ranked: readonly Assignment[],
  wanted: number,
  kept: readonly Assignment[],
): readonly Assignment[] {
  const occupied = new Set(kept.filter(({ replicas }) => replicas > 0).map(({ name }) => name));
  const ordered = [
    ...ranked.filter(({ name }) => occupied.has(name)),
    ...ranked.filter(({ name }) => !occupied.has(name)),
  ];
  let sum = 0;
  const reached = ordered.findIndex(({ replicas }) => {
    sum += replicas;
    return sum >= wanted;
  });
  return ordered.slice(0, reached + 1);
}
