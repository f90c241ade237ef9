// Random workloads with a policy each: every way to place, to divide, to keep apart and to fail over comes up.
import type { KubeObject, Random } from '../../engine/index.ts';
import type { SwarmHabits, WorkloadSort } from './habits.ts';

export interface DrawnWorkload {
  readonly sort: WorkloadSort;
  readonly name: string;
  readonly kind: string;
  readonly template: KubeObject;
  readonly policy: KubeObject;
}

const NAMESPACE = 'default';

const podsOf = (random: Random) => ({
  metadata: { labels: { app: 'x' } },
  spec: {
    containers: [
      { name: 'main', image: 'shop/app:1', resources: { requests: { cpu: `${random.pick([100, 250, 500, 1000])}m` } } },
    ],
  },
});

const selector = { matchLabels: { app: 'x' } };

const TEMPLATES: Readonly<Record<WorkloadSort, (name: string, random: Random) => KubeObject>> = {
  deployment: (name, random) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: NAMESPACE },
    spec: { replicas: random.integer(0, 8), selector, template: podsOf(random) },
  }),
  stateful: (name, random) => ({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name, namespace: NAMESPACE },
    spec: { replicas: random.integer(1, 4), serviceName: name, selector, template: podsOf(random) },
  }),
  daemon: (name, random) => ({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace: NAMESPACE },
    spec: { selector, template: podsOf(random) },
  }),
  job: (name, random) => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace: NAMESPACE },
    spec: {
      parallelism: random.integer(1, 4),
      completions: random.integer(4, 8),
      template: { spec: { ...podsOf(random).spec, restartPolicy: 'Never' } },
    },
  }),
  config: (name, random) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: NAMESPACE },
    data: { value: String(random.integer(0, 9)) },
  }),
};

export function drawWorkloads(random: Random, habits: SwarmHabits, clusters: readonly string[]): DrawnWorkload[] {
  return Array.from({ length: habits.workloadCount }, (_, at) => {
    const sort = random.pick(habits.workloads);
    const name = `${sort}-${at + 1}`;
    const template = TEMPLATES[sort](name, random);
    return { sort, name, kind: template.kind, template, policy: policyFor(template, random, habits, clusters) };
  });
}

function policyFor(
  { apiVersion, kind, metadata: { name } }: KubeObject,
  random: Random,
  habits: SwarmHabits,
  clusters: readonly string[],
): KubeObject {
  return {
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'PropagationPolicy',
    metadata: { name, namespace: NAMESPACE },
    spec: {
      resourceSelectors: [{ apiVersion, kind, name }],
      ...(random.chance(1, 4) && { propagateDeps: true }),
      ...(random.chance(1, 5) && { conflictResolution: 'Overwrite' }),
      ...(habits.profile === 'muster' && random.chance(1, 4) && { failover: failoverOf(random) }),
      placement: drawPlacement(random, clusters),
    },
  };
}

const failoverOf = (random: Random) => ({ cluster: { purgeMode: random.pick(['Directly', 'Gracefully']) } });

export function drawPlacement(random: Random, clusters: readonly string[]): Record<string, unknown> {
  const spread = random.integer(0, 3);
  return {
    ...affinityOf(random, clusters),
    ...(random.chance(1, 3) && { clusterTolerations: [{ key: 'swarm', operator: 'Exists' }] }),
    ...(spread === 1 && {
      spreadConstraints: [{ spreadByField: 'cluster', minGroups: 1, maxGroups: random.integer(1, 3) }],
    }),
    ...(spread === 2 && {
      spreadConstraints: [
        { spreadByField: 'region', minGroups: 1, maxGroups: 2 },
        { spreadByField: 'cluster', minGroups: 1, maxGroups: 4 },
      ],
    }),
    ...divisionOf(random, clusters),
  };
}

function affinityOf(random: Random, clusters: readonly string[]): Record<string, unknown> {
  const some = () => random.shuffled(clusters).slice(0, random.integer(1, clusters.length)).sort();
  switch (random.integer(0, 4)) {
    case 0:
      return { clusterAffinity: { clusterNames: some() } };
    case 1:
      return { clusterAffinity: { labelSelector: { matchLabels: { tier: 'gold' } } } };
    case 2:
      return {
        clusterAffinities: [
          { affinityName: 'first', clusterNames: some() },
          { affinityName: 'second', clusterNames: some() },
        ],
      };
    default:
      return {};
  }
}

function divisionOf(random: Random, clusters: readonly string[]): Record<string, unknown> {
  const divided = (rest: object) => ({ replicaScheduling: { replicaSchedulingType: 'Divided', ...rest } });
  switch (random.integer(0, 4)) {
    case 0:
      return {};
    case 1:
      return divided({ replicaDivisionPreference: 'Aggregated' });
    case 2:
      return divided({ replicaDivisionPreference: 'Weighted' });
    case 3:
      return divided({
        replicaDivisionPreference: 'Weighted',
        weightPreference: {
          staticWeightList: clusters
            .slice(0, 3)
            .map((name) => ({ targetCluster: { clusterNames: [name] }, weight: random.integer(1, 3) })),
        },
      });
    default:
      return divided({
        replicaDivisionPreference: 'Weighted',
        weightPreference: { dynamicWeight: 'AvailableReplicas' },
      });
  }
}
