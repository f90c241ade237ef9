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

/** One that clusters do not have of themselves, and that can be deleted there. */
export const NAMESPACE = 'shop';

/** What workloads need, by name. */
export const NEEDED = 'settings';

const SETTINGS: KubeObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: NEEDED, namespace: NAMESPACE },
  data: { colour: 'red' },
};

const podsOf = (name: string, random: Random, needs: boolean) => ({
  metadata: { labels: { app: name } },
  spec: {
    containers: [
      { name: 'main', image: 'shop/app:1', resources: { requests: { cpu: `${random.pick([100, 250, 500, 1000])}m` } } },
    ],
    ...(needs && { volumes: [{ name: NEEDED, configMap: { name: NEEDED } }] }),
  },
});

const selectorOf = (name: string) => ({ matchLabels: { app: name } });

const TEMPLATES: Readonly<Record<WorkloadSort, (name: string, random: Random, needs: boolean) => KubeObject>> = {
  deployment: (name, random, needs) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: NAMESPACE },
    spec: { replicas: random.integer(0, 8), selector: selectorOf(name), template: podsOf(name, random, needs) },
  }),
  stateful: (name, random, needs) => ({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name, namespace: NAMESPACE },
    spec: {
      replicas: random.integer(1, 4),
      serviceName: name,
      selector: selectorOf(name),
      template: podsOf(name, random, needs),
    },
  }),
  daemon: (name, random, needs) => ({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace: NAMESPACE },
    spec: { selector: selectorOf(name), template: podsOf(name, random, needs) },
  }),
  job: (name, random, needs) => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace: NAMESPACE },
    spec: {
      parallelism: random.integer(1, 4),
      completions: random.integer(4, 8),
      template: { spec: { ...podsOf(name, random, needs).spec, restartPolicy: 'Never' } },
    },
  }),
  config: (name, random) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: NAMESPACE },
    data: { value: String(random.integer(0, 9)) },
  }),
};

export const SPACE: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } };

export const neededBy = ({ needs }: SwarmHabits): readonly KubeObject[] => [SPACE, ...(needs ? [SETTINGS] : [])];

export function drawWorkloads(random: Random, habits: SwarmHabits, clusters: readonly string[]): DrawnWorkload[] {
  return Array.from({ length: habits.workloadCount }, (_, at) => {
    const sort = random.pick(habits.workloads);
    const name = `${sort}-${at + 1}`;
    const template = TEMPLATES[sort](name, random, habits.needs);
    return { sort, name, kind: template.kind, template, policy: policyFor(template, random, habits, clusters) };
  });
}

function policyFor(
  { apiVersion, kind, metadata: { name } }: KubeObject,
  random: Random,
  habits: SwarmHabits,
  clusters: readonly string[],
): KubeObject {
  const isGeneral = habits.isOdd && random.chance(1, 4);
  const failover =
    habits.profile === 'muster' && random.chance(habits.isOdd ? 2 : 1, 4) ? failoverOf(random, habits) : null;
  return {
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: isGeneral ? 'ClusterPropagationPolicy' : 'PropagationPolicy',
    metadata: { name, ...(!isGeneral && { namespace: NAMESPACE }) },
    spec: {
      resourceSelectors: [{ apiVersion, kind, name, ...(isGeneral && { namespace: NAMESPACE }) }],
      ...((random.chance(habits.needs ? 3 : 1, 4) || failover?.application !== undefined) && { propagateDeps: true }),
      ...(random.chance(1, 5) && { conflictResolution: 'Overwrite' }),
      ...(habits.isOdd && random.chance(1, 4) && { activationPreference: 'Lazy' }),
      ...(habits.isOdd && random.chance(1, 4) && { preserveResourcesOnDeletion: true }),
      ...(failover !== null && { failover }),
      placement: drawPlacement(random, clusters),
    },
  };
}

interface Failover {
  readonly cluster?: { readonly purgeMode: string };
  readonly application?: Record<string, unknown>;
}

function failoverOf(random: Random, { isOdd }: SwarmHabits): Failover {
  const purgeMode = random.pick(['Directly', 'Gracefully']);
  if (!isOdd || random.chance(1, 2)) return { cluster: { purgeMode } };
  const decisionConditions = { tolerationSeconds: random.integer(20, 120) };
  return { application: { decisionConditions, purgeMode: random.pick([purgeMode, 'Never']) } };
}

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
