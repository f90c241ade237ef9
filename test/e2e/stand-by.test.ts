// Two hubs on one etcd, each with controllers beside it, one of which lead: what becomes of a rollout when the leading half is
// killed in its midst.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiObjects } from '../../executor/live/api-objects.ts';
import { HttpApi } from '../../executor/live/http-api.ts';
import { contextAddress } from '../../executor/members/kubeconfig.ts';
import { deployment, policyFor } from '../builders/control-plane.ts';
import { EtcdServer, etcdIsMissing } from '../crash/etcd-server.ts';
import { ended, RunningFleet, spawnMuster } from './running-fleet.ts';

const COUNT = 15;
const WAIT = { timeout: 90_000, interval: 250 };
const MEMBERS = ['member1', 'member2'];

/** A process, and what it has said. */
interface Begun {
  readonly child: ChildProcess;
  readonly notes: string[];
}

interface Half {
  readonly kubeconfig: string;
  readonly hub: Begun;
  readonly controllers: Begun;
}

let folder = '';
let etcd: EtcdServer;
/** Somebody else's clusters: they go on whatever happens to the halves. */
let elsewhere: RunningFleet;
const halves: Half[] = [];

function begin(...words: string[]): Begun {
  const child = spawnMuster(...words);
  const notes: string[] = [];
  createInterface({ input: child.stderr! }).on('line', (line) => notes.push(line));
  return { child, notes };
}

const said =
  ({ notes }: Begun, words: RegExp) =>
  () =>
    notes.some((line) => words.test(line));

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + WAIT.timeout;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('it took too long');
    await new Promise((done) => setTimeout(done, WAIT.interval));
  }
}

async function beginHalf(name: string): Promise<Half> {
  const kubeconfig = join(folder, name);
  const place = ['--storage', `etcd:${etcd.url}/shared`, '--listen', '127.0.0.1:0', '--kubeconfig-out', kubeconfig];
  const hub = begin('hub', ...place);
  await until(said(hub, /serving/));
  const controllers = begin('controllers', '--kubeconfig', kubeconfig);
  await until(said(controllers, /leads/));
  return { kubeconfig, hub, controllers };
}

async function apiOf({ kubeconfig }: Half): Promise<ApiObjects> {
  return new ApiObjects(new HttpApi(await contextAddress({ file: kubeconfig, context: null })), 'the hub');
}

async function end({ child }: Begun, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'close');
  child.kill(signal);
  await gone;
}

describe.skipIf(etcdIsMissing !== null)(
  `two hubs on one etcd${etcdIsMissing === null ? '' : ` (${etcdIsMissing})`}`,
  () => {
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'muster-stand-by-'));
      etcd = await EtcdServer.start();
      elsewhere = await RunningFleet.start('--members', 'embedded:2');
      halves.push(await beginHalf('first'), await beginHalf('second'));
      for (const member of MEMBERS) {
        const there = elsewhere.clusterWords(member);
        const { code, notes } = await ended(
          begin('join', member, '--kubeconfig', halves[1]!.kubeconfig, ...there).child,
        );
        if (code !== 0) throw new Error(notes);
      }
    }, 120_000);

    afterAll(async () => {
      for (const { hub, controllers } of halves) await Promise.all([end(hub, 'SIGTERM'), end(controllers, 'SIGTERM')]);
      await elsewhere?.end();
      await etcd?.leave();
      await rm(folder, { recursive: true, force: true });
    });

    it('ends a rollout whose leader is killed, with everything there once', { timeout: 180_000 }, async ({
      onTestFailed,
    }) => {
      const [first, second] = halves as [Half, Half];
      onTestFailed(() => console.error([...second.hub.notes, ...second.controllers.notes].join('\n')));
      expect(second.controllers.notes.join('\n')).toContain('stands by');
      expect(first.controllers.notes.at(-1)).toMatch(/: leads$/);

      const hub = await apiOf(first);
      const all = Array.from({ length: COUNT }, (_, at) => deployment(`web-${at}`, 2));
      for (const one of all) {
        await hub.create(one);
        await hub.create(policyFor(one, { clusterAffinity: { clusterNames: MEMBERS } }));
      }
      hub.close();
      await Promise.all([end(first.controllers, 'SIGKILL'), end(first.hub, 'SIGKILL')]);
      await expect.poll(() => second.controllers.notes.at(-1), WAIT).toMatch(/: leads$/);

      const other = await apiOf(second);
      const ready = async () => {
        const found = await other.list({ apiVersion: 'apps/v1', kind: 'Deployment' }, { namespace: 'default' });
        return found.filter(({ status }) => (status as { readyReplicas?: number }).readyReplicas === 4).length;
      };
      await expect.poll(ready, WAIT).toBe(COUNT);
      expect(second.controllers.child.exitCode ?? second.controllers.child.signalCode).toBeNull();
      const works = await other.list({ apiVersion: 'work.karmada.io/v1alpha1', kind: 'Work' });
      const names = works.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
      expect(names.filter((name) => name.includes('/web-'))).toHaveLength(COUNT * MEMBERS.length);
      for (const member of MEMBERS) {
        const there = await elsewhere
          .api(member)
          .list({ apiVersion: 'apps/v1', kind: 'Deployment' }, { namespace: 'default' });
        expect(there.map(({ metadata }) => metadata.name).sort()).toEqual(
          all.map(({ metadata }) => metadata.name).sort(),
        );
        expect(there.every(({ metadata }) => metadata.generation === 1)).toBe(true);
      }
      other.close();
    });
  },
);
