// Random limits for all workloads together.
import type { KubeObject, Random } from '../../engine/index.ts';
import { NAMESPACE } from './draw-objects.ts';
import { type Drawn, type Ground, NOTHING, someOf, sometime } from './drawn.ts';

export function drawQuotas(random: Random, { clusters, durationMs }: Ground): Drawn {
  if (!random.chance(1, 6)) return NOTHING;
  const anew = (): KubeObject => ({
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'FederatedResourceQuota',
    metadata: { name: 'team', namespace: NAMESPACE },
    spec: {
      overall: { cpu: String(random.integer(clusters.length, 20)), ...(random.chance(1, 3) && { memory: '64Gi' }) },
      ...(random.chance(1, 2) && {
        staticAssignments: someOf(clusters, random).map((clusterName) => ({ clusterName, hard: { cpu: '1' } })),
      }),
    },
  });
  return {
    objects: [anew()],
    timeline: sometime(
      [
        ...(random.chance(2, 3) ? [{ apply: anew() }] : []),
        ...(random.chance(1, 4) ? [{ delete: 'FederatedResourceQuota/team' }] : []),
      ],
      random,
      durationMs,
    ),
  };
}
