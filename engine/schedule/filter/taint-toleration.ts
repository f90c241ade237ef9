// Every NoSchedule and NoExecute taint must be tolerated; a cluster that already has the workload passes.

import type { Cluster } from '../../api/cluster.ts';
import type { Placement } from '../../api/placement.ts';
import { formatTaint, isTolerated, type Taint } from '../../kube/taint.ts';
import type { FilterPlugin } from '../plugin.ts';

export const taintToleration: FilterPlugin = {
  name: 'TaintToleration',
  reject(cluster, { previous, placement }) {
    if (previous.has(cluster.metadata.name)) return null;
    const untolerated = untoleratedTaints(cluster, placement);
    if (untolerated.length === 0) return null;
    return `no toleration for ${untolerated.map(formatTaint).join(', ')}`;
  },
};

export const untoleratedTaints = (cluster: Cluster, { clusterTolerations = [] }: Placement): readonly Taint[] =>
  (cluster.spec.taints ?? []).filter(
    (taint) => taint.effect !== 'PreferNoSchedule' && !isTolerated(taint, clusterTolerations),
  );
