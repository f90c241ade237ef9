// Services over clusters: ServiceExport and ServiceImport (multicluster.x-k8s.io/v1alpha1), and MultiClusterService
// (networking.karmada.io/v1alpha1), which is both at once.
import type { Condition, ObjectMeta } from '../kube/meta.ts';
import { kindSchema } from '../kube/schema/kind-schema.ts';
import { conditions } from '../kube/schema/kube-types.ts';
import {
  described,
  int32,
  listOf,
  must,
  objectOf,
  oneOf,
  type SchemaOf,
  text,
  textList,
  time,
} from '../kube/schema/typed-schema.ts';

export interface ServiceExport {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
  status?: ServiceExportStatus;
}

/** As the definition of that time has it: not all that conditions of others say. */
export type ServiceExportCondition = Pick<Condition, 'type' | 'status'> &
  Partial<Pick<Condition, 'reason' | 'message' | 'lastTransitionTime'>>;

export interface ServiceExportStatus {
  conditions?: ServiceExportCondition[];
}

export interface ServiceImportPort {
  name?: string;
  protocol?: string;
  appProtocol?: string;
  port: number;
}

export interface SessionAffinityConfig {
  clientIP?: { timeoutSeconds?: number };
}

export interface ServiceImportSpec {
  ports: ServiceImportPort[];
  ips?: string[];
  type: 'ClusterSetIP' | 'Headless';
  sessionAffinity?: string;
  sessionAffinityConfig?: SessionAffinityConfig;
}

export interface ServiceImport {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
  spec?: ServiceImportSpec;
  status?: { clusters?: { cluster: string }[] };
}

export const EXPOSURE_TYPES = ['CrossCluster', 'LoadBalancer'] as const;

export interface ExposurePort {
  name?: string;
  port: number;
}

export interface ExposedCluster {
  name: string;
}

export interface MultiClusterServiceSpec {
  types: (typeof EXPOSURE_TYPES)[number][];
  ports?: ExposurePort[];
  /** Where its pods are, and who may ask for them; all clusters where it is left out. */
  providerClusters?: ExposedCluster[];
  consumerClusters?: ExposedCluster[];
  /** Three fields of earlier versions, which nobody reads any more. */
  range?: { clusterNames?: string[] };
  serviceProvisionClusters?: string[];
  serviceConsumptionClusters?: string[];
}

export interface PortStatus {
  port: number;
  protocol: string;
  error?: string;
}

export interface LoadBalancerIngress {
  ip?: string;
  ipMode?: string;
  hostname?: string;
  ports?: PortStatus[];
}

export interface MultiClusterServiceStatus {
  conditions?: Condition[];
  loadBalancer?: { ingress?: LoadBalancerIngress[] };
}

export interface MultiClusterService {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
  spec: MultiClusterServiceSpec;
  status?: MultiClusterServiceStatus;
}

export const MULTI_CLUSTER_SERVICE = 'MultiClusterService';
export const SERVICE_EXPORT = 'ServiceExport';

export const SERVICE_CONDITIONS = { applied: 'ServiceApplied', dispatched: 'EndpointSliceDispatched' } as const;

const exportConditionSchema = objectOf<ServiceExportCondition>('One aspect of the export.', {
  type: must(text('Which aspect.')),
  status: must(oneOf('Whether it holds.', ['True', 'False', 'Unknown'])),
  reason: text('Why, as one word for programs.'),
  message: text('Why, as a sentence for people.'),
  lastTransitionTime: time('When its status last changed.'),
});

export const serviceExportSchema: SchemaOf<ServiceExport> = kindSchema<ServiceExport>(
  'Says that the service of this name is offered to other clusters.',
  {
    status: objectOf<ServiceExportStatus>('What became of the offer.', {
      conditions: listOf('Whether it is valid, and agrees with others.', exportConditionSchema, { keys: ['type'] }),
    }),
  },
);

const importPortSchema = objectOf<ServiceImportPort>('A port that the service is reached at.', {
  name: text('Its name; may be left out where it is the only one.'),
  protocol: text('TCP, UDP or SCTP; TCP where it is left out.'),
  appProtocol: text('What is spoken there.'),
  port: must(int32('Its number.')),
});

const affinityConfigSchema = objectOf<SessionAffinityConfig>('How clients stay with a pod.', {
  clientIP: objectOf<{ timeoutSeconds?: number }>('By their addresses.', {
    timeoutSeconds: int32('For how long.'),
  }),
});

const importSpecSchema = objectOf<ServiceImportSpec>('How the service is reached.', {
  ports: must(listOf('At which ports.', importPortSchema)),
  ips: textList('At which addresses.'),
  type: must(oneOf('At one address, or at those of its pods.', ['ClusterSetIP', 'Headless'])),
  sessionAffinity: text('ClientIP where clients stay with a pod, else None.'),
  sessionAffinityConfig: described('How they stay.', affinityConfigSchema),
});

export const serviceImportSchema: SchemaOf<ServiceImport> = kindSchema<ServiceImport>(
  'A service that other clusters offer.',
  {
    spec: importSpecSchema,
    status: objectOf<{ clusters?: { cluster: string }[] }>('Who offers it.', {
      clusters: listOf('By name.', objectOf<{ cluster: string }>('A cluster.', { cluster: must(text('Its name.')) }), {
        keys: ['cluster'],
      }),
    }),
  },
);

const exposedCluster = objectOf<ExposedCluster>('A cluster.', { name: must(text('Its name.')) });

const exposureSchema = objectOf<MultiClusterServiceSpec>('How the service is exposed, and where.', {
  types: must(listOf('How.', oneOf('To other clusters, or to the world.', EXPOSURE_TYPES))),
  ports: listOf(
    'Which ports; all where it is left out.',
    objectOf<ExposurePort>('A port of the service.', {
      name: text('Its name.'),
      port: must(int32('Its number.')),
    }),
  ),
  providerClusters: listOf('Where its pods are; everywhere where it is left out.', exposedCluster),
  consumerClusters: listOf('Who may ask for it; everybody where it is left out.', exposedCluster),
  range: objectOf<{ clusterNames?: string[] }>('No longer read.', { clusterNames: textList('Names of clusters.') }),
  serviceProvisionClusters: textList('No longer read.'),
  serviceConsumptionClusters: textList('No longer read.'),
});

const ingressSchema = objectOf<LoadBalancerIngress>('A way in.', {
  ip: text('Its address.'),
  ipMode: text('Whether what comes in is passed on as it is.'),
  hostname: text('Its name.'),
  ports: listOf(
    'Its ports.',
    objectOf<PortStatus>('A port.', {
      port: must(int32('Its number.')),
      protocol: must(text('What is spoken below.')),
      error: text('What is wrong with it.'),
    }),
  ),
});

export const multiClusterServiceSchema: SchemaOf<MultiClusterService> = kindSchema<MultiClusterService>(
  'Makes a service of some clusters known in others.',
  {
    spec: must(exposureSchema),
    status: objectOf<MultiClusterServiceStatus>('What became of it.', {
      conditions: conditions('Whether the service is where it should be, and known to those who may ask for it.'),
      loadBalancer: objectOf<{ ingress?: LoadBalancerIngress[] }>('How it is reached.', {
        ingress: listOf('By which ways.', ingressSchema),
      }),
    }),
  },
);

export const isCrossCluster = ({ spec }: MultiClusterService): boolean => spec.types.includes('CrossCluster');
