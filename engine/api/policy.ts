// PropagationPolicy and ClusterPropagationPolicy (policy.karmada.io/v1alpha1): which resources go where, and how.
import type { ObjectMeta } from '../kube/meta.ts';
import type { LabelSelector } from '../kube/selector.ts';
import type { Placement } from './placement.ts';

export interface ResourceSelector {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name?: string;
  labelSelector?: LabelSelector;
}

export interface StatePreservation {
  rules: { aliasLabelName: string; jsonPath: string }[];
}

export type PurgeMode = 'Directly' | 'Gracefully' | 'Never';

export interface ApplicationFailover {
  decisionConditions: { tolerationSeconds?: number };
  purgeMode?: PurgeMode;
  gracePeriodSeconds?: number;
  statePreservation?: StatePreservation;
}

export interface ClusterFailover {
  purgeMode?: PurgeMode;
  statePreservation?: StatePreservation;
}

export interface FailoverBehavior {
  application?: ApplicationFailover;
  cluster?: ClusterFailover;
}

export type ConflictResolution = 'Abort' | 'Overwrite';

export interface Suspension {
  dispatching?: boolean;
  dispatchingOnClusters?: { clusterNames?: string[] };
}

export interface SchedulePriority {
  priorityClassSource: string;
  priorityClassName: string;
}

export interface PropagationSpec {
  resourceSelectors: ResourceSelector[];
  /** Deprecated name of `propagateDeps`. */
  association?: boolean;
  propagateDeps?: boolean;
  placement?: Placement;
  priority?: number;
  preemption?: 'Always' | 'Never';
  dependentOverrides?: string[];
  schedulerName?: string;
  failover?: FailoverBehavior;
  conflictResolution?: ConflictResolution;
  activationPreference?: '' | 'Lazy';
  suspension?: Suspension;
  preserveResourcesOnDeletion?: boolean;
  schedulePriority?: SchedulePriority;
}

export interface PropagationPolicy {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
  spec: PropagationSpec;
}
