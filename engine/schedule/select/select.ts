// Which of the candidates are used: all of them, or as the spread constraints say.
import type { Placement, SpreadConstraint } from '../../api/placement.ts';
import { fail, type Outcome, succeed } from '../decision.ts';
import { spreadUnsupported } from '../reasons.ts';
import { isDuplicated, type ScheduleRequest } from '../request.ts';
import { selectByCluster } from './by-cluster.ts';
import { selectByRegion } from './by-region.ts';
import type { Candidate } from './candidate.ts';

/** The candidates come in candidate order; the selection leaves in the order in which Karmada would return it. */
export function selectClusters(
  candidates: readonly Candidate[],
  request: ScheduleRequest,
): Outcome<readonly Candidate[]> {
  const { placement, replicas } = request;
  const constraints = placement.spreadConstraints ?? [];
  if (constraints.length === 0 || isSpreadIgnored(placement)) return succeed(candidates);

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
