// Static weights: the greatest weight of the rules that match a cluster; where no rule matches any, all weigh the same.

import type { Cluster } from '../../api/cluster.ts';
import { affinityMismatch } from '../../api/cluster-affinity.ts';
import type { WeightPreference } from '../../api/placement.ts';

export function staticWeights(clusters: readonly Cluster[], preference: WeightPreference | undefined): number[] {
  const rules = preference?.staticWeightList ?? [];
  const weights = clusters.map((cluster) =>
    rules.reduce(
      (most, { targetCluster, weight }) =>
        weight > most && affinityMismatch(cluster, targetCluster) === null ? weight : most,
      0,
    ),
  );
  return weights.some((weight) => weight > 0) ? weights : clusters.map(() => 1);
}
