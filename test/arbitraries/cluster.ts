// Random clusters with capacities in plain numbers, so that a test can count along without reading quantities.
import fc from 'fast-check';
import type { Cluster, ResourceSummary } from '../../engine/api/cluster.ts';
import type { Taint } from '../../engine/kube/taint.ts';

export const CLUSTER_NAMES = ['a', 'a-b', 'b', 'B1', '1', '10', '9', 'm1', 'm10', 'm2', 'm3', 'z'] as const;
export const REGIONS = ['eu', 'us', 'ap', 'af'] as const;

export interface Capacity {
  readonly cpuMilli: number;
  readonly memoryMi: number;
  readonly pods: number;
}

export interface FleetOptions {
  /** Resource models, which do not shrink with what is allocated. */
  readonly models?: boolean;
  /** Clusters that are being deleted, tainted, or do not serve the workload's kind. */
  readonly obstacles?: boolean;
}

export const capacity: fc.Arbitrary<Capacity> = fc.record({
  cpuMilli: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 400 })).map((tenths) => tenths * 100),
  memoryMi: fc.oneof(fc.integer({ min: 0, max: 32 }), fc.integer({ min: 0, max: 512 })).map((parts) => parts * 256),
  pods: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 20, max: 300 })),
});

export const resources = ({ cpuMilli, memoryMi, pods }: Capacity): Record<string, string> => ({
  cpu: `${cpuMilli}m`,
  memory: `${memoryMi}Mi`,
  pods: String(pods),
});

const rarely = (outOf: number): fc.Arbitrary<boolean> => fc.integer({ min: 1, max: outOf }).map((draw) => draw === 1);

const taint: fc.Arbitrary<Taint> = fc.record({
  key: fc.constantFrom('dedicated', 'maintenance'),
  value: fc.constantFrom('gpu', ''),
  effect: fc.constantFrom('NoSchedule' as const, 'NoExecute' as const, 'PreferNoSchedule' as const),
});

const RESOURCE_MODELS = [
  { grade: 0, ranges: [{ name: 'cpu', min: '0', max: '1' }] },
  { grade: 1, ranges: [{ name: 'cpu', min: '1', max: '4' }] },
  { grade: 2, ranges: [{ name: 'cpu', min: '4', max: '16' }] },
];

const modelling = fc.array(
  fc.record({ grade: fc.integer({ min: 0, max: 2 }), count: fc.integer({ min: 0, max: 6 }) }),
  {
    maxLength: 3,
  },
);

const parts = ({ models = false, obstacles = true }: FleetOptions) =>
  fc.record({
    deleting: obstacles ? rarely(15) : fc.constant(false),
    serves: obstacles ? rarely(20).map((draw) => !draw) : fc.constant(true),
    taints: obstacles
      ? fc.oneof(
          { weight: 3, arbitrary: fc.constant<Taint[]>([]) },
          { weight: 1, arbitrary: fc.array(taint, { minLength: 1, maxLength: 2 }) },
        )
      : fc.constant<Taint[]>([]),
    labels: fc.dictionary(fc.constantFrom('env', 'tier'), fc.constantFrom('prod', 'dev'), { maxKeys: 2 }),
    provider: fc.option(fc.constantFrom('aws', 'gcp'), { nil: undefined, freq: 6 }),
    region: fc.option(fc.constantFrom(...REGIONS), { nil: undefined, freq: 9 }),
    zones: fc.uniqueArray(fc.constantFrom('z1', 'z2', 'z3'), { minLength: 1, maxLength: 2 }),
    allocatable: capacity,
    modelled: models ? fc.option(modelling, { nil: undefined, freq: 3 }) : fc.constant(undefined),
  });

const clusterNamed = (name: string, options: FleetOptions): fc.Arbitrary<Cluster> =>
  parts(options).map((drawn) => {
    const resourceSummary: ResourceSummary = {
      allocatable: resources(drawn.allocatable),
      ...(drawn.modelled === undefined ? {} : { allocatableModelings: drawn.modelled }),
    };
    return {
      metadata: {
        name,
        labels: drawn.labels,
        ...(drawn.deleting ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
      },
      spec: {
        ...(drawn.provider === undefined ? {} : { provider: drawn.provider }),
        ...(drawn.region === undefined ? {} : { region: drawn.region }),
        zones: drawn.zones,
        taints: drawn.taints,
        ...(drawn.modelled === undefined ? {} : { resourceModels: RESOURCE_MODELS }),
      },
      status: {
        apiEnablements: drawn.serves
          ? [{ groupVersion: 'apps/v1', resources: [{ name: 'deployments', kind: 'Deployment' }] }]
          : [],
        resourceSummary,
      },
    };
  });

/** One to nine clusters, each with a name of its own, in any order. */
export const fleetOf = (options: FleetOptions = {}): fc.Arbitrary<readonly Cluster[]> =>
  fc
    .shuffledSubarray([...CLUSTER_NAMES], { minLength: 1, maxLength: 9 })
    .chain((names) => fc.tuple(...names.map((name) => clusterNamed(name, options))));
