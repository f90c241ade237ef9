// Whose is which field of what members have: Muster's what it sends, others' what they add; and what is changed by hand comes back.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isObject, type KubeObject } from '../../engine/index.ts';
import { deployment, policyFor } from '../builders/control-plane.ts';
import { RunningFleet } from './running-fleet.ts';

const WAIT = { timeout: 45_000, interval: 200 };
const WEB = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' };

let fleet: RunningFleet;

beforeAll(async () => {
  fleet = await RunningFleet.start('--members', 'embedded:1');
  const web = deployment('web', 2);
  await fleet.api('hub').create({ ...web, metadata: { ...web.metadata, labels: { tier: 'front', old: 'yes' } } });
  await fleet.api('hub').create(policyFor(web));
}, 60_000);

afterAll(() => fleet.end());

const there = async (): Promise<KubeObject | null> => fleet.api('member1').get(WEB);
const specOf = (object: KubeObject | null): Record<string, unknown> => (isObject(object?.spec) ? object.spec : {});

it('is applied under the name of Muster', async () => {
  const managers = async () =>
    ((await there())?.metadata.managedFields ?? [])
      .filter(({ subresource }) => subresource === undefined)
      .map(({ manager, operation }) => `${manager} ${operation}`);
  await expect.poll(managers, WAIT).toContain('muster Apply');
  expect(await managers()).not.toContain('muster Update');
});

it('keeps what others add, loses what the template no longer has', async () => {
  const metadata = { name: 'web', namespace: 'default', annotations: { 'team.example.com/note': 'keep me' } };
  await fleet.api('member1').apply({ apiVersion: WEB.apiVersion, kind: WEB.kind, metadata }, { manager: 'the-team' });
  await fleet.api('hub').merge(WEB, { metadata: { labels: { old: null, fresh: 'yes' } } });
  const seen = async () => {
    const found = await there();
    const { labels = {}, annotations = {} } = found?.metadata ?? {};
    return [labels.tier, labels.old, labels.fresh, annotations['team.example.com/note']];
  };
  await expect.poll(seen, WAIT).toEqual(['front', undefined, 'yes', 'keep me']);
});

it('brings back what is changed by hand, and no more', async () => {
  await fleet.api('member1').merge(WEB, { spec: { replicas: 7, minReadySeconds: 3 } });
  await expect.poll(async () => specOf(await there()).replicas, WAIT).toBe(2);
  const before = (await there())?.metadata.generation;
  await new Promise((done) => setTimeout(done, 2_000));
  expect((await there())?.metadata.generation).toBe(before);
});
