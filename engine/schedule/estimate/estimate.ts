// The estimate that counts: the smallest answer of all estimators, with Karmada's rules for "no limit" and "nothing to count"; and
// nothing where a cluster only keeps what it has.
import type { Cluster } from '../../api/cluster.ts';
import { whyNoMore } from '../filter/closed.ts';
import type { FleetView } from '../fleet-view.ts';
import type { EstimatorPlugin } from '../plugin.ts';
import type { ScheduleRequest } from '../request.ts';
import { MAX_INT32 } from './promises.ts';

export function estimateRoom(
  cluster: Cluster,
  request: ScheduleRequest,
  estimators: readonly EstimatorPlugin[],
  fleet: FleetView,
): number {
  const { replicas, spec } = request;
  if (replicas === 0 && (spec.components?.length ?? 0) === 0) return MAX_INT32;
  if (whyNoMore(cluster, request) !== null) return 0;
  let room = MAX_INT32;
  for (const estimator of estimators) {
    const answer = estimator.estimate(cluster, request, fleet);
    if (answer !== null && answer < room) room = answer;
  }
  // No estimator set a limit: then as much as is wanted fits.
  return room === MAX_INT32 ? replicas : room;
}
