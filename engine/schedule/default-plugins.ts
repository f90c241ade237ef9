// The plugins of a profile, in the order in which their verdicts are told.

import type { Profile } from '../profile/profile.ts';
import { accurateEstimator } from './estimate/accurate.ts';
import { generalEstimator } from './estimate/general.ts';
import { apiEnablement } from './filter/api-enablement.ts';
import { clusterAffinity } from './filter/cluster-affinity.ts';
import { clusterEviction } from './filter/cluster-eviction.ts';
import { spreadProperty } from './filter/spread-property.ts';
import { taintToleration } from './filter/taint-toleration.ts';
import { workloadAffinity, workloadAntiAffinity } from './filter/workload-affinity.ts';
import { extendPlugins, type PluginSet } from './plugin.ts';
import { clusterLocality } from './score/cluster-locality.ts';

export const DEFAULT_PLUGINS: PluginSet = {
  filters: [apiEnablement, taintToleration, clusterAffinity, spreadProperty, clusterEviction],
  scores: [clusterLocality],
  estimators: [generalEstimator, accurateEstimator],
};

const WITH_WORKLOAD_AFFINITY = extendPlugins(DEFAULT_PLUGINS, { filters: [workloadAffinity, workloadAntiAffinity] });

export const pluginsFor = ({ gates }: Profile): PluginSet =>
  gates.WorkloadAffinity ? WITH_WORKLOAD_AFFINITY : DEFAULT_PLUGINS;
