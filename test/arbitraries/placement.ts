// Random placements that admission would let through, and the parts that properties need by themselves.
import fc from 'fast-check';
import type {
  ClusterAffinity,
  Placement,
  ReplicaScheduling,
  SpreadConstraint,
  StaticClusterWeight,
} from '../../engine/api/placement.ts';
import type { Toleration } from '../../engine/kube/taint.ts';
import { CLUSTER_NAMES, REGIONS } from './cluster.ts';

const manyNames = fc.uniqueArray(fc.constantFrom(...CLUSTER_NAMES), { minLength: 5, maxLength: 12 });

export const affinity: fc.Arbitrary<ClusterAffinity> = fc.record(
  {
    clusterNames: manyNames,
    exclude: fc.uniqueArray(fc.constantFrom(...CLUSTER_NAMES), { maxLength: 3 }),
    labelSelector: fc.constantFrom(
      { matchLabels: { env: 'prod' } },
      { matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['dev'] }] },
      { matchExpressions: [{ key: 'env', operator: 'Exists' }] },
    ),
    fieldSelector: fc.constantFrom(
      { matchExpressions: [{ key: 'provider', operator: 'In', values: ['aws'] }] },
      { matchExpressions: [{ key: 'region', operator: 'NotIn', values: [REGIONS[0]] }] },
      { matchExpressions: [{ key: 'zone', operator: 'In', values: ['z1', 'z2'] }] },
    ),
  },
  { requiredKeys: [] },
);

export const tolerations: fc.Arbitrary<Toleration[]> = fc.constantFrom<Toleration[][]>(
  [],
  [{ key: 'dedicated', operator: 'Exists' }],
  [{ key: 'dedicated', operator: 'Equal', value: 'gpu', effect: 'NoSchedule' }],
  [{ operator: 'Exists' }],
);

const weightRule: fc.Arbitrary<StaticClusterWeight> = fc.record({
  targetCluster: fc.oneof(
    fc.uniqueArray(fc.constantFrom(...CLUSTER_NAMES), { minLength: 1, maxLength: 4 }).map((clusterNames) => ({
      clusterNames,
    })),
    fc.constantFrom({ labelSelector: { matchLabels: { env: 'prod' } } }, {}),
  ),
  weight: fc.integer({ min: 1, max: 9 }),
});

export const duplicated: ReplicaScheduling = { replicaSchedulingType: 'Duplicated' };
export const dynamic: ReplicaScheduling = {
  replicaSchedulingType: 'Divided',
  replicaDivisionPreference: 'Weighted',
  weightPreference: { dynamicWeight: 'AvailableReplicas' },
};
export const aggregated: ReplicaScheduling = {
  replicaSchedulingType: 'Divided',
  replicaDivisionPreference: 'Aggregated',
};
export const staticWeighted: fc.Arbitrary<ReplicaScheduling> = fc
  .array(weightRule, { minLength: 1, maxLength: 4 })
  .map((staticWeightList) => ({
    replicaSchedulingType: 'Divided',
    replicaDivisionPreference: 'Weighted',
    weightPreference: { staticWeightList },
  }));
/** The two that divide by the room that clusters have. */
export const byRoom: fc.Arbitrary<ReplicaScheduling> = fc.constantFrom(dynamic, aggregated);
export const anyScheduling: fc.Arbitrary<ReplicaScheduling> = fc.oneof(fc.constant(duplicated), byRoom, staticWeighted);

const limits = fc
  .tuple(fc.constantFrom(1, 1, 2, 3), fc.integer({ min: 0, max: 4 }))
  .map(([minGroups, more]) => ({ minGroups, maxGroups: minGroups + more }));

export const clusterConstraint: fc.Arbitrary<SpreadConstraint> = limits.map((limit) => ({
  spreadByField: 'cluster',
  ...limit,
}));
export const regionConstraint: fc.Arbitrary<SpreadConstraint> = limits.map((limit) => ({
  spreadByField: 'region',
  ...limit,
}));
/** Over zones, providers or a label: Karmada does not select by these. */
export const otherConstraint: fc.Arbitrary<SpreadConstraint> = fc
  .tuple(
    limits,
    fc.constantFrom(
      { spreadByField: 'zone' as const },
      { spreadByField: 'provider' as const },
      { spreadByLabel: 'tier' },
    ),
  )
  .map(([limit, over]) => ({ ...over, ...limit }));

/** What Karmada shapes its selection by: clusters, alone or with regions. */
export const karmadaSpread: fc.Arbitrary<SpreadConstraint[]> = fc.oneof(
  clusterConstraint.map((constraint) => [constraint]),
  fc.tuple(regionConstraint, clusterConstraint).map((constraints) => [...constraints]),
);
/** Any mix of one to three constraints, each over something else. */
export const anySpread: fc.Arbitrary<SpreadConstraint[]> = fc.uniqueArray(
  fc.oneof(clusterConstraint, regionConstraint, otherConstraint),
  { selector: ({ spreadByField, spreadByLabel }) => spreadByField ?? spreadByLabel, minLength: 1, maxLength: 3 },
);

export interface PlacementOptions {
  readonly scheduling?: fc.Arbitrary<ReplicaScheduling>;
  readonly spread?: fc.Arbitrary<SpreadConstraint[]>;
  readonly groups?: boolean;
}

const sometimes = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 2 });

export function placementOf({ scheduling = anyScheduling, spread, groups = false }: PlacementOptions = {}) {
  const drawn = fc.record({
    affinity: sometimes(affinity),
    others: groups ? sometimes(fc.tuple(affinity, affinity)) : fc.constant(undefined),
    clusterTolerations: tolerations,
    spreadConstraints: spread === undefined ? fc.constant(undefined) : spread,
    replicaScheduling: scheduling,
  });
  return drawn.map(({ affinity: clusterAffinity, others, spreadConstraints, ...rest }): Placement => {
    const spreading = spreadConstraints === undefined ? rest : { ...rest, spreadConstraints };
    if (others === undefined) return clusterAffinity === undefined ? spreading : { ...spreading, clusterAffinity };
    const [first, second] = others;
    return {
      ...spreading,
      clusterAffinities: [
        { affinityName: 'first', ...first },
        { affinityName: 'second', ...second },
      ],
    };
  });
}

/** Groups with overflow may not be empty. */
const filledAffinity: fc.Arbitrary<ClusterAffinity> = fc
  .tuple(affinity, manyNames)
  .map(([drawn, clusterNames]) =>
    Object.keys(drawn).some((key) => key !== 'exclude') ? drawn : { ...drawn, clusterNames },
  );

/** One group with one overflow tier, which admission allows with dynamic weights and Aggregated only. */
export const tieredPlacement: fc.Arbitrary<Placement> = fc
  .tuple(filledAffinity, filledAffinity, byRoom, tolerations)
  .map(([near, far, replicaScheduling, clusterTolerations]) => ({
    clusterAffinities: [{ affinityName: 'near', ...near, overflowAffinities: [{ affinityName: 'far', ...far }] }],
    clusterTolerations,
    replicaScheduling,
  }));
