// Documents without a mistake, with something in nearly every field that anything is decided by.
import type { KubeObject } from '../../engine/index.ts';

const POD = {
  metadata: { labels: { app: 'x' } },
  spec: {
    serviceAccountName: 'runner',
    volumes: [
      { name: 'c', configMap: { name: 'settings' } },
      { name: 's', secret: { secretName: 'key' } },
      { name: 'p', persistentVolumeClaim: { claimName: 'disk' } },
    ],
    nodeSelector: { disk: 'ssd' },
    tolerations: [{ key: 'a', operator: 'Exists' }],
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: 'arch', operator: 'In', values: ['amd64'] }] }],
        },
      },
    },
    containers: [
      {
        name: 'main',
        image: 'shop.example/team/app:1',
        command: ['run'],
        args: ['--fast'],
        env: [{ name: 'KEY', valueFrom: { secretKeyRef: { name: 'key', key: 'k' } } }],
        envFrom: [{ configMapRef: { name: 'more' } }],
        resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { cpu: '1' } },
      },
    ],
  },
};

const object = (apiVersion: string, kind: string, name: string, spec: object, namespace?: string): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace !== undefined && { namespace }), labels: { tier: 'gold' }, annotations: { c: 'd' } },
  spec,
});

const selector = { matchLabels: { app: 'x' } };
const SHOP = 'shop';

const WORKLOADS: readonly KubeObject[] = [
  object('apps/v1', 'Deployment', 'web', { replicas: 3, selector, template: POD }, SHOP),
  object(
    'apps/v1',
    'StatefulSet',
    'db',
    { replicas: 2, serviceName: 'db', selector, template: POD, volumeClaimTemplates: [{ metadata: { name: 'v' } }] },
    SHOP,
  ),
  object('batch/v1', 'Job', 'load', { parallelism: 2, completions: 4, template: POD }, SHOP),
  object('v1', 'Service', 'web', { type: 'LoadBalancer', selector: { app: 'x' }, ports: [{ port: 80 }] }, SHOP),
];

const selectors = WORKLOADS.map(({ apiVersion, kind }) => ({ apiVersion, kind }));
const affinity = {
  clusterNames: ['m1', 'm2'],
  exclude: ['m9'],
  labelSelector: { matchExpressions: [{ key: 'tier', operator: 'Exists' }] },
  fieldSelector: { matchExpressions: [{ key: 'region', operator: 'In', values: ['eu', 'us'] }] },
};
const POLICY_API = 'policy.karmada.io/v1alpha1';

const POLICIES: readonly KubeObject[] = [
  object(
    POLICY_API,
    'PropagationPolicy',
    'all',
    {
      resourceSelectors: [
        ...selectors.slice(1),
        { ...selectors[0], name: 'web', labelSelector: { matchLabels: { tier: 'gold' } } },
      ],
      propagateDeps: true,
      priority: 2,
      preemption: 'Never',
      conflictResolution: 'Overwrite',
      failover: { application: { decisionConditions: { tolerationSeconds: 9 }, purgeMode: 'Directly' } },
      suspension: { dispatching: false },
      placement: {
        clusterAffinities: [
          { affinityName: 'first', ...affinity },
          { affinityName: 'second', clusterNames: ['m3'] },
        ],
        clusterTolerations: [
          { key: 'k', operator: 'Equal', value: 'v', effect: 'NoExecute', tolerationSeconds: 4 },
          { key: 'k', operator: 'Exists' },
        ],
        spreadConstraints: [
          { spreadByField: 'region', minGroups: 1, maxGroups: 2 },
          { spreadByField: 'cluster', minGroups: 1, maxGroups: 3 },
        ],
        replicaScheduling: {
          replicaSchedulingType: 'Divided',
          replicaDivisionPreference: 'Weighted',
          weightPreference: { dynamicWeight: 'AvailableReplicas' },
        },
      },
    },
    SHOP,
  ),
  object(
    POLICY_API,
    'OverridePolicy',
    'here',
    {
      resourceSelectors: selectors,
      overrideRules: [
        {
          targetCluster: affinity,
          overriders: {
            imageOverrider: [{ component: 'Registry', operator: 'replace', value: 'near.example' }],
            commandOverrider: [{ containerName: 'main', operator: 'add', value: ['z'] }],
            argsOverrider: [{ containerName: 'main', operator: 'remove', value: ['--fast'] }],
            labelsOverrider: [{ operator: 'add', value: { q: 'r' } }],
            annotationsOverrider: [{ operator: 'replace', value: { c: 'e' } }],
            plaintext: [{ path: '/spec/minReadySeconds', operator: 'add', value: 5 }],
          },
        },
      ],
    },
    SHOP,
  ),
  object(
    'muster.dev/v1alpha1',
    'StagedRollout',
    'web',
    {
      resources: [{ ...selectors[0], name: 'web' }],
      waves: [{ name: 'first', maxPercent: 50, bakeSeconds: 1, clusters: affinity }],
    },
    SHOP,
  ),
];

const SERVED = [
  {
    groupVersion: 'apps/v1',
    resources: [
      { kind: 'Deployment', name: 'deployments' },
      { kind: 'StatefulSet', name: 'statefulsets' },
    ],
  },
  { groupVersion: 'batch/v1', resources: [{ kind: 'Job', name: 'jobs' }] },
  { groupVersion: 'v1', resources: [{ kind: 'Service', name: 'services' }] },
];

const sized = (name: string, min: string, max = '9223372036854775807') => ({ name, min, max });

const CLUSTERS: readonly KubeObject[] = ['m1', 'm2', 'm3'].map((name, at) => ({
  ...object('cluster.karmada.io/v1alpha1', 'Cluster', name, {
    syncMode: 'Push',
    region: at === 0 ? 'us' : 'eu',
    provider: 'aws',
    zones: ['a'],
    taints: [{ key: 'k', value: 'v', effect: 'NoSchedule' }],
    resourceModels: [
      { grade: 0, ranges: [sized('cpu', '0', '1'), sized('memory', '0', '4Gi')] },
      { grade: 1, ranges: [sized('cpu', '1'), sized('memory', '4Gi')] },
    ],
  }),
  status: {
    apiEnablements: SERVED,
    conditions: [{ type: 'Ready', status: 'True' }],
    resourceSummary: {
      allocatable: { cpu: '10', memory: '64Gi', pods: '100' },
      allocated: { cpu: '1' },
      allocatableModelings: [{ grade: 1, count: 2 }],
    },
  },
}));

export const MANIFESTS: readonly KubeObject[] = [...WORKLOADS, ...POLICIES, ...CLUSTERS];

const definition = (group: string, kind: string, plural: string, version: string): KubeObject =>
  object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', `${plural}.${group}`, {
    group,
    scope: 'Namespaced',
    names: { plural, kind },
    versions: [{ name: version, served: true, storage: true, subresources: { status: {} } }],
  });

/** Of other projects, whose kinds only their definitions tell of. */
const FOREIGN = (
  [
    ['apps.kruise.io', 'CloneSet', 'clonesets', 'v1alpha1', { replicas: 2, template: POD }],
    [
      'batch.volcano.sh',
      'Job',
      'jobs',
      'v1alpha1',
      { minAvailable: 1, tasks: [{ name: 't', replicas: 2, template: POD }] },
    ],
    [
      'ray.io',
      'RayCluster',
      'rayclusters',
      'v1',
      { headGroupSpec: { template: POD }, workerGroupSpecs: [{ replicas: 2, template: POD }] },
    ],
    ['example.com', 'Thing', 'things', 'v1', { replicas: 2, a: { b: [1] } }],
  ] as const
).flatMap(([group, kind, plural, version, spec]) => [
  definition(group, kind, plural, version),
  object(`${group}/${version}`, kind, plural, spec, SHOP),
  object(
    POLICY_API,
    'PropagationPolicy',
    plural,
    {
      propagateDeps: true,
      resourceSelectors: [{ apiVersion: `${group}/${version}`, kind }],
      placement: { replicaScheduling: { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Aggregated' } },
    },
    SHOP,
  ),
]);

export const SCENARIO = {
  apiVersion: 'muster/v1alpha1',
  kind: 'Scenario',
  metadata: { name: 'mistaken' },
  spec: {
    duration: '4m',
    fleet: {
      clusters: [
        {
          name: 'm{n}',
          count: 3,
          labels: { tier: 'gold' },
          region: ['eu', 'us'],
          nodes: { count: 2, cpu: 8, memory: '32Gi' },
        },
      ],
    },
    objects: [
      ...WORKLOADS,
      ...POLICIES,
      ...FOREIGN,
      object(POLICY_API, 'ClusterPropagationPolicy', 'definitions', {
        resourceSelectors: [{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' }],
        placement: {},
      }),
      object(POLICY_API, 'ClusterTaintPolicy', 'unready', {
        targetClusters: { clusterNames: ['m1'] },
        addOnConditions: [{ conditionType: 'Ready', operator: 'In', statusValues: ['False'] }],
        removeOnConditions: [{ conditionType: 'Ready', operator: 'In', statusValues: ['True'] }],
        taints: [{ key: 'unready', effect: 'NoSchedule' }],
      }),
      object('apps.karmada.io/v1alpha1', 'WorkloadRebalancer', 'now', {
        workloads: [{ ...selectors[0], namespace: SHOP, name: 'web' }],
        ttlSecondsAfterFinished: 10,
      }),
    ],
    timeline: [
      { at: '30s', patch: 'Deployment/web', with: { spec: { template: { spec: { priority: 1 } } } } },
      { at: '1m', patch: 'CloneSet/clonesets', with: { spec: { template: { spec: { priority: 1 } } } } },
      { at: '2m', fail: { cluster: 'm1' }, for: '1m' },
      { at: '3m', scale: 'Deployment/web', replicas: 5 },
    ],
    expect: [{ 'at end': 'assigned("web") == 5' }],
  },
};
