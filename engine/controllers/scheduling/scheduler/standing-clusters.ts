// What a cluster is good for without a decision: to stay in, and to come to.
import type { Cluster } from '../../../api/cluster.ts';
import { COLLECTIONS } from '../../../api/kinds.ts';
import type { View } from '../../../control/controller.ts';
import { isReady } from '../../clusters/cluster-conditions.ts';

/** Nothing stays in a cluster that leaves. */
export function stays(name: string, view: View): boolean {
  const cluster = view.get(COLLECTIONS.clusters, '', name);
  return cluster !== null && cluster.metadata.deletionTimestamp === undefined;
}

export function takes(name: string, view: View): boolean {
  const cluster = view.get(COLLECTIONS.clusters, '', name);
  if (cluster === null || !isReady(cluster)) return false;
  return !(cluster as unknown as Cluster).spec.taints?.some(({ effect }) => effect === 'NoExecute');
}
