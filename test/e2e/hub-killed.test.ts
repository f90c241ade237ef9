// A control plane that is killed in the middle of a rollout, and begins again on the same storage.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiObjects } from '../../executor/live/api-objects.ts';
import { HttpApi } from '../../executor/live/http-api.ts';
import { contextAddress } from '../../executor/members/kubeconfig.ts';
import { deployment, policyFor } from '../builders/control-plane.ts';
import { untilSaid } from './until-said.ts';

const CLI = fileURLToPath(new URL('../../cli.ts', import.meta.url));
const COUNT = 20;
let folder = '';
let child: ChildProcess;

async function up(): Promise<void> {
  const words = ['up', '--members', 'embedded:2', '--dir', join(folder, 'up'), '--storage', `disk:${folder}/hub`];
  child = spawn(process.execPath, ['--import', 'tsx', CLI, ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
  await untilSaid(child, 'ready');
}

async function kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  const gone = once(child, 'close');
  child.kill(signal);
  await gone;
}

const api = async (context: string): Promise<ApiObjects> =>
  new ApiObjects(new HttpApi(await contextAddress({ file: join(folder, 'up', 'kubeconfig'), context })), context);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-killed-'));
  await up();
}, 60_000);

afterAll(async () => {
  await kill('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

describe('a control plane that is killed', () => {
  it('ends what it had begun when it is back, and has everything once', async () => {
    const hub = await api('hub');
    const all = Array.from({ length: COUNT }, (_, at) => deployment(`web-${at}`, 1));
    for (const one of all) await hub.create(one);
    for (const one of all) await hub.create(policyFor(one, { clusterAffinity: { clusterNames: ['member1'] } }));
    hub.close();
    await kill('SIGKILL');
    await up();
    const [again, member1, member2] = [await api('hub'), await api('member1'), await api('member2')];
    const kind = { apiVersion: 'apps/v1', kind: 'Deployment' };
    const namesIn = async (from: ApiObjects) =>
      (await from.list(kind, { namespace: 'default' }))
        .filter(({ status }) => (status as { readyReplicas?: number } | undefined)?.readyReplicas === 1)
        .map(({ metadata }) => metadata.name)
        .sort();
    const names = all.map(({ metadata }) => metadata.name).sort();
    await expect.poll(() => namesIn(member1), { timeout: 60_000, interval: 300 }).toEqual(names);
    await expect.poll(() => namesIn(again), { timeout: 60_000, interval: 300 }).toEqual(names);
    expect(await member2.list(kind, { namespace: 'default' })).toEqual([]);
    for (const one of [again, member1, member2]) one.close();
  }, 180_000);
});
