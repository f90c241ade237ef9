// The schemas of Karmada's kinds and of what is served beside them: those of the engine's own types, and those written in the compact notation.
import {
  clusterOverridePolicySchema,
  clusterProfileSchema,
  clusterPropagationPolicySchema,
  clusterResourceBindingSchema,
  clusterSchema,
  cronFederatedHpaSchema,
  federatedHpaSchema,
  multiClusterServiceSchema,
  ocmPlacementDecisionSchema,
  overridePolicySchema,
  placementDecisionSchema,
  propagationPolicySchema,
  resourceBindingSchema,
  type StructuralSchema,
  serviceExportSchema,
  serviceImportSchema,
  stagedRolloutSchema,
  workSchema,
} from '../../../engine/index.ts';
import { structuralOf } from './structural.ts';
import { readTypes } from './type-notation.ts';
import { coreTypes } from './types/core.ts';
import { karmadaTypes } from './types/karmada.ts';
import { metaTypes } from './types/meta.ts';
import { networkingTypes } from './types/networking.ts';

const OWN: Readonly<Record<string, StructuralSchema>> = {
  PropagationPolicy: propagationPolicySchema,
  ClusterPropagationPolicy: clusterPropagationPolicySchema,
  OverridePolicy: overridePolicySchema,
  ClusterOverridePolicy: clusterOverridePolicySchema,
  ResourceBinding: resourceBindingSchema,
  ClusterResourceBinding: clusterResourceBindingSchema,
  Work: workSchema,
  Cluster: clusterSchema,
  ClusterProfile: clusterProfileSchema,
  PlacementDecision: placementDecisionSchema,
  'PlacementDecision.cluster.open-cluster-management.io': ocmPlacementDecisionSchema,
  FederatedHPA: federatedHpaSchema,
  CronFederatedHPA: cronFederatedHpaSchema,
  StagedRollout: stagedRolloutSchema,
  MultiClusterService: multiClusterServiceSchema,
  ServiceExport: serviceExportSchema,
  ServiceImport: serviceImportSchema,
};

interface Told {
  readonly description: string;
  /** The types of the fields beside type and metadata; a star marks one that must be there. */
  readonly fields: Readonly<Record<string, string>>;
}

const TOLD: Readonly<Record<string, Told>> = {
  FederatedResourceQuota: {
    description: 'Limits what a namespace may use over all clusters together.',
    fields: { spec: 'FederatedResourceQuotaSpec*', status: 'FederatedResourceQuotaStatus' },
  },
  ClusterTaintPolicy: {
    description: 'Taints clusters, and takes the taints away, by their conditions.',
    fields: { spec: 'ClusterTaintPolicySpec*' },
  },
  WorkloadRebalancer: {
    description: 'Has workloads scheduled anew, once, as if they had never been.',
    fields: { spec: 'WorkloadRebalancerSpec*', status: 'WorkloadRebalancerStatus' },
  },
  Remedy: {
    description: 'What is to be done about clusters with certain conditions.',
    fields: { spec: 'RemedySpec*' },
  },
  MultiClusterIngress: {
    description: 'An ingress in front of the services of many clusters.',
    fields: { spec: 'IngressSpec', status: 'MultiClusterIngressStatus' },
  },
  ResourceInterpreterCustomization: {
    description: 'Teaches how a kind is understood, by scripts.',
    fields: { spec: 'ResourceInterpreterCustomizationSpec*' },
  },
  ResourceInterpreterWebhookConfiguration: {
    description: 'Teaches how kinds are understood, by asking a server.',
    fields: { webhooks: '[InterpreterWebhook]*' },
  },
  ResourceRegistry: {
    description: 'What is gathered from clusters to be searched.',
    fields: { spec: 'ResourceRegistrySpec', status: 'StatusWithConditions' },
  },
};

/** What every object has is no definition's business. */
function withPlainMetadata(schema: StructuralSchema): StructuralSchema {
  const text = { type: 'string' };
  return {
    ...schema,
    properties: { ...schema.properties, apiVersion: text, kind: text, metadata: { type: 'object' } },
  };
}

/** The whole schema of each kind, by the kind's name, or by that and its group where two have the name. */
export function karmadaSchemas(): ReadonlyMap<string, StructuralSchema> {
  const meta = readTypes(metaTypes);
  const core = readTypes(coreTypes, meta);
  const networking = readTypes(networkingTypes, core, meta);
  const kinds = Object.entries(TOLD).map(
    ([kind, { fields }]) =>
      `${kind}: ${Object.entries(fields)
        .map(([name, type]) => (type.endsWith('*') ? `${name}* ${type.slice(0, -1)}` : `${name} ${type}`))
        .join(', ')}`,
  );
  const types = readTypes(`${karmadaTypes.trim()}\n${kinds.join('\n')}\n`, networking, core, meta);
  const schemas = new Map(Object.entries(OWN).map(([kind, schema]) => [kind, withPlainMetadata(schema)]));
  for (const [kind, { description }] of Object.entries(TOLD)) {
    schemas.set(kind, withPlainMetadata({ ...structuralOf(types.get(kind)!), description }));
  }
  return schemas;
}
