// FederatedResourceQuota (policy.karmada.io/v1alpha1): what a namespace may use in all clusters together, and in some of them.
import type { ObjectMeta } from '../kube/meta.ts';
import { kindSchema } from '../kube/schema/kind-schema.ts';
import { resourceList } from '../kube/schema/kube-types.ts';
import { described, filled, listOf, must, objectOf, type SchemaOf, text } from '../kube/schema/typed-schema.ts';
import type { ResourceList } from './cluster.ts';

export interface StaticAssignment {
  clusterName: string;
  hard: ResourceList;
}

export interface FederatedResourceQuotaSpec {
  overall: ResourceList;
  staticAssignments?: StaticAssignment[];
}

export interface ClusterQuotaStatus {
  clusterName: string;
  hard?: ResourceList;
  used?: ResourceList;
}

export interface FederatedResourceQuotaStatus {
  overall?: ResourceList;
  overallUsed?: ResourceList;
  aggregatedStatus?: ClusterQuotaStatus[];
}

export interface FederatedResourceQuota {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
  spec: FederatedResourceQuotaSpec;
  status?: FederatedResourceQuotaStatus;
}

const assignmentSchema = objectOf<StaticAssignment>('What the namespace may use in one cluster.', {
  clusterName: must(filled('The cluster.')),
  hard: must(resourceList('How much of each resource.')),
});

const clusterStatusSchema = objectOf<ClusterQuotaStatus>('What one cluster tells of its quota.', {
  clusterName: must(text('The cluster.')),
  hard: resourceList('How much of each resource may be used there.'),
  used: resourceList('How much is used there.'),
});

export const federatedResourceQuotaSchema: SchemaOf<FederatedResourceQuota> = kindSchema<FederatedResourceQuota>(
  'What a namespace may use in all clusters together.',
  {
    spec: must(
      objectOf<FederatedResourceQuotaSpec>('What may be used.', {
        overall: must(resourceList('How much of each resource in all clusters together.')),
        staticAssignments: listOf('How much of that in single clusters.', assignmentSchema),
      }),
    ),
    status: described(
      'What is used.',
      objectOf<FederatedResourceQuotaStatus>('What is used.', {
        overall: resourceList('How much of each resource may be used, as it was last seen.'),
        overallUsed: resourceList('How much is used in all clusters together.'),
        aggregatedStatus: listOf('What the clusters tell.', clusterStatusSchema),
      }),
    ),
  },
);
