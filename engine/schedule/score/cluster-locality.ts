// A workload would rather stay: full marks for every cluster that it was scheduled to before.
import type { ScorePlugin } from '../plugin.ts';

export const clusterLocality: ScorePlugin = {
  name: 'ClusterLocality',
  score: (cluster, { previous }) => (previous.has(cluster.metadata.name) ? 100 : 0),
};
