// What a live member serves is known to others: by export and import, and by one object for both.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { KubeObject } from '../../engine/index.ts';
import { RunningFleet } from './running-fleet.ts';

let fleet: RunningFleet;

beforeAll(async () => {
  fleet = await RunningFleet.start('--members', 'embedded:2');
}, 60_000);

afterAll(() => fleet.end());

const SIG = 'multicluster.x-k8s.io/v1alpha1';
const SLICE = { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' };
const DEFINITION = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' };
const eventually = (what: () => Promise<unknown>) => expect.poll(what, { timeout: 40_000 });

const inDefault = (apiVersion: string, kind: string, name: string, content: object = {}): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name, namespace: 'default' },
  ...content,
});

const policy = (name: string, selectors: readonly object[], cluster: string, spec: object = {}): KubeObject =>
  inDefault('policy.karmada.io/v1alpha1', 'PropagationPolicy', name, {
    spec: { resourceSelectors: selectors, placement: { clusterAffinity: { clusterNames: [cluster] } }, ...spec },
  });

const workload = (name: string): readonly KubeObject[] => [
  inDefault('apps/v1', 'Deployment', name, {
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image: 'shop/a:1' }] } },
    },
  }),
  inDefault('v1', 'Service', name, { spec: { selector: { app: name }, ports: [{ name: 'http', port: 80 }] } }),
];

const OBJECTS: readonly KubeObject[] = [
  ...workload('web'),
  ...workload('search'),
  inDefault(SIG, 'ServiceExport', 'web'),
  inDefault(SIG, 'ServiceImport', 'web', {
    spec: { type: 'ClusterSetIP', ports: [{ name: 'http', port: 80, protocol: 'TCP' }] },
  }),
  inDefault('networking.karmada.io/v1alpha1', 'MultiClusterService', 'search', {
    spec: {
      types: ['CrossCluster'],
      providerClusters: [{ name: 'member1' }],
      consumerClusters: [{ name: 'member2' }],
    },
  }),
];

const POLICIES: readonly KubeObject[] = [
  policy('there', [{ apiVersion: 'apps/v1', kind: 'Deployment' }], 'member1'),
  policy(
    'offer',
    [
      { apiVersion: 'v1', kind: 'Service', name: 'web' },
      { apiVersion: SIG, kind: 'ServiceExport' },
    ],
    'member1',
  ),
  policy('ask', [{ apiVersion: SIG, kind: 'ServiceImport' }], 'member2', { propagateDeps: true }),
];

async function endpoints(service: string): Promise<number> {
  const slices = await fleet.api('member2').list(SLICE, { namespace: 'default' });
  return slices
    .filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === service)
    .reduce((sum, slice) => sum + ((slice.endpoints ?? []) as readonly unknown[]).length, 0);
}

it('has its endpoints where it is asked for, and takes them back', { timeout: 180_000 }, async () => {
  const hub = fleet.api('hub');
  const kinds = ['serviceexports', 'serviceimports'].map((plural) => `${plural}.multicluster.x-k8s.io`);
  await hub.create({
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'ClusterPropagationPolicy',
    metadata: { name: 'kinds' },
    spec: { resourceSelectors: kinds.map((name) => ({ ...DEFINITION, name })), placement: {} },
  } as KubeObject);
  for (const object of [...POLICIES, ...OBJECTS]) await hub.create(object);
  await eventually(async () => [await endpoints('derived-web'), await endpoints('search')]).toEqual([2, 2]);
  const derived = { apiVersion: 'v1', kind: 'Service', namespace: 'default', name: 'derived-web' };
  expect(await fleet.api('member2').get(derived)).toMatchObject({ spec: { ports: [{ name: 'http', port: 80 }] } });
  for (const { apiVersion, kind, metadata } of OBJECTS) {
    await hub.remove({ apiVersion, kind, namespace: 'default', name: metadata.name });
  }
  await eventually(async () => [await endpoints('derived-web'), await endpoints('search')]).toEqual([0, 0]);
  await eventually(async () => {
    const works = await hub.list({ apiVersion: 'work.karmada.io/v1alpha1', kind: 'Work' });
    return works.filter(({ metadata }) => metadata.name.startsWith('web') || metadata.name.startsWith('search')).length;
  }).toBe(0);
});
