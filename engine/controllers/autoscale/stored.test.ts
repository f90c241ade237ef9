// What is kept of autoscalers is written by whoever may: whatever one field says instead, as far as its kind allows, they go on; and
// where it is past what its kind allows, everything else does.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { controlPlane, deployment, evenlyIn, policyFor, started } from '../../../test/builders/control-plane.ts';
import { mistakeIn } from '../../../test/fuzz/mistakes.ts';
import { check } from '../../../test/properties/check.ts';
import { defaultFederatedHpa } from '../../api/admission/autoscaling.ts';
import type { FederatedHPA } from '../../api/autoscaling.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import type { KubeObject } from '../../kube/meta.ts';

const API = 'autoscaling.karmada.io/v1alpha1';
const policies = [{ type: 'Pods', value: 3, periodSeconds: 30 }];
const behavior = { scaleUp: { stabilizationWindowSeconds: 0, selectPolicy: 'Max', policies }, scaleDown: { policies } };
const scaler = defaultFederatedHpa({
  apiVersion: API,
  kind: 'FederatedHPA',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    minReplicas: 2,
    maxReplicas: 9,
    behavior,
    metrics: [
      { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
      { type: 'Pods', pods: { metric: { name: 'qps' }, target: { type: 'AverageValue', averageValue: '1' } } },
    ],
  },
} satisfies FederatedHPA) as unknown as KubeObject;
const cron: KubeObject = {
  apiVersion: API,
  kind: 'CronFederatedHPA',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    scaleTargetRef: { apiVersion: API, kind: 'FederatedHPA', name: 'web' },
    rules: [{ name: 'a', schedule: '* * * * *', targetMinReplicas: 3, timeZone: 'UTC', suspend: false }],
  },
};

it('ends no controller', () => {
  check(
    'mistakes in stored autoscalers',
    fc.record({ which: fc.nat(1), at: fc.integer({ min: 1, max: 60 }), seed: fc.nat() }),
    ({ which, at, seed }) => {
      const plane = started(
        controlPlane({ clusters: ['m1'] }),
        deployment('web', 3),
        policyFor(deployment('web', 3), evenlyIn('m1')),
        scaler,
        cron,
      );
      const { simulation } = plane;
      simulation.world.demand.set({ collection: 'apps/deployments', namespace: 'default', name: 'web' }, 'cpu', 2_000);
      simulation.runFor(at * 1_000);
      const collection = [COLLECTIONS.federatedHpas, COLLECTIONS.cronFederatedHpas][which]!;
      const { store } = simulation.world.hub;
      const there = store.get(collection, 'default', 'web')!;
      const [changed] = fc.sample(mistakeIn({ spec: there.spec, status: there.status }), { numRuns: 1, seed });
      const object = JSON.parse(JSON.stringify({ ...there, ...(changed as object) })) as KubeObject;
      const { generation = 1 } = there.metadata;
      const damaged = { ...object, metadata: { ...there.metadata, generation: generation + 1 } };
      store.commit([{ key: { collection, namespace: 'default', name: 'web' }, object: damaged }]);
      simulation.runFor(130_000);
      // Whatever it was: what is right again is gone on with.
      const now = store.get(collection, 'default', 'web')!;
      const metadata = { ...now.metadata, generation: generation + 2 };
      store.commit([{ key: { collection, namespace: 'default', name: 'web' }, object: { ...there, metadata } }]);
      simulation.runFor(240_000);
      const replicas = (plane.get('apps/v1', 'Deployment', 'web')!.spec as { replicas: number }).replicas;
      expect(replicas).toBeGreaterThanOrEqual(8);
    },
    25,
  );
});
