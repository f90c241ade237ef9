// Whether a stored object of our kinds is what its schema says: whoever wrote it past every check may have left anything there.
import { rememberedOf } from '../base/remembered.ts';
import type { KubeObject } from '../kube/meta.ts';
import type { StructuralSchema } from '../kube/schema/structural-schema.ts';
import { validate } from '../kube/schema/validate.ts';
import { federatedHpaSchema } from './autoscaling.ts';
import { clusterResourceBindingSchema, resourceBindingSchema } from './binding.ts';
import { clusterSchema } from './cluster.ts';
import { cronFederatedHpaSchema } from './cron-autoscaling.ts';
import { interpreterCustomizationSchema } from './interpreter-customization.ts';
import { clusterOverridePolicySchema, overridePolicySchema } from './override.ts';
import { clusterPropagationPolicySchema, propagationPolicySchema } from './policy.ts';
import { federatedResourceQuotaSchema } from './quota.ts';
import { workloadRebalancerSchema } from './rebalancer.ts';
import { remedySchema } from './remedy.ts';
import { multiClusterServiceSchema, serviceImportSchema } from './services.ts';
import { stagedRolloutSchema } from './staged-rollout.ts';
import { workSchema } from './work.ts';

const SCHEMAS: ReadonlyMap<string, StructuralSchema> = new Map<string, StructuralSchema>([
  ['cluster.karmada.io/v1alpha1 Cluster', clusterSchema],
  ['policy.karmada.io/v1alpha1 PropagationPolicy', propagationPolicySchema],
  ['policy.karmada.io/v1alpha1 ClusterPropagationPolicy', clusterPropagationPolicySchema],
  ['policy.karmada.io/v1alpha1 OverridePolicy', overridePolicySchema],
  ['policy.karmada.io/v1alpha1 ClusterOverridePolicy', clusterOverridePolicySchema],
  ['policy.karmada.io/v1alpha1 FederatedResourceQuota', federatedResourceQuotaSchema],
  ['apps.karmada.io/v1alpha1 WorkloadRebalancer', workloadRebalancerSchema],
  ['remedy.karmada.io/v1alpha1 Remedy', remedySchema],
  ['work.karmada.io/v1alpha1 Work', workSchema],
  ['work.karmada.io/v1alpha2 ResourceBinding', resourceBindingSchema],
  ['work.karmada.io/v1alpha2 ClusterResourceBinding', clusterResourceBindingSchema],
  ['autoscaling.karmada.io/v1alpha1 FederatedHPA', federatedHpaSchema],
  ['autoscaling.karmada.io/v1alpha1 CronFederatedHPA', cronFederatedHpaSchema],
  ['config.karmada.io/v1alpha1 ResourceInterpreterCustomization', interpreterCustomizationSchema],
  ['networking.karmada.io/v1alpha1 MultiClusterService', multiClusterServiceSchema],
  ['multicluster.x-k8s.io/v1alpha1 ServiceImport', serviceImportSchema],
  ['muster.dev/v1alpha1 StagedRollout', stagedRolloutSchema],
]);

/** What is wrong with it, and where; null where nothing is, or where nothing is known of its kind. */
export function unsoundness(object: KubeObject): string | null {
  const schema = SCHEMAS.get(`${object.apiVersion} ${object.kind}`);
  const [first] = schema === undefined ? [] : validate(object, schema);
  return first === undefined ? null : `${first.path}: ${first.detail || first.code}`;
}

/** Of what is stored, which nobody changes any more. */
export const isSound = rememberedOf((stored: KubeObject) => unsoundness(stored) === null);
