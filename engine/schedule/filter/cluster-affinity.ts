// The cluster must belong to the affinity or, for a workload, to one of its overflow tiers.

import type { Cluster } from '../../api/cluster.ts';
import { affinityMismatch } from '../../api/cluster-affinity.ts';
import type { FilterPlugin } from '../plugin.ts';
import type { ScheduleRequest } from '../request.ts';

export const clusterAffinity: FilterPlugin = {
  name: 'ClusterAffinity',
  reject(cluster, request) {
    if (tierOf(cluster, request) !== null) return null;
    return affinityMismatch(cluster, request.tiers[0]!);
  },
};

/** The first tier that the cluster belongs to; null where none does. */
export function tierOf(cluster: Cluster, { tiers, isWorkload }: ScheduleRequest): number | null {
  if (tiers.length === 0) return 0;
  const open = isWorkload ? tiers : tiers.slice(0, 1);
  const tier = open.findIndex((affinity) => affinityMismatch(cluster, affinity) === null);
  return tier < 0 ? null : tier;
}
