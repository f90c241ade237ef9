// A cluster leaves the fleet and comes back: what it was given goes and comes with it, and a dry run changes nothing.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { deployment, policyFor } from '../builders/control-plane.ts';
import { muster, RunningFleet } from './running-fleet.ts';

const WAIT = { timeout: 60_000, interval: 200 };
const WEB = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' };

let fleet: RunningFleet;
let kubeconfig = '';

const ways = (): string[] => [
  '--kubeconfig',
  kubeconfig,
  '--context',
  'hub',
  '--cluster-kubeconfig',
  kubeconfig,
  '--cluster-context',
  'member2',
];

const clusters = async (): Promise<readonly string[]> =>
  (await fleet.api('hub').list({ apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster' })).map(
    ({ metadata }) => metadata.name,
  );

const isIn = async (member: string): Promise<boolean> => (await fleet.api(member).get(WEB)) !== null;
const accounts = async (): Promise<readonly string[]> =>
  (await fleet.api('member2').list({ apiVersion: 'v1', kind: 'ServiceAccount' }, { namespace: 'karmada-cluster' }))
    .map(({ metadata }) => metadata.name)
    .filter((name) => name !== 'default');

beforeAll(async () => {
  fleet = await RunningFleet.start('--members', 'embedded:2');
  kubeconfig = join(fleet.folder, 'kubeconfig');
  const web = deployment('web', 2);
  await fleet.api('hub').create(web);
  await fleet.api('hub').create(policyFor(web, { replicaScheduling: { replicaSchedulingType: 'Duplicated' } }));
}, 60_000);

afterAll(() => fleet.end());

it('leaves, and takes with it what it was given', { timeout: 120_000 }, async () => {
  await expect.poll(() => isIn('member2'), WAIT).toBe(true);
  const dry = await muster('unjoin', 'member2', ...ways(), '--dry-run');
  expect([dry.code, dry.out]).toEqual([0, 'cluster(member2) would leave (dry run)\n']);
  expect([await clusters(), await isIn('member2'), await accounts()]).toEqual([
    ['member1', 'member2'],
    true,
    ['karmada-impersonator', 'karmada-member2'],
  ]);
  const { code, notes } = await muster('unjoin', 'member2', ...ways());
  expect([code, notes]).toEqual([0, expect.any(String)]);
  expect(await clusters()).toEqual(['member1']);
  expect(await isIn('member2')).toBe(false);
  expect(await accounts()).toEqual([]);
  expect(await isIn('member1')).toBe(true);
});

it('comes back after a dry run that changes nothing', { timeout: 120_000 }, async () => {
  const dry = await muster('join', 'member2', ...ways(), '--dry-run');
  expect([dry.code, await clusters()]).toEqual([0, ['member1']]);
  const { code } = await muster('join', 'member2', ...ways(), '--cluster-region', 'us');
  expect([code, await clusters()]).toEqual([0, ['member1', 'member2']]);
  await expect.poll(() => isIn('member2'), WAIT).toBe(true);
  const again = await muster('join', 'other', ...ways());
  expect([again.code, again.notes]).toEqual([
    1,
    expect.stringContaining('this cluster has joined already, as member2'),
  ]);
});

it('is kept free of new work while it is cordoned', { timeout: 120_000 }, async () => {
  expect((await fleet.process('cordon', 'member2')).code).toBe(0);
  const more = deployment('more', 2);
  await fleet.api('hub').create(more);
  await fleet.api('hub').create(policyFor(more));
  await expect.poll(async () => (await fleet.api('member1').get({ ...WEB, name: 'more' })) !== null, WAIT).toBe(true);
  expect(await fleet.api('member2').get({ ...WEB, name: 'more' })).toBeNull();
});

it('leaves to another control plane what that has in it', { timeout: 120_000 }, async () => {
  const metadata = { name: 'karmada-theirs', namespace: 'karmada-cluster' };
  await fleet.api('member2').create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata });
  const { code, notes } = await fleet.process('unjoin', 'member2', ...ways().slice(4));
  expect([code, notes]).toEqual([0, '']);
  expect(await accounts()).toEqual(['karmada-impersonator', 'karmada-theirs']);
});
