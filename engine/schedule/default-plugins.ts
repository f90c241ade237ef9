// The plugins that are on unless a profile says otherwise, in the order in which their verdicts are told.
import { generalEstimator } from './estimate/general.ts';
import { apiEnablement } from './filter/api-enablement.ts';
import { clusterAffinity } from './filter/cluster-affinity.ts';
import { clusterEviction } from './filter/cluster-eviction.ts';
import { spreadProperty } from './filter/spread-property.ts';
import { taintToleration } from './filter/taint-toleration.ts';
import type { PluginSet } from './plugin.ts';
import { clusterLocality } from './score/cluster-locality.ts';

export const DEFAULT_PLUGINS: PluginSet = {
  filters: [apiEnablement, taintToleration, clusterAffinity, spreadProperty, clusterEviction],
  scores: [clusterLocality],
  estimators: [generalEstimator],
};
