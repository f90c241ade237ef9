// Whatever a case may hold without being malformed, sensible or not: what admission would refuse, and what collides.
import fc from 'fast-check';
import type {
  Component,
  GracefulEvictionTask,
  ReplicaRequirements,
  ResourceBindingSpec,
  ResourceBindingStatus,
  TargetCluster,
} from '../../engine/api/binding.ts';
import type { Cluster, ClusterSpec, ClusterStatus, ResourceList, ResourceSummary } from '../../engine/api/cluster.ts';
import type {
  ClusterAffinity,
  ClusterAffinityTerm,
  Placement,
  ReplicaScheduling,
  SpreadConstraint,
  StaticClusterWeight,
} from '../../engine/api/placement.ts';
import type { ConditionStatus } from '../../engine/kube/meta.ts';
import type { Taint, Toleration } from '../../engine/kube/taint.ts';
import type { ScheduleCase } from '../../engine/schedule/case/read-case.ts';

const INT32_MAX = 2_147_483_647;

/** The simplest comes first: that is where shrinking goes. */
const one = <const T extends readonly unknown[]>(...values: T): fc.Arbitrary<T[number]> => fc.constantFrom(...values);
/** Every field may be absent. */
const partly = <T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<Partial<T>> =>
  fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>;
const few = <T>(item: fc.Arbitrary<T>, maxLength = 3): fc.Arbitrary<T[]> => fc.array(item, { maxLength });

/** Numbers as names jump the queue in plain objects, capitals come before letters, and one name begins another. */
export const WILD_NAMES = ['a', '10', '9', 'B', 'b', 'a-b', 'a.b', 'm1', 'm10', 'm2', '1', 'constructor', 'é'] as const;
const name = one(...WILD_NAMES);
const unknownName = one('gone', '', 'toString');

const labelKey = one('env', '10', '9', 'topology.kubernetes.io/zone', 'not a key!', '__proto__');
const labelValue = one('', 'a', '10', '9', 'B', 'prod', 'not a value!');
const labels = fc.uniqueArray(fc.tuple(labelKey, labelValue), { maxLength: 3, selector: ([key]) => key }).map((pairs) =>
  // As JSON.parse does it, so that "__proto__" is a key like any other.
  JSON.parse(`{${pairs.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`),
) as fc.Arbitrary<Record<string, string>>;

const requirement = fc.record(
  {
    key: one('env', '10', 'provider', 'region', 'zone', 'not a key!'),
    operator: one('In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt', 'Like', ''),
    values: few(labelValue, 2),
  },
  { requiredKeys: ['key', 'operator'] },
);

const affinityFields = {
  labelSelector: partly({ matchLabels: labels, matchExpressions: few(requirement, 2) }),
  fieldSelector: partly({ matchExpressions: few(requirement, 2) }),
  clusterNames: few(fc.oneof({ weight: 5, arbitrary: name }, { weight: 1, arbitrary: unknownName }), 6),
  exclude: few(name, 2),
};
/** Often it excludes nobody, so that what comes after the filters is reached. */
export const wildAffinity: fc.Arbitrary<ClusterAffinity> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<ClusterAffinity>({}) },
  {
    weight: 1,
    arbitrary: fc.record({ clusterNames: fc.constant<string[]>([...WILD_NAMES]), exclude: few<string>(name, 2) }),
  },
  { weight: 2, arbitrary: partly<ClusterAffinity>(affinityFields) },
);

const groupName = one('one', 'other', '10', '');
const tier = fc.tuple(groupName, wildAffinity).map(([affinityName, affinity]) => ({ affinityName, ...affinity }));
const term: fc.Arbitrary<ClusterAffinityTerm> = fc
  .tuple(tier, fc.option(few(tier, 2), { nil: undefined, freq: 2 }))
  .map(([own, overflowAffinities]) => (overflowAffinities === undefined ? own : { ...own, overflowAffinities }));
/** Two may share a name, which admission would refuse: the first of them speaks for both. */
const terms = fc.array(term, { maxLength: 3 });

const taintKey = one('dedicated', 'cluster.karmada.io/not-ready', '10', '');
const taintValue = one('', 'gpu', '10');
const taint = fc.record(
  { key: taintKey, value: taintValue, effect: one('NoSchedule', 'NoExecute', 'PreferNoSchedule') },
  { requiredKeys: ['key', 'effect'] },
) as fc.Arbitrary<Taint>;
const toleration: fc.Arbitrary<Toleration> = partly({
  key: taintKey,
  operator: one('Exists', 'Equal', '', 'Lt', 'Gt'),
  value: taintValue,
  effect: one('', 'NoSchedule', 'NoExecute', 'PreferNoSchedule', 'Never'),
  tolerationSeconds: one(0, 300, -1),
});

const groups = fc.integer({ min: -1, max: 5 });
const spreadConstraint = partly({
  spreadByField: one('cluster', 'region', 'zone', 'provider', 'planet'),
  spreadByLabel: one('env', '10', 'not a key!', ''),
  minGroups: groups,
  maxGroups: groups,
}) as fc.Arbitrary<SpreadConstraint>;

const weight = fc.record({
  targetCluster: wildAffinity,
  weight: one(1, 2, 9, 0, -1, INT32_MAX, 1_000_000_000_000),
}) as fc.Arbitrary<StaticClusterWeight>;
const replicaScheduling = partly({
  replicaSchedulingType: one('Duplicated', 'Divided', 'Other'),
  replicaDivisionPreference: one('Weighted', 'Aggregated', 'Other'),
  weightPreference: partly({ staticWeightList: few(weight), dynamicWeight: one('AvailableReplicas', 'Other', '') }),
}) as fc.Arbitrary<ReplicaScheduling>;

export const wildPlacement: fc.Arbitrary<Placement> = partly<Placement>({
  clusterAffinity: wildAffinity,
  clusterAffinities: terms,
  clusterTolerations: few(toleration, 2),
  spreadConstraints: few(spreadConstraint),
  replicaScheduling,
  workloadAffinity: partly({
    affinity: fc.record({ groupByLabelKey: one('env', '') }),
    antiAffinity: fc.record({ groupByLabelKey: one('env', 'tier') }),
  }),
});

/** Fractions, huge, negative, with and without exponents and units: all that a quantity can be. */
const quantity = one('1', '0', '3', '250m', '2.5', '64', '1e3', '1Ki', '4Gi', '-1', '1n', '9223372036854775807', '1E');
const resourceName = one('cpu', 'memory', 'pods', 'ephemeral-storage', 'example.com/gpu', 'hugepages-2Mi', '10');
const resources: fc.Arbitrary<ResourceList> = fc.dictionary(resourceName, fc.oneof(quantity, one(0, 7, 1.5)), {
  maxKeys: 4,
  noNullPrototype: true,
});
/** Room that is usually there, so that not every case ends before it begins. */
const roomy: fc.Arbitrary<ResourceList> = fc
  .tuple(resources, one('64', '7', '1', '110'), one('110', '3', '1', '0'))
  .map(([others, cpu, pods]) => ({ cpu, memory: '64Gi', pods, ...others }));

const range = fc.record({ name: resourceName, min: quantity, max: quantity });
const model = fc.record({ grade: fc.integer({ min: -1, max: 3 }), ranges: few(range, 2) });
const summary = partly<ResourceSummary>({
  allocatable: fc.oneof({ weight: 4, arbitrary: roomy }, { weight: 1, arbitrary: resources }),
  allocating: resources,
  allocated: resources,
  allocatableModelings: few(
    fc.record({ grade: fc.integer({ min: -1, max: 4 }), count: one(1, 0, 3, 1000, INT32_MAX) }),
  ),
});

const kind = one('Deployment', 'Deployment', 'Deployment', 'Deployment', 'Job', 'ConfigMap');
const groupVersion = one('apps/v1', 'v1', 'batch/v1');
const enablement = fc.record(
  { groupVersion, resources: few(fc.record({ kind, name: one('deployments', '') }), 2) },
  { requiredKeys: ['groupVersion'] },
);
const deployments = { groupVersion: 'apps/v1', resources: [{ kind: 'Deployment', name: 'deployments' }] };
const condition = fc.record({
  type: one('Ready', 'CompleteAPIEnablements', 'Other'),
  status: one<ConditionStatus[]>('True', 'False', 'Unknown'),
  reason: one('', 'X'),
  message: one(''),
  lastTransitionTime: one('2026-01-01T00:00:00Z'),
});

const status: fc.Arbitrary<ClusterStatus> = partly<ClusterStatus>({
  apiEnablements: fc.oneof(
    { weight: 5, arbitrary: few(enablement, 2).map((others) => [...others, deployments]) },
    { weight: 1, arbitrary: few(enablement, 2) },
  ),
  conditions: few(condition, 2),
  resourceSummary: summary,
});
const spec: fc.Arbitrary<ClusterSpec> = partly<ClusterSpec>({
  provider: one('aws', 'gcp', '10', '', 'not a value!'),
  region: one('eu', 'us', '10', ''),
  zone: one('z1', ''),
  zones: few(one('z1', 'z2', '10', '')),
  taints: few(taint, 2),
  resourceModels: few(model),
});

export const wildClusterNamed = (named: fc.Arbitrary<string>): fc.Arbitrary<Cluster> =>
  fc.record(
    {
      metadata: fc.record(
        { name: named, labels, deletionTimestamp: one('', '', '', '2026-01-01T00:00:00Z') },
        { requiredKeys: ['name'] },
      ),
      spec,
      status,
    },
    { requiredKeys: ['metadata', 'spec'] },
  );
export const wildCluster: fc.Arbitrary<Cluster> = wildClusterNamed(name);

export const wildFleet: fc.Arbitrary<Cluster[]> = fc.uniqueArray(wildCluster, {
  maxLength: 8,
  selector: ({ metadata }) => metadata.name,
});

const replicas = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 12 }) },
  { weight: 1, arbitrary: one(1000, INT32_MAX) },
);
const requirements: fc.Arbitrary<ReplicaRequirements> = partly<ReplicaRequirements>({
  resourceRequest: resources,
  namespace: one('default'),
  priorityClassName: one('high'),
  nodeClaim: partly({ nodeSelector: labels, tolerations: few(toleration, 1) }),
});
const component = fc.record(
  { name: one('main', 'side', ''), replicas, replicaRequirements: requirements },
  { requiredKeys: ['name', 'replicas'] },
) as fc.Arbitrary<Component>;
const anyName = fc.oneof({ weight: 6, arbitrary: name }, { weight: 1, arbitrary: unknownName });
const target = fc.record({ name: anyName, replicas }, { requiredKeys: ['name'] }) as fc.Arbitrary<TargetCluster>;
const eviction = fc.record(
  {
    fromCluster: anyName,
    replicas: one(0, 2, -1),
    reason: one('TaintUntolerated', 'ApplicationFailure', ''),
    producer: one('TaintManager', ''),
    purgeMode: one('Gracefully' as const, 'Directly' as const),
  },
  { requiredKeys: ['fromCluster', 'reason', 'producer'] },
) as fc.Arbitrary<GracefulEvictionTask>;
const time = one('2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', '');

/** Karmada never writes one cluster twice into a result: so much order there is. */
const previous = fc.uniqueArray(target, { maxLength: 5, selector: (each) => each.name });

export const wildSpec: fc.Arbitrary<ResourceBindingSpec> = fc.record(
  {
    resource: fc.record(
      {
        apiVersion: groupVersion,
        kind,
        namespace: one('default', ''),
        name: one('web'),
        uid: one('', 'u1', 'u2', 'u3'),
      },
      { requiredKeys: ['apiVersion', 'kind', 'name'] },
    ),
    replicas,
    replicaRequirements: requirements,
    components: few(component, 2),
    clusters: previous,
    placement: wildPlacement,
    gracefulEvictionTasks: few(eviction, 2),
    rescheduleTriggeredAt: time,
  },
  { requiredKeys: ['resource'] },
) as fc.Arbitrary<ResourceBindingSpec>;

export const wildStatus: fc.Arbitrary<ResourceBindingStatus> = partly<ResourceBindingStatus>({
  schedulerObservingAffinityName: groupName,
  lastScheduledTime: time,
});

/** One case as it would stand on a line of a file. */
export const wildCase: fc.Arbitrary<ScheduleCase> = fc.record({
  id: fc.constant('wild'),
  clusters: wildFleet,
  spec: wildSpec,
  status: wildStatus,
});
