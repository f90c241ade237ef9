// Placement: which clusters a workload may use, how it spreads over them and how its replicas are divided.
import type { LabelSelector } from '../kube/selector.ts';
import type { Toleration } from '../kube/taint.ts';

export interface FieldSelectorRequirement {
  key: string;
  operator: string;
  values?: string[];
}

export interface FieldSelector {
  matchExpressions?: FieldSelectorRequirement[];
}

export interface ClusterAffinity {
  labelSelector?: LabelSelector;
  fieldSelector?: FieldSelector;
  clusterNames?: string[];
  exclude?: string[];
}

export interface OverflowAffinity extends ClusterAffinity {
  affinityName: string;
}

export interface ClusterAffinityTerm extends ClusterAffinity {
  affinityName: string;
  overflowAffinities?: OverflowAffinity[];
}

export type SpreadField = 'cluster' | 'region' | 'zone' | 'provider';

export interface SpreadConstraint {
  spreadByField?: SpreadField;
  spreadByLabel?: string;
  maxGroups?: number;
  minGroups?: number;
}

export interface StaticClusterWeight {
  targetCluster: ClusterAffinity;
  weight: number;
}

export interface WeightPreference {
  staticWeightList?: StaticClusterWeight[];
  dynamicWeight?: string;
}

export interface ReplicaScheduling {
  replicaSchedulingType?: 'Duplicated' | 'Divided';
  replicaDivisionPreference?: 'Aggregated' | 'Weighted';
  weightPreference?: WeightPreference;
}

export interface WorkloadAffinityTerm {
  groupByLabelKey: string;
}

export interface Placement {
  clusterAffinity?: ClusterAffinity;
  clusterAffinities?: ClusterAffinityTerm[];
  clusterTolerations?: Toleration[];
  spreadConstraints?: SpreadConstraint[];
  replicaScheduling?: ReplicaScheduling;
  workloadAffinity?: { affinity?: WorkloadAffinityTerm; antiAffinity?: WorkloadAffinityTerm };
}
