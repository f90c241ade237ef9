// A member that no longer takes the hub's token, as when it has expired: the hub notices, what runs goes on, and with a token
// that is good again everything arrives that was wanted meanwhile.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { deployment, policyFor } from '../builders/control-plane.ts';
import { RunningFleet } from './running-fleet.ts';

const WAIT = { timeout: 90_000, interval: 250 };
const SECRET = { apiVersion: 'v1', kind: 'Secret', namespace: 'karmada-cluster', name: 'member1' };

let fleet: RunningFleet;

beforeAll(async () => {
  fleet = await RunningFleet.start('--members', 'embedded:2');
}, 60_000);

afterAll(() => fleet.end());

async function condition(): Promise<string> {
  const cluster = await fleet
    .api('hub')
    .get({ apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster', name: 'member1' });
  const { conditions = [] } = (cluster?.status ?? {}) as { conditions?: { type: string; status: string }[] };
  return conditions.find(({ type }) => type === 'Ready')?.status ?? 'Unknown';
}

const readyIn = async (context: string, name: string): Promise<unknown> => {
  const found = await fleet.api(context).get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name });
  return (found?.status as { readyReplicas?: number } | undefined)?.readyReplicas;
};

async function create(name: string): Promise<void> {
  const web = deployment(name, 2);
  await fleet.api('hub').create(web);
  const tolerations = [
    { key: 'cluster.karmada.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
    { key: 'cluster.karmada.io/not-ready', operator: 'Exists', effect: 'NoSchedule' },
  ];
  const placement = { clusterAffinity: { clusterNames: ['member1'] }, clusterTolerations: tolerations };
  await fleet.api('hub').create(policyFor(web, placement));
}

it('is unready until its token is good again, and loses nothing', { timeout: 400_000 }, async () => {
  const hub = fleet.api('hub');
  await create('before');
  await expect.poll(() => readyIn('member1', 'before'), WAIT).toBe(2);
  const { token } = (await hub.get(SECRET))!.data as { token: string };

  await hub.merge(SECRET, { data: { token: Buffer.from('a token that has expired').toString('base64') } });
  await expect.poll(condition, WAIT).toBe('False');
  await create('meanwhile');
  await new Promise((done) => setTimeout(done, 3_000));
  expect(await readyIn('member1', 'before')).toBe(2);
  expect(await readyIn('member1', 'meanwhile')).toBeUndefined();

  await hub.merge(SECRET, { data: { token } });
  await expect.poll(() => readyIn('member1', 'meanwhile'), WAIT).toBe(2);
  await expect.poll(condition, WAIT).toBe('True');
  await expect.poll(() => readyIn('hub', 'meanwhile'), WAIT).toBe(2);
  const kept = await fleet
    .api('member1')
    .get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'before' });
  expect(kept?.metadata.generation).toBe(1);
});
