// Fleets, placements and bindings for property tests: small, with names that collide in interesting ways.
import fc from 'fast-check';
import type { ResourceBindingSpec } from '../../engine/api/binding.ts';
import type { Cluster } from '../../engine/api/cluster.ts';
import type { ClusterAffinity, Placement, SpreadConstraint } from '../../engine/api/placement.ts';
import type { BindingInput } from '../../engine/schedule/request.ts';

export const NAMES = ['a', 'b', 'B', '1', '10', '9', 'a-b', 'z', 'm1', 'm2', 'm10', 'x1', 'x2', 'x3', 'x4', 'x5'];
const REGIONS = ['eu', 'us', 'ap'];

export const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 3 });
const cpu = fc.constantFrom('0', '1', '2500m', '0.1', '4', '7', '64', '1e3', '333333u');
const memory = fc.constantFrom('0', '1Gi', '1.5Gi', '4Gi', '1000M', '64Gi', '7', '9223372036854775807');
const pods = fc.constantFrom('0', '1', '3', '10', '110', '1k', '2147483647', '3G');

const models = [
  {
    grade: 0,
    ranges: [
      { name: 'cpu', min: '0', max: '1' },
      { name: 'memory', min: '0', max: '4Gi' },
    ],
  },
  {
    grade: 1,
    ranges: [
      { name: 'cpu', min: '1', max: '2' },
      { name: 'memory', min: '4Gi', max: '16Gi' },
    ],
  },
  {
    grade: 2,
    ranges: [
      { name: 'cpu', min: '2', max: '4' },
      { name: 'memory', min: '16Gi', max: '32Gi' },
    ],
  },
];

const resources = (presence: number) =>
  fc.record(
    { cpu, memory, pods, 'example.com/gpu': fc.constantFrom('1', '8') },
    { requiredKeys: presence > 0 ? ['pods'] : [] },
  );

export const cluster: fc.Arbitrary<Cluster> = fc
  .record({
    name: fc.constantFrom(...NAMES),
    deleting: fc.integer({ min: 0, max: 12 }).map((draw) => draw === 0),
    labels: optional(fc.dictionary(fc.constantFrom('env', 'tier'), fc.constantFrom('prod', 'dev', ''), { maxKeys: 2 })),
    provider: optional(fc.constantFrom('aws', 'gcp')),
    region: fc.option(fc.constantFrom(...REGIONS), { nil: undefined, freq: 8 }),
    zones: optional(fc.uniqueArray(fc.constantFrom('z1', 'z2', 'z3'), { maxLength: 2 })),
    taints: fc.array(
      fc.record({
        key: fc.constantFrom('dedicated', 'maint'),
        value: fc.constantFrom('x', ''),
        effect: fc.constantFrom('NoSchedule' as const, 'NoExecute' as const, 'PreferNoSchedule' as const),
      }),
      { maxLength: 1 },
    ),
    serves: fc.integer({ min: 0, max: 9 }).map((draw) => draw > 0),
    allocatable: resources(1),
    allocated: optional(resources(0)),
    summary: fc.integer({ min: 0, max: 9 }).map((draw) => draw > 0),
    modelled: optional(
      fc.array(fc.record({ grade: fc.constantFrom(0, 1, 2, 3), count: fc.integer({ min: -1, max: 5 }) }), {
        maxLength: 3,
      }),
    ),
  })
  .map((drawn) => ({
    metadata: {
      name: drawn.name,
      ...(drawn.labels ? { labels: drawn.labels } : {}),
      ...(drawn.deleting ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
    },
    spec: {
      ...(drawn.provider ? { provider: drawn.provider } : {}),
      ...(drawn.region ? { region: drawn.region } : {}),
      ...(drawn.zones ? { zones: drawn.zones } : {}),
      taints: drawn.taints,
      ...(drawn.modelled ? { resourceModels: models } : {}),
    },
    status: {
      apiEnablements: drawn.serves ? [{ groupVersion: 'apps/v1', resources: [{ kind: 'Deployment' }] }] : [],
      ...(drawn.summary
        ? {
            resourceSummary: {
              allocatable: drawn.allocatable,
              ...(drawn.allocated ? { allocated: drawn.allocated } : {}),
              ...(drawn.modelled ? { allocatableModelings: drawn.modelled } : {}),
            },
          }
        : {}),
    },
  }));

export const affinity: fc.Arbitrary<ClusterAffinity> = fc.record(
  {
    clusterNames: fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 4, maxLength: 12 }),
    exclude: fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: 3 }),
    labelSelector: fc.constantFrom(
      { matchLabels: { env: 'prod' } },
      { matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['dev'] }] },
      { matchExpressions: [{ key: 'env', operator: 'Exists' }] },
      { matchExpressions: [{ key: 'env', operator: 'DoesNotExist' }] },
      { matchExpressions: [{ key: 'env', operator: 'In', values: [] }] },
    ),
    fieldSelector: fc.constantFrom(
      { matchExpressions: [{ key: 'provider', operator: 'In', values: ['aws'] }] },
      { matchExpressions: [{ key: 'region', operator: 'NotIn', values: ['eu'] }] },
      { matchExpressions: [{ key: 'zone', operator: 'In', values: ['z1', 'z2'] }] },
      { matchExpressions: [{ key: 'zone', operator: 'NotIn', values: ['z3'] }] },
      { matchExpressions: [{ key: 'region', operator: 'In', values: ['a b'] }] },
    ),
  },
  { requiredKeys: [] },
);

const limits = fc
  .tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 5 }))
  .map(([minGroups, more]) => ({ minGroups, maxGroups: minGroups + more }));
const spread: fc.Arbitrary<SpreadConstraint[]> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<SpreadConstraint[]>([]) },
  { weight: 2, arbitrary: limits.map((limit) => [{ spreadByField: 'cluster' as const, ...limit }]) },
  {
    weight: 3,
    arbitrary: fc.tuple(limits, limits).map(([one, other]) => [
      { spreadByField: 'region' as const, ...one },
      { spreadByField: 'cluster' as const, ...other },
    ]),
  },
  { weight: 1, arbitrary: limits.map((limit) => [{ spreadByField: 'zone' as const, ...limit }]) },
);

export const placement: fc.Arbitrary<Placement> = fc.record(
  {
    clusterAffinity: affinity,
    clusterTolerations: fc.constantFrom([], [{ key: 'dedicated', operator: 'Exists' }], [{ operator: 'Exists' }]),
    spreadConstraints: spread,
    replicaScheduling: fc.constantFrom(
      { replicaSchedulingType: 'Duplicated' as const },
      { replicaSchedulingType: 'Divided' as const, replicaDivisionPreference: 'Aggregated' as const },
      { replicaSchedulingType: 'Divided' as const, replicaDivisionPreference: 'Weighted' as const },
      {
        replicaSchedulingType: 'Divided' as const,
        replicaDivisionPreference: 'Weighted' as const,
        weightPreference: { dynamicWeight: 'AvailableReplicas' },
      },
      {
        replicaSchedulingType: 'Divided' as const,
        replicaDivisionPreference: 'Weighted' as const,
        weightPreference: {
          staticWeightList: [
            { targetCluster: { labelSelector: { matchLabels: { env: 'prod' } } }, weight: 3 },
            { targetCluster: { clusterNames: ['a', 'b', '10', 'x1'] }, weight: 2 },
          ],
        },
      },
    ),
  },
  { requiredKeys: ['replicaScheduling'] },
);

const groups: fc.Arbitrary<Placement> = fc
  .tuple(placement, affinity, affinity, optional(affinity))
  .map(([base, one, other, beyond]) => {
    const { clusterAffinity: _, ...rest } = base;
    return {
      ...rest,
      clusterAffinities: [
        {
          affinityName: 'one',
          ...one,
          ...(beyond ? { overflowAffinities: [{ affinityName: 'beyond', ...beyond }] } : {}),
        },
        { affinityName: 'other', ...other },
      ],
    };
  });

export const binding: fc.Arbitrary<BindingInput> = fc
  .record({
    placement: fc.oneof({ weight: 4, arbitrary: placement }, { weight: 1, arbitrary: groups }),
    replicas: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 3000 })),
    request: optional(fc.record({ cpu, memory, 'example.com/gpu': fc.constantFrom('1', '0') }, { requiredKeys: [] })),
    previous: optional(
      fc.uniqueArray(fc.record({ name: fc.constantFrom(...NAMES), replicas: fc.integer({ min: 0, max: 8 }) }), {
        selector: ({ name }) => name,
        maxLength: 5,
      }),
    ),
    evicting: fc.array(fc.constantFrom(...NAMES), { maxLength: 1 }),
    uid: fc.constantFrom('', 'u1', 'u2', 'u3'),
    triggered: fc.boolean(),
    observed: fc.constantFrom(undefined, 'one', 'other'),
  })
  .map((drawn) => ({
    spec: {
      resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web', uid: drawn.uid },
      replicas: drawn.replicas,
      ...(drawn.request ? { replicaRequirements: { resourceRequest: drawn.request } } : {}),
      ...(drawn.previous ? { clusters: drawn.previous } : {}),
      ...(drawn.triggered ? { rescheduleTriggeredAt: '2026-02-01T00:00:00Z' } : {}),
      placement: drawn.placement,
      gracefulEvictionTasks: drawn.evicting.map((fromCluster) => ({
        fromCluster,
        reason: 'TaintUntolerated',
        producer: 'TaintManager',
      })),
    } satisfies ResourceBindingSpec,
    status: {
      lastScheduledTime: '2026-01-01T00:00:00Z',
      ...(drawn.observed ? { schedulerObservingAffinityName: drawn.observed } : {}),
    },
  }));
