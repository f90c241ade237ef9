// Control planes and schedulers beside a control plane: of those that do the same one works, by the Leases that Karmada's have, too.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deployment, policyFor } from '../builders/control-plane.ts';
import { RunningFleet } from './running-fleet.ts';

const WAIT = { timeout: 40_000, interval: 200 };

let fleet: RunningFleet;
const begun: ChildProcess[] = [];

beforeAll(async () => {
  fleet = await RunningFleet.start('--members', 'embedded:1');
});

afterAll(async () => {
  await Promise.all(begun.map(ending));
  await fleet.end();
});

async function ending(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = once(child, 'close');
  child.kill('SIGINT');
  await gone;
}

function begin(...words: string[]): () => string {
  const child = fleet.begin(...words);
  begun.push(child);
  const notes: string[] = [];
  createInterface({ input: child.stderr! }).on('line', (line) => notes.push(line));
  return () => notes.join('\n');
}

async function placedOf(name: string): Promise<unknown> {
  const found = await fleet.api('hub').get({
    apiVersion: 'work.karmada.io/v1alpha2',
    kind: 'ResourceBinding',
    namespace: 'default',
    name: `${name}-deployment`,
  });
  return (found as { spec: { clusters?: { name: string }[] } } | null)?.spec.clusters?.map((one) => one.name);
}

async function create(name: string, schedulerName?: string): Promise<void> {
  const web = deployment(name, 1);
  await fleet.api('hub').create(web);
  await fleet.api('hub').create(policyFor(web, {}, schedulerName === undefined ? {} : { schedulerName }));
}

describe('a control plane beside another', () => {
  it('stands by, with all its controllers, and works beside it with some', { timeout: 60_000 }, async () => {
    const all = begin('controllers');
    await expect
      .poll(all, WAIT)
      .toMatch(/stands by: \S+ leads, or did until now, by the Lease karmada-controller-manager/);
    const some = begin('controllers', '--controllers', 'placement-decisions');
    await expect.poll(some, WAIT).toMatch(/: leads$/m);
  });
});

describe('a scheduler beside a control plane', { timeout: 120_000 }, () => {
  it('stands by for its own, and decides beside it under another name', async () => {
    const same = begin('scheduler');
    await expect.poll(same, WAIT).toMatch(/stands by: \S+ leads, or did until now, by the Lease karmada-scheduler/);
    const other = begin('scheduler', '--scheduler-name', 'other', '--profile', 'muster');
    await expect.poll(other, WAIT).toContain('leads');
    await create('web');
    await create('elsewhere', 'other');
    await expect.poll(() => placedOf('web'), WAIT).toEqual(['member1']);
    await expect.poll(() => placedOf('elsewhere'), WAIT).toEqual(['member1']);
    expect(same()).not.toMatch(/: leads$/m);
  });

  it('is left to decide by the control plane when it has the Lease, which does the rest', async () => {
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace: 'karmada-system' };
    const now = new Date().toISOString().replace('Z', '000Z');
    await fleet
      .api('hub')
      .merge({ ...lease, name: 'karmada-scheduler' }, { spec: { holderIdentity: 'another', renewTime: now } });
    await expect.poll(() => fleet.notes.join('\n'), WAIT).toContain('leaves scheduling alone: another schedules');
    await create('later');
    await expect.poll(() => placedOf('later'), WAIT).toEqual(['member1']);
    const ready = async () => {
      const found = await fleet
        .api('hub')
        .get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'later' });
      return (found?.status as { readyReplicas?: number } | undefined)?.readyReplicas;
    };
    await expect.poll(ready, WAIT).toBe(1);
  });
});
