// Whatever is heard late or forgotten: in the end each cluster knows the endpoints that there are, and no others.
import { expect, it } from 'vitest';
import { clusterObject, controlPlane, type Fixture, withSpec } from '../../../test/builders/control-plane.ts';
import { type DrawnFaultOptions, drawnFault } from '../../../test/builders/drawn-fault.ts';
import {
  carrying,
  endpointsInHub,
  exposure,
  keptEndpointsIn,
  serviceExport,
  serviceImport,
  serving,
  withServiceKinds,
  worksIn,
} from '../../../test/builders/services.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import { Random } from '../../base/random.ts';
import type { KubeObject } from '../../kube/meta.ts';

const SEEDS = 6;
const CLUSTERS = ['m1', 'm2', 'm3', 'm4'] as const;
const PROVIDERS = ['m1', 'm2'] as const;
const FAULTS: DrawnFaultOptions = {
  by: 'controller-manager',
  collections: [
    COLLECTIONS.clusters,
    COLLECTIONS.works,
    COLLECTIONS.bindings,
    COLLECTIONS.services,
    COLLECTIONS.endpointSlices,
    COLLECTIONS.serviceImports,
    COLLECTIONS.multiClusterServices,
  ],
  revisionsMax: 50,
  apiErrors: { code: 'ServerError', perMille: 300, forMs: 10_000 },
};

const EXPORT = serviceExport('web');
const IMPORT = serviceImport('web');
const EXPOSED = exposure('api', PROVIDERS, ['m3', 'm4']);
const [API_DEPLOYMENT, API_SERVICE, API_POLICY] = serving('api', 2, PROVIDERS) as [KubeObject, KubeObject, KubeObject];
const SHOP: readonly KubeObject[] = [
  ...serving('web', 2, PROVIDERS),
  ...carrying([EXPORT], PROVIDERS),
  ...carrying([IMPORT], ['m3'], { propagateDeps: true }),
  API_DEPLOYMENT,
  API_SERVICE,
  API_POLICY,
];

const isThere = (plane: Fixture, { apiVersion, kind, metadata: { name } }: KubeObject): boolean =>
  plane.get(apiVersion, kind, name) !== null;

function toggled(plane: Fixture, object: KubeObject): void {
  if (isThere(plane, object)) plane.remove(object);
  else plane.put(object);
}

/** In a cluster, by what providers there are and who may know of them. */
function wantedIn(plane: Fixture, cluster: string): { readonly web: number; readonly api: number } {
  const providers = PROVIDERS.filter((name) => plane.get('cluster.karmada.io/v1alpha1', 'Cluster', name, '') !== null);
  const replicasOf = (name: string) =>
    (plane.get('apps/v1', 'Deployment', name)!.spec as { replicas: number }).replicas * providers.length;
  const isImported = cluster === 'm3' && isThere(plane, EXPORT) && isThere(plane, IMPORT);
  const exposed = plane.get('networking.karmada.io/v1alpha1', 'MultiClusterService', 'api');
  const consumers = (exposed?.spec as { consumerClusters?: { name: string }[] } | undefined)?.consumerClusters ?? [];
  return {
    web: isImported ? replicasOf('web') : 0,
    api: consumers.some(({ name }) => name === cluster) ? replicasOf('api') : 0,
  };
}

it.each(Array.from({ length: SEEDS }, (_, at) => `seed ${at}`))('are known where they are asked for, %s', (seed) => {
  const plane = withServiceKinds(controlPlane({ seed, clusters: CLUSTERS }));
  const random = new Random(seed);
  const { simulation } = plane;
  simulation.runFor(5_000);
  for (const object of [...SHOP, EXPORT, IMPORT, EXPOSED]) plane.put(object);
  for (let round = 0; round < 10; round += 1) {
    simulation.inject(drawnFault(random, FAULTS));
    switch (random.integer(0, 5)) {
      case 0:
        toggled(plane, EXPORT);
        break;
      case 1:
        toggled(plane, IMPORT);
        break;
      case 2:
        toggled(plane, EXPOSED);
        break;
      case 3:
        plane.change(random.pick([SHOP[0]!, API_DEPLOYMENT]), withSpec({ replicas: random.integer(1, 4) }));
        break;
      case 4:
        if (isThere(plane, EXPOSED)) {
          const consumers = random.pick([['m3'], ['m4'], ['m3', 'm4']]);
          plane.change(EXPOSED, withSpec(exposure('api', PROVIDERS, consumers).spec as object));
        }
        break;
      default:
        if (round === 6) plane.remove(clusterObject('m2'));
        else
          simulation.inject({
            fault: 'power-off',
            cluster: random.pick(PROVIDERS),
            forMs: random.integer(1_000, 90_000),
          });
    }
    simulation.runFor(random.integer(2_000, 40_000));
  }
  simulation.heal();
  simulation.runFor(1_200_000);
  const known = ['m3', 'm4'].map((name) => ({
    web: keptEndpointsIn(plane, name, 'derived-web'),
    api: keptEndpointsIn(plane, name, 'api'),
  }));
  expect(known).toEqual(['m3', 'm4'].map((name) => wantedIn(plane, name)));
  for (const object of [...SHOP, EXPORT, IMPORT, EXPOSED]) plane.remove(object);
  simulation.runFor(300_000);
  expect([endpointsInHub(plane, 'derived-web'), ...CLUSTERS.flatMap((name) => worksIn(plane, name))]).toEqual([0]);
});
