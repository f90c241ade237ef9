// What a live hub tells other tools of its fleet and of what is placed there, in their own kinds.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { KubeObject } from '../../engine/index.ts';
import { RunningFleet } from './running-fleet.ts';

let fleet: RunningFleet;

beforeAll(async () => {
  fleet = await RunningFleet.start('--members', 'embedded:2');
}, 60_000);

afterAll(() => fleet.end());

const SIG = 'multicluster.x-k8s.io/v1alpha1';
const OCM = 'cluster.open-cluster-management.io/v1beta1';
const named = (all: readonly KubeObject[]) => all.map(({ metadata: { namespace, name } }) => `${namespace}/${name}`);
const eventually = (what: () => Promise<unknown>) => expect.poll(what, { timeout: 30_000 });

it('has profiles with a way to the clusters, and decisions that name them', { timeout: 90_000 }, async () => {
  const hub = fleet.api('hub');
  const profiles = () => hub.list({ apiVersion: SIG, kind: 'ClusterProfile' });
  await eventually(async () => named(await profiles())).toEqual([
    'cluster-inventory/member1',
    'cluster-inventory/member2',
  ]);
  await eventually(async () => JSON.stringify((await profiles())[1]?.status)).toMatch(
    /"type":"ControlPlaneHealthy","status":"True".*"certificate-authority-data":"\w+/,
  );
  await hub.create({
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'PropagationPolicy',
    metadata: { name: 'maps', namespace: 'default', annotations: { 'decisions.muster.dev/publish': 'true' } },
    spec: { resourceSelectors: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'map' }], placement: {} },
  } as KubeObject);
  await hub.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'map', namespace: 'default' } });
  await eventually(async () => {
    const [sig] = await hub.list({ apiVersion: SIG, kind: 'PlacementDecision' });
    const [ocm] = await hub.list({ apiVersion: OCM, kind: 'PlacementDecision' });
    return [sig?.decisions, ocm?.status];
  }).toMatchObject([
    [{ clusterProfileRef: { name: 'member1' } }, { clusterProfileRef: { name: 'member2' } }],
    { decisions: [{ clusterName: 'member1' }, { clusterName: 'member2' }] },
  ]);
});
