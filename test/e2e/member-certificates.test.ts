// Members whose certificate has ended, or whose hub shows one that has: the hub says which and since when, does what it does when
// a cluster is out of reach, and everything comes right with a good one, while nobody is started again.
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findCondition } from '../../engine/index.ts';
import { tokenAddress } from '../../executor/live/address.ts';
import { ApiObjects } from '../../executor/live/api-objects.ts';
import { HttpApi } from '../../executor/live/http-api.ts';
import {
  EMBEDDED_BEHAVIORS,
  EMBEDDED_NODES,
  type EmbeddedMember,
  startEmbedded,
} from '../../executor/members/embedded.ts';
import { contextAddress } from '../../executor/members/kubeconfig.ts';
import { makeTrouble } from '../../executor/members/trouble.ts';
import { deployment, policyFor } from '../builders/control-plane.ts';
import { type Authority, authorityAtHand, filesIn, putClient, putServing } from './certificates-at-hand.ts';
import { type Ended, muster, RunningFleet } from './running-fleet.ts';

const WAIT = { timeout: 90_000, interval: 250 };
const SECRET = { apiVersion: 'v1', kind: 'Secret', namespace: 'karmada-cluster', name: 'edge' };
const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default' };
const EXPIRED = / expired on \d{4}-\d\d-\d\dT[\d:]+Z$/;

let fleet: RunningFleet;
let folder = '';
let authority: Authority;
let edge: EmbeddedMember;
let edgeApi: ApiObjects;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-certificates-'));
  authority = await authorityAtHand();
  await putServing(folder, authority, true);
  const { authority: clientAuthorityFile, ...certificateFiles } = filesIn(folder);
  [fleet, edge] = await Promise.all([
    RunningFleet.start('--members', 'embedded:1'),
    startEmbedded({
      name: 'edge',
      nodes: EMBEDDED_NODES,
      behaviors: EMBEDDED_BEHAVIORS,
      certificateFiles,
      clientAuthorityFile,
    }),
  ]);
}, 60_000);

afterAll(async () => {
  edgeApi?.close();
  await Promise.all([fleet.end(), edge.close()]);
  await rm(folder, { recursive: true, force: true });
});

const edgeFile = (): string => join(folder, 'edge.kubeconfig');

const joins = (...words: string[]): Promise<Ended> =>
  muster(
    'join',
    'edge',
    '--kubeconfig',
    join(fleet.folder, 'kubeconfig'),
    '--context',
    'hub',
    '--cluster-kubeconfig',
    edgeFile(),
    ...words,
  );

const edgeCluster = () =>
  fleet.api('hub').get({ apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster', name: 'edge' });

async function taints(): Promise<readonly unknown[]> {
  const spec = (await edgeCluster())?.spec as { taints?: readonly unknown[] } | undefined;
  return spec?.taints ?? [];
}

async function ready() {
  const cluster = await edgeCluster();
  return findCondition((cluster?.status as { conditions?: never[] } | undefined)?.conditions, 'Ready');
}

const readiness = async (): Promise<string | undefined> => (await ready())?.status;
const why = async (): Promise<string | undefined> => (await ready())?.message;

const readyIn = async (api: ApiObjects, name: string): Promise<unknown> =>
  ((await api.get({ ...DEPLOYMENT, name }))?.status as { readyReplicas?: number } | undefined)?.readyReplicas;

async function toldOf(reason: string): Promise<readonly string[]> {
  const events = await fleet.api('hub').list({ apiVersion: 'v1', kind: 'Event' }, { namespace: 'default' });
  return events.flatMap((one) => {
    const { involvedObject, message } = one as unknown as { involvedObject: { name: string }; message: string };
    return one.reason === reason && involvedObject.name === 'edge' ? [message] : [];
  });
}

function shownBy({ hostname, port }: URL): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

/** Its server shows another certificate, and connections of before are no more. */
async function shows(by: Authority, isGood: boolean): Promise<void> {
  await putServing(folder, by, isGood);
  const wanted = new X509Certificate(readFileSync(filesIn(folder).certificate)).fingerprint256;
  await expect.poll(() => shownBy(new URL(edge.server)), WAIT).toBe(wanted);
  const { server, authority: issuer, token } = edge;
  const cut = await makeTrouble(tokenAddress({ server, authority: issuer, token, insecure: true }), {
    kind: 'cut',
    delayMs: 0,
  });
  cut.end();
}

const TOLERATES = {
  clusterTolerations: [
    { key: 'cluster.karmada.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
    { key: 'cluster.karmada.io/not-ready', operator: 'Exists', effect: 'NoSchedule' },
  ],
};
const ONE_OF_BOTH = {
  spreadConstraints: [{ spreadByField: 'cluster', minGroups: 1, maxGroups: 1 }],
  clusterAffinities: [
    { affinityName: 'first', clusterNames: ['edge'] },
    { affinityName: 'second', clusterNames: ['member1'] },
  ],
};

async function place(name: string, placement: object): Promise<void> {
  const web = deployment(name, 2);
  await fleet.api('hub').create(web);
  await fleet.api('hub').create(policyFor(web, placement));
}

describe("a member's certificate", () => {
  it('is one from files, and clients who trust its authority join with it', { timeout: 120_000 }, async () => {
    await putClient(authority, { file: edgeFile(), server: edge.server, user: 'fleet-admin', isGood: true });
    edgeApi = new ApiObjects(new HttpApi(await contextAddress({ file: edgeFile(), context: null })), 'edge');
    const { code, out, notes } = await joins();
    expect([code, out, notes]).toEqual([0, 'cluster(edge) has joined\n', '']);
    await place('stays', { clusterAffinity: { clusterNames: ['edge'] }, ...TOLERATES });
    await expect.poll(() => readyIn(edgeApi, 'stays'), WAIT).toBe(2);
    // Before that the other cluster would be the better one.
    await expect.poll(readiness, WAIT).toBe('True');
    await expect.poll(taints, WAIT).toEqual([]);
    await place('moves', ONE_OF_BOTH);
    await expect.poll(() => readyIn(edgeApi, 'moves'), WAIT).toBe(2);
  });

  it('has ended: the hub says so, and moves what may move as from any dead cluster', { timeout: 240_000 }, async () => {
    await shows(authority, false);
    await expect.poll(readiness, WAIT).toBe('False');
    const message = await why();
    expect(message).toMatch(EXPIRED);
    expect(message).toContain(`the certificate of ${edge.server} (CN=muster-hub, signed by CN=muster-ca-`);
    await expect.poll(() => toldOf('ClusterNotReachable'), WAIT).toEqual([message]);
    expect((await fleet.process('status', 'clusters')).out).toContain(message);
    await expect.poll(() => readyIn(fleet.api('member1'), 'moves'), WAIT).toBe(2);
    // The cluster itself is well.
    edgeApi.close();
    await expect
      .poll(async () => (await fleet.api('member1').get({ ...DEPLOYMENT, name: 'stays' })) === null)
      .toBe(true);
  });

  it('is of an authority that is not trusted: the hub says that instead', { timeout: 120_000 }, async () => {
    await shows(await authorityAtHand(), true);
    await expect.poll(why, WAIT).toContain('is signed by nobody who is trusted here');
    expect(await readiness()).toBe('False');
  });

  it('is good again: all is as it was wanted, and nothing was made anew', { timeout: 240_000 }, async () => {
    await place('meanwhile', { clusterAffinity: { clusterNames: ['edge'] }, ...TOLERATES });
    await shows(authority, true);
    await expect.poll(readiness, WAIT).toBe('True');
    edgeApi = new ApiObjects(new HttpApi(await contextAddress({ file: edgeFile(), context: null })), 'edge');
    await expect.poll(() => readyIn(edgeApi, 'meanwhile'), WAIT).toBe(2);
    expect((await edgeApi.get({ ...DEPLOYMENT, name: 'stays' }))?.metadata.generation).toBe(1);
    expect(await readyIn(edgeApi, 'stays')).toBe(2);
  });
});

describe('the client certificate that a hub shows to a member', () => {
  const client = (isGood: boolean) =>
    putClient(authority, { file: edgeFile(), server: edge.server, user: 'fleet-admin', isGood });
  const secretData = async () => (await fleet.api('hub').get(SECRET))!.data as Record<string, string>;

  it('takes the place of a token', { timeout: 120_000 }, async () => {
    expect((await joins('--with-certificate')).out).toBe('cluster(edge) has joined\n');
    expect(Object.keys(await secretData()).sort()).toEqual(['caBundle', 'tls.crt', 'tls.key']);
    await place('by-certificate', { clusterAffinity: { clusterNames: ['edge'] }, ...TOLERATES });
    await expect.poll(() => readyIn(edgeApi, 'by-certificate'), WAIT).toBe(2);
    const through = await fleet.process('get', 'deployments', '-C', 'edge', '-o', 'name');
    expect([through.code, through.out]).toEqual([0, expect.stringContaining('by-certificate')]);
  });

  it('has ended: nobody joins with it, and the hub says whose and since when', { timeout: 120_000 }, async () => {
    const good = await secretData();
    await client(false);
    const tried = await joins('--with-certificate');
    expect(tried.code).toBe(1);
    expect(tried.notes).toMatch(
      /the client certificate of O=system:masters, CN=fleet-admin|CN=fleet-admin, O=system:masters/,
    );
    expect(tried.notes.trim()).toMatch(EXPIRED);

    const { users } = JSON.parse(await readFile(edgeFile(), 'utf8'));
    const { 'client-certificate-data': cert, 'client-key-data': key } = users[0].user;
    await fleet.api('hub').merge(SECRET, { data: { 'tls.crt': cert, 'tls.key': key } });
    await expect.poll(readiness, WAIT).toBe('False');
    expect(await why()).toMatch(EXPIRED);
    await expect.poll(() => toldOf('ClusterNotReachable'), WAIT).toContain(await why());

    await fleet.api('hub').merge(SECRET, { data: good });
    await expect.poll(readiness, WAIT).toBe('True');
  });

  it('is renewed by joining again', { timeout: 120_000 }, async () => {
    const before = await secretData();
    await client(true);
    expect((await joins('--with-certificate')).code).toBe(0);
    expect((await secretData())['tls.crt']).not.toBe(before['tls.crt']);
    await place('renewed', { clusterAffinity: { clusterNames: ['edge'] }, ...TOLERATES });
    await expect.poll(() => readyIn(edgeApi, 'renewed'), WAIT).toBe(2);
  });
});
