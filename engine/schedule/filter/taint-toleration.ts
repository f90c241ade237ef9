// Every NoSchedule and NoExecute taint must be tolerated; a cluster that already has the workload passes.
import { formatTaint, isTolerated } from '../../kube/taint.ts';
import type { FilterPlugin } from '../plugin.ts';

export const taintToleration: FilterPlugin = {
  name: 'TaintToleration',
  reject(cluster, { previous, placement }) {
    if (previous.has(cluster.metadata.name)) return null;
    const untolerated = (cluster.spec.taints ?? []).filter(
      (taint) => taint.effect !== 'PreferNoSchedule' && !isTolerated(taint, placement.clusterTolerations ?? []),
    );
    if (untolerated.length === 0) return null;
    return `no toleration for ${untolerated.map(formatTaint).join(', ')}`;
  },
};
