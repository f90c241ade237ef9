// Random staged rollouts of random workloads, and what people do about them; from a stream of their own, so that all else stays as it
// is drawn without them.
import type { KubeObject, Random } from '../../engine/index.ts';
import { type DrawnWorkload, drawPlacement, NAMESPACE } from './draw-objects.ts';
import { type Drawn, type Ground, NOTHING, type Step, sometime } from './drawn.ts';

/** Its pods never get ready. */
const BAD = 'shop/app:bad';

export function drawRollouts(random: Random, { workloads, clusters, durationMs }: Ground): Drawn {
  if (!random.chance(1, 3)) return NOTHING;
  const drawn = workloads
    .filter(() => random.chance(2, 3))
    .map((workload) => ({ workload, rollout: rolloutOf(workload, random, clusters) }));
  const timeline = drawn.flatMap(({ workload, rollout }) => [
    ...changesOf(workload, rollout, random, clusters),
    ...changesOf(workload, rollout, random, clusters),
    ...wordsOn(rollout, random),
  ]);
  return {
    objects: drawn.map(({ rollout }) => rollout),
    timeline: [
      ...(drawn.length > 0 ? [{ at: '0s', behave: '*', match: { image: BAD }, broken: true }] : []),
      ...sometime(timeline, random, durationMs),
    ],
  };
}

function rolloutOf({ template, name }: DrawnWorkload, random: Random, clusters: readonly string[]): KubeObject {
  const waves = Array.from({ length: random.integer(0, 3) }, (_, at) => ({
    name: `wave-${at + 1}`,
    ...(random.chance(1, 2) && { clusters: { clusterNames: random.shuffled(clusters).slice(0, 2).sort() } }),
    ...(random.chance(1, 3) && { maxClusters: random.integer(1, 2) }),
    ...(random.chance(1, 3) && { maxPercent: random.pick([10, 50, 80]) }),
    ...(random.chance(1, 12) && { approval: true }),
    bakeSeconds: random.integer(0, 30),
  }));
  return {
    apiVersion: 'muster.dev/v1alpha1',
    kind: 'StagedRollout',
    metadata: { name, namespace: NAMESPACE },
    spec: {
      resources: [{ apiVersion: template.apiVersion, kind: template.kind, name }],
      waves,
      ...(random.chance(1, 4) && { changes: [random.pick(['Template', 'Placement'])] }),
      ...(random.chance(1, 12) && { paused: true }),
      ...(random.chance(1, 3) && { maxFailures: random.integer(1, 5) }),
      healthTimeoutSeconds: random.integer(60, 300),
      onFailure: random.pick(['Stop', 'RollBack']),
    },
  };
}

/** Something for it to let through. */
function changesOf(
  { sort, kind, name, policy }: DrawnWorkload,
  { spec }: KubeObject,
  random: Random,
  clusters: readonly string[],
): readonly Step[] {
  const elsewhere = { ...policy, spec: { ...(policy.spec as object), placement: drawPlacement(random, clusters) } };
  const changes = (spec as { changes?: readonly string[] }).changes ?? ['Template', 'Placement'];
  const image = random.chance(1, 2) && changes.includes('Template') ? BAD : `shop/app:${random.integer(2, 9)}`;
  const hasImage = sort === 'deployment' || sort === 'stateful';
  return [
    ...(random.chance(2, 3) ? [{ apply: elsewhere }] : []),
    ...(hasImage && random.chance(2, 3) ? [{ rollout: `${kind}/${name}`, image }] : []),
  ];
}

/** It is made otherwise, or goes. */
function wordsOn({ apiVersion, kind, metadata, spec }: KubeObject, random: Random): readonly Step[] {
  const plain = { apiVersion, kind, metadata, spec: { ...(spec as object), waves: [] } };
  return [
    ...(random.chance(1, 8) ? [{ delete: `${kind}/${metadata.name}` }] : []),
    ...(random.chance(1, 6) ? [{ apply: plain }] : []),
  ];
}
