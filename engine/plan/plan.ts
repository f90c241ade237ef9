// A plan as data: what a set of manifests becomes on a fleet, workload by workload and cluster by cluster.
import type { TargetCluster } from '../api/binding.ts';
import type { KubeObject } from '../kube/meta.ts';
import type { PlannedRollout } from './planned-rollout.ts';

export interface PlannedCluster {
  readonly name: string;
  /** Left out for what has no replicas. */
  readonly replicas?: number;
  /** Override policies that changed the manifest, in the order in which they did. */
  readonly overrides: readonly string[];
  /** As the cluster is to have it. */
  readonly manifest: KubeObject;
}

export interface PolicyReference {
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
}

export interface PlannedWorkload {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
  /** Null for what goes along with others that need it, and for what no policy selects. */
  readonly policy: PolicyReference | null;
  /** `follows` goes where those go that need it; `unselected` stays on the hub. */
  readonly outcome: 'placed' | 'follows' | 'unplaced' | 'unselected';
  /** Why it is not placed, or not everywhere; null where there is nothing to say. */
  readonly reason: string | null;
  /** Replicas asked for; null for what has none. */
  readonly replicas: number | null;
  /** Where a recorded binding had it. */
  readonly before: readonly TargetCluster[];
  readonly clusters: readonly PlannedCluster[];
  /** Left out where changes go everywhere at once. */
  readonly rollout?: PlannedRollout;
}

export interface Plan {
  readonly apiVersion: 'muster/v1alpha1';
  readonly kind: 'Plan';
  readonly profile: string;
  /** The fleet that it was made for. */
  readonly fleet: readonly string[];
  /** By namespace, kind and name. */
  readonly workloads: readonly PlannedWorkload[];
}
