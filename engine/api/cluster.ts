// Cluster (cluster.karmada.io/v1alpha1): a member of the fleet.
import type { Condition, ObjectMeta } from '../kube/meta.ts';
import { kindSchema } from '../kube/schema/kind-schema.ts';
import { conditions, taintSchema } from '../kube/schema/kube-types.ts';
import {
  count,
  described,
  filled,
  flag,
  listOf,
  mapOf,
  must,
  objectOf,
  oneOf,
  type SchemaOf,
  text,
  textList,
  textMap,
  whole,
} from '../kube/schema/typed-schema.ts';
import type { Taint } from '../kube/taint.ts';

export type ResourceList = Record<string, string | number>;

export interface ResourceModelRange {
  name: string;
  /** Nothing where it is left out. */
  min?: string | number;
  max?: string | number;
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
  resources?: ApiResource[];
}

export interface ApiResource {
  name?: string;
  kind: string;
}

export interface NodeSummary {
  totalNum?: number;
  readyNum?: number;
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
  nodeSummary?: NodeSummary;
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

/** Clusters are not served through a definition: like Karmada's own server, ours takes bare numbers with fractions too. */
const amount = (description: string): SchemaOf<string | number> => ({
  description,
  anyOf: [{ type: 'number' }, { type: 'string' }],
  example: '4Gi',
  'x-kubernetes-preserve-unknown-fields': true,
});
const amounts = (description: string): SchemaOf<ResourceList> => mapOf(description, amount('The amount.'));

const rangeSchema = objectOf<ResourceModelRange>('How much of one resource a node of a grade has.', {
  name: must(text('The resource.', { enum: ['cpu', 'memory', 'storage', 'ephemeral-storage'] })),
  min: amount('At least so much.'),
  max: amount('Less than so much.'),
});

const modelSchema = objectOf<ResourceModel>('One size of node, from the smallest up.', {
  grade: must(whole('Which size, from 0.', { minimum: 0 })),
  ranges: must(listOf('What such a node has.', rangeSchema)),
});

const secretReferenceSchema = objectOf<LocalSecretReference>('A Secret.', {
  namespace: must(filled('Its namespace.')),
  name: must(filled('Its name.')),
});

const specSchema = objectOf<ClusterSpec>('How a member is reached and where it stands.', {
  id: text('What identifies the cluster itself, whatever it is called here.', { maxLength: 128_000 }),
  syncMode: oneOf('Whether the hub reaches into the cluster, or an agent there fetches.', ['Push', 'Pull']),
  apiEndpoint: text('The address of its API.', { example: 'https://10.0.0.1:6443' }),
  secretRef: described('The Secret with token and caBundle by which it is reached.', secretReferenceSchema),
  impersonatorSecretRef: described('The Secret with the token that may act for others.', secretReferenceSchema),
  insecureSkipTLSVerification: flag('Whether its certificate is believed unseen.'),
  proxyURL: text('The proxy on the way to it.'),
  proxyHeader: textMap('Headers for that proxy.'),
  provider: text('Whose cluster it is.'),
  region: text('The region it stands in.'),
  zone: text('Deprecated: its only zone. Use zones.'),
  zones: textList('The zones it stands in.'),
  taints: listOf('Marks that keep workloads away.', taintSchema),
  resourceModels: listOf('The sizes by which its nodes are counted; nine where none are given.', modelSchema),
});

const apiResourceSchema = objectOf<ApiResource>('One kind that the cluster serves.', {
  name: text('Its plural name.'),
  kind: must(text('The kind.')),
});

const apiEnablementSchema = objectOf<ApiEnablement>('What the cluster serves of one API version.', {
  groupVersion: must(text('The API version.')),
  resources: listOf('The kinds.', apiResourceSchema),
});

const nodeSummarySchema = objectOf<NodeSummary>('Its nodes in numbers.', {
  totalNum: count('How many there are.'),
  readyNum: count('How many of them are ready.'),
});

const modelingSchema = objectOf<AllocatableModeling>('How many nodes of one grade there are.', {
  grade: must(whole('The grade.', { minimum: 0 })),
  count: must(whole('The nodes.')),
});

const resourceSummarySchema = objectOf<ResourceSummary>('Its resources, over all nodes.', {
  allocatable: amounts('What pods may use.'),
  allocating: amounts('What pods ask for that wait for a node.'),
  allocated: amounts('What pods have that are on a node.'),
  allocatableModelings: listOf('Nodes by grades of what is free.', modelingSchema),
});

const statusSchema = objectOf<ClusterStatus>('What was last seen of the cluster.', {
  kubernetesVersion: text('Its version.'),
  apiEnablements: listOf('What it serves.', apiEnablementSchema),
  conditions: conditions('Whether it is ready, and whether all it serves is known.'),
  nodeSummary: described('Its nodes.', nodeSummarySchema),
  resourceSummary: described('Its resources.', resourceSummarySchema),
  remedyActions: textList('What is asked of traffic control, by remedies.'),
});

export const clusterSchema: SchemaOf<Cluster> = kindSchema<Cluster>('A member of the fleet.', {
  spec: must(specSchema),
  status: statusSchema,
});
