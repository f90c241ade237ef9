// A cluster that the workload is being evicted from is no target for it.
import type { FilterPlugin } from '../plugin.ts';

export const clusterEviction: FilterPlugin = {
  name: 'ClusterEviction',
  reject(cluster, { evicting }) {
    return evicting.has(cluster.metadata.name) ? 'the workload is being evicted from this cluster' : null;
  },
};
