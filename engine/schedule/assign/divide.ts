// Divides replicas over selected clusters by one strategy, starting from what already runs.
import type { ResourceBindingSpec, TargetCluster } from '../../api/binding.ts';
import { byName, type Comparator } from '../../base/order.ts';
import { fnv1a32 } from '../../kube/hash.ts';
import { fail, type Outcome, succeed } from '../decision.ts';
import { strategyUnsupported, tooFewReplicas, weightFactorUnsupported } from '../reasons.ts';
import type { ScheduleRequest } from '../request.ts';
import type { Candidate } from '../select/candidate.ts';
import { apportion, type NameOrder, type Party } from './apportion.ts';
import { staticWeights } from './weights.ts';

export interface Assignment {
  readonly name: string;
  readonly replicas: number;
}

export function divideReplicas(
  selected: readonly Candidate[],
  replicas: number,
  request: ScheduleRequest,
): Outcome<readonly Assignment[]> {
  switch (request.strategy) {
    case 'Duplicated':
      return succeed(selected.map(({ name }) => ({ name, replicas })));
    case 'StaticWeight':
      return divideByStaticWeights(selected, replicas, request);
    case 'DynamicWeight': {
      const factor = request.placement.replicaScheduling?.weightPreference?.dynamicWeight ?? '';
      if (factor !== 'AvailableReplicas') return fail(weightFactorUnsupported(factor));
      return divideByRoom(selected, replicas, request);
    }
    case 'Aggregated':
      return divideByRoom(selected, replicas, request);
    case 'Unsupported':
      return fail(strategyUnsupported());
  }
}

/** Karmada turns the order of names around for every other workload, so that ties do not pile up on the first names. */
export function tieOrderOf({ resource }: ResourceBindingSpec): NameOrder {
  const uid = resource.uid;
  return uid && fnv1a32(uid) % 2 === 1 ? 'descending' : 'ascending';
}

function divideByStaticWeights(
  selected: readonly Candidate[],
  replicas: number,
  request: ScheduleRequest,
): Outcome<readonly Assignment[]> {
  const weights = staticWeights(
    selected.map(({ cluster }) => cluster),
    request.placement.replicaScheduling?.weightPreference,
  );
  const limited = request.profile.switches.staticWeightsRespectCapacity;
  const parties = selected.map(({ name, available }, at): Party => {
    const weight = weights[at]!;
    return limited ? { name, weight, seatsMax: available } : { name, weight };
  });
  const shares = shareOut(replicas, parties, request);
  const shared = shares.reduce((sum, share) => sum + share.replicas, 0);
  return shared === replicas ? succeed(shares) : fail(tooFewReplicas(shared, replicas));
}

function divideByRoom(
  selected: readonly Candidate[],
  replicas: number,
  request: ScheduleRequest,
): Outcome<readonly Assignment[]> {
  const names = new Set(selected.map(({ name }) => name));
  const running = (request.spec.clusters ?? [])
    .filter(({ name }) => names.has(name))
    .map((target: TargetCluster): Assignment => ({ name: target.name, replicas: target.replicas ?? 0 }));
  const assigned = running.reduce((sum, target) => sum + target.replicas, 0);

  if (request.fresh) {
    const room = selected.map(({ name, room }) => ({ name, replicas: room + runningOn(running, name) }));
    return divideBetween(room, replicas, [], request);
  }
  if (assigned === replicas) return succeed(running);
  if (assigned > replicas) return divideBetween(running, replicas, [], request);
  const room = selected.map(({ name, room }) => ({ name, replicas: room }));
  return divideBetween(room, replicas - assigned, running, request);
}

const runningOn = (running: readonly Assignment[], name: string): number =>
  running.find((target) => target.name === name)?.replicas ?? 0;

const byMostReplicas: Comparator<Assignment> = (a, b) => b.replicas - a.replicas;

/** Divides in proportion to what each cluster offers, and adds what runs there already. */
function divideBetween(
  offers: readonly Assignment[],
  wanted: number,
  running: readonly Assignment[],
  request: ScheduleRequest,
): Outcome<readonly Assignment[]> {
  const available = offers.reduce((sum, offer) => sum + offer.replicas, 0);
  if (available < wanted) return fail(tooFewReplicas(available, wanted));
  // Sorting is stable: equal offers stay in the order of the selection.
  const ranked = [...offers].sort(byMostReplicas);
  const used = request.strategy === 'Aggregated' ? shortestThatReaches(ranked, wanted, running) : ranked;
  const parties = used.map(({ name, replicas }) => ({ name, weight: replicas }));
  return succeed(mergeAssignments(running, shareOut(wanted, parties, request)));
}

/** Clusters that run replicas come first, so that the workload stays together. */
function shortestThatReaches(
  ranked: readonly Assignment[],
  wanted: number,
  running: readonly Assignment[],
): readonly Assignment[] {
  const occupied = new Set(running.filter(({ replicas }) => replicas > 0).map(({ name }) => name));
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

function shareOut(replicas: number, parties: readonly Party[], request: ScheduleRequest): Assignment[] {
  const seats = apportion(replicas, parties, tieOrderOf(request.spec));
  return parties.map(({ name }, at) => ({ name, replicas: seats[at]! }));
}

function mergeAssignments(running: readonly Assignment[], added: readonly Assignment[]): Assignment[] {
  const totals = new Map<string, number>();
  for (const { name, replicas } of [...running, ...added]) totals.set(name, (totals.get(name) ?? 0) + replicas);
  return [...totals].map(([name, replicas]) => ({ name, replicas })).sort(byName);
}
