// Work (work.karmada.io/v1alpha1): the manifests for one member cluster, and what became of them there.
import type { Condition, KubeObject, ObjectMeta } from '../kube/meta.ts';

export interface WorkSpec {
  workload: { manifests?: KubeObject[] };
  /** The manifests are not to be created or updated in the member for now. */
  suspendDispatching?: boolean;
  preserveResourcesOnDeletion?: boolean;
}

export interface ResourceIdentifier {
  /** The manifest's position in the Work. */
  ordinal: number;
  group?: string;
  version: string;
  kind: string;
  resource?: string;
  namespace?: string;
  name: string;
}

export type ResourceHealth = 'Healthy' | 'Unhealthy' | 'Unknown';

export interface ManifestStatus {
  identifier: ResourceIdentifier;
  status?: unknown;
  health?: ResourceHealth;
}

export interface WorkStatus {
  conditions?: Condition[];
  manifestStatuses?: ManifestStatus[];
}

export interface Work {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  spec: WorkSpec;
  status?: WorkStatus;
}

export const WORK_API_VERSION = 'work.karmada.io/v1alpha1';
export const BINDING_API_VERSION = 'work.karmada.io/v1alpha2';

export const WORK_CONDITIONS = {
  applied: 'Applied',
  progressing: 'Progressing',
  available: 'Available',
  degraded: 'Degraded',
  dispatching: 'Dispatching',
} as const;

export const BINDING_CONDITIONS = { scheduled: 'Scheduled', fullyApplied: 'FullyApplied' } as const;
