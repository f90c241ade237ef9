// Whatever is heard late or forgotten: in the end the neighbours are told what is.
import { expect, it } from 'vitest';
import { clusterObject, controlPlane, deployment, policyFor } from '../../../test/builders/control-plane.ts';
import { type DrawnFaultOptions, drawnFault } from '../../../test/builders/drawn-fault.ts';
import type { ResourceBinding } from '../../api/binding.ts';
import { INVENTORY, PUBLISH_ANNOTATION } from '../../api/inventory.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import { Random } from '../../base/random.ts';
import type { KubeObject } from '../../kube/meta.ts';

const SEEDS = 8;
const WATCHED = [
  COLLECTIONS.clusters,
  COLLECTIONS.policies,
  COLLECTIONS.bindings,
  COLLECTIONS.clusterProfiles,
  COLLECTIONS.placementDecisions,
  COLLECTIONS.ocmPlacementDecisions,
] as const;
const FAULTS: DrawnFaultOptions = {
  by: 'controller-manager',
  collections: WATCHED,
  revisionsMax: 50,
  apiErrors: { code: 'ServerError', perMille: 300, forMs: 10_000 },
};

const publishing = (policy: KubeObject, isOn: boolean): KubeObject => ({
  ...policy,
  metadata: { ...policy.metadata, annotations: isOn ? { [PUBLISH_ANNOTATION]: 'true' } : {} },
});

it.each(Array.from({ length: SEEDS }, (_, at) => `seed ${at}`))('are told what is, %s', (seed) => {
  const plane = controlPlane({ seed, clusters: ['m1', 'm2', 'm3', 'm4'] });
  const random = new Random(seed);
  const { simulation } = plane;
  const apps = ['a', 'b', 'c'].map((name) => deployment(name, 4));
  simulation.runFor(5_000);
  for (const app of apps) {
    plane.put(app);
    plane.put(publishing(policyFor(app), true));
  }
  for (let round = 0; round < 8; round += 1) {
    simulation.inject(drawnFault(random, FAULTS));
    const app = random.pick(apps);
    if (plane.get('apps/v1', 'Deployment', app.metadata.name) === null) plane.put(app);
    else if (random.chance(1, 3)) plane.remove(app);
    else plane.put(publishing(policyFor(app), random.chance(1, 2)));
    if (round === 3) plane.remove(clusterObject('m4'));
    simulation.runFor(random.integer(2_000, 40_000));
  }
  simulation.heal();
  simulation.runFor(900_000);
  const { store } = simulation.world.hub;
  const told = (collection: string, read: (one: KubeObject) => readonly string[]) =>
    store.list(collection, 'default').map((one) => [one.metadata.name, ...read(one)]);
  const wanted = store
    .list(COLLECTIONS.bindings, 'default')
    .map((one) => one as unknown as ResourceBinding)
    .filter(({ spec }) => {
      const policy = plane.get('policy.karmada.io/v1alpha1', 'PropagationPolicy', spec.resource.name);
      return policy?.metadata.annotations?.[PUBLISH_ANNOTATION] === 'true';
    })
    .map(({ metadata, spec }) => [`${metadata.name}-0`, ...(spec.clusters ?? []).map(({ name }) => name)]);
  expect(
    told(COLLECTIONS.placementDecisions, ({ decisions }) =>
      (decisions as { clusterProfileRef: { name: string } }[]).map((one) => one.clusterProfileRef.name),
    ),
  ).toEqual(wanted);
  expect(
    told(COLLECTIONS.ocmPlacementDecisions, ({ status }) =>
      (status as { decisions: { clusterName: string }[] }).decisions.map((one) => one.clusterName),
    ),
  ).toEqual(wanted);
  const profiles = store.list(COLLECTIONS.clusterProfiles, INVENTORY.namespace);
  expect(profiles.map(({ metadata }) => metadata.name)).toEqual(['m1', 'm2', 'm3']);
});
