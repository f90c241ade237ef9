// Cluster (cluster.karmada.io/v1alpha1): a member of the fleet.
import type { Condition, ObjectMeta } from '../kube/meta.ts';
import type { Taint } from '../kube/taint.ts';

export type ResourceList = Record<string, string | number>;

export interface ResourceModelRange {
  name: string;
  min: string | number;
  max: string | number;
}

export interface ResourceModel {
  grade: number;
  ranges: ResourceModelRange[];
}

export interface LocalSecretReference {
  namespace: string;
  name: string;
}

export interface ClusterSpec {
  id?: string;
  syncMode?: 'Push' | 'Pull';
  apiEndpoint?: string;
  secretRef?: LocalSecretReference;
  impersonatorSecretRef?: LocalSecretReference;
  insecureSkipTLSVerification?: boolean;
  proxyURL?: string;
  proxyHeader?: Record<string, string>;
  provider?: string;
  region?: string;
  /** Deprecated; only `zones` decides anything. */
  zone?: string;
  zones?: string[];
  taints?: Taint[];
  resourceModels?: ResourceModel[];
}

export interface ApiEnablement {
  groupVersion: string;
  resources?: { name?: string; kind: string }[];
}

export interface AllocatableModeling {
  grade: number;
  count: number;
}

export interface ResourceSummary {
  allocatable?: ResourceList;
  allocating?: ResourceList;
  allocated?: ResourceList;
  allocatableModelings?: AllocatableModeling[];
}

export interface ClusterStatus {
  kubernetesVersion?: string;
  apiEnablements?: ApiEnablement[];
  conditions?: Condition[];
  nodeSummary?: { totalNum?: number; readyNum?: number };
  resourceSummary?: ResourceSummary;
  remedyActions?: string[];
}

export interface Cluster {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
  spec: ClusterSpec;
  status?: ClusterStatus;
}
