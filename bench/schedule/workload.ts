// Seeded fleets and bindings for benchmarks: the same arguments give the same objects, on any machine.
import type { BindingInput, Cluster, Placement } from '../../engine/index.ts';

export const WORKLOADS = ['dup', 'static', 'dynamic', 'aggregated', 'spread', 'rescale', 'mixed'] as const;
export type Workload = (typeof WORKLOADS)[number];

export interface WorkloadOptions {
  readonly clusters: number;
  readonly bindings: number;
  readonly workload: Workload;
  readonly seed: number;
}

const PROVIDERS = ['aws', 'gcp', 'azure', 'huawei'];
const REGIONS = Array.from({ length: 20 }, (_, at) => `region-${String(at + 1).padStart(2, '0')}`);
const REQUESTS = [
  ['100m', '128Mi'],
  ['250m', '512Mi'],
  ['500m', '1Gi'],
  ['1', '2Gi'],
  ['2', '8Gi'],
  ['4', '4Gi'],
] as const;
const SINGLE = WORKLOADS.filter((workload) => workload !== 'mixed');
const CORE_KINDS = ['Pod', 'Service', 'ConfigMap', 'Secret', 'Namespace', 'ServiceAccount', 'PersistentVolumeClaim'];
const BATCH_KINDS = ['Job', 'CronJob'];
const APPS_KINDS = ['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'];

/** mulberry32: small, fast, and easy to write again in any language that should make the same inputs. */
class Draws {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed, 2654435761) >>> 0 || 1;
  }

  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  integer(min: number, max: number): number {
    return min + Math.floor(this.fraction() * (max - min + 1));
  }

  pick<T>(items: readonly T[]): T {
    return items[this.integer(0, items.length - 1)]!;
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }
}

export interface BenchInput {
  readonly clusters: readonly Cluster[];
  readonly bindings: Iterable<BindingInput>;
}

/** The bindings are made as they are asked for, once. */
export function generate(options: WorkloadOptions): BenchInput {
  const draws = new Draws(options.seed);
  const clusters = Array.from({ length: options.clusters }, (_, at) => makeCluster(at, draws));
  return { clusters, bindings: makeBindings(options, clusters, draws) };
}

function makeCluster(at: number, draws: Draws): Cluster {
  const region = draws.pick(REGIONS);
  const cpu = draws.integer(64, 20_000);
  const memory = cpu * 4;
  const resources = (kinds: readonly string[]) => kinds.map((kind) => ({ name: `${kind.toLowerCase()}s`, kind }));
  const ready = { status: 'True' as const, message: '', lastTransitionTime: '2026-01-01T00:00:00Z' };
  return {
    metadata: {
      name: `c${String(at + 1).padStart(5, '0')}`,
      labels: {
        env: draws.pick(['prod', 'dev', 'stage']),
        tier: draws.pick(['gold', 'silver', 'bronze']),
        team: `t${draws.integer(1, 30)}`,
      },
    },
    spec: {
      syncMode: 'Push',
      provider: draws.pick(PROVIDERS),
      region,
      zones: [`${region}-${draws.pick(['a', 'b', 'c'])}`],
      ...(draws.chance(0.05)
        ? {
            taints: [
              {
                key: draws.pick(['dedicated', 'maint']),
                value: 'x',
                effect: draws.pick(['NoSchedule', 'NoExecute'] as const),
              },
            ],
          }
        : {}),
    },
    status: {
      kubernetesVersion: 'v1.36.0',
      apiEnablements: [
        { groupVersion: 'v1', resources: resources(CORE_KINDS) },
        { groupVersion: 'batch/v1', resources: resources(BATCH_KINDS) },
        { groupVersion: 'apps/v1', resources: resources(APPS_KINDS) },
      ],
      conditions: [
        { type: 'Ready', reason: 'ClusterReady', ...ready },
        { type: 'CompleteAPIEnablements', reason: 'Complete', ...ready },
      ],
      resourceSummary: {
        allocatable: { cpu: String(cpu), memory: `${memory}Gi`, pods: String(draws.integer(200, 50_000)) },
        allocated: {
          cpu: String(Math.floor(cpu * draws.fraction() * 0.9)),
          memory: `${Math.floor(memory * draws.fraction() * 0.9)}Gi`,
          pods: String(draws.integer(0, 150)),
        },
      },
    },
  };
}

function* makeBindings(
  { bindings, workload }: WorkloadOptions,
  clusters: readonly Cluster[],
  draws: Draws,
): Generator<BindingInput> {
  const affinities = [
    undefined,
    { labelSelector: { matchLabels: { env: 'prod' } } },
    { labelSelector: { matchExpressions: [{ key: 'tier', operator: 'In', values: ['gold', 'silver'] }] } },
    { fieldSelector: { matchExpressions: [{ key: 'provider', operator: 'In', values: ['aws', 'gcp'] }] } },
    { exclude: clusters.slice(0, 5).map(({ metadata }) => metadata.name) },
  ];
  const kinds = workload === 'mixed' ? SINGLE : [workload];
  for (let at = 0; at < bindings; at += 1) {
    const kind = kinds[at % kinds.length]!;
    const [cpu, memory] = draws.pick(REQUESTS);
    const affinity = draws.pick(affinities);
    const placement: Placement = {
      ...(affinity === undefined ? {} : { clusterAffinity: affinity }),
      ...(draws.chance(0.3) ? { clusterTolerations: [{ key: 'dedicated', operator: 'Exists' }] } : {}),
      ...strategyOf(kind),
    };
    const resource = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: `ns${draws.integer(1, 50)}`,
      name: `app${at}`,
      uid: `u${at}`,
    };
    const replicas = draws.integer(1, 500);
    const previous = kind === 'rescale' ? { clusters: previousDecision(clusters, draws) } : {};
    yield {
      spec: { resource, replicas, replicaRequirements: { resourceRequest: { cpu, memory } }, placement, ...previous },
      status: {},
    };
  }
}

function previousDecision(clusters: readonly Cluster[], draws: Draws): { name: string; replicas: number }[] {
  const wanted = Math.min(draws.integer(2, 8), clusters.length);
  const names = new Set<string>();
  while (names.size < wanted) names.add(draws.pick(clusters).metadata.name);
  return [...names].map((name) => ({ name, replicas: draws.integer(1, 60) }));
}

function strategyOf(kind: Exclude<Workload, 'mixed'>): Pick<Placement, 'replicaScheduling' | 'spreadConstraints'> {
  const divided = { replicaSchedulingType: 'Divided' } as const;
  switch (kind) {
    case 'dup':
      return { replicaScheduling: { replicaSchedulingType: 'Duplicated' } };
    case 'static':
      return {
        replicaScheduling: {
          ...divided,
          replicaDivisionPreference: 'Weighted',
          weightPreference: {
            staticWeightList: [
              { targetCluster: { labelSelector: { matchLabels: { tier: 'gold' } } }, weight: 3 },
              {
                targetCluster: {
                  fieldSelector: { matchExpressions: [{ key: 'region', operator: 'In', values: REGIONS.slice(0, 5) }] },
                },
                weight: 2,
              },
            ],
          },
        },
      };
    case 'dynamic':
    case 'rescale':
      return {
        replicaScheduling: {
          ...divided,
          replicaDivisionPreference: 'Weighted',
          weightPreference: { dynamicWeight: 'AvailableReplicas' },
        },
      };
    case 'aggregated':
      return { replicaScheduling: { ...divided, replicaDivisionPreference: 'Aggregated' } };
    case 'spread':
      return {
        replicaScheduling: { ...divided, replicaDivisionPreference: 'Aggregated' },
        spreadConstraints: [
          { spreadByField: 'region', minGroups: 3, maxGroups: 5 },
          { spreadByField: 'cluster', minGroups: 5, maxGroups: 20 },
        ],
      };
  }
}
