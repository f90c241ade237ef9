// What other tools read of a fleet: ClusterProfile and PlacementDecision of SIG Multicluster (multicluster.x-k8s.io), and
// PlacementDecision as Open Cluster Management has it, which is the form that Argo CD's ApplicationSets read.
import type { Condition, ObjectMeta } from '../kube/meta.ts';
import { kindSchema } from '../kube/schema/kind-schema.ts';
import { conditions } from '../kube/schema/kube-types.ts';
import {
  described,
  filled,
  flag,
  listOf,
  must,
  objectOf,
  type SchemaOf,
  text,
  time,
} from '../kube/schema/typed-schema.ts';

export const INVENTORY = {
  apiVersion: 'multicluster.x-k8s.io/v1alpha1',
  ocmApiVersion: 'cluster.open-cluster-management.io/v1beta1',
  /** The namespace of the ClusterProfiles. */
  namespace: 'cluster-inventory',
  /** Who keeps them, and the set that all clusters of the hub are in. */
  manager: 'muster',
  managerLabel: 'x-k8s.io/cluster-manager',
  setLabel: 'multicluster.x-k8s.io/clusterset',
  decisionKeyLabel: 'multicluster.x-k8s.io/decision-key',
  decisionIndexLabel: 'multicluster.x-k8s.io/decision-index',
  placementKeyLabel: 'multicluster.x-k8s.io/placement-key',
  ocmPlacementLabel: 'cluster.open-cluster-management.io/placement',
  /** No list of decisions is longer. */
  decisionsMax: 100,
  healthy: 'ControlPlaneHealthy',
} as const;

/** On a Cluster: whom to trust at its address, in base64. */
export const CA_BUNDLE_ANNOTATION = 'cluster.muster.dev/ca-bundle';

/** On a policy: "true", or in which namespace; only a ClusterPropagationPolicy may name another than the workload's. */
export const PUBLISH_ANNOTATION = 'decisions.muster.dev/publish';
/** On a decision: "namespace/name" of the binding that it tells of. */
export const DECISION_OF_ANNOTATION = 'decisions.muster.dev/of';

export interface ProfileProperty {
  name: string;
  value: string;
  lastObservedTime?: string;
}

/** As in a kubeconfig. */
export interface ProfileEndpoint {
  server: string;
  'certificate-authority-data'?: string;
  'insecure-skip-tls-verify'?: boolean;
  'proxy-url'?: string;
}

export interface AccessProvider {
  name: string;
  cluster?: ProfileEndpoint;
}

export interface ClusterProfileStatus {
  conditions?: Condition[];
  version?: { kubernetes?: string };
  properties?: ProfileProperty[];
  accessProviders?: AccessProvider[];
}

export interface ClusterProfile {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
  spec: { displayName?: string; clusterManager: { name: string } };
  status?: ClusterProfileStatus;
}

export interface ClusterDecision {
  clusterProfileRef: { name: string; namespace?: string };
  reason?: string;
}

export interface PlacementDecision {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
  decisions: ClusterDecision[];
  schedulerName?: string;
}

export interface OcmClusterDecision {
  clusterName: string;
  reason: string;
}

export interface OcmPlacementDecisionStatus {
  decisions?: OcmClusterDecision[];
}

export interface OcmPlacementDecision {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
  status?: OcmPlacementDecisionStatus;
}

const managerSchema = objectOf<ClusterProfile['spec']['clusterManager']>(
  'Who keeps this profile.',
  { name: must(filled('Its name.')) },
  { rules: [{ rule: 'self == oldSelf', message: 'ClusterManager is immutable' }] },
);

const propertySchema = objectOf<ProfileProperty>('Something that is known of the cluster.', {
  name: must(filled('What it is.', { maxLength: 253 })),
  value: must(filled('How it is.', { maxLength: 1024 })),
  lastObservedTime: time('When that was seen.'),
});

const endpointSchema = objectOf<ProfileEndpoint>(
  'The API of the cluster, as in a kubeconfig.',
  {
    server: must(text('Its address.')),
    'certificate-authority-data': text('Whom to trust there, in base64.'),
    'insecure-skip-tls-verify': flag('Whether nobody is asked for proof.'),
    'proxy-url': text('A proxy on the way.'),
  },
  { preserveUnknown: true },
);

const providerSchema = objectOf<AccessProvider>('A way to the cluster.', {
  name: must(filled('By which its users have credentials.')),
  cluster: described('Where it is.', endpointSchema),
});

export const clusterProfileSchema: SchemaOf<ClusterProfile> = kindSchema<ClusterProfile>(
  'A cluster of the inventory.',
  {
    spec: must(
      objectOf<ClusterProfile['spec']>('Which cluster, and whose.', {
        displayName: text('What people call it.'),
        clusterManager: must(managerSchema),
      }),
    ),
    status: objectOf<ClusterProfileStatus>('How it is.', {
      conditions: conditions('Whether its control plane is healthy.'),
      version: objectOf<{ kubernetes?: string }>('What it runs.', { kubernetes: text('Of Kubernetes.') }),
      properties: listOf('What is known of it.', propertySchema),
      accessProviders: listOf('Ways to it.', providerSchema),
    }),
  },
);

const decisionSchema = objectOf<ClusterDecision>('A cluster that was chosen.', {
  clusterProfileRef: must(
    objectOf<ClusterDecision['clusterProfileRef']>('Its profile.', {
      name: must(filled('Its name.')),
      namespace: text('Its namespace; that of the decision if it is left out.'),
    }),
  ),
  reason: text('Why.'),
});

export const placementDecisionSchema: SchemaOf<PlacementDecision> = kindSchema<PlacementDecision>(
  'The clusters that a scheduler has chosen, or a part of them.',
  {
    decisions: must(listOf('The clusters.', decisionSchema, { maxItems: INVENTORY.decisionsMax })),
    schedulerName: text('Who has chosen them.'),
  },
);

const ocmDecisionSchema = objectOf<OcmClusterDecision>('A cluster that was chosen.', {
  clusterName: must(text('Its name.')),
  reason: must(text('Why.')),
});

export const ocmPlacementDecisionSchema: SchemaOf<OcmPlacementDecision> = kindSchema<OcmPlacementDecision>(
  'The clusters that were chosen, or a part of them, as Open Cluster Management tells it.',
  {
    status: objectOf<OcmPlacementDecisionStatus>('What was decided.', {
      decisions: listOf('The clusters.', ocmDecisionSchema),
    }),
  },
);
