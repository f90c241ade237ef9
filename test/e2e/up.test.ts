import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isObject } from '../../engine/index.ts';
import { HttpApi } from '../../executor/live/http-api.ts';
import { contextAddress } from '../../executor/members/kubeconfig.ts';
import { deployment, policyFor } from '../builders/control-plane.ts';
import { untilSaid } from './until-said.ts';

const CLI = fileURLToPath(new URL('../../cli.ts', import.meta.url));
const WAIT = { timeout: 25_000, interval: 200 };
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const POLICIES = '/apis/policy.karmada.io/v1alpha1/namespaces/default/propagationpolicies';

const EVENLY = {
  replicaScheduling: {
    replicaSchedulingType: 'Divided',
    replicaDivisionPreference: 'Weighted',
    weightPreference: {
      staticWeightList: ['member1', 'member2'].map((name) => ({ targetCluster: { clusterNames: [name] }, weight: 1 })),
    },
  },
};

let folder = '';
let child: ChildProcess;
const apis: HttpApi[] = [];

const muster = (...args: string[]) =>
  spawn(process.execPath, ['--import', 'tsx', CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });

async function output(...args: string[]): Promise<string> {
  const running = muster(...args);
  let text = '';
  for (const stream of [running.stdout, running.stderr]) stream.on('data', (chunk) => (text += String(chunk)));
  await once(running, 'close');
  return text;
}

async function api(context: string): Promise<HttpApi> {
  const made = new HttpApi(await contextAddress({ file: join(folder, 'kubeconfig'), context }));
  apis.push(made);
  return made;
}

async function read(from: HttpApi, path: string): Promise<Record<string, unknown> | null> {
  const answer = await from.send({ method: 'GET', path });
  return answer.ok && answer.status === 200 ? (JSON.parse(answer.text) as Record<string, unknown>) : null;
}

const numberIn = (object: Record<string, unknown> | null, part: 'spec' | 'status', field: string): unknown => {
  const found = object?.[part];
  return isObject(found) ? found[field] : null;
};

async function create(to: HttpApi, path: string, object: unknown): Promise<void> {
  const answer = await to.send({ method: 'POST', path, body: JSON.stringify(object) });
  expect(answer).toMatchObject({ ok: true, status: 201 });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-up-'));
  child = muster('up', '--members', 'embedded:2', '--dir', folder, '--trace', join(folder, 'trace.jsonl'));
  await untilSaid(child, 'ready');
});

afterAll(async () => {
  for (const one of apis) one.close();
  child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

describe('muster up', () => {
  it('says in one line what keeps it from coming up, and leaves nothing behind', async () => {
    const elsewhere = join(folder, 'elsewhere');
    const words = ['up', '--dir', elsewhere, '--kubeconfig', join(folder, 'none'), '--members', 'kubeconfig:nowhere'];
    expect(await output(...words)).toMatch(/^error: the kubeconfig \S+ cannot be read: .*\n$/);
    expect(await readdir(elsewhere)).toEqual([]);
  });

  it('carries a deployment to its members, and its status back', async () => {
    const hub = await api('hub');
    const web = deployment('web', 4);
    await create(hub, DEPLOYMENTS, web);
    await create(hub, POLICIES, policyFor(web, EVENLY));
    await expect
      .poll(async () => numberIn(await read(hub, `${DEPLOYMENTS}/web`), 'status', 'readyReplicas'), WAIT)
      .toBe(4);
    for (const name of ['member1', 'member2']) {
      expect(numberIn(await read(await api(name), `${DEPLOYMENTS}/web`), 'spec', 'replicas')).toBe(2);
    }
    expect(await output('status', '--dir', folder)).toMatch(/member1 .* True +3\/3 +3 +3/);
    const metadata = (await read(hub, `${DEPLOYMENTS}/web`))?.metadata;
    const uid = isObject(metadata) ? String(metadata.uid) : '';
    const told = await read(hub, `/api/v1/namespaces/default/events?fieldSelector=involvedObject.uid=${uid}`);
    expect(told?.items).toContainEqual(expect.objectContaining({ reason: 'ApplyPolicySucceed' }));
  });

  it('mends what somebody changes in a member, and takes it away with its template', async () => {
    const [hub, member] = [await api('hub'), await api('member1')];
    const path = `${DEPLOYMENTS}/web`;
    const body = JSON.stringify({ spec: { replicas: 9 } });
    await member.send({ method: 'PATCH', path, body, contentType: 'application/merge-patch+json' });
    await expect.poll(async () => numberIn(await read(member, path), 'spec', 'replicas'), WAIT).toBe(2);
    await hub.send({ method: 'DELETE', path });
    await expect.poll(() => read(member, path), WAIT).toBe(null);
  });

  it('moves everything off a cluster that is drained, and lets it come back', async () => {
    const hub = await api('hub');
    const shop = deployment('shop', 4);
    await create(hub, DEPLOYMENTS, shop);
    await create(hub, POLICIES, policyFor(shop, EVENLY));
    const member = await api('member2');
    const replicas = async (from: HttpApi) => numberIn(await read(from, `${DEPLOYMENTS}/shop`), 'spec', 'replicas');
    await expect.poll(() => replicas(member), WAIT).toBe(2);
    expect(await output('drain', 'member2', '--dry-run', '--dir', folder)).toBe('cluster/member2 draining (dry run)\n');
    expect(await output('drain', 'member2', '--timeout', '60', '--dir', folder)).toBe(
      'cluster/member2 draining\ncluster/member2 drained\n',
    );
    expect(await replicas(await api('member1'))).toBe(4);
    await expect.poll(() => read(member, `${DEPLOYMENTS}/shop`), WAIT).toBe(null);
    expect(await output('uncordon', 'member2', '--dir', folder)).toBe('cluster/member2 uncordoned\n');
    expect(await output('uncordon', 'member2', '--dir', folder)).toBe('cluster/member2 already uncordoned\n');
    expect(await output('taint', 'member2', 'old=:Never', '--dir', folder)).toContain('its effect is none of');
    await hub.send({ method: 'DELETE', path: `${DEPLOYMENTS}/shop` });
  });

  it('ends with down, and leaves a trace by which every decision is made again', async () => {
    const ended = once(child, 'close');
    expect(await output('down', '--dir', folder)).toContain('everything has ended');
    await ended;
    const file = join(folder, 'trace.jsonl');
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    const steps = lines.filter((line) => (JSON.parse(line) as { readonly type: string }).type === 'step').length;
    expect(steps).toBeGreaterThan(100);
    expect(await output('replay', '--from', file)).toBe(`${steps} steps of ${file} decided again, all the same\n`);
    const forged = lines.map((line) => line.replace('"replicas":4', '"replicas":5'));
    await writeFile(file, `${forged.join('\n')}\n`);
    expect(await output('replay', '--from', file)).toMatch(/recorded: [\s\S]*now: /);
  });
});
