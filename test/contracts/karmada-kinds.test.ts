// Every kind of Karmada, with the fields its users write: taken without a warning, kept whole, listed, and described.
import { beforeEach, describe, expect, it } from 'vitest';
import { ObjectStore } from '../../engine/index.ts';
import { MASTERS } from '../../executor/apiserver/auth/rbac.ts';
import { type OpenHub, openHub } from '../../executor/apiserver/open-hub.ts';
import type { BodyResponse } from '../../executor/apiserver/request.ts';
import { karmadaDefinitions, servedKinds } from '../../executor/apiserver/resources/karmada-definitions.ts';

interface Sample {
  readonly path: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly fields: Readonly<Record<string, unknown>>;
}

const sample = (path: string, kind: string, namespaced: boolean, fields: Record<string, unknown>): Sample => ({
  path,
  kind,
  namespaced,
  fields,
});

const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' };
const affinity = { clusterNames: ['m1'], exclude: ['m2'], labelSelector: { matchLabels: { a: 'b' } } };
const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
const cpu = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } };
const placement = { clusterAffinity: affinity, clusterTolerations: [{ key: 'a', operator: 'Exists' }] };
const lua = { luaScript: 'function f() end' };

const SAMPLES: readonly Sample[] = [
  sample('policy.karmada.io/v1alpha1/propagationpolicies', 'PropagationPolicy', true, {
    spec: {
      resourceSelectors: [deployment],
      propagateDeps: true,
      placement: {
        ...placement,
        spreadConstraints: [{ spreadByField: 'cluster', minGroups: 1, maxGroups: 2 }],
        replicaScheduling: { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Aggregated' },
      },
      failover: {
        application: { decisionConditions: { tolerationSeconds: 60 }, purgeMode: 'Gracefully', gracePeriodSeconds: 30 },
      },
      suspension: { dispatchingOnClusters: { clusterNames: ['m1'] } },
      activationPreference: 'Lazy',
      preserveResourcesOnDeletion: true,
      schedulePriority: { priorityClassSource: 'KubePriorityClass', priorityClassName: 'high' },
    },
  }),
  sample('policy.karmada.io/v1alpha1/clusterpropagationpolicies', 'ClusterPropagationPolicy', false, {
    spec: { resourceSelectors: [{ apiVersion: 'v1', kind: 'Namespace', name: 'x' }], placement, priority: 5 },
  }),
  sample('policy.karmada.io/v1alpha1/overridepolicies', 'OverridePolicy', true, {
    spec: {
      resourceSelectors: [deployment],
      overrideRules: [
        {
          targetCluster: affinity,
          overriders: {
            imageOverrider: [{ component: 'Registry', operator: 'replace', value: 'r.example' }],
            commandOverrider: [{ containerName: 'main', operator: 'add', value: ['x'] }],
            labelsOverrider: [{ operator: 'add', value: { a: 'b' } }],
            plaintext: [{ path: '/spec/replicas', operator: 'replace', value: 2 }],
          },
        },
      ],
    },
  }),
  sample('policy.karmada.io/v1alpha1/clusteroverridepolicies', 'ClusterOverridePolicy', false, {
    spec: { overrideRules: [{ overriders: { annotationsOverrider: [{ operator: 'add', value: { a: 'b' } }] } }] },
  }),
  sample('policy.karmada.io/v1alpha1/federatedresourcequotas', 'FederatedResourceQuota', true, {
    spec: { overall: { cpu: '10', memory: '1Gi' }, staticAssignments: [{ clusterName: 'm1', hard: { cpu: 4 } }] },
  }),
  sample('policy.karmada.io/v1alpha1/clustertaintpolicies', 'ClusterTaintPolicy', false, {
    spec: {
      targetClusters: affinity,
      addOnConditions: [{ conditionType: 'Ready', operator: 'In', statusValues: ['False'] }],
      removeOnConditions: [{ conditionType: 'Ready', operator: 'NotIn', statusValues: ['False'] }],
      taints: [{ key: 'down', effect: 'NoSchedule', value: 'yes' }],
    },
  }),
  sample('cluster.karmada.io/v1alpha1/clusters', 'Cluster', false, {
    spec: {
      syncMode: 'Push',
      apiEndpoint: 'https://10.0.0.1:6443',
      secretRef: { namespace: 'karmada-cluster', name: 'm1' },
      provider: 'p',
      region: 'r',
      zones: ['z1', 'z2'],
      taints: [{ key: 'a', effect: 'NoSchedule' }],
    },
  }),
  sample('multicluster.x-k8s.io/v1alpha1/clusterprofiles', 'ClusterProfile', true, {
    spec: { displayName: 'm1', clusterManager: { name: 'muster' } },
  }),
  sample('multicluster.x-k8s.io/v1alpha1/placementdecisions', 'PlacementDecision', true, {
    schedulerName: 'default-scheduler',
    decisions: [{ clusterProfileRef: { name: 'm1', namespace: 'cluster-inventory' }, reason: '3 replicas' }],
  }),
  sample('cluster.open-cluster-management.io/v1beta1/placementdecisions', 'PlacementDecision', true, {}),
  sample('muster.dev/v1alpha1/stagedrollouts', 'StagedRollout', true, {
    spec: {
      resources: [target],
      waves: [{ name: 'canary', clusters: affinity, maxClusters: 1, maxPercent: 10, bakeSeconds: 60, approval: true }],
      paused: false,
      healthTimeoutSeconds: 60,
      maxFailures: 1,
      onFailure: 'RollBack',
    },
  }),
  sample('work.karmada.io/v1alpha1/works', 'Work', true, {
    spec: {
      workload: {
        manifests: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { 'any.key': 'x' } }],
      },
      suspendDispatching: true,
    },
  }),
  sample('work.karmada.io/v1alpha2/resourcebindings', 'ResourceBinding', true, {
    spec: {
      resource: { ...deployment, uid: 'u', resourceVersion: '1' },
      replicas: 3,
      replicaRequirements: { resourceRequest: { cpu: '100m', memory: 1024 } },
      clusters: [{ name: 'm1', replicas: 3 }],
      placement,
      schedulerName: 'default-scheduler',
    },
  }),
  sample('work.karmada.io/v1alpha2/clusterresourcebindings', 'ClusterResourceBinding', false, {
    spec: { resource: { apiVersion: 'v1', kind: 'Namespace', name: 'x' }, clusters: [{ name: 'm1' }] },
  }),
  sample('autoscaling.karmada.io/v1alpha1/federatedhpas', 'FederatedHPA', true, {
    spec: {
      scaleTargetRef: target,
      minReplicas: 1,
      maxReplicas: 10,
      metrics: [cpu],
      behavior: {
        scaleDown: { stabilizationWindowSeconds: 60, policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] },
      },
    },
  }),
  sample('autoscaling.karmada.io/v1alpha1/cronfederatedhpas', 'CronFederatedHPA', true, {
    spec: {
      scaleTargetRef: { ...target, apiVersion: 'autoscaling.karmada.io/v1alpha1', kind: 'FederatedHPA' },
      rules: [
        {
          name: 'day',
          schedule: '0 8 * * *',
          targetMinReplicas: 2,
          targetMaxReplicas: 9,
          suspend: true,
          timeZone: 'UTC',
        },
      ],
    },
  }),
  sample('apps.karmada.io/v1alpha1/workloadrebalancers', 'WorkloadRebalancer', false, {
    spec: { workloads: [deployment], ttlSecondsAfterFinished: 60 },
  }),
  sample('remedy.karmada.io/v1alpha1/remedies', 'Remedy', false, {
    spec: {
      clusterAffinity: { clusterNames: ['m1'] },
      decisionMatches: [
        {
          clusterConditionMatch: {
            conditionType: 'ServiceDomainNameResolutionReady',
            operator: 'Equal',
            conditionStatus: 'False',
          },
        },
      ],
      actions: ['TrafficControl'],
    },
  }),
  sample('networking.karmada.io/v1alpha1/multiclusterservices', 'MultiClusterService', true, {
    spec: {
      types: ['CrossCluster'],
      ports: [{ name: 'http', port: 80 }],
      providerClusters: [{ name: 'm1' }],
      consumerClusters: [{ name: 'm2' }],
    },
  }),
  sample('networking.karmada.io/v1alpha1/multiclusteringresses', 'MultiClusterIngress', true, {
    spec: {
      ingressClassName: 'nginx',
      rules: [
        {
          host: 'a.example',
          http: {
            paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }],
          },
        },
      ],
    },
  }),
  sample('multicluster.x-k8s.io/v1alpha1/serviceexports', 'ServiceExport', true, {}),
  sample('multicluster.x-k8s.io/v1alpha1/serviceimports', 'ServiceImport', true, {
    spec: { type: 'ClusterSetIP', ports: [{ name: 'http', protocol: 'TCP', port: 80 }], ips: ['10.0.0.1'] },
  }),
  sample('config.karmada.io/v1alpha1/resourceinterpretercustomizations', 'ResourceInterpreterCustomization', false, {
    spec: {
      target: { apiVersion: 'apps/v1', kind: 'Deployment' },
      customizations: { replicaResource: lua, replicaRevision: lua, statusReflection: lua, healthInterpretation: lua },
    },
  }),
  sample(
    'config.karmada.io/v1alpha1/resourceinterpreterwebhookconfigurations',
    'ResourceInterpreterWebhookConfiguration',
    false,
    {
      webhooks: [
        {
          name: 'a.example.com',
          clientConfig: { url: 'https://a.example.com', caBundle: 'aGVsbG8=' },
          rules: [
            { operations: ['InterpretReplica'], apiGroups: ['apps'], apiVersions: ['v1'], kinds: ['Deployment'] },
          ],
          interpreterContextVersions: ['v1alpha1'],
        },
      ],
    },
  ),
  sample('search.karmada.io/v1alpha1/resourceregistries', 'ResourceRegistry', false, {
    spec: {
      targetCluster: { clusterNames: ['m1'] },
      resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment' }],
      backendStore: { openSearch: { addresses: ['https://o'], secretRef: { namespace: 'n', name: 's' } } },
    },
  }),
];

const TOKEN = 'the-token-of-the-administrator';
let hub: OpenHub;

beforeEach(() => {
  let drawn = 0;
  hub = openHub({
    store: new ObjectStore(),
    definitions: karmadaDefinitions(),
    served: servedKinds(),
    now: () => Date.parse('2026-11-20T10:00:00Z'),
    uid: () => {
      drawn += 1;
      return `aaaaaaaa-0000-4000-8000-${String(drawn).padStart(12, '0')}`;
    },
    draw: (bound) => bound - 1,
    tokens: new Map([[TOKEN, { name: 'admin', uid: '', groups: [MASTERS], extra: {} }]]),
    secret: new Uint8Array(32),
    rootCertificate: null,
    address: '127.0.0.1:1',
  });
});

function ask(method: string, path: string, body?: unknown, accept = 'application/json'): BodyResponse {
  const [address = '', query = ''] = path.split('?');
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', accept };
  const bytes = body === undefined ? new Uint8Array() : Buffer.from(JSON.stringify(body));
  const request = { method, path: address, query: new URLSearchParams(query), headers, body: bytes };
  const answer = hub.answer(request, { headers, certificate: null });
  if (answer.kind !== 'body') throw new Error('a plain answer was expected');
  return answer;
}

const parsed = ({ body }: BodyResponse) => JSON.parse(String(body));

const whereOf = ({ path, namespaced }: Sample): string => {
  const [group, version, plural] = path.split('/');
  return `/apis/${group}/${version}${namespaced ? '/namespaces/default' : ''}/${plural}`;
};

const objectOf = ({ path, kind, fields }: Sample) => ({
  apiVersion: path.split('/').slice(0, 2).join('/'),
  kind,
  metadata: { name: 'sample' },
  ...fields,
});

describe.each(SAMPLES)('$kind', (kind) => {
  it('is taken without a warning, and nothing of it is lost', () => {
    const created = ask('POST', `${whereOf(kind)}?fieldValidation=Strict`, objectOf(kind));
    expect([created.status, created.headers?.Warning, String(created.body).slice(0, 300)]).toEqual([
      201,
      undefined,
      expect.anything(),
    ]);
    expect(parsed(ask('GET', `${whereOf(kind)}/sample`))).toMatchObject(kind.fields);
  });

  it('is told which fields it does not know', () => {
    const { status, body } = ask('POST', `${whereOf(kind)}?fieldValidation=Strict`, { ...objectOf(kind), zzz: 1 });
    expect(status).toBe(400);
    expect(String(body)).toContain('unknown field \\"zzz\\"');
  });

  it('is listed as a table', () => {
    ask('POST', whereOf(kind), objectOf(kind));
    const table = parsed(ask('GET', whereOf(kind), undefined, 'application/json;as=Table;g=meta.k8s.io;v=v1'));
    expect(table.columnDefinitions.map(({ name }: { name: string }) => name)).toContain('Age');
    expect(table.rows).toHaveLength(1);
  });

  it('is described in both versions of OpenAPI, without patches that it does not take', () => {
    const [group, version, plural] = kind.path.split('/');
    const v3 = parsed(ask('GET', `/openapi/v3/apis/${group}/${version}`));
    const address = `/apis/${group}/${version}/${kind.namespaced ? 'namespaces/{namespace}/' : ''}${plural}/{name}`;
    const types = Object.keys(v3.paths[address].patch.requestBody.content);
    expect(types).toContain('application/merge-patch+json');
    expect(types).not.toContain('application/strategic-merge-patch+json');
    const name = Object.keys(v3.components.schemas).find((one) => one.endsWith(`.${kind.kind}`))!;
    expect(v3.components.schemas[name].description).toBeTruthy();
    const v2 = parsed(ask('GET', '/openapi/v2'));
    expect(JSON.stringify(v2.definitions[name])).not.toMatch(/"(anyOf|oneOf|nullable)"/);
    expect(v2.paths[address].patch.parameters.map(({ name }: { name: string }) => name)).toContain('fieldValidation');
  });
});

describe('what breaks a schema', () => {
  it('is told before what admission has to say', () => {
    const bad = { ...objectOf(SAMPLES[0]!), spec: { resourceSelectors: [], preemption: 'Sometimes' } };
    const { status, body } = ask('POST', whereOf(SAMPLES[0]!), bad);
    expect(status).toBe(422);
    expect(String(body)).toContain('spec.resourceSelectors');
    expect(String(body)).toContain('Unsupported value: \\"Sometimes\\": supported values: \\"Always\\", \\"Never\\"');
  });

  it('is a field of another type', () => {
    const { status, body } = ask('POST', whereOf(SAMPLES[0]!), {
      ...objectOf(SAMPLES[0]!),
      spec: { priority: 'high' },
    });
    expect(status).toBe(422);
    expect(String(body)).toContain('spec.priority in body must be of type integer');
  });
});

describe('what is exposed to other clusters', () => {
  const where = '/apis/networking.karmada.io/v1alpha1/namespaces/default';
  const service = (types: readonly string[], name = 'web') => ({
    apiVersion: 'networking.karmada.io/v1alpha1',
    kind: 'MultiClusterService',
    metadata: { name },
    spec: { types },
  });
  const ingress = (spec: object) => ({
    apiVersion: 'networking.karmada.io/v1alpha1',
    kind: 'MultiClusterIngress',
    metadata: { name: 'web' },
    spec,
  });

  it('gets an id of its own, and is exposed in one way for good', () => {
    const made = parsed(ask('POST', `${where}/multiclusterservices`, service(['CrossCluster'])));
    expect(made.metadata.labels['multiclusterservice.karmada.io/permanent-id']).toMatch(/^aaaaaaaa-/);
    const changed = { ...made, spec: { types: ['LoadBalancer'] } };
    expect(ask('PUT', `${where}/multiclusterservices/web`, changed).status).toBe(422);
    expect(ask('POST', `${where}/multiclusterservices`, service(['CrossCluster'], '1web')).status).toBe(422);
    expect(ask('POST', `${where}/multiclusterservices`, service(['CrossCluster', 'LoadBalancer'], 'a')).status).toBe(
      422,
    );
  });

  it('asks by its ingress for what an ingress may ask for', () => {
    const backend = { service: { name: 'web', port: { number: 80 } } };
    expect(ask('POST', `${where}/multiclusteringresses`, ingress({})).status).toBe(422);
    const paths = (pathType: string) => ({ rules: [{ http: { paths: [{ path: '/', pathType, backend }] } }] });
    expect(ask('POST', `${where}/multiclusteringresses`, ingress(paths('Somehow'))).status).toBe(422);
    expect(ask('POST', `${where}/multiclusteringresses`, ingress(paths('Prefix'))).status).toBe(201);
  });
});

describe('discovery', () => {
  it('lists every kind, plain and aggregated', () => {
    const aggregated = parsed(
      ask('GET', '/apis', undefined, 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'),
    );
    for (const { path, kind } of SAMPLES) {
      const [group, version, plural] = path.split('/');
      const plain = parsed(ask('GET', `/apis/${group}/${version}`));
      expect(plain.resources.map(({ name }: { name: string }) => name)).toContain(plural);
      const item = aggregated.items.find(({ metadata }: { metadata: { name: string } }) => metadata.name === group);
      const resources = item.versions.flatMap(({ resources }: { resources: unknown[] }) => resources);
      expect(resources.map(({ responseKind }: { responseKind: { kind: string } }) => responseKind.kind)).toContain(
        kind,
      );
    }
    const clusters = parsed(ask('GET', '/apis/cluster.karmada.io/v1alpha1'));
    expect(clusters.resources.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['clusters', 'clusters/proxy', 'clusters/status']),
    );
  });
});
