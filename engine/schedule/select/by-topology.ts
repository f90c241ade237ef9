// Selection under any mix of provider, region, zone, cluster and label constraints, which all hold at once.
//
// Differs from Karmada: it answers only for regions and clusters. Where its answer exists and holds, it stands; else the
// best set of clusters is searched for (topology/search.ts says what better means), exactly on small fleets.
import { staticWeights } from '../assign/weights.ts';
import { type Failure, fail, type Outcome, succeed } from '../decision.ts';
import { noChoiceHolds, noRoomInSelection, tooFewGroups, tooFewReplicasToSpread } from '../reasons.ts';
import { isDuplicated, type ScheduleRequest } from '../request.ts';
import type { Candidate } from './candidate.ts';
import { groupCount, readConstraints, type TopologyConstraint } from './topology/constraints.ts';
import { type Filled, fillUnits } from './topology/fill.ts';
import { findBestUnits, type SearchDemand } from './topology/search.ts';
import { makeUnits } from './topology/units.ts';

export function selectByTopology(
  candidates: readonly Candidate[],
  request: ScheduleRequest,
): Outcome<readonly Candidate[]> {
  const constraints = readConstraints(request.placement.spreadConstraints ?? [], request.profile);
  const pool = usable(candidates, request);
  const demand = demandOf(constraints, request);
  const found = search(pool, constraints, demand);
  if (found !== null && (demand.wanted === null || found.available >= demand.wanted)) return succeed(found.clusters);
  return fail(whyNot(pool, constraints, demand, request));
}

/** A cluster that would get no replicas cannot take part in a spread of them. */
function usable(candidates: readonly Candidate[], request: ScheduleRequest): readonly Candidate[] {
  if (!dividesReplicas(request)) return candidates;
  let pool = candidates;
  if (request.strategy === 'StaticWeight') {
    const weights = staticWeights(
      candidates.map(({ cluster }) => cluster),
      request.placement.replicaScheduling?.weightPreference,
    );
    pool = candidates.filter((_, at) => weights[at]! > 0);
  }
  return countsRoom(request) ? pool.filter(({ available }) => available > 0) : pool;
}

export const dividesReplicas = (request: ScheduleRequest): boolean =>
  request.isWorkload && request.replicas > 0 && !isDuplicated(request.placement);

const countsRoom = ({ strategy, profile }: ScheduleRequest): boolean =>
  strategy !== 'StaticWeight' || profile.switches.staticWeightsRespectCapacity;

function demandOf(constraints: readonly TopologyConstraint[], request: ScheduleRequest): SearchDemand {
  const cluster = constraints.find(({ field }) => field === 'cluster');
  const divides = dividesReplicas(request);
  return {
    clustersMin: cluster?.groupsMin ?? 0,
    // Each cluster of the selection can be given a replica.
    clustersMax: Math.min(
      cluster?.groupsMax ?? Number.POSITIVE_INFINITY,
      divides ? request.replicas : Number.POSITIVE_INFINITY,
    ),
    wanted: divides && countsRoom(request) ? request.replicas : request.countsComponentSets ? 1 : null,
  };
}

function search(
  pool: readonly Candidate[],
  constraints: readonly TopologyConstraint[],
  demand: SearchDemand,
): Filled | null {
  if (pool.length === 0) return null;
  const grouped = constraints.filter(({ field }) => field !== 'cluster');
  const best = findBestUnits(makeUnits(pool, grouped).units, grouped, demand);
  return best === null || best.length === 0 ? null : fillUnits(best, demand.clustersMax, demand.wanted);
}

/** Which constraint fails, and by how much: each alone, then each by leaving it out, then the room. */
function whyNot(
  pool: readonly Candidate[],
  constraints: readonly TopologyConstraint[],
  demand: SearchDemand,
  { replicas }: ScheduleRequest,
): Failure {
  for (const constraint of constraints) {
    const found = groupCount(constraint, pool);
    if (found < constraint.groupsMin) return tooFewGroups(constraint.field, found, constraint.groupsMin);
    if (constraint.groupsMax < 1) return noRoomInSelection(0, 0, replicas);
  }
  const withoutRoom = search(pool, constraints, { ...demand, wanted: null });
  if (withoutRoom !== null) {
    return noRoomInSelection(withoutRoom.clusters.length, withoutRoom.available, demand.wanted ?? 0);
  }
  const cluster = constraints.find(({ field }) => field === 'cluster');
  const unhurried = { ...demand, wanted: null, clustersMax: cluster?.groupsMax ?? Number.POSITIVE_INFINITY };
  if (search(pool, constraints, unhurried) !== null) return tooFewReplicasToSpread(replicas);
  const culprit =
    constraints.find(
      (constraint) =>
        search(
          pool,
          constraints.filter((each) => each !== constraint),
          unhurried,
        ) !== null,
    ) ?? constraints[0]!;
  const rest = search(
    pool,
    constraints.filter((each) => each !== culprit),
    unhurried,
  );
  const reached = rest === null ? null : groupCount(culprit, rest.clusters);
  return noChoiceHolds(culprit.field, culprit.groupsMin, culprit.groupsMax, reached);
}
