import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../kube/meta.ts';
import { admit } from './admit.ts';

const NOW = 1_790_000_000_000;
const selector = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
const divided = { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Aggregated' };

const policy = (spec: object, kind = 'PropagationPolicy'): KubeObject => ({
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind,
  metadata: { name: 'p', ...(kind === 'PropagationPolicy' ? { namespace: 'shop' } : {}) },
  spec: { resourceSelectors: [selector], ...spec },
});
const placed = (placement: object) => policy({ placement });
const override = (spec: object): KubeObject => ({
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'OverridePolicy',
  metadata: { name: 'o', namespace: 'shop' },
  spec,
});
const cluster = (spec: object, name = 'm1'): KubeObject => ({
  apiVersion: 'cluster.karmada.io/v1alpha1',
  kind: 'Cluster',
  metadata: { name },
  spec: { syncMode: 'Push', ...spec },
});
const binding = (spec: object): KubeObject => ({
  apiVersion: 'work.karmada.io/v1alpha2',
  kind: 'ResourceBinding',
  metadata: { name: 'web-deployment', namespace: 'shop' },
  spec: { resource: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, ...spec },
});

const paths = (object: KubeObject): string[] => admit(object, NOW).problems.map(({ path }) => path);
const spread = (...spreadConstraints: object[]) => placed({ spreadConstraints });
const byCluster = { spreadByField: 'cluster', minGroups: 1, maxGroups: 2 };
const term = (affinityName: string, more: object = {}) => ({ affinityName, clusterNames: ['m1'], ...more });
const range = (name: string, min: string, max: string) => ({ name, min, max });
const models = (...resourceModels: object[]) => cluster({ resourceModels });

const rollout = (spec: object): KubeObject => ({
  apiVersion: 'muster.dev/v1alpha1',
  kind: 'StagedRollout',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { resources: [selector], ...spec },
});
const taintPolicy = (spec: object): KubeObject => ({
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'ClusterTaintPolicy',
  metadata: { name: 'dns' },
  spec: { taints: [{ key: 'dns-down', effect: 'NoSchedule' }], ...spec },
});
const quota = (overall: object, assignments: object = [], name = 'team'): KubeObject => ({
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'FederatedResourceQuota',
  metadata: { name, namespace: 'shop' },
  spec: { overall, staticAssignments: assignments },
});
const remedy = (operator: string): KubeObject => ({
  apiVersion: 'remedy.karmada.io/v1alpha1',
  kind: 'Remedy',
  metadata: { name: 'dns' },
  spec: {
    decisionMatches: [{ clusterConditionMatch: { conditionType: 'Ready', operator, conditionStatus: 'False' } }],
    actions: ['TrafficControl'],
  },
});
const part = (clusterName: string, hard: object) => ({ clusterName, hard });
const rebalancer = (spec: object): KubeObject => ({
  apiVersion: 'apps.karmada.io/v1alpha1',
  kind: 'WorkloadRebalancer',
  metadata: { name: 'now' },
  spec: { workloads: [selector], ...spec },
});
const exposure = (spec: object, name = 'web'): KubeObject => ({
  apiVersion: 'networking.karmada.io/v1alpha1',
  kind: 'MultiClusterService',
  metadata: { name, namespace: 'shop' },
  spec: { types: ['CrossCluster'], ...spec },
});
const onDns = (statusValues: unknown) => [
  { conditionType: 'ServiceDomainNameResolutionReady', operator: 'In', statusValues },
];

describe('admission', () => {
  const cases: readonly (readonly [string, KubeObject, KubeObject, readonly string[]])[] = [
    ['rolls something out', rollout({ resources: [] }), rollout({}), ['spec.resources']],
    [
      'stages no secrets',
      rollout({ resources: [{ ...selector, apiVersion: 'v1', kind: 'Secret' }] }),
      rollout({ resources: [{ ...selector, apiVersion: 'v1', kind: 'ConfigMap' }] }),
      ['spec.resources[0].kind'],
    ],
    [
      'sends waves to a share of the clusters',
      rollout({ waves: [{ maxPercent: 101, maxClusters: 0, bakeSeconds: -1 }] }),
      rollout({ waves: [{ maxPercent: 100, maxClusters: 1, bakeSeconds: 0 }] }),
      ['spec.waves[0].maxClusters', 'spec.waves[0].maxPercent', 'spec.waves[0].bakeSeconds'],
    ],
    ['calls a service as Services are called', exposure({}, '1web'), exposure({}, 'web-1'), ['metadata.name']],
    [
      'knows ports by numbers',
      exposure({ ports: [{ port: 0 }] }),
      exposure({ ports: [{ port: 65_535 }] }),
      ['spec.ports[0].port'],
    ],
    [
      'names ports once',
      exposure({
        ports: [
          { name: 'a', port: 1 },
          { name: 'a', port: 2 },
        ],
      }),
      exposure({ ports: [{ port: 1 }, { port: 2 }, { name: '', port: 3 }] }),
      ['spec.ports[1].name'],
    ],
    [
      'names ports as labels',
      exposure({ ports: [{ name: 'A', port: 1 }] }),
      exposure({ ports: [{ name: 'a', port: 1 }] }),
      ['spec.ports[0].name'],
    ],
    [
      'exposes a service in one way',
      exposure({ types: ['CrossCluster', 'LoadBalancer'] }),
      exposure({ types: ['LoadBalancer'] }),
      ['spec.types'],
    ],
    ['knows the ways', exposure({ types: ['Elsewhere'] }), exposure({}), ['spec.types[0]']],
    [
      'names clusters as they may be called',
      exposure({ providerClusters: [{ name: 'M' }], consumerClusters: [{ name: 'a.b' }] }),
      exposure({ providerClusters: [{ name: 'm' }], consumerClusters: [{ name: 'a-b' }] }),
      ['spec.providerClusters[0].name', 'spec.consumerClusters[0].name'],
    ],
    ['stops or goes back', rollout({ onFailure: 'Ignore' }), rollout({ onFailure: 'RollBack' }), ['spec.onFailure']],
    ['knows the sorts of changes', rollout({ changes: [] }), rollout({ changes: ['Placement'] }), ['spec.changes']],
    ['taints with something', taintPolicy({ taints: [] }), taintPolicy({}), ['spec.taints']],
    [
      'taints by conditions',
      taintPolicy({ addOnConditions: onDns('False') }),
      taintPolicy({ addOnConditions: onDns(['False']) }),
      ['spec.addOnConditions[0].statusValues'],
    ],
    [
      'limits what a quota can be of',
      quota({ gold: '1', 'requests.cpu': '1' }),
      quota({ 'nvidia.com/gpu': '1', 'hugepages-2Mi': '1', 'requests.cpu': '1' }),
      ['spec.overall[gold]'],
    ],
    [
      'limits by amounts that there are',
      quota({ cpu: '-1', pods: '1500m' }),
      quota({ cpu: '1500m', pods: '3' }),
      ['spec.overall[cpu]', 'spec.overall[pods]'],
    ],
    [
      'assigns no more than there is',
      quota({ cpu: '3' }, [part('m1', { cpu: '2' }), part('m2', { cpu: '1500m' })]),
      quota({ cpu: '3' }, [part('m1', { cpu: '2' }), part('m2', { cpu: '1' })]),
      ['spec.overall[cpu]'],
    ],
    [
      'assigns what there is',
      quota({ cpu: '3' }, [part('m1', { memory: '2' })]),
      quota({ cpu: '3', memory: '2' }, [part('m1', { memory: '2' })]),
      ['spec.staticAssignments[0].hard[memory]'],
    ],
    [
      'assigns to clusters',
      quota({ cpu: '3' }, [part('M.1', { cpu: '2' })]),
      quota({ cpu: '3' }, [part('m1', { cpu: '2' })]),
      ['spec.staticAssignments[0].clusterName'],
    ],
    [
      'calls a quota by what a label can hold',
      quota({}, [], 'q'.repeat(64)),
      quota({}, [], 'q'.repeat(63)),
      ['metadata.name'],
    ],
    [
      'remedies by conditions',
      remedy('Is'),
      remedy('Equal'),
      ['spec.decisionMatches[0].clusterConditionMatch.operator'],
    ],
    ['places something anew', rebalancer({ workloads: [] }), rebalancer({}), ['spec.workloads']],
    [
      'keeps what it has done for a while',
      rebalancer({ ttlSecondsAfterFinished: '60' }),
      rebalancer({ ttlSecondsAfterFinished: -60 }),
      ['spec.ttlSecondsAfterFinished'],
    ],
    ['needs something to select', policy({ resourceSelectors: [] }), policy({}), ['spec.resourceSelectors']],
    [
      'keeps a policy to its namespace',
      policy({ resourceSelectors: [{ ...selector, namespace: 'bank' }] }),
      policy({ resourceSelectors: [{ ...selector, namespace: 'shop' }] }),
      ['spec.resourceSelectors[0].namespace'],
    ],
    [
      'takes one kind of affinity',
      placed({ clusterAffinity: {}, clusterAffinities: [term('a')] }),
      placed({ clusterAffinity: {} }),
      ['spec.placement.clusterAffinities'],
    ],
    [
      'names every group once',
      placed({ clusterAffinities: [term('a'), term('a')] }),
      placed({ clusterAffinities: [term('a'), term('b')] }),
      ['spec.placement.clusterAffinities[1].affinityName'],
    ],
    [
      'limits the names of groups',
      placed({ clusterAffinities: [term('x'.repeat(33))] }),
      placed({ clusterAffinities: [term('x'.repeat(32))] }),
      ['spec.placement.clusterAffinities[0].affinityName'],
    ],
    [
      'lets only divided replicas overflow',
      placed({ clusterAffinities: [term('a', { overflowAffinities: [term('b')] })] }),
      placed({ replicaScheduling: divided, clusterAffinities: [term('a', { overflowAffinities: [term('b')] })] }),
      ['spec.placement.clusterAffinities[0].overflowAffinities'],
    ],
    [
      'wants an affinity to overflow from',
      placed({
        replicaScheduling: divided,
        clusterAffinities: [{ affinityName: 'a', overflowAffinities: [term('b')] }],
      }),
      placed({ replicaScheduling: divided, clusterAffinities: [term('a', { overflowAffinities: [term('b')] })] }),
      ['spec.placement.clusterAffinities[0]'],
    ],
    [
      'wants an affinity to overflow to',
      placed({
        replicaScheduling: divided,
        clusterAffinities: [term('a', { overflowAffinities: [{ affinityName: 'b' }] })],
      }),
      placed({ replicaScheduling: divided, clusterAffinities: [term('a', { overflowAffinities: [term('b')] })] }),
      ['spec.placement.clusterAffinities[0].overflowAffinities[0]'],
    ],
    [
      'knows the fields of selectors',
      placed({
        clusterAffinity: { fieldSelector: { matchExpressions: [{ key: 'planet', operator: 'In', values: ['x'] }] } },
      }),
      placed({
        clusterAffinity: { fieldSelector: { matchExpressions: [{ key: 'zone', operator: 'In', values: ['x'] }] } },
      }),
      ['spec.placement.clusterAffinity.fieldSelector.matchExpressions[0].key'],
    ],
    [
      'refuses comparing tolerations',
      placed({ clusterTolerations: [{ key: 'a', operator: 'Gt', value: '1' }] }),
      placed({ clusterTolerations: [{ key: 'a', value: '1' }] }),
      ['spec.placement.clusterTolerations[0].operator'],
    ],
    [
      'spreads by a field or by a label',
      spread(byCluster, { spreadByField: 'zone', spreadByLabel: 'rack', maxGroups: 1 }),
      spread(byCluster, { spreadByLabel: 'rack', maxGroups: 1 }),
      ['spec.placement.spreadConstraints[1]'],
    ],
    [
      'wants limits in order',
      spread({ spreadByField: 'cluster', minGroups: 3, maxGroups: 2 }),
      spread({ spreadByField: 'cluster', minGroups: 2, maxGroups: 3 }),
      ['spec.placement.spreadConstraints[0].maxGroups'],
    ],
    [
      'spreads by each field once',
      spread(byCluster, byCluster),
      spread(byCluster),
      ['spec.placement.spreadConstraints[1]'],
    ],
    [
      'wants a constraint by cluster beside every field',
      spread({ spreadByField: 'region', maxGroups: 2 }),
      spread(byCluster, { spreadByField: 'region', maxGroups: 2 }),
      ['spec.placement.spreadConstraints'],
    ],
    [
      'wants weights of at least 1',
      placed({ replicaScheduling: { weightPreference: { staticWeightList: [{ targetCluster: {}, weight: 0 }] } } }),
      placed({ replicaScheduling: { weightPreference: { staticWeightList: [{ targetCluster: {}, weight: 1 }] } } }),
      ['spec.placement.replicaScheduling.weightPreference.staticWeightList[0].weight'],
    ],
    [
      'cannot keep workloads together and apart',
      placed({ workloadAffinity: { affinity: { groupByLabelKey: 'app' }, antiAffinity: { groupByLabelKey: 'app' } } }),
      placed({ workloadAffinity: { affinity: { groupByLabelKey: 'app' }, antiAffinity: { groupByLabelKey: 'db' } } }),
      ['spec.placement.workloadAffinity.antiAffinity.groupByLabelKey'],
    ],
    [
      'preempts only what is named',
      policy({ preemption: 'Always', resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment' }] }),
      policy({ preemption: 'Always' }),
      ['spec.resourceSelectors[0].name'],
    ],
    [
      'moves an application with what it needs',
      policy({ failover: { application: { decisionConditions: {} } } }),
      policy({ propagateDeps: true, failover: { application: { decisionConditions: {} } } }),
      ['spec.propagateDeps'],
    ],
    [
      'has a grace period only where it is graceful',
      policy({
        propagateDeps: true,
        failover: { application: { decisionConditions: {}, purgeMode: 'Directly', gracePeriodSeconds: 5 } },
      }),
      policy({
        propagateDeps: true,
        failover: { application: { decisionConditions: {}, purgeMode: 'Gracefully', gracePeriodSeconds: 5 } },
      }),
      ['spec.failover.application.gracePeriodSeconds'],
    ],
    [
      'suspends everywhere or somewhere',
      policy({ suspension: { dispatching: true, dispatchingOnClusters: { clusterNames: ['m1'] } } }),
      policy({ suspension: { dispatching: true } }),
      ['spec.suspension.dispatchingOnClusters'],
    ],
    [
      'knows one source of priorities',
      policy({ schedulePriority: { priorityClassSource: 'PodPriorityClass', priorityClassName: 'high' } }),
      policy({ schedulePriority: { priorityClassSource: 'KubePriorityClass', priorityClassName: 'high' } }),
      ['spec.schedulePriority.priorityClassSource'],
    ],
    ['refuses fields that nobody knows', policy({ placment: {} }), policy({ placement: {} }), ['spec.placment']],
    [
      'takes one form of override rules',
      override({ overrideRules: [], overriders: { plaintext: [{ path: '/a', operator: 'remove' }] } }),
      override({ overrideRules: [] }),
      ['spec.overrideRules'],
    ],
    ['limits the names of clusters', cluster({}, 'm'.repeat(49)), cluster({}, 'm'.repeat(48)), ['metadata.name']],
    [
      'taints a cluster once',
      cluster({
        taints: [
          { key: 'a', effect: 'NoSchedule' },
          { key: 'a', value: 'b', effect: 'NoSchedule' },
        ],
      }),
      cluster({
        taints: [
          { key: 'a', effect: 'NoSchedule' },
          { key: 'a', effect: 'NoExecute' },
        ],
      }),
      ['spec.taints[1]'],
    ],
    [
      'names a target once',
      binding({ clusters: [{ name: 'm1' }, { name: 'm1' }] }),
      binding({ clusters: [{ name: 'm1' }, { name: 'm2' }] }),
      ['spec.clusters[1].name'],
    ],
    [
      'limits the names of components',
      binding({ components: [{ name: 'x'.repeat(33), replicas: 1 }] }),
      binding({ components: [{ name: 'x', replicas: 1 }] }),
      ['spec.components[0].name'],
    ],
    ['counts replicas from 0', binding({ replicas: -1 }), binding({ replicas: 0 }), ['spec.replicas']],
    [
      'reads quantities',
      binding({ replicaRequirements: { resourceRequest: { cpu: 'much' } } }),
      binding({ replicaRequirements: { resourceRequest: { cpu: '1.5' } } }),
      ['spec.replicaRequirements.resourceRequest.cpu'],
    ],
  ];
  for (const [what, bad, good, where] of cases) {
    it(what, () => {
      expect(paths(bad)).toEqual(where);
      expect(paths(good)).toEqual([]);
    });
  }

  it('tells every mistake at once, each with what would be right', () => {
    const { problems } = admit(
      policy({
        priority: 'high',
        preemption: 'Sometimes',
        placement: { spreadConstraints: [{ spreadByField: 'planet', minGroups: -1 }] },
      }),
      NOW,
    );
    expect(problems.map(({ path, message }) => `${path} ${message}`)).toEqual([
      'spec.placement.spreadConstraints[0].spreadByField is "planet", and should be one of cluster, region, zone, provider',
      'spec.placement.spreadConstraints[0].minGroups is -1, and should be a whole number from 0 to 2147483647',
      'spec.priority is "high", and should be a whole number from -2147483648 to 2147483647',
      'spec.preemption is "Sometimes", and should be one of Always, Never',
    ]);
  });

  it('leaves kinds without rules alone', () => {
    const other = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } };
    expect(admit(other, NOW)).toEqual({ object: other, problems: [], warnings: [] });
  });
});

describe('defaults', () => {
  const spec = (object: KubeObject) => admit(object, NOW).object.spec as Record<string, unknown>;

  it('complete a policy', () => {
    expect(spec(policy({ resourceSelectors: [{ ...selector }] }))).toMatchObject({
      resourceSelectors: [{ ...selector, namespace: 'shop' }],
      priority: 0,
      preemption: 'Never',
      conflictResolution: 'Abort',
      schedulerName: 'default-scheduler',
      propagateDeps: false,
    });
    expect(spec(policy({}, 'ClusterPropagationPolicy'))).toMatchObject({ resourceSelectors: [selector] });
  });

  it('send a ServiceImport with what belongs to it', () => {
    const imports = { apiVersion: 'multicluster.x-k8s.io/v1alpha1', kind: 'ServiceImport', name: 'web' };
    expect(spec(policy({ resourceSelectors: [imports] }))).toMatchObject({ propagateDeps: true });
  });

  it('complete a placement', () => {
    const { placement } = spec(
      placed({ spreadConstraints: [{ maxGroups: 2 }, { spreadByLabel: 'rack', maxGroups: 2 }], replicaScheduling: {} }),
    );
    expect(placement).toEqual({
      spreadConstraints: [
        { spreadByField: 'cluster', minGroups: 1, maxGroups: 2 },
        { spreadByLabel: 'rack', minGroups: 1, maxGroups: 2 },
      ],
      replicaScheduling: { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Weighted' },
    });
    expect(spec(placed({ replicaScheduling: { replicaSchedulingType: 'Duplicated' } })).placement).toEqual({
      replicaScheduling: { replicaSchedulingType: 'Duplicated' },
    });
    expect(spec(binding({ placement: { replicaScheduling: {}, spreadConstraints: [{}] } })).placement).toEqual({
      replicaScheduling: { replicaSchedulingType: 'Divided' },
      spreadConstraints: [{}],
    });
  });

  it('complete a failover', () => {
    const failover = { application: { decisionConditions: {} }, cluster: {} };
    expect(spec(policy({ propagateDeps: true, failover })).failover).toEqual({
      application: { decisionConditions: { tolerationSeconds: 300 }, purgeMode: 'Gracefully', gracePeriodSeconds: 600 },
      cluster: { purgeMode: 'Gracefully' },
    });
    const directly = { application: { decisionConditions: { tolerationSeconds: 0 }, purgeMode: 'Directly' } };
    expect(spec(policy({ propagateDeps: true, failover: directly })).failover).toEqual(directly);
  });

  it('keep an override policy to its namespace', () => {
    expect(spec(override({ resourceSelectors: [selector] })).resourceSelectors).toEqual([
      { ...selector, namespace: 'shop' },
    ]);
    expect(spec(override({ overrideRules: [] }))).toEqual({ overrideRules: [] });
  });

  it('complete a cluster', () => {
    const completed = spec(
      cluster({
        zone: 'z1',
        taints: [
          { key: 'a', effect: 'NoExecute' },
          { key: 'b', effect: 'NoSchedule' },
        ],
      }),
    );
    expect(completed.zones).toEqual(['z1']);
    expect(completed.taints).toEqual([
      { key: 'a', effect: 'NoExecute', timeAdded: '2026-09-21T14:13:20Z' },
      { key: 'b', effect: 'NoSchedule' },
    ]);
    expect(completed.resourceModels).toHaveLength(9);
    expect(completed.resourceModels).toContainEqual({
      grade: 8,
      ranges: [range('cpu', '128', '9223372036854775807'), range('memory', '1Ti', '9223372036854775807')],
    });
  });

  it('open the ends of resource models', () => {
    const completed = spec(
      models({ grade: 1, ranges: [range('cpu', '2', '4')] }, { grade: 0, ranges: [range('cpu', '1', '2')] }),
    );
    expect(completed.resourceModels).toEqual([
      { grade: 0, ranges: [range('cpu', '0', '2')] },
      { grade: 1, ranges: [range('cpu', '2', '9223372036854775807')] },
    ]);
  });

  it('change nothing the second time', () => {
    for (const object of [policy({ placement: { spreadConstraints: [{ maxGroups: 2 }] } }), cluster({ zone: 'z1' })]) {
      const once = admit(object, NOW).object;
      expect(admit(once, NOW + 60_000).object).toEqual(once);
    }
  });
});

describe('warnings', () => {
  const warned = (placement: object) => admit(placed(placement), NOW).warnings.map(({ path }) => path);

  it('name what counts for nothing', () => {
    const twice = quota({ cpu: '3' }, [part('m1', { cpu: '1' }), part('m2', {}), part('m1', { cpu: '2' })]);
    expect(admit(twice, NOW).warnings.map(({ path }) => path)).toEqual(['spec.staticAssignments[2]']);
  });

  it('name what Karmada will not do', () => {
    expect(warned({ spreadConstraints: [{ spreadByField: 'cluster' }] })).toEqual([
      'spec.placement.spreadConstraints[0]',
    ]);
    expect(warned({ spreadConstraints: [byCluster, { spreadByField: 'zone', maxGroups: 2 }] })).toEqual([
      'spec.placement.spreadConstraints[1]',
    ]);
    const list = { staticWeightList: [{ targetCluster: {}, weight: 1 }] };
    const place = 'spec.placement.replicaScheduling.weightPreference.staticWeightList';
    expect(
      warned({ replicaScheduling: { weightPreference: { ...list, dynamicWeight: 'AvailableReplicas' } } }),
    ).toEqual([place]);
    expect(warned({ spreadConstraints: [byCluster], replicaScheduling: { weightPreference: list } })).toEqual([place]);
    expect(warned({ spreadConstraints: [byCluster] })).toEqual([]);
  });
});

describe('the way in which a service is exposed', () => {
  it('is said once', () => {
    const [across, outside] = [exposure({}), exposure({ types: ['LoadBalancer'] })];
    expect(admit(outside, NOW, { previous: across }).problems).toEqual([
      { path: 'spec.types', message: 'cannot be changed' },
    ]);
    expect(admit(exposure({ ports: [{ port: 1 }] }), NOW, { previous: across }).problems).toEqual([]);
    expect(admit(across, NOW, { previous: { ...across, spec: null } }).problems).toHaveLength(1);
  });
});
