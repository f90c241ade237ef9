// A whole random scenario as a document: habits first, then fleet, workloads, what users and operators do, and faults. It is an
// ordinary scenario file, so whatever fails can be kept, replayed and made smaller.
import { drawFaults, type Fault, type KubeObject, Random } from '../../engine/index.ts';
import { formatDuration } from '../../executor/terminal/duration.ts';
import { agentName } from '../run/processes.ts';
import { drawAutoscalers } from './draw-autoscalers.ts';
import { drawFleet, namesOf, nodesOf } from './draw-fleet.ts';
import { type DrawnWorkload, drawPlacement, drawWorkloads, NAMESPACE, neededBy, SPACE } from './draw-objects.ts';
import { drawQuotas } from './draw-quotas.ts';
import { drawRemedies } from './draw-remedies.ts';
import { drawRollouts } from './draw-rollouts.ts';
import { drawServices } from './draw-services.ts';
import type { Draw } from './drawn.ts';
import { drawHabits, type Operation, type SwarmHabits } from './habits.ts';

export interface SwarmDocument {
  readonly apiVersion: 'muster/v1alpha1';
  readonly kind: 'Scenario';
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly seed: string;
    readonly profile: string;
    readonly duration: string;
    readonly fleet: { readonly clusters: readonly Record<string, unknown>[] };
    readonly objects: readonly KubeObject[];
    readonly timeline: readonly Record<string, unknown>[];
  };
}

export interface DrawOptions {
  /** Also what no API server does. */
  readonly isHardening?: boolean;
}

/** By the name of the stream that each is drawn from. */
const BESIDES: readonly (readonly [string, Draw])[] = [
  ['rollouts', drawRollouts],
  ['services', drawServices],
  ['autoscalers', drawAutoscalers],
  ['quotas', drawQuotas],
  ['remedies', drawRemedies],
];

const PROCESSES = ['controller-manager', 'scheduler'];
const LONGEST_MS = 180_000;

export function drawScenario(seed: string, options: DrawOptions = {}): SwarmDocument {
  const random = new Random(seed);
  const habits = drawHabits(random.stream('habits'));
  const fleet = drawFleet(random.stream('fleet'), habits);
  const clusters = namesOf(fleet);
  const workloads = drawWorkloads(random.stream('objects'), habits, clusters);
  const durationMs = habits.minutes * 60_000;
  const ground = { profile: habits.profile, workloads, clusters, durationMs };
  const besides = BESIDES.map(([name, draw]) => draw(random.stream(name), ground));
  return {
    apiVersion: 'muster/v1alpha1',
    kind: 'Scenario',
    metadata: { name: `swarm-${seed}` },
    spec: {
      seed,
      profile: habits.profile,
      duration: `${habits.minutes}m`,
      fleet: { clusters: fleet },
      objects: [
        ...neededBy(habits),
        ...workloads.flatMap(({ template, policy }) => [template, policy]),
        ...besides.flatMap(({ objects }) => objects),
      ],
      timeline: [
        ...besides.flatMap(({ timeline }) => timeline),
        ...drawOperations(random.stream('operations'), habits, workloads, clusters, durationMs),
        ...drawDisturbances(random.stream('faults'), habits, fleet, durationMs, options),
      ],
    },
  };
}

function drawOperations(
  random: Random,
  habits: SwarmHabits,
  workloads: readonly DrawnWorkload[],
  clusters: readonly string[],
  durationMs: number,
): Record<string, unknown>[] {
  if (habits.operations.length === 0) return [];
  return Array.from({ length: habits.operationCount }, () => {
    const seconds = random.integer(1, durationMs / 1000);
    const operate = OPERATE[random.pick(habits.operations)];
    const done = operate(random, random.pick(workloads), random.pick(clusters), clusters, workloads);
    const steps = Array.isArray(done) ? done : done === null ? [] : [done];
    return steps.map((step, at) => ({ at: formatDuration(Math.min(durationMs, (seconds + at) * 1000)), ...step }));
  }).flat();
}

type Step = Record<string, unknown>;

type Operate = (
  random: Random,
  workload: DrawnWorkload,
  cluster: string,
  clusters: readonly string[],
  workloads: readonly DrawnWorkload[],
) => Step | readonly Step[] | null;

const scalable = ({ sort }: DrawnWorkload): boolean => sort === 'deployment' || sort === 'stateful';

const refOf = ({ kind, name }: DrawnWorkload): string => `${kind}/${name}`;

const OPERATE: Readonly<Record<Operation, Operate>> = {
  scale: (random, workload) =>
    scalable(workload) ? { scale: refOf(workload), replicas: random.integer(0, 10) } : null,
  rollout: (random, workload) =>
    scalable(workload) ? { rollout: refOf(workload), image: `shop/app:${random.integer(2, 9)}` } : null,
  // One of the same name, and another all the same.
  recreate: (_, workload) => [{ delete: refOf(workload) }, { apply: workload.template }],
  'edit-policy': (random, { policy }, _, clusters) => ({
    apply: { ...policy, spec: { ...(policy.spec as object), placement: drawPlacement(random, clusters) } },
  }),
  'delete-workload': (_, workload) => ({ delete: refOf(workload) }),
  'delete-policy': (_, { policy, name }) => ({ delete: `${policy.kind}/${name}` }),
  // With all that is in it; sometimes it is all made again, some of it while the old is still on its way out.
  'delete-namespace': (random, _, __, ___, workloads) => [
    { delete: `${SPACE.kind}/${SPACE.metadata.name}` },
    ...(random.chance(1, 2)
      ? workloads.flatMap(({ template, policy }) => [{ apply: policy }, { apply: template }])
      : []),
  ],
  cordon: (random, _, cluster) => (random.chance(1, 2) ? { cordon: cluster } : { uncordon: cluster }),
  // Sometimes somebody ends in the middle of what follows.
  taint: (random, _, cluster) => {
    const taint = { taint: cluster, key: 'swarm', effect: random.pick(['NoSchedule', 'NoExecute']) };
    if (random.chance(1, 2)) return taint;
    return [taint, { fault: { fault: 'restart', name: random.pick(PROCESSES), forMs: 20_000 } satisfies Fault }];
  },
  'remove-cluster': (_, __, cluster, clusters) => (clusters.length > 2 ? { remove: cluster } : null),
  'retire-cluster': (_, __, cluster, clusters) =>
    clusters.length > 2 ? [{ taint: cluster, key: 'retired', effect: 'NoExecute' }, { remove: cluster }] : null,
  'add-cluster': (random) => ({
    add: {
      name: `new-${random.integer(1, 9)}`,
      region: 'eu',
      zone: 'eu-a',
      provider: 'aws',
      nodes: { count: 2, cpu: '8' },
    },
  }),
  // Sometimes none is left.
  resize: (random, _, cluster) => ({
    resize: cluster,
    nodes: { count: random.integer(0, 3), cpu: String(random.integer(2, 8)), memory: '32Gi', pods: '50' },
  }),
  override: (random, { template, name }, cluster) => ({
    apply: {
      apiVersion: 'policy.karmada.io/v1alpha1',
      kind: 'OverridePolicy',
      metadata: { name: `override-${name}`, namespace: NAMESPACE },
      spec: {
        resourceSelectors: [{ apiVersion: template.apiVersion, kind: template.kind, name }],
        overrideRules: [
          {
            targetCluster: { clusterNames: [cluster] },
            overriders: {
              labelsOverrider: [{ operator: 'add', value: { swarm: String(random.integer(0, 9)) } }],
            },
          },
        ],
      },
    },
  }),
  suspend: (random, { policy, name }) => ({
    patch: `${policy.kind}/${name}`,
    with: { spec: { suspension: random.chance(1, 2) ? { dispatching: true } : null } },
  }),
  rebalance: (random, { template, kind, name }) => ({
    apply: {
      apiVersion: 'apps.karmada.io/v1alpha1',
      kind: 'WorkloadRebalancer',
      metadata: { name: `rebalance-${random.integer(1, 99)}` },
      spec: { workloads: [{ apiVersion: template.apiVersion, kind, namespace: NAMESPACE, name }] },
    },
  }),
};

function drawDisturbances(
  random: Random,
  habits: SwarmHabits,
  fleet: readonly Record<string, unknown>[],
  durationMs: number,
  { isHardening = false }: DrawOptions,
): Record<string, unknown>[] {
  const planned = drawFaults(random, {
    clusters: namesOf(fleet),
    processes: [...PROCESSES, ...agentsIn(fleet)],
    nodes: nodesOf(fleet),
    from: 0,
    until: durationMs,
    faults: habits.faultCount,
    longestMs: Math.min(LONGEST_MS, durationMs),
    isHardening,
    isMild: habits.isMild && !isHardening,
  });
  return planned.map(({ at, fault }) => ({
    ...(habits.triggers && random.chance(1, 3)
      ? { when: triggerOf(random) }
      : { at: formatDuration(Math.min(at, durationMs)) }),
    fault: fault satisfies Fault,
  }));
}

const agentsIn = (fleet: readonly Record<string, unknown>[]): readonly string[] =>
  fleet.filter(({ mode }) => mode === 'Pull').map(({ name }) => agentName(String(name)));

const triggerOf = (random: Random) => ({
  write: random.pick(['Work', 'ResourceBinding', 'Deployment', 'Cluster']),
  occurrence: random.integer(1, 30),
  moment: random.pick(['before', 'after']),
});
