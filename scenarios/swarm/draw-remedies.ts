// Random remedies for clusters that are unwell.
import type { KubeObject, Random } from '../../engine/index.ts';
import { type Drawn, type Ground, NOTHING, someOf, sometime } from './drawn.ts';

export function drawRemedies(random: Random, { clusters, durationMs }: Ground): Drawn {
  if (!random.chance(1, 8)) return NOTHING;
  const anew = (): KubeObject => ({
    apiVersion: 'remedy.karmada.io/v1alpha1',
    kind: 'Remedy',
    metadata: { name: 'divert' },
    spec: {
      ...(random.chance(1, 2) && { clusterAffinity: { clusterNames: someOf(clusters, random) } }),
      decisionMatches: [
        {
          clusterConditionMatch: {
            conditionType: 'ServiceDomainNameResolutionReady',
            operator: random.pick(['Equal', 'NotEqual']),
            conditionStatus: 'False',
          },
        },
      ],
      actions: ['TrafficControl'],
    },
  });
  return {
    objects: [anew()],
    timeline: sometime(
      [
        ...(random.chance(1, 2) ? [{ apply: anew() }] : []),
        ...(random.chance(1, 3) ? [{ delete: 'Remedy/divert' }] : []),
      ],
      random,
      durationMs,
    ),
  };
}
