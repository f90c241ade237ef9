// A cluster that nobody knows registers with a bootstrap token: it learns whom to believe, gets a certificate by rule, is served by an
// agent that renews it, and the token opens nothing else.
import { type ChildProcess, spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findCondition } from '../../engine/index.ts';
import { tokenAddress } from '../../executor/live/address.ts';
import { HttpApi } from '../../executor/live/http-api.ts';
import { contextAddress } from '../../executor/members/kubeconfig.ts';
import { deployment, policyFor } from '../builders/control-plane.ts';
import { type Ended, RunningFleet } from './running-fleet.ts';
import { untilSaid } from './until-said.ts';

const CLI = fileURLToPath(new URL('../../cli.ts', import.meta.url));
const WAIT = { timeout: 75_000, interval: 250 };
const INFO = '/api/v1/namespaces/kube-public/configmaps/cluster-info';

let fleet: RunningFleet;
/** Its members are the clusters that register; its own hub minds nothing of this. */
let elsewhere: RunningFleet;
let stranger: HttpApi;
const agents: ChildProcess[] = [];

beforeAll(async () => {
  [fleet, elsewhere] = await Promise.all([
    RunningFleet.start('--members', 'embedded:1'),
    RunningFleet.start('--members', 'embedded:2'),
  ]);
  const { server, authority } = await hubAddress();
  stranger = new HttpApi({ server, authority, insecure: false, certificate: null, headers: async () => ({}) });
}, 90_000);

afterAll(async () => {
  await Promise.all(agents.map(ending));
  stranger.close();
  await Promise.all([fleet.end(), elsewhere.end()]);
});

async function ending(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'close');
  child.kill('SIGTERM');
  await gone;
}

const hubAddress = () => contextAddress({ file: join(fleet.folder, 'kubeconfig'), context: 'hub' });
const agentFile = () => join(fleet.folder, 'edge-agent.kubeconfig');
const ways = (context: string) => elsewhere.clusterWords(context);

async function status(path: string): Promise<number> {
  const answer = await stranger.send({ method: 'GET', path });
  return answer.ok ? answer.status : 0;
}

const cluster = (name: string) =>
  fleet.api('hub').get({ apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster', name });

async function readiness(): Promise<string | undefined> {
  const found = (await cluster('edge')) as { status?: { conditions?: never[] } } | null;
  return findCondition(found?.status?.conditions, 'Ready')?.status;
}

const readyIn = async (name: string): Promise<unknown> => {
  const found = await elsewhere
    .api('member1')
    .get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name });
  return (found?.status as { readyReplicas?: number } | undefined)?.readyReplicas;
};

async function newToken(...words: string[]): Promise<string> {
  const { code, out } = await fleet.process('token', 'create', ...words);
  expect(code).toBe(0);
  return out.trim();
}

const registers = (words: readonly string[], ...more: string[]): Promise<Ended> =>
  fleet.process('register', ...words, '--agent-kubeconfig-out', agentFile(), ...more);

describe('a bootstrap token', () => {
  it('opens one ConfigMap to strangers, for as long as there is one', { timeout: 60_000 }, async () => {
    expect(await status(INFO)).toBe(403);
    const token = await newToken('--ttl', '2h', '--description', 'for a while');
    expect(token).toMatch(/^[a-z0-9]{6}\.[a-z0-9]{16}$/);
    await expect.poll(() => status(INFO), WAIT).toBe(200);
    expect(await status('/api/v1/namespaces/kube-public/configmaps')).toBe(403);
    expect(await status('/api/v1/namespaces/kube-system/secrets')).toBe(403);
    const { out } = await fleet.process('token', 'list');
    expect(out).toMatch(
      new RegExp(`^TOKEN .*\\n${token} +(2h|1h59m\\d+s) +\\S+Z +signing,authentication +for a while\\n$`),
    );
    expect((await fleet.process('token', 'delete', token)).out).toBe(`token ${token.slice(0, 6)} deleted\n`);
    await expect.poll(() => status(INFO), WAIT).toBe(403);
    expect((await fleet.process('token', 'delete', token)).notes).toContain(
      `the hub has no token ${token.slice(0, 6)}`,
    );
  });

  it('may ask for a certificate and nothing else', { timeout: 60_000 }, async () => {
    const { server, authority } = await hubAddress();
    const newcomer = new HttpApi(tokenAddress({ server: server.href, authority, token: await newToken() }));
    const paths = ['/api/v1/namespaces/kube-system/secrets', '/apis/cluster.karmada.io/v1alpha1/clusters'];
    for (const path of [...paths, '/apis/certificates.k8s.io/v1/certificatesigningrequests']) {
      expect(await newcomer.send({ method: 'GET', path })).toMatchObject({ ok: true, status: 403 });
    }
    newcomer.close();
  });
});

describe('a cluster that registers with it', () => {
  let words: string[] = [];

  it('believes no hub but the one that was named', { timeout: 90_000 }, async () => {
    const printed = await newToken('--print-register-command');
    expect(printed).toMatch(
      /^muster register 127\.0\.0\.1:\d+ --token \S{23} --discovery-token-ca-cert-hash sha256:[0-9a-f]{64}$/,
    );
    words = [...printed.split(' ').slice(2), '--cluster-name', 'edge', ...ways('member1')];
    const unpinned = words.filter((word) => !word.includes('sha256:') && word !== '--discovery-token-ca-cert-hash');
    expect((await registers(unpinned)).notes).toContain('--discovery-token-ca-cert-hash is missing');
    const otherPin = words.map((word) => word.replace(/sha256:.*/, `sha256:${'0'.repeat(64)}`));
    expect((await registers(otherPin)).notes).toMatch(
      /has another authority than --discovery-token-ca-cert-hash names: sha256:/,
    );
    const otherSecret = words.map((word) => word.replace(/^([a-z0-9]{6})\.[a-z0-9]{16}$/, '$1.0123456789abcdef'));
    expect((await registers(otherSecret)).notes).toContain('was not signed with the token');
    expect(await cluster('edge')).toBeNull();
  });

  it('gets a certificate for its agent, for its owner alone', { timeout: 90_000 }, async () => {
    const tried = await registers(words, '--dry-run');
    expect([tried.code, tried.out, await cluster('edge')]).toEqual([
      0,
      'cluster(edge) would register (dry run)\n',
      null,
    ]);
    const done = await registers(words, '--cluster-region', 'eu', '--cert-expiration-seconds', '7200');
    expect([done.code, done.out]).toEqual([0, 'cluster(edge) has registered\n']);
    expect(statSync(agentFile()).mode & 0o777).toBe(0o600);
    expect((await cluster('edge'))?.spec).toMatchObject({ syncMode: 'Pull', region: 'eu' });
    expect(ownCertificate().subject).toBe('O=system:karmada:agents\nCN=system:karmada:agent:edge');
  });

  it('keeps its name: who has a token alone does not get its certificate', { timeout: 60_000 }, async () => {
    const thief = [...words.slice(0, words.indexOf('--cluster-kubeconfig')), ...ways('member2')];
    const file = join(fleet.folder, 'thief.kubeconfig');
    const { code, notes } = await fleet.process(
      'register',
      ...thief,
      '--agent-kubeconfig-out',
      file,
      '--discovery-timeout',
      '5s',
    );
    expect([code, notes]).toEqual([1, expect.stringContaining('kubectl certificate approve agent-edge-')]);
    expect(notes).toContain('nobody has approved');
  });

  it('is served by its agent, which renews its certificate and goes on', { timeout: 180_000 }, async () => {
    const agentWords = ['agent', 'edge', '--hub-kubeconfig', agentFile(), ...ways('member1')];
    const begin = (...more: string[]): ChildProcess => {
      const child = spawn(process.execPath, ['--import', 'tsx', CLI, ...agentWords, ...more], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      agents.push(child);
      return child;
    };
    const web = deployment('web', 2);
    await fleet.api('hub').create(web);
    await fleet.api('hub').create(policyFor(web, { clusterAffinity: { clusterNames: ['edge'] } }));
    const before = ownCertificate().serialNumber;
    const first = begin('--cert-rotation-remaining-time-threshold', '1');
    const said = await untilSaid(first, 'its certificate is renewed');
    expect(said.join('\n')).not.toContain('is not renewed');
    expect(ownCertificate().serialNumber).not.toBe(before);
    expect(statSync(agentFile()).mode & 0o777).toBe(0o600);
    await expect.poll(readiness, WAIT).toBe('True');
    await expect.poll(() => readyIn('web'), WAIT).toBe(2);
    await ending(first);
    const renewed = ownCertificate().serialNumber;
    const second = begin();
    await untilSaid(second, 'serves cluster edge');
    await fleet.api('hub').merge({ ...WEB, name: 'web' }, { spec: { replicas: 3 } });
    await expect.poll(() => readyIn('web'), WAIT).toBe(3);
    expect(ownCertificate().serialNumber).toBe(renewed);
  });
});

const WEB = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default' };

function ownCertificate(): X509Certificate {
  const { users } = JSON.parse(readFileSync(agentFile(), 'utf8'));
  return new X509Certificate(Buffer.from(users[0].user['client-certificate-data'], 'base64'));
}
