// Looking into many clusters through the hub: tables that go on, descriptions, logs, commands in pods, and what is used.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { HttpApi } from '../../executor/live/http-api.ts';
import { contextAddress } from '../../executor/members/kubeconfig.ts';
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
  (await fleet.muster('get', 'pods', '-l', 'app=web', '-C', cluster, '-o', 'name')).out
    .split('\n')[0]!
    .replace('pod/', '');

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

  it('takes kinds and names as kubectl does', async () => {
    const both = await fleet.muster('get', 'deploy/web', 'svc/kubernetes', '-C', 'member1,member2');
    expect(both.code).toBe(0);
    expect(both.out).toMatch(/^member1 +deployment\.apps\/web +\d\/\d/m);
    expect(both.out).toMatch(/\n\nCLUSTER +NAME +TYPE/);
    expect(both.out).toMatch(/^member2 +service\/kubernetes +ClusterIP/m);
    const several = await fleet.muster('get', 'deploy,svc', '-C', 'member1', '-o', 'name');
    expect(several.out).toBe('deployment.apps/web\nservice/kubernetes\n');
    const all = await fleet.muster('get', 'all', '-C', 'member1', '-l', 'app=web', '-o', 'name');
    expect(all.out).toMatch(/^(pod\/web-\S+\n){3}replicaset\.apps\/web-\S+\n$/);
    const missing = await fleet.muster('get', 'deploy', 'web', 'shop', '-C', 'member1');
    expect([missing.code, missing.notes]).toEqual([1, 'cluster member1: deployments.apps "shop" not found\n']);
    expect(missing.out).toMatch(/member1 +web /);
  });

  it.each([
    [['deploy', 'deploy/web'], 'there is no need to specify a resource type as a separate argument'],
    [['gadgets', '-C', 'member1'], 'the hub has no kind "gadgets", and no cluster that answers: member1 were asked'],
    [['deploy', 'web', '-A'], 'leave out -A or the name'],
    [['deploy/web', '-l', 'app=web'], 'leave out the name or --selector'],
    [['deploy,svc', '-w'], '--watch follows one kind'],
    [['pods', '--sort-by', '.nowhere', '-C', 'member1'], 'no object has a field .nowhere'],
  ])('refuses "%s"', async (words, why) => {
    const { code, out, notes } = await fleet.muster('get', ...words);
    expect([code, out, notes]).toEqual([1, '', expect.stringContaining(why)]);
  });

  it('is sorted by what is wanted', async () => {
    const { out } = await fleet.muster('get', 'nodes', '-C', 'member1,member2', '--sort-by', '.metadata.name');
    const rows = out.trimEnd().split('\n').slice(1);
    expect(rows.map((row) => row.split(/ +/).slice(0, 2).join(' ')).slice(0, 3)).toEqual([
      'member1 node-0',
      'member2 node-0',
      'member1 node-1',
    ]);
  });

  it('has kinds that only members know', async () => {
    const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
    await fleet.api('member2').create({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'toys.shop.example' },
      spec: {
        group: 'shop.example',
        names: { plural: 'toys', singular: 'toy', kind: 'Toy', shortNames: ['ty'] },
        scope: 'Cluster',
        versions: [{ name: 'v1', served: true, storage: true, schema }],
      },
    });
    await fleet.api('member2').forget();
    await fleet.api('member2').create({ apiVersion: 'shop.example/v1', kind: 'Toy', metadata: { name: 'bear' } });
    const { code, out } = await fleet.muster('get', 'ty', '-C', 'member2', '-o', 'name');
    expect([code, out]).toEqual([0, 'toy.shop.example/bear\n']);
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

  it('tells of several, and of all whose names begin so', async () => {
    const both = await fleet.muster('describe', 'deploy/web', 'svc/kubernetes', '-C', 'member1');
    expect(both.out.match(/^Kind: +\S+$/gm)).toEqual([
      expect.stringContaining('Deployment'),
      expect.stringContaining('Service'),
    ]);
    const begun = await fleet.muster('describe', 'pods', 'web-', '-C', 'member1,member2');
    expect([begun.code, begun.notes]).toEqual([0, '']);
    expect(begun.out.match(/^Name: +web-/gm)).toHaveLength(6);
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
    const both = () =>
      fleet.muster('logs', 'twin', '-C', 'member1,member2', '--tail', '1').then(({ out: lines }) => lines);
    await expect.poll(both, WAIT).toBe('[member1/twin/twin] it is ready\n[member2/twin/twin] it is ready\n');
    expect((await fleet.muster('logs', 'nobody')).notes).toContain('no cluster that answers has a pod nobody');
    expect((await fleet.muster('logs', name, '-C', 'member1', '-c', 'other')).notes).toContain(
      'container other is not valid',
    );
  });

  it('may be the last lines alone, and there are none of a container that was never before', async () => {
    const pod = await podOf('member1');
    const last = async () => (await fleet.muster('logs', pod, '-C', 'member1', '--tail', '1')).out;
    await expect.poll(last, WAIT).toBe('it is ready\n');
    const before = await fleet.muster('logs', pod, '-C', 'member1', '--previous');
    expect([before.code, before.notes]).toEqual([1, expect.stringContaining('previous terminated container')]);
  });

  it('are those of a workload, of one pod in each cluster or of all', async () => {
    const one = await fleet.muster('logs', 'deploy/web', '-C', 'member1,member2', '--tail', '1', '--timestamps');
    expect(one.code).toBe(0);
    expect(one.out).toMatch(
      /^\[member1\/web-\S+\/\S+\] \d{4}-\S+\.000000000Z it is ready\n\[member2\/web-\S+\] \S+ it is ready\n$/,
    );
    expect(one.notes).toMatch(/cluster member2: found 3 pods, using web-/);
    const all = await fleet.muster('logs', '-l', 'app=web', '-C', 'member1,member2', '--all-containers');
    expect(all.out.match(/ it is ready$/gm)).toHaveLength(6);
    const none = await fleet.muster('logs', 'svc/kubernetes', '-C', 'member1');
    expect([none.code, none.notes]).toEqual([1, expect.stringContaining('svc/kubernetes selects no pods')]);
    expect((await fleet.muster('logs', 'deploy/shop')).notes).toContain('no cluster that answers has deploy/shop');
    expect((await fleet.muster('logs', 'web', '-l', 'app=web')).notes).toContain('either a pod or a selector');
    const many = await fleet.muster('logs', '-f', '-l', 'app=web', '-C', 'member1', '--max-log-requests', '1');
    expect([many.code, many.notes]).toEqual([1, expect.stringContaining('--max-log-requests allows 1')]);
  });

  it('go on until the pods are gone', async () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'short' };
    const spec = { containers: [{ name: 'short', image: 'short' }], terminationGracePeriodSeconds: 0 };
    for (const cluster of ['member1', 'member2']) {
      await fleet.api(cluster).create({ ...pod, metadata: { name: 'short', namespace: 'default' }, spec });
    }
    const ready = async () =>
      (await fleet.muster('logs', 'short', '-C', 'member1,member2')).out.match(/ready$/gm)?.length;
    await expect.poll(ready, WAIT).toBe(2);
    const child = fleet.begin('logs', '-f', 'short', '-C', 'member1,member2');
    const done = ended(child);
    let seen = '';
    child.stdout!.on('data', (chunk) => (seen += String(chunk)));
    await expect.poll(() => seen.match(/ready$/gm)?.length, WAIT).toBe(2);
    for (const cluster of ['member1', 'member2']) await fleet.api(cluster).remove(pod);
    const { code, out } = await done;
    expect([code, out]).toEqual([0, expect.stringContaining('[member2/short/short] it is ready\n')]);
  });

  it('go on until they are interrupted, and nobody goes on listening then', async () => {
    const address = await contextAddress({ file: join(fleet.folder, 'kubeconfig'), context: 'member2' });
    const member = new HttpApi(address);
    const listening = async () => {
      const answer = await member.send({ method: 'GET', path: '/metrics' });
      return Number(/^apiserver_longrunning_requests (\d+)$/m.exec(answer.ok ? answer.text : '')?.[1]);
    };
    const before = await listening();
    const child = fleet.begin('logs', '-f', await podOf('member2'), '-C', 'member2');
    const done = ended(child);
    let seen = '';
    child.stdout!.on('data', (chunk) => (seen += String(chunk)));
    await expect.poll(() => seen, WAIT).toContain('it is ready\n');
    expect(await listening()).toBe(before + 1);
    child.kill('SIGINT');
    const { code, out } = await done;
    expect([code, out]).toEqual([130, 'a simulated container of shop/app:1 is started\nit is ready\n']);
    await expect.poll(listening, WAIT).toBe(before);
    member.close();
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
    expect([code, notes]).toEqual([
      1,
      expect.stringMatching(
        /cluster member1: commands are not run there: the containers of pod web-\S+ do not run for real/,
      ),
    ]);
    const several = await fleet.muster('exec', 'deploy/web', '--', 'ls');
    expect(several.notes).toContain('more than one cluster has it: choose with -C member1 or -C member2');
    const wrong = await fleet.muster('exec', 'deploy/web', '-C', 'member1', '-c', 'other', '--', 'ls');
    expect(wrong.notes).toMatch(/container other is not valid for pod web-\S+ of cluster member1: choose one of /);
    expect((await fleet.muster('exec', 'nobody', '--', 'ls')).notes).toContain(
      'no cluster that answers has a pod nobody',
    );
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

  it('takes short names, and one name or a selector', async () => {
    expect((await fleet.muster('top', 'no', 'node-0', '-C', 'member1')).out).toMatch(/member1 +node-0/);
    const both = await fleet.muster('top', 'po', 'web', '-l', 'app=web');
    expect([both.code, both.notes]).toEqual([1, expect.stringContaining('either one by its name or many')]);
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
