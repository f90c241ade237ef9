// Looking into many clusters through the hub: tables that go on, descriptions, logs, commands in pods, and what is used.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { deployment, policyFor } from '../builders/control-plane.ts';
import { ended, RunningFleet } from './running-fleet.ts';
import { startStandIn } from './stand-in-cluster.ts';

const WAIT = { timeout: 30_000, interval: 200 };

let fleet: RunningFleet;
let standIn: Awaited<ReturnType<typeof startStandIn>>;

beforeAll(async () => {
  fleet = await RunningFleet.start('--members', 'embedded:2');
  standIn = await startStandIn();
  const hub = fleet.api('hub');
  const data = { token: Buffer.from('a token of the member').toString('base64') };
  await hub.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'real', namespace: 'default' }, data });
  await hub.create({
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name: 'real' },
    spec: { syncMode: 'Pull', apiEndpoint: standIn.url, secretRef: { namespace: 'default', name: 'real' } },
  });
  const web = deployment('web', 2);
  await hub.create(web);
  await hub.create(policyFor(web, { clusterAffinity: { clusterNames: ['member1', 'member2'] } }));
  const ready = async () => (await fleet.muster('get', 'pods', '-C', 'member1,member2')).out.match(/ 1\/1 /g)?.length;
  await vi.waitFor(async () => expect(await ready()).toBe(4), WAIT);
});

afterAll(async () => {
  await fleet.end();
  await standIn.close();
});

const podOf = async (cluster: string): Promise<string> =>
  (await fleet.muster('get', 'pods', '-C', cluster, '-o', 'name')).out.split('\n')[0]!.replace('pod/', '');

describe('a table of many clusters', () => {
  it('goes on with a row for every change until it is interrupted', async () => {
    const child = fleet.begin('get', 'deploy', 'web', '-C', 'member1,member2', '-w');
    const done = ended(child);
    let seen = '';
    child.stdout!.on('data', (chunk) => (seen += String(chunk)));
    await expect.poll(() => seen, WAIT).toMatch(/member2 +web +2\/2/);
    await fleet
      .api('hub')
      .merge(
        { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' },
        { spec: { replicas: 3 } },
      );
    await expect.poll(() => seen, WAIT).toMatch(/member1 +web +3\/3/);
    await expect.poll(() => seen, WAIT).toMatch(/member2 +web +3\/3/);
    child.kill('SIGINT');
    const { code, out } = await done;
    expect(code).toBe(130);
    const [head = '', ...rows] = out.trimEnd().split('\n');
    const column = head.indexOf('READY');
    expect(rows.every((row) => /^\d\/\d/.test(row.slice(column)))).toBe(true);
  });

  it('has each cluster once, and one object where it is', async () => {
    const twice = await fleet.muster('get', 'deploy', '-C', 'member1,member1');
    expect(twice.out.match(/^member1 /gm)).toHaveLength(1);
    const pod = await podOf('member2');
    const [found, notThere, nowhere] = [
      await fleet.muster('get', 'pods', pod),
      await fleet.muster('get', 'pods', pod, '-C', 'member1'),
      await fleet.muster('describe', 'pods', 'nothing', '-C', 'member1'),
    ];
    expect([found.code, found.notes, found.out]).toEqual([0, '', expect.stringContaining(pod)]);
    expect([notThere.code, notThere.notes]).toEqual([1, `cluster member1: pods "${pod}" not found\n`]);
    expect([nowhere.code, nowhere.notes]).toEqual([1, 'cluster member1: pods "nothing" not found\n']);
  });

  it('says which cluster does not know a kind', async () => {
    const kinds = await fleet.muster('get', 'resourcebindings', '-C', 'member1');
    expect([kinds.code, kinds.notes]).toEqual([1, 'cluster member1: it does not serve this kind\n']);
  });

  it('is no document', async () => {
    expect((await fleet.muster('get', 'deploy', '-w', '-o', 'json')).notes).toContain('--watch shows tables');
  });
});

describe('describe', () => {
  it('tells everything about an object in each cluster', async () => {
    const { code, out } = await fleet.muster('describe', 'deploy', 'web', '-C', 'member1,member2');
    expect(code).toBe(0);
    expect(out.match(/^Cluster: +member[12]$/gm)).toHaveLength(2);
    expect(out).toMatch(/^Name: +web$/m);
    expect(out).toMatch(/^ {2}Progress Deadline Seconds: +600$/m);
    expect(out).toMatch(/Normal +ScalingReplicaSet +\S+ +\d+ +deployment-controller +Scaled up replica set web-/);
    const quiet = await fleet.muster('describe', 'service', 'kubernetes', '-C', 'member1');
    expect(quiet.out).toMatch(/^Events: {2}<none>$/m);
  });

  it('tells what happened to it', async () => {
    const member = fleet.api('member1');
    const name = await podOf('member1');
    const pod = (await member.get({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name }))!;
    const { uid } = pod.metadata;
    await member.create({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'told', namespace: 'default' },
      involvedObject: { kind: 'Pod', name, namespace: 'default', uid },
      type: 'Warning',
      reason: 'Unwell',
      message: 'it looks pale',
      source: { component: 'doctor' },
      count: 3,
      lastTimestamp: '2026-11-20T10:00:00Z',
    });
    const { out } = await fleet.muster('describe', 'pod', name, '-C', 'member1');
    expect(out).toMatch(/Warning +Unwell +2026-11-20T10:00:00Z +3 +doctor +it looks pale/);
  });
});

describe('logs', () => {
  it('are those of the pod, where one cluster has it', async () => {
    const name = await podOf('member1');
    const { code, out } = await fleet.muster('logs', name, '-C', 'member1');
    expect([code, out]).toEqual([0, expect.stringContaining('a simulated container of')]);
    for (const cluster of ['member1', 'member2']) {
      await fleet.api(cluster).create({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'twin', namespace: 'default' },
        spec: { containers: [{ name: 'twin', image: 'twin' }] },
      });
    }
    expect((await fleet.muster('logs', 'twin')).notes).toContain('more than one cluster has it: choose with -C');
    expect((await fleet.muster('logs', 'nobody')).notes).toContain('no cluster that answers has a pod nobody');
    expect((await fleet.muster('logs', name, '-C', 'member1', '-c', 'other')).notes).toContain(
      'container other is not valid',
    );
  });

  it('may be the last lines alone, and there are none of a container that was never before', async () => {
    const pod = await podOf('member1');
    const last = async () => (await fleet.muster('logs', pod, '-C', 'member1', '--tail', '1')).out;
    await expect.poll(last, WAIT).toMatch(/^\S+ it is ready\n$/);
    const before = await fleet.muster('logs', pod, '-C', 'member1', '--previous');
    expect([before.code, before.notes]).toEqual([1, expect.stringContaining('previous terminated container')]);
  });

  it('go on until there is no more', async () => {
    const { code, out } = await fleet.muster('logs', await podOf('member2'), '-C', 'member2', '-f');
    expect([code, out]).toEqual([0, expect.stringContaining('a simulated container of')]);
  });
});

describe('exec', () => {
  it('runs a command in a pod, and ends as it ends', async () => {
    const good = await fleet.process('exec', 'real', '--', 'echo', 'good', 'morning');
    expect([good.code, good.out]).toEqual([0, 'good morning\n']);
    const bad = await fleet.process('exec', 'real', '-C', 'real', '--', 'nothing');
    expect([bad.code, bad.notes]).toEqual([127, 'nothing: not found\n']);
  });

  it('says where nothing can be run', async () => {
    const { code, notes } = await fleet.process('exec', await podOf('member1'), '-C', 'member1', '--', 'ls');
    expect([code, notes]).toEqual([1, expect.stringContaining('cluster member1: commands are not run there')]);
    expect((await fleet.muster('exec', 'real')).notes).toContain('stands behind "--"');
  });
});

describe('top', () => {
  it('tells what is used where it is measured', async () => {
    const nodes = await fleet.muster('top', 'nodes', '-C', 'real');
    expect(nodes.out.split('\n').map((line) => line.split(/ {2,}/).map((one) => one.trim()))).toEqual([
      ['CLUSTER', 'NAME', 'CPU(cores)', 'CPU%', 'MEMORY(bytes)', 'MEMORY%'],
      ['real', 'n1', '1500m', '38%', '2048Mi', '25%'],
      [''],
    ]);
    const pods = await fleet.muster('top', 'pods', '-C', 'real', '--sort-by', 'cpu');
    expect(pods.out).toMatch(/real +real +300m +128Mi\nreal +small +10m +16Mi\n/);
  });

  it('says which cluster does not measure', async () => {
    // There is nothing below this path of the stand-in.
    const spec = {
      syncMode: 'Pull',
      apiEndpoint: `${standIn.url}/bare`,
      secretRef: { namespace: 'default', name: 'real' },
    };
    const bare = { apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster', metadata: { name: 'bare' }, spec };
    await fleet.api('hub').create(bare);
    const { code, notes, out } = await fleet.muster('top', 'pods');
    expect(code).toBe(1);
    expect(notes).toContain('cluster bare: it has no metrics API');
    expect(out).toMatch(/member1 +web-/);
  });
});
