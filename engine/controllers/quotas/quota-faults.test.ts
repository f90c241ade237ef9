// Whatever is heard late or forgotten: never more is assigned than there is, and in the end all that fits has a place.
import { expect, it } from 'vitest';
import { clusterObject, controlPlane, deployment, evenlyIn, policyFor } from '../../../test/builders/control-plane.ts';
import { type DrawnFaultOptions, drawnFault } from '../../../test/builders/drawn-fault.ts';
import type { ResourceBinding } from '../../api/binding.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import type { FederatedResourceQuota } from '../../api/quota.ts';
import { Random } from '../../base/random.ts';
import type { KubeObject } from '../../kube/meta.ts';

const SEEDS = 6;
const CLUSTERS = ['m1', 'm2', 'm3'];
const WATCHED = [COLLECTIONS.clusters, COLLECTIONS.bindings, COLLECTIONS.works, COLLECTIONS.quotas] as const;
const faultsOf = (by: string): DrawnFaultOptions => ({
  by,
  collections: WATCHED,
  revisionsMax: 50,
  apiErrors: { code: 'ServerError', perMille: 300, forMs: 10_000 },
});

const quota = (halves: number, clusters: readonly string[]): KubeObject => ({
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'FederatedResourceQuota',
  metadata: { name: 'team', namespace: 'default' },
  spec: {
    overall: { cpu: `${500 * halves}m` },
    staticAssignments: clusters.map((clusterName) => ({ clusterName, hard: { cpu: '1' } })),
  },
});

it.each(Array.from({ length: SEEDS }, (_, at) => `seed ${at}`))('quotas hold, and are used, %s', (seed) => {
  const plane = controlPlane({ seed, clusters: CLUSTERS });
  const random = new Random(seed);
  const { simulation } = plane;
  const { store } = simulation.world.hub;
  const used = () =>
    (store.list(COLLECTIONS.bindings, 'default') as unknown as readonly ResourceBinding[])
      .flatMap(({ spec }) => spec.clusters ?? [])
      .reduce((sum, { replicas = 0 }) => sum + replicas, 0);
  let [halves, allowed] = [10, 10];
  let exceeded = false;
  simulation.world.hub.store.onChange(({ collection }) => {
    if (collection === COLLECTIONS.bindings) exceeded ||= used() > allowed;
  });
  simulation.runFor(5_000);
  let assigned: readonly string[] = CLUSTERS;
  plane.put(quota(halves, assigned));
  const apps = ['a', 'b', 'c', 'd'].map((name) => deployment(name, 4));
  for (const app of apps) {
    plane.put(app);
    plane.put(policyFor(app, evenlyIn('m1', 'm2')));
  }
  for (let round = 0; round < 8; round += 1) {
    simulation.inject(drawnFault(random, faultsOf(random.pick(['controller-manager', 'scheduler']))));
    const app = random.pick(apps);
    if (random.chance(1, 3)) {
      halves = random.integer(4, 16);
      // What was assigned before a quota was lowered stays.
      allowed = Math.max(halves, used());
      assigned = CLUSTERS.filter(() => random.chance(1, 2));
      plane.put(quota(halves, assigned));
    } else plane.put(deployment(app.metadata.name, random.integer(1, 6)));
    if (round === 4) plane.remove(clusterObject('m3'));
    simulation.runFor(random.integer(2_000, 40_000));
  }
  simulation.heal();
  halves = allowed = 24;
  assigned = ['m1', 'm3'];
  plane.put(quota(halves, assigned));
  simulation.runFor(900_000);
  expect(exceeded).toBe(false);
  const wanted = apps.map(({ metadata: { name } }) =>
    Number((plane.get('apps/v1', 'Deployment', name)!.spec as { replicas: number }).replicas),
  );
  const total = wanted.reduce((sum, one) => sum + one, 0);
  expect(used()).toBe(total);
  const { status } = plane.get('policy.karmada.io/v1alpha1', 'FederatedResourceQuota', 'team')!;
  const told = status as FederatedResourceQuota['status'];
  expect(told?.overallUsed).toEqual({ cpu: total % 2 === 0 ? `${total / 2}` : `${total * 500}m` });
  expect(told?.aggregatedStatus?.map(({ clusterName }) => clusterName)).toEqual(['m1']);
  const quotasIn = CLUSTERS.map(
    (name) => simulation.world.member(name)!.api.store.list('/resourcequotas', 'default').length,
  );
  expect(quotasIn).toEqual([1, 0, 0]);
});
