// Random autoscalers of random workloads: by load over all clusters, by the clock, or one in each cluster.
import type { KubeObject, Random } from '../../engine/index.ts';
import { type DrawnWorkload, drawPlacement, NAMESPACE } from './draw-objects.ts';
import { type Drawn, type Ground, NOTHING, type Step, sometime } from './drawn.ts';

export function drawAutoscalers(random: Random, ground: Ground): Drawn {
  const { profile, workloads } = ground;
  const scaled = workloads.filter(({ sort }) => (sort === 'deployment' || sort === 'stateful') && random.chance(2, 3));
  if (!random.chance(1, 4) || scaled.length === 0) return NOTHING;
  const drawn = scaled.map((workload) => random.pick(SORTS[profile])(workload, random, ground));
  return {
    objects: drawn.flatMap(({ objects }) => objects),
    timeline: drawn.flatMap(({ timeline }) => timeline),
  };
}

type Autoscaler = (workload: DrawnWorkload, random: Random, ground: Ground) => Drawn;

const targetOf = ({ template: { apiVersion, kind }, name }: DrawnWorkload) => ({ apiVersion, kind, name });

/** Whoever looks back for less goes up and down: a pod that has just started counts for nothing. */
function byLoad(workload: DrawnWorkload, random: Random, { durationMs }: Ground): Drawn {
  const { name } = workload;
  const anew = (): KubeObject => ({
    apiVersion: 'autoscaling.karmada.io/v1alpha1',
    kind: 'FederatedHPA',
    metadata: { name, namespace: NAMESPACE },
    spec: {
      scaleTargetRef: targetOf(workload),
      ...(random.chance(1, 2) && { minReplicas: random.integer(1, 4) }),
      maxReplicas: random.integer(4, 10),
      metrics: [
        {
          type: 'Resource',
          resource: {
            name: 'cpu',
            target: random.pick([
              { type: 'Utilization', averageUtilization: random.pick([30, 60, 90]) },
              { type: 'AverageValue', averageValue: '250m' },
            ]),
          },
        },
      ],
      ...(random.chance(1, 2) && {
        behavior: { scaleDown: { stabilizationWindowSeconds: random.pick([120, 600]) } },
      }),
    },
  });
  const load = () => random.integer(0, 12) / 4;
  const curve = { '0s': load(), '1m': load(), '3m': load() };
  const work = { demand: `${workload.kind}/${name}`, curve, step: '15s' };
  const scaler = anew();
  return {
    objects: [scaler],
    timeline: [
      ...sometime(
        [work, ...(random.chance(1, 3) ? [{ ...work, curve: { '0s': load() } }] : [])],
        random,
        durationMs / 2,
      ),
      ...sometime(whims(scaler, anew, random), random, durationMs),
    ],
  };
}

function byClock(workload: DrawnWorkload, random: Random, { durationMs }: Ground): Drawn {
  const { name } = workload;
  const minutes = Math.floor(durationMs / 60_000);
  const anew = (): KubeObject => ({
    apiVersion: 'autoscaling.karmada.io/v1alpha1',
    kind: 'CronFederatedHPA',
    metadata: { name, namespace: NAMESPACE },
    spec: {
      scaleTargetRef: targetOf(workload),
      rules: Array.from({ length: random.integer(1, 3) }, (_, at) => ({
        name: `rule-${at + 1}`,
        schedule: `${random.integer(1, minutes)} 0 * * *`,
        targetReplicas: random.integer(0, 8),
        ...(random.chance(1, 6) && { suspend: true }),
        ...(random.chance(1, 3) && { failedHistoryLimit: random.integer(0, 2) }),
      })),
    },
  });
  const scaler = anew();
  return { objects: [scaler], timeline: sometime(whims(scaler, anew, random), random, durationMs) };
}

function inClusters(workload: DrawnWorkload, random: Random, { clusters, durationMs }: Ground): Drawn {
  const { name, policy } = workload;
  const anew = (): KubeObject => {
    const least = random.integer(1, 4);
    return {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name, namespace: NAMESPACE },
      spec: { scaleTargetRef: targetOf(workload), minReplicas: least, maxReplicas: least + random.integer(0, 4) },
    };
  };
  const scaler = anew();
  const { placement } = policy.spec as { readonly placement: object };
  const own: KubeObject = {
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'PropagationPolicy',
    metadata: { name: `scaler-${name}`, namespace: NAMESPACE },
    spec: {
      resourceSelectors: [{ apiVersion: scaler.apiVersion, kind: scaler.kind, name }],
      placement: random.chance(2, 3) ? placement : drawPlacement(random, clusters),
    },
  };
  return { objects: [scaler, own], timeline: sometime(whims(scaler, anew, random), random, durationMs) };
}

/** In Karmada hub and autoscaler of a cluster change the replicas in turn, without end. */
const SORTS: Readonly<Record<Ground['profile'], readonly Autoscaler[]>> = {
  karmada: [byLoad, byLoad, byClock],
  muster: [byLoad, byLoad, byClock, inClusters],
};

/** It is to do otherwise, or goes, and perhaps comes again. */
function whims(scaler: KubeObject, anew: () => KubeObject, random: Random): readonly Step[] {
  return [
    ...(random.chance(1, 2) ? [{ apply: anew() }] : []),
    ...(random.chance(1, 4) ? [{ delete: `${scaler.kind}/${scaler.metadata.name}` }] : []),
    ...(random.chance(1, 6) ? [{ apply: scaler }] : []),
  ];
}
