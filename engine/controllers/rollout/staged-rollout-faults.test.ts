// Whatever is heard late, heard twice or forgotten: a change is in no cluster whose wave has not come.
import { expect, it } from 'vitest';
import { controlPlane, deployment, policyFor } from '../../../test/builders/control-plane.ts';
import { type DrawnFaultOptions, drawnFault } from '../../../test/builders/drawn-fault.ts';
import { Random } from '../../base/random.ts';
import { clusterOf } from '../../control/place.ts';
import type { KubeObject } from '../../kube/meta.ts';

const SEEDS = 12;
const COLLECTIONS = [
  'muster.dev/stagedrollouts',
  'apps/deployments',
  'apps/controllerrevisions',
  'work.karmada.io/resourcebindings',
  'work.karmada.io/works',
  'policy.karmada.io/overridepolicies',
] as const;
const FAULTS: DrawnFaultOptions = {
  by: 'controller-manager',
  collections: COLLECTIONS,
  revisionsMax: 20,
  apiErrors: { code: 'Timeout', perMille: 300, isDone: true, forMs: 10_000 },
};

const web = deployment('web', 2);
const rollout: KubeObject = {
  apiVersion: 'muster.dev/v1alpha1',
  kind: 'StagedRollout',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    resources: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }],
    waves: [{ clusters: { clusterNames: ['m1'] }, bakeSeconds: 20 }],
    healthTimeoutSeconds: 60,
  },
};

it.each(Array.from({ length: SEEDS }, (_, seed) => `seed ${seed}`))(
  'keeps a bad change to its first wave, %s',
  (seed) => {
    const plane = controlPlane({ seed });
    const random = new Random(seed);
    const { simulation } = plane;
    for (const member of simulation.world.members) {
      member.setBehaviors([{ match: { image: 'shop/app:bad' }, behavior: { isBroken: true } }]);
    }
    simulation.runFor(5_000);
    plane.put(web);
    plane.put(policyFor(web, {}));
    plane.put(rollout);
    simulation.runFor(120_000);
    const spread = new Set<string>();
    simulation.onChange(({ object, collection }, place) => {
      const cluster = clusterOf(place);
      if (cluster === null || collection !== 'apps/deployments') return;
      if (JSON.stringify(object.spec).includes('shop/app:bad')) spread.add(cluster);
    });
    for (let round = 0; round < 3; round += 1) {
      simulation.inject(drawnFault(random, FAULTS));
      plane.change(web, (object) => ({ ...object, spec: deployment('web', 2, 'shop/app:bad').spec }));
      for (let step = 0; step < 4; step += 1) {
        simulation.runFor(random.integer(1_000, 15_000));
        simulation.inject(drawnFault(random, FAULTS));
      }
      simulation.runFor(60_000);
      plane.change(web, (object) => ({ ...object, spec: deployment('web', 2, `shop/app:${round + 2}`).spec }));
      simulation.runFor(20_000);
      simulation.inject(drawnFault(random, FAULTS));
      simulation.runFor(300_000);
    }
    expect([...spread]).toEqual(['m1']);
    simulation.heal();
    simulation.runFor(600_000);
    const images = simulation.world.members.map(
      ({ api }) => /shop\/app:\w+/.exec(JSON.stringify(api.store.get('apps/deployments', 'default', 'web')?.spec))?.[0],
    );
    expect(images).toEqual(['shop/app:4', 'shop/app:4', 'shop/app:4']);
  },
);
