// A fleet in the background: it comes up, it is disturbed, it goes on, and it goes away.

import { existsSync, statSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../engine/index.ts';
import { ApiObjects } from '../../executor/live/api-objects.ts';
import { HttpApi } from '../../executor/live/http-api.ts';
import { contextAddress } from '../../executor/members/kubeconfig.ts';
import { deployment, policyFor } from '../builders/control-plane.ts';
import { type Ended, ended, spawnMuster } from './running-fleet.ts';

const WAIT = { timeout: 60_000, interval: 200 };

let folder = '';

const muster = (...words: string[]): Promise<Ended> => ended(spawnMuster(...words, '--dir', folder));

/** Each time anew: a member that comes back has other credentials. */
async function readyIn(context: string): Promise<number | string> {
  const api = new ApiObjects(
    new HttpApi(await contextAddress({ file: join(folder, 'kubeconfig'), context }), { timeoutMs: 2_000 }),
    context,
  );
  try {
    const found = await api.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' });
    return (found?.status as { readyReplicas?: number } | undefined)?.readyReplicas ?? 0;
  } catch {
    return 'no answer';
  } finally {
    api.close();
  }
}

async function isSoAlready(told: string, act: string, member: string, ...options: string[]): Promise<void> {
  const { code, notes } = await muster('chaos', act, member, ...options);
  expect([code, notes]).toEqual([0, `chaos: ${member} ${told}: nothing was done\n`]);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-detach-'));
});

afterAll(async () => {
  await muster('down');
  await rm(folder, { recursive: true, force: true });
});

describe('a fleet in the background', () => {
  it('is ready when up ends, and one is enough', async () => {
    const up = await muster('up', '--members', 'embedded:2', '--detach');
    expect([up.code, up.notes]).toEqual([0, expect.stringMatching(/^up: process \d+ goes on in the background/)]);
    expect(await readFile(join(folder, 'up.log'), 'utf8')).toContain('up: ready');
    const second = await muster('up', '--detach');
    expect([second.code, second.notes]).toEqual([1, expect.stringContaining('is up in')]);
    const hub = new ApiObjects(
      new HttpApi(await contextAddress({ file: join(folder, 'kubeconfig'), context: 'hub' })),
      'hub',
    );
    const web = deployment('web', 4);
    await hub.create(web);
    const placement = {
      replicaScheduling: { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Weighted' },
    };
    await hub.create(policyFor(web, placement));
    hub.close();
    await expect.poll(() => readyIn('hub'), WAIT).toBe(4);
  }, 120_000);

  it('shows its clusters and what is placed, and goes on showing it', async () => {
    const row = /default\/web \(Deployment\) +4 +member1 2, member2 2 +True +True +2\/2/;
    const watching = spawnMuster('status', '-w', '--dir', folder);
    let shown = '';
    watching.stdout.on('data', (chunk) => (shown += String(chunk)));
    await expect.poll(() => shown, WAIT).toMatch(row);
    const over = ended(watching);
    watching.kill('SIGINT');
    expect((await over).code).toBe(130);
    expect(shown).toMatch(/member1 .* True +3\/3 +3 +3\n/);
    const names = await muster('status', 'workloads', '-o', 'name');
    expect([names.code, names.out]).toEqual([0, 'resourcebinding.work.karmada.io/web-deployment\n']);
    expect(JSON.parse((await muster('status', '-o', 'json')).out).items).toHaveLength(2);
    const both = await muster('status', '-w', '-o', 'json');
    expect([both.code, both.notes]).toEqual([1, expect.stringContaining('--watch prints tables')]);
  }, 90_000);

  it('lists what all its members have in one table', async () => {
    const table = await muster('get', 'deploy');
    expect([table.code, table.out]).toEqual([
      0,
      expect.stringMatching(/^CLUSTER +NAME +READY .*\nmember1 +web +2\/2 .*\nmember2 +web +2\/2 .*\n$/),
    ]);
    const wide = await muster('get', 'pods', '-A', '-o', 'wide', '-C', 'member2');
    expect(wide.out).toMatch(/^NAMESPACE +CLUSTER +NAME .*NODE.*\n(default +member2 +web-\S+ .*\n){2}$/);
    const { items } = JSON.parse((await muster('get', 'deploy', 'web', '-o', 'json')).out);
    const from = items.map(
      ({ metadata }: KubeObject) => metadata.annotations!['resource.karmada.io/cached-from-cluster'],
    );
    expect(from).toEqual(['member1', 'member2']);
    expect((await muster('get', 'deploy', '-C', 'member1', '-o', 'name')).out).toBe('deployment.apps/web\n');
    const nobody = await muster('get', 'pods', '-C', 'member9');
    expect([nobody.code, nobody.notes]).toEqual([1, expect.stringContaining('it knows member1, member2')]);
    const missing = await muster('get', 'configmaps', 'none', '-C', 'member1');
    expect([missing.code, missing.notes]).toEqual([1, 'cluster member1: configmaps "none" not found\n']);
  }, 60_000);

  it('is recorded into files that plan and replay read', async () => {
    const out = join(folder, 'recorded');
    const recorded = await muster('record', '--out', out);
    expect([recorded.code, recorded.out]).toEqual([0, `2 clusters, 1 policies and 1 objects are in ${out}\n`]);
    for (const name of ['fleet', 'policies', 'objects', 'scenario']) {
      expect(statSync(join(out, `${name}.yaml`)).mode & 0o777).toBe(0o600);
    }
    expect(await readFile(join(out, 'objects.yaml'), 'utf8')).not.toMatch(/uid|resourceVersion|permanent-id|status:/);
    const replayed = await ended(spawnMuster('replay', join(out, 'scenario.yaml')));
    expect([replayed.code, replayed.out]).toEqual([0, expect.stringContaining('web goes to member1 2, member2 2')]);
    const files = ['objects', 'policies'].flatMap((name) => ['-f', join(out, `${name}.yaml`)]);
    const planned = await ended(spawnMuster('plan', ...files, '--fleet', join(out, 'fleet.yaml')));
    expect([planned.code, planned.out]).toEqual([0, expect.stringMatching(/web +web +4 +member1: 2, member2: 2/)]);
    expect((await muster('record', '--out', out)).notes).toContain('is not empty');
  }, 60_000);

  it('has members that hang and go on', async () => {
    expect((await muster('chaos', 'pause', 'member1')).code).toBe(0);
    expect(await readyIn('member1')).toBe('no answer');
    await isSoAlready('is paused already', 'pause', 'member1', '--for', '1h');
    const revived = await muster('chaos', 'revive', 'member1');
    expect([revived.code, revived.notes]).toEqual([1, expect.stringContaining('with "muster chaos resume member1"')]);
    expect((await muster('chaos', 'resume', 'member1')).notes).toBe('chaos: member1: resumed\n');
    await isSoAlready('is not paused', 'resume', 'member1');
    await isSoAlready('is alive', 'revive', 'member1');
    await expect.poll(() => readyIn('member1'), WAIT).toBe(2);
  }, 60_000);

  it('has members that die, come back empty, and get what they had', async () => {
    const killed = await muster('chaos', 'kill', 'member2', '--for', '1s');
    expect([killed.code, killed.notes]).toEqual([0, expect.stringMatching(/killed[\s\S]*revived/)]);
    await expect.poll(() => readyIn('member2'), WAIT).toBe(2);
    await expect.poll(() => readyIn('hub'), WAIT).toBe(4);
    expect(await readFile(join(folder, 'up.log'), 'utf8')).toContain('member2 is back, with nothing in it');
  }, 120_000);

  it('has members that die once', async () => {
    expect((await muster('chaos', 'kill', 'member2')).notes).toBe('chaos: member2: killed\n');
    await isSoAlready('is dead already', 'kill', 'member2', '--for', '1h');
    const paused = await muster('chaos', 'pause', 'member2');
    expect([paused.code, paused.notes]).toEqual([1, expect.stringContaining('"muster chaos revive member2"')]);
    expect((await muster('chaos', 'revive', 'member2')).notes).toBe('chaos: member2: revived\n');
  }, 60_000);

  it('says what it cannot do', async () => {
    const unknown = await muster('chaos', 'kill', 'member9');
    expect([unknown.code, unknown.notes]).toEqual([1, expect.stringContaining('there is member1, member2')]);
    const forever = await muster('chaos', 'resume', 'member1', '--for', '5s');
    expect([forever.code, forever.notes]).toEqual([1, 'error: resume is over at once: leave --for out\n']);
  }, 60_000);

  it('ends with down', async () => {
    const kubeconfig = join(folder, 'kubeconfig');
    const hub = new ApiObjects(new HttpApi(await contextAddress({ file: kubeconfig, context: 'hub' })), 'hub');
    expect((await muster('down')).code).toBe(0);
    const node = { apiVersion: 'v1', kind: 'Namespace', name: 'default' };
    await expect(hub.get(node)).rejects.toThrow();
    hub.close();
    expect(existsSync(kubeconfig)).toBe(false);
  }, 60_000);
});
