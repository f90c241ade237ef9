// Parts of the control plane in processes of their own, on a hub that runs without them.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deployment, policyFor } from '../builders/control-plane.ts';
import { RunningFleet } from './running-fleet.ts';

const WAIT = { timeout: 30_000, interval: 200 };
/** All but the scheduler, the fleet follower and binding-status. */
const REST = [
  'cluster,cluster-status,cluster-monitor,cluster-taints,cluster-taint-policy,taint-manager,application-failover',
  'graceful-eviction,resource-detector,policy-release,dependency-notes,dependencies-distributor,workload-rebalancer',
  'namespace,binding,execution,work-status,strays',
].join(',');

let fleet: RunningFleet;
const begun: ChildProcess[] = [];

beforeAll(async () => {
  fleet = await RunningFleet.start('--members', 'embedded:2', '--controllers', REST);
});

afterAll(async () => {
  await Promise.all(begun.map(ending));
  await fleet.end();
});

async function ending(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  const gone = once(child, 'close');
  child.kill('SIGINT');
  const [code] = (await gone) as [number | null];
  return code;
}

function begin(...words: string[]): ChildProcess {
  const child = fleet.begin(...words);
  begun.push(child);
  return child;
}

const DIVIDED = { replicaScheduling: { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Weighted' } };

async function bindingOf(name: string) {
  const found = await fleet.api('hub').get({
    apiVersion: 'work.karmada.io/v1alpha2',
    kind: 'ResourceBinding',
    namespace: 'default',
    name: `${name}-deployment`,
  });
  return found as { spec: { clusters?: unknown }; status?: { conditions?: { type: string; status: string }[] } } | null;
}

async function create(name: string, schedulerName?: string): Promise<void> {
  const web = deployment(name, 4);
  await fleet.api('hub').create(web);
  await fleet.api('hub').create(policyFor(web, DIVIDED, schedulerName === undefined ? {} : { schedulerName }));
}

const LEASE = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace: 'karmada-system' };

const EVEN = [
  { name: 'member1', replicas: 2 },
  { name: 'member2', replicas: 2 },
];

describe('the scheduler by itself', () => {
  it('decides on what asks for it, and leaves the rest', async () => {
    await create('web', 'ours');
    await create('other');
    const scheduler = begin('scheduler', '--scheduler-name', 'ours', '--profile', 'muster');
    await expect.poll(async () => (await bindingOf('web'))?.spec.clusters, WAIT).toEqual(EVEN);
    const scheduled = async () =>
      (await bindingOf('web'))?.status?.conditions?.map(({ type, status }) => [type, status]);
    await expect.poll(scheduled, WAIT).toEqual([['Scheduled', 'True']]);
    expect((await bindingOf('other'))?.spec.clusters).toBeUndefined();
    expect(await ending(scheduler)).toBe(130);
  }, 90_000);

  it('stands by while another works, and follows it', async () => {
    const first = begin('scheduler');
    await expect.poll(async () => (await bindingOf('other'))?.spec.clusters, WAIT).toEqual(EVEN);
    const second = begin('scheduler');
    let said = '';
    second.stderr!.on('data', (chunk) => (said += String(chunk)));
    await expect.poll(() => said, WAIT).toContain('stands by');
    await ending(first);
    await expect.poll(() => said, WAIT).toContain('leads\n');
    await ending(second);
  }, 120_000);

  it('tells as a shadow where it would decide otherwise, and changes nothing', async () => {
    const words = ['scheduler', '--shadow', '--once', '--scheduler-name', 'ours'];
    const agreed = await fleet.process(...words, '--all');
    expect([agreed.code, JSON.parse(agreed.out)]).toMatchObject([
      0,
      { binding: 'default/web-deployment', agrees: true },
    ]);
    await fleet.api('hub').merge(
      {
        apiVersion: 'work.karmada.io/v1alpha2',
        kind: 'ResourceBinding',
        namespace: 'default',
        name: 'web-deployment',
      },
      { spec: { clusters: [{ name: 'member1', replicas: 4 }] } },
    );
    const differing = await fleet.process(...words);
    expect([differing.code, JSON.parse(differing.out)]).toMatchObject([
      2,
      { about: 'standing', agrees: false, stands: { member1: 4 }, would: { member1: 2, member2: 2 } },
    ]);
    expect(differing.notes).toMatch(/COMPARED +SAME +DIFFERENT\n +1 +0 +1\n/);
    const table = await fleet.process(...words, '-o', 'table');
    expect([table.code, table.out]).toEqual([
      2,
      expect.stringMatching(/BECAUSE\n +1 +other clusters\n\nCLUSTER .*\nmember1 .* 1 +-2\nmember2 +1 .* \+2\n$/),
    ]);
    const document = await fleet.process(...words, '-o', 'json');
    expect([document.code, JSON.parse(document.out)]).toMatchObject([
      2,
      {
        compared: 1,
        same: 0,
        different: 1,
        differences: [{ stands: { member1: 4 }, would: { member1: 2, member2: 2 } }],
      },
    ]);
    expect((await bindingOf('web'))?.spec.clusters).toEqual([{ name: 'member1', replicas: 4 }]);
  }, 90_000);

  it('leaves a trace that can be decided again, though it lost the lead meanwhile and got it back', async () => {
    const trace = join(fleet.folder, 'scheduler.trace');
    const scheduler = begin('scheduler', '--scheduler-name', 'ours', '--profile', 'muster', '--trace', trace);
    let said = '';
    scheduler.stderr!.on('data', (chunk) => (said += String(chunk)));
    await expect.poll(() => said, WAIT).toMatch(/leads\n/);
    const lease = { ...LEASE, name: 'muster-scheduler-ours' };
    const now = new Date().toISOString().replace('Z', '000Z');
    await fleet.api('hub').merge(lease, { spec: { holderIdentity: 'thief', renewTime: now, acquireTime: now } });
    await expect.poll(() => said, WAIT).toContain('thief leads');
    expect(said).toContain('leads no longer');
    await create('later', 'ours');
    await expect.poll(async () => (await bindingOf('later'))?.spec.clusters, WAIT).toEqual(EVEN);
    expect(said.match(/: leads\n/g)).toHaveLength(2);
    expect(await ending(scheduler)).toBe(130);
    const { code, out } = await fleet.replay('--from', trace);
    expect([code, out]).toEqual([0, expect.stringMatching(/^\d+ steps of .* decided again, all the same\n$/)]);
  }, 120_000);
});

describe('controllers by themselves', () => {
  it('do the part that they are picked for', async () => {
    const noted = async () => (await bindingOf('other'))?.status?.conditions?.map(({ type }) => type) ?? [];
    expect(await noted()).not.toContain('FullyApplied');
    const picked = begin('controllers', '--controllers', 'binding-status');
    await expect.poll(noted, WAIT).toContain('FullyApplied');
    expect(await ending(picked)).toBe(130);
    const unknown = await fleet.process('controllers', '--controllers', 'gardener');
    expect([unknown.code, unknown.notes]).toEqual([1, expect.stringContaining('there is no controller gardener')]);
  }, 90_000);
});
