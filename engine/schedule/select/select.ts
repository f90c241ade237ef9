// Which of the candidates are used: all of them, or as the spread constraints say.
import type { Placement, SpreadConstraint } from '../../api/placement.ts';
import { fail, type Outcome, succeed } from '../decision.ts';
import { spreadUnsupported } from '../reasons.ts';
import { isDuplicated, type ScheduleRequest } from '../request.ts';
import { selectByCluster } from './by-cluster.ts';
import { selectByRegion } from './by-region.ts';
import { dividesReplicas, selectByTopology } from './by-topology.ts';
import type { Candidate } from './candidate.ts';
import { brokenBy, readConstraints } from './topology/constraints.ts';

/** The candidates come in candidate order; the selection leaves in the order in which Karmada would return it. */
export function selectClusters(
  candidates: readonly Candidate[],
  request: ScheduleRequest,
): Outcome<readonly Candidate[]> {
  const { placement, profile } = request;
  const constraints = placement.spreadConstraints ?? [];
  if (constraints.length === 0) return succeed(candidates);
  if (!profile.switches.staticWeightsRespectSpread && isSpreadIgnored(placement)) return succeed(candidates);
  if (!profile.switches.spreadByAnyTopology) return selectAsKarmada(candidates, request);
  const answer = karmadaAnswers(placement) ? selectAsKarmada(candidates, request) : null;
  if (answer?.ok && isTrueOf(answer.value, request)) return answer;
  return selectByTopology(candidates, request);
}

/** Karmada decides by region and cluster only, and only with an upper limit on each. */
export const karmadaAnswers = (placement: Placement): boolean =>
  !isSpreadIgnored(placement) &&
  (placement.spreadConstraints ?? []).some(({ spreadByField }) => spreadByField === 'cluster') &&
  (placement.spreadConstraints ?? []).every(
    ({ spreadByField, maxGroups }) => (spreadByField === 'cluster' || spreadByField === 'region') && Boolean(maxGroups),
  );

/** Its selection can exceed a limit, lack room, or ask for more groups than there are replicas. */
export function isTrueOf(selected: readonly Candidate[], request: ScheduleRequest): boolean {
  const constraints = readConstraints(request.placement.spreadConstraints ?? [], request.profile);
  if (selected.length === 0 || brokenBy(constraints, selected) !== null) return false;
  if (!dividesReplicas(request)) return true;
  const able = selected.filter(({ available }) => available > 0);
  const available = able.reduce((sum, candidate) => sum + candidate.available, 0);
  return (
    available >= request.replicas &&
    brokenBy(constraints, able) === null &&
    constraints.every(({ groupsMin }) => groupsMin <= request.replicas)
  );
}

function selectAsKarmada(candidates: readonly Candidate[], request: ScheduleRequest): Outcome<readonly Candidate[]> {
  const { placement, replicas } = request;
  const constraints = placement.spreadConstraints ?? [];
  const byField = new Map<string, SpreadConstraint>();
  for (const constraint of constraints) byField.set(constraint.spreadByField ?? '', constraint);
  const region = byField.get('region');
  const cluster = byField.get('cluster');
  const duplicated = isDuplicated(placement);
  if (region !== undefined) return selectByRegion(candidates, region, cluster, { replicas, duplicated });
  // One cluster takes the whole set of components: room for one set is enough.
  const wanted = request.countsComponentSets ? 1 : replicas;
  if (cluster !== undefined) return selectByCluster(candidates, cluster, duplicated ? null : wanted);
  return fail(
    spreadUnsupported(constraints.map(({ spreadByField, spreadByLabel }) => spreadByField || `label ${spreadByLabel}`)),
  );
}

/** Static weights go wherever they point; an empty weightPreference counts as static, yet keeps the constraints. */
export function isSpreadIgnored({ replicaScheduling }: Placement): boolean {
  if (replicaScheduling?.replicaSchedulingType !== 'Divided') return false;
  if (replicaScheduling.replicaDivisionPreference !== 'Weighted') return false;
  const { weightPreference } = replicaScheduling;
  if (weightPreference === undefined || weightPreference === null) return true;
  return (weightPreference.staticWeightList?.length ?? 0) > 0 && !weightPreference.dynamicWeight;
}
