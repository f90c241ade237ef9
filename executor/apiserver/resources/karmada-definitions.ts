// Karmada's kinds, our own, and those that our neighbours read, as definitions that a hub begins with: names, scopes, subresources and printer columns as data.
import type { KubeObject, StructuralSchema } from '../../../engine/index.ts';
import { fingerprint } from '../fingerprint.ts';
import type { Subresource } from '../resource.ts';
import { karmadaSchemas } from './karmada-schemas.ts';

/** The annotation that tells which form of a definition was written, so that a newer one can take its place. */
export const MADE_FROM = 'muster.dev/made-from';

interface KindRow {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly short: readonly string[];
  readonly scope: 'Namespaced' | 'Cluster';
  readonly status: boolean;
  /** "Name=.path", "Name=.path integer", a star after the name for wide only. */
  readonly columns: readonly string[];
}

const condition = (type: string) => `.status.conditions[?(@.type=="${type}")].status`;
const BINDING = [`Scheduled=${condition('Scheduled')}`, `FullyApplied=${condition('FullyApplied')}`];
const POLICY = ['Conflict-Resolution=.spec.conflictResolution', 'Priority=.spec.priority integer'];
const TARGET = ['Reference-Kind=.spec.scaleTargetRef.kind', 'Reference-Name=.spec.scaleTargetRef.name'];

/** "group/version Kind plural short,short scope status? columns" */
function row(head: string, columns: readonly string[] = []): KindRow {
  const [groupVersion = '', kind = '', plural = '', short = '-', scope = '', status = ''] = head.split(' ');
  const [group = '', version = ''] = groupVersion.split('/');
  return {
    group,
    version,
    kind,
    plural,
    short: short === '-' ? [] : short.split(','),
    scope: scope as KindRow['scope'],
    status: status === 'status',
    columns,
  };
}

const ROWS: readonly KindRow[] = [
  row('policy.karmada.io/v1alpha1 PropagationPolicy propagationpolicies pp Namespaced', POLICY),
  row('policy.karmada.io/v1alpha1 ClusterPropagationPolicy clusterpropagationpolicies cpp Cluster', POLICY),
  row('policy.karmada.io/v1alpha1 OverridePolicy overridepolicies op Namespaced'),
  row('policy.karmada.io/v1alpha1 ClusterOverridePolicy clusteroverridepolicies cop Cluster'),
  row('policy.karmada.io/v1alpha1 FederatedResourceQuota federatedresourcequotas frq Namespaced status', [
    'Overall=.status.overall',
    'Overall-Used=.status.overallUsed',
  ]),
  row('policy.karmada.io/v1alpha1 ClusterTaintPolicy clustertaintpolicies ctp Cluster'),
  row('work.karmada.io/v1alpha2 ResourceBinding resourcebindings rb Namespaced status', BINDING),
  row('work.karmada.io/v1alpha2 ClusterResourceBinding clusterresourcebindings crb Cluster status', BINDING),
  row('work.karmada.io/v1alpha1 Work works wk Namespaced status', [`Applied=${condition('Applied')}`]),
  row('autoscaling.karmada.io/v1alpha1 FederatedHPA federatedhpas fhpa Namespaced status', [
    ...TARGET,
    'MinPods=.spec.minReplicas integer',
    'MaxPods=.spec.maxReplicas integer',
    'Replicas=.status.currentReplicas integer',
  ]),
  row('autoscaling.karmada.io/v1alpha1 CronFederatedHPA cronfederatedhpas cronfhpa Namespaced status', TARGET),
  row('apps.karmada.io/v1alpha1 WorkloadRebalancer workloadrebalancers - Cluster status'),
  row('multicluster.x-k8s.io/v1alpha1 ClusterProfile clusterprofiles - Namespaced status', [
    'Manager=.spec.clusterManager.name',
    'Version=.status.version.kubernetes',
    `Healthy=${condition('ControlPlaneHealthy')}`,
  ]),
  row('multicluster.x-k8s.io/v1alpha1 PlacementDecision placementdecisions - Namespaced -', [
    'Scheduler=.schedulerName',
  ]),
  row('cluster.open-cluster-management.io/v1beta1 PlacementDecision placementdecisions - Namespaced status'),
  row('muster.dev/v1alpha1 StagedRollout stagedrollouts sro Namespaced status', [
    'Phase=.status.phase',
    'Wave=.status.wave integer',
    'Waves=.status.waves integer',
    'Clusters=.status.progress',
    'Stable*=.status.stableRevision',
    'Update*=.status.updateRevision',
    'Message*=.status.message',
  ]),
  row('remedy.karmada.io/v1alpha1 Remedy remedies - Cluster'),
  row('networking.karmada.io/v1alpha1 MultiClusterService multiclusterservices mcs Namespaced status'),
  row('networking.karmada.io/v1alpha1 MultiClusterIngress multiclusteringresses mci Namespaced status'),
  row('multicluster.x-k8s.io/v1alpha1 ServiceExport serviceexports svcex Namespaced status'),
  row('multicluster.x-k8s.io/v1alpha1 ServiceImport serviceimports svcim Namespaced status', [
    'Type=.spec.type',
    'IP=.spec.ips',
  ]),
  row('config.karmada.io/v1alpha1 ResourceInterpreterCustomization resourceinterpretercustomizations ric Cluster', [
    'Target-API-Version=.spec.target.apiVersion',
    'Target-Kind=.spec.target.kind',
  ]),
  row(
    'config.karmada.io/v1alpha1 ResourceInterpreterWebhookConfiguration resourceinterpreterwebhookconfigurations - Cluster',
  ),
];

const CLUSTER = row('cluster.karmada.io/v1alpha1 Cluster clusters - Cluster status', [
  'Version=.status.kubernetesVersion',
  'Mode=.spec.syncMode',
  `Ready=${condition('Ready')}`,
  'Zones*=.spec.zones',
  'Region*=.spec.region',
  'Provider*=.spec.provider',
  'API-Endpoint*=.spec.apiEndpoint',
  'Proxy-URL*=.spec.proxyURL',
]);

const REGISTRY = row('search.karmada.io/v1alpha1 ResourceRegistry resourceregistries rr Cluster status');

function definition(row: KindRow, schemas: ReadonlyMap<string, StructuralSchema>): KubeObject {
  const { group, version, kind, plural, short, scope, status, columns } = row;
  const names = { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List`, categories: ['karmada-io'] };
  const spec = {
    group,
    scope,
    names: short.length === 0 ? names : { ...names, shortNames: [...short] },
    versions: [
      {
        name: version,
        served: true,
        storage: true,
        ...(status ? { subresources: { status: {} } } : {}),
        additionalPrinterColumns: [...columns, 'Age=.metadata.creationTimestamp date'].map(readColumn),
        schema: { openAPIV3Schema: (schemas.get(`${kind}.${group}`) ?? schemas.get(kind))! },
      },
    ],
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}`, annotations: { [MADE_FROM]: markOf(spec) } },
    spec,
  };
}

const MARK_LENGTH = 16;

const markOf = (spec: Record<string, unknown>): string => fingerprint(JSON.stringify(spec)).slice(0, MARK_LENGTH);

function readColumn(text: string): Record<string, unknown> {
  const equals = text.indexOf('=');
  const name = text.slice(0, equals);
  const path = text.slice(equals + 1);
  const type = / (integer|date)$/.exec(path)?.[1] ?? 'string';
  return {
    name: name.replace('*', ''),
    type,
    jsonPath: path.replace(/ (integer|date)$/, ''),
    ...(name.endsWith('*') ? { priority: 1 } : {}),
  };
}

/** Installed as ordinary definitions. */
export function karmadaDefinitions(): readonly KubeObject[] {
  const schemas = karmadaSchemas();
  return ROWS.map((row) => definition(row, schemas));
}

const CLUSTER_PROXY: Subresource = {
  name: 'proxy',
  group: 'cluster.karmada.io',
  version: 'v1alpha1',
  kind: 'ClusterProxyOptions',
  verbs: ['create', 'delete', 'get', 'patch', 'update'],
};

/** Served by the hub itself, without definitions that could be deleted; clusters have the way into the member beside them. */
export function servedKinds(): readonly {
  readonly definition: KubeObject;
  readonly subresources: readonly Subresource[];
}[] {
  const schemas = karmadaSchemas();
  return [
    { definition: definition(CLUSTER, schemas), subresources: [CLUSTER_PROXY] },
    { definition: definition(REGISTRY, schemas), subresources: [] },
  ];
}
