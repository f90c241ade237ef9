// A change goes through a live fleet in waves, and people approve, abort and retry it with muster.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isObject, type KubeObject } from '../../engine/index.ts';
import { printYamlDocuments } from '../../executor/files/yaml.ts';
import { weighedIn } from '../builders/control-plane.ts';
import { RunningFleet } from './running-fleet.ts';

let fleet: RunningFleet;

beforeAll(async () => {
  fleet = await RunningFleet.start('--members', 'embedded:2');
}, 60_000);

afterAll(() => fleet.end());

const NAMESPACE = 'default';
const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: NAMESPACE, name: 'web' };

const deployment = (image: string): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: NAMESPACE },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image }] } },
  },
});

async function imageIn(context: string): Promise<string | null> {
  const found = await fleet.api(context).get(web);
  return /"image":"([^"]+)"/.exec(JSON.stringify(found?.spec ?? null))?.[1] ?? null;
}

const phase = async (): Promise<unknown> => {
  const found = await fleet
    .api('hub')
    .get({ apiVersion: 'muster.dev/v1alpha1', kind: 'StagedRollout', namespace: NAMESPACE, name: 'web' });
  return isObject(found?.status) ? found.status.phase : null;
};

const soon = (what: () => Promise<unknown>, wanted: unknown) => expect.poll(what, { timeout: 40_000 }).toEqual(wanted);

it('stops at a wave that wants approval, goes back when aborted, and through when retried', {
  timeout: 150_000,
}, async () => {
  const hub = fleet.api('hub');
  await hub.create(deployment('web:1'));
  await hub.create({
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'PropagationPolicy',
    metadata: { name: 'web', namespace: NAMESPACE },
    spec: { resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }], placement: {} },
  } as KubeObject);
  await hub.create({
    apiVersion: 'muster.dev/v1alpha1',
    kind: 'StagedRollout',
    metadata: { name: 'web', namespace: NAMESPACE },
    spec: {
      resources: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }],
      waves: [
        { name: 'canary', maxClusters: 1, bakeSeconds: 0 },
        { name: 'all', approval: true, bakeSeconds: 0 },
      ],
    },
  } as KubeObject);
  await soon(() => imageIn('member2'), 'web:1');
  await soon(phase, 'Stable');
  expect((await fleet.muster('rollout', 'approve', 'web')).notes).toContain('there is no change to approve');
  await hub.merge(web, { spec: deployment('web:2').spec });
  await soon(phase, 'Waiting');
  expect([await imageIn('member1'), await imageIn('member2')]).toEqual(['web:2', 'web:1']);
  const { out } = await fleet.process('rollout', 'status');
  expect(out).toMatch(
    /^ROLLOUT +PHASE +WAVE +CLUSTERS +MESSAGE\ndefault\/web +Waiting +1\/2 \(canary\) +1\/2 +Wave 2 waits/,
  );

  expect((await fleet.muster('rollout', 'retry', 'web')).notes).toContain('has not ended');
  const late = await fleet.muster('rollout', 'status', 'web', '--wait', '1');
  expect([late.code, late.notes]).toEqual([1, expect.stringContaining('web is not through after 1 s: Wave 2 waits')]);
  expect((await fleet.muster('rollout', 'abort', 'web')).out).toContain('aborted');
  expect((await fleet.muster('rollout', 'status', 'web', '--wait', '20')).code).toBe(99);
  await soon(() => imageIn('member1'), 'web:1');
  expect((await fleet.muster('rollout', 'abort', 'web')).notes).toContain('has gone back already');

  expect((await fleet.muster('rollout', 'retry', 'web')).out).toContain('goes on');
  await soon(phase, 'Waiting');
  expect((await fleet.muster('rollout', 'approve', 'web')).out).toContain('wave 2 of 2 may begin');
  const done = await fleet.muster('rollout', 'status', 'web', '--wait', '60');
  expect([done.code, await imageIn('member2')]).toEqual([0, 'web:2']);
  expect((await fleet.muster('rollout', 'status', '--wait', '1')).notes).toContain('which rollout is waited for?');
  expect((await fleet.muster('rollout', 'status', 'web', '-o', 'name')).out).toBe('stagedrollout.muster.dev/web\n');
  expect((await fleet.muster('rollout', 'status', 'absent')).notes).toContain('there is no StagedRollout absent');
  expect((await fleet.muster('rollout', 'approve')).notes).toContain('which rollout?');
});

const API: KubeObject = {
  ...deployment('api:1'),
  metadata: { name: 'api', namespace: NAMESPACE },
};

const resources = [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'api' }];

const API_ROLLOUT: KubeObject = {
  apiVersion: 'muster.dev/v1alpha1',
  kind: 'StagedRollout',
  metadata: { name: 'api', namespace: NAMESPACE },
  spec: {
    resources,
    waves: [
      { name: 'canary', clusters: { clusterNames: ['member2'] }, bakeSeconds: 0 },
      { name: 'all', approval: true, bakeSeconds: 0 },
    ],
  },
};

const placedBy = (weights: Readonly<Record<string, number>>): KubeObject => ({
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'PropagationPolicy',
  metadata: { name: 'api', namespace: NAMESPACE },
  spec: {
    resourceSelectors: resources,
    placement: weighedIn(weights),
  },
});

async function replicasIn(context: string): Promise<number> {
  const found = await fleet.api(context).get({ ...web, name: 'api' });
  return (found?.spec as { replicas?: number } | undefined)?.replicas ?? 0;
}

const apiReplicas = async () => [await replicasIn('member1'), await replicasIn('member2')];

it('lets a changed policy through in waves: plan tells which, apply waits for them, and record keeps who asks for it', {
  timeout: 240_000,
}, async () => {
  const folder = join(fleet.folder, 'api');
  await mkdir(folder);
  const write = (policy: KubeObject) =>
    writeFile(join(folder, 'api.yaml'), printYamlDocuments([API, policy, API_ROLLOUT]));
  await write(placedBy({ member1: 1 }));
  const first = await fleet.muster('apply', '-f', folder, '--yes', '--timeout', '60');
  expect([first.code, await apiReplicas()]).toEqual([0, [2, 0]]);
  await fleet.muster('rollout', 'status', 'api', '--wait', '30');

  await write(placedBy({ member1: 1, member2: 1 }));
  const planned = await fleet.muster('plan', '-f', folder);
  expect(planned.notes).toContain(
    'waves: Deployment default/api: canary: member2; all: member1, once somebody approves\n',
  );
  const waiting = await fleet.muster('apply', '-f', folder, '--yes', '--timeout', '15');
  expect(waiting.out).toMatch(/place .*member1: 2 -> 1, member2: none -> 1, in waves/);
  expect([waiting.code, waiting.notes]).toEqual([
    1,
    expect.stringContaining('Deployment api: it goes in waves: Wave 2 waits to be approved.'),
  ]);
  expect(await apiReplicas()).toEqual([2, 1]);
  expect((await fleet.muster('rollout', 'approve', 'api')).code).toBe(0);
  const done = await fleet.muster('apply', '-f', folder, '--yes', '--timeout', '60');
  expect([done.code, await apiReplicas()]).toEqual([0, [1, 1]]);

  await write(placedBy({ member2: 1 }));
  const failing = fleet.process('apply', '-f', folder, '--yes', '--timeout', '100');
  await soon(apiReplicas, [1, 2]);
  await soon(async () => (await fleet.muster('rollout', 'status', 'api')).out.includes('waits to be approved'), true);
  expect((await fleet.muster('rollout', 'abort', 'api')).code).toBe(0);
  const failed = await failing;
  expect([failed.code, failed.notes]).toEqual([
    1,
    expect.stringContaining('StagedRollout default/api failed in wave 1 of 2 (canary): Rolled back in wave 1'),
  ]);
  await soon(apiReplicas, [1, 1]);

  const out = join(fleet.folder, 'recorded');
  const recorded = await fleet.process('record', '--out', out);
  expect([recorded.code, recorded.out]).toEqual([0, expect.stringContaining(', 2 staged rollouts and ')]);
  const policies = await readFile(join(out, 'policies.yaml'), 'utf8');
  expect(policies).toContain('kind: StagedRollout');
  expect(policies).not.toContain('phase: RolledBack');
  const replayed = await fleet.replay(join(out, 'scenario.yaml'));
  expect([replayed.code, replayed.out]).toEqual([0, expect.stringContaining('api goes to member2 2')]);
});
