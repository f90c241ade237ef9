// OverridePolicy and ClusterOverridePolicy (policy.karmada.io/v1alpha1): edits of a workload for some clusters.
import type { ObjectMeta } from '../kube/meta.ts';
import type { ClusterAffinity } from './placement.ts';
import type { ResourceSelector } from './policy.ts';

export interface ImageOverrider {
  predicate?: { path: string };
  component: 'Registry' | 'Repository' | 'Tag';
  operator: 'add' | 'remove' | 'replace';
  value?: string;
}

export interface CommandArgsOverrider {
  containerName: string;
  operator: 'add' | 'remove';
  value?: string[];
}

export interface LabelAnnotationOverrider {
  operator: 'add' | 'remove' | 'replace';
  value?: Record<string, string>;
}

export interface FieldPatchOperation {
  subPath: string;
  operator: 'add' | 'remove' | 'replace';
  value?: unknown;
}

export interface FieldOverrider {
  fieldPath: string;
  json?: FieldPatchOperation[];
  yaml?: FieldPatchOperation[];
}

export interface PlaintextOverrider {
  path: string;
  operator: 'add' | 'remove' | 'replace';
  value?: unknown;
}

export interface Overriders {
  imageOverrider?: ImageOverrider[];
  commandOverrider?: CommandArgsOverrider[];
  argsOverrider?: CommandArgsOverrider[];
  labelsOverrider?: LabelAnnotationOverrider[];
  annotationsOverrider?: LabelAnnotationOverrider[];
  fieldOverrider?: FieldOverrider[];
  plaintext?: PlaintextOverrider[];
}

export interface OverrideRule {
  targetCluster?: ClusterAffinity;
  overriders: Overriders;
}

export interface OverrideSpec {
  resourceSelectors?: ResourceSelector[];
  overrideRules?: OverrideRule[];
  /** Deprecated with `overriders`: one rule spelled at the top. */
  targetCluster?: ClusterAffinity;
  overriders?: Overriders;
}

export interface OverridePolicy {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
  spec: OverrideSpec;
}
