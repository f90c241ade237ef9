import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ObjectStore } from '../../../engine/index.ts';
import { MASTERS } from '../auth/rbac.ts';
import { makeAuthority } from '../authority.ts';
import { makeRequest } from '../certificates/make-request.ts';
import { type OpenHub, openHub } from '../open-hub.ts';
import { servedKinds } from '../resources/karmada-definitions.ts';
import { AGENTS, agentUser, NEWCOMERS } from './agent-names.ts';

const NOW = Date.parse('2026-11-20T10:00:00Z');
const REQUESTS = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
const CLUSTERS = '/apis/cluster.karmada.io/v1alpha1/clusters';
const USAGES = ['digital signature', 'client auth'];

type Credentials = Parameters<OpenHub['answer']>[1]['certificate'];

const ADMIN: Credentials = { commonName: 'admin', organizations: [MASTERS] };
const NEWCOMER: Credentials = {
  commonName: 'system:bootstrap:abcdef',
  organizations: ['system:bootstrappers', NEWCOMERS],
};
const agentOf = (cluster: string): Credentials => ({ commonName: agentUser(cluster), organizations: [AGENTS] });

let hub: OpenHub;

beforeEach(async () => {
  const authority = await makeAuthority(NOW);
  let drawn = 0;
  hub = openHub({
    store: new ObjectStore(),
    now: () => NOW,
    uid: () => {
      drawn += 1;
      return `uid-${drawn}`;
    },
    draw: () => 0,
    served: servedKinds(),
    tokens: new Map(),
    secret: new Uint8Array(32),
    rootCertificate: authority.certificate,
    signing: authority,
    address: '127.0.0.1:1',
  });
});

afterEach(() => hub.housekeeping.close());

/** The answer, or why there is none. */
function ask(
  certificate: Credentials,
  method: string,
  path: string,
  body?: object,
): Record<string, never> & { message?: string } {
  const headers = { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' };
  const text = new TextEncoder().encode(body === undefined ? '' : JSON.stringify(body));
  const request = { method, path, query: new URLSearchParams(), headers, body: text };
  try {
    const answer = hub.answer(request, { headers, certificate });
    if (answer.kind !== 'body') throw new Error('a body is expected');
    return JSON.parse(String(answer.body));
  } catch (error) {
    return { message: (error as Error).message } as never;
  } finally {
    hub.housekeeping.settle();
  }
}

interface Asked {
  readonly user?: string;
  readonly groups?: readonly string[];
  readonly usages?: readonly string[];
  readonly signerName?: string;
}

/** What became of a request: approved and signed, or waiting. */
function outcome(by: Credentials, asked: Asked = {}): string {
  const { user = agentUser('edge'), groups = [AGENTS], usages = USAGES } = asked;
  const { signerName = 'kubernetes.io/kube-apiserver-client' } = asked;
  const request = Buffer.from(makeRequest(user, groups).request).toString('base64');
  const spec = { request, signerName, usages, expirationSeconds: 3600 };
  const kind = { apiVersion: 'certificates.k8s.io/v1', kind: 'CertificateSigningRequest' };
  const made = ask(by, 'POST', REQUESTS, { ...kind, metadata: { name: 'asked' }, spec });
  if (made.message !== undefined) return made.message;
  const { status } = ask(ADMIN, 'GET', `${REQUESTS}/asked`) as {
    status?: { conditions?: { reason: string }[]; certificate?: string };
  };
  ask(ADMIN, 'DELETE', `${REQUESTS}/asked`);
  return `${status?.conditions?.map(({ reason }) => reason).join() ?? 'waits'}${status?.certificate === undefined ? '' : ', signed'}`;
}

const cluster = (name: string, spec: object = { syncMode: 'Pull' }) => ({
  apiVersion: 'cluster.karmada.io/v1alpha1',
  kind: 'Cluster',
  metadata: { name },
  spec,
});

describe("requests for agents' certificates", () => {
  it('are approved for newcomers, and for agents that renew theirs', () => {
    expect(outcome(NEWCOMER)).toBe('AutoApproved, signed');
    ask(ADMIN, 'POST', CLUSTERS, cluster('edge'));
    expect(outcome(agentOf('edge'))).toBe('AutoApproved, signed');
  });

  it.each<[string, Asked]>([
    ['somebody else', { user: 'admin' }],
    ['more than an agent', { groups: [AGENTS, 'ops'] }],
    ['nobody in particular', { user: agentUser('') }],
    ['a cluster that cannot be', { user: agentUser('Edge/../x') }],
    ['a server', { usages: [...USAGES, 'server auth'] }],
    ['another signer', { signerName: 'example.com/signer' }],
  ])('wait for somebody who looks when they are for %s', (_, asked) => {
    expect(outcome(NEWCOMER, asked)).toBe('waits');
  });

  it('wait when the name is taken, or when they are for another agent', () => {
    outcome(NEWCOMER, { user: agentUser('other') });
    ask(ADMIN, 'POST', CLUSTERS, cluster('edge'));
    expect(outcome(NEWCOMER)).toBe('waits');
    expect(outcome(agentOf('other'), { user: agentUser('third') })).toBe('waits');
  });

  it('are not for everybody', () => {
    expect(outcome({ commonName: 'pat', organizations: ['crew'] })).toContain('cannot create resource');
  });
});

describe('an agent', () => {
  beforeEach(() => {
    outcome(NEWCOMER);
  });

  it('says that its cluster is there, and how it is', () => {
    expect(ask(agentOf('edge'), 'POST', CLUSTERS, cluster('edge')).message).toBeUndefined();
    const status = { status: { kubernetesVersion: 'v1.36.0' } };
    expect(ask(agentOf('edge'), 'PATCH', `${CLUSTERS}/edge/status`, status)).toMatchObject(status);
    expect(ask(agentOf('edge'), 'PATCH', `${CLUSTERS}/edge`, { spec: { region: 'eu' } })).toMatchObject({
      spec: { region: 'eu' },
    });
  });

  it('speaks for no other cluster', () => {
    expect(ask(agentOf('edge'), 'POST', CLUSTERS, cluster('other')).message).toContain(
      'the agent of edge speaks for no other',
    );
  });

  it('may hold the Lease by which agents of its cluster agree, and no other', () => {
    const leases = '/apis/coordination.k8s.io/v1/namespaces/karmada-system/leases';
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' };
    const own = ask(agentOf('edge'), 'GET', `${leases}/karmada-agent-edge`);
    const held = { ...own, spec: { holderIdentity: 'me', leaseDurationSeconds: 15 } };
    expect(ask(agentOf('edge'), 'PUT', `${leases}/karmada-agent-edge`, held)).toMatchObject({
      spec: { holderIdentity: 'me' },
    });
    ask(ADMIN, 'POST', leases, { ...lease, metadata: { name: 'karmada-controller-manager' } });
    const plane = ask(ADMIN, 'GET', `${leases}/karmada-controller-manager`);
    for (const refused of [
      ask(agentOf('edge'), 'GET', leases),
      ask(agentOf('edge'), 'GET', `${leases}/karmada-controller-manager`),
      ask(agentOf('edge'), 'PUT', `${leases}/karmada-controller-manager`, plane),
      ask(agentOf('edge'), 'POST', leases, { ...lease, metadata: { name: 'karmada-scheduler' } }),
      ask(agentOf('edge'), 'DELETE', `${leases}/karmada-agent-edge`),
    ]) {
      expect(refused.message).toContain('system:karmada:agent:edge" cannot');
    }
  });

  it('gets what it may do now and might not before with its next certificate', () => {
    ask(agentOf('edge'), 'POST', CLUSTERS, cluster('edge'));
    const roles = '/apis/rbac.authorization.k8s.io/v1/namespaces/karmada-system/roles';
    const path = '/apis/coordination.k8s.io/v1/namespaces/karmada-system/leases/karmada-agent-edge';
    ask(ADMIN, 'DELETE', path);
    ask(ADMIN, 'DELETE', `${roles}/${agentUser('edge')}`);
    expect(ask(agentOf('edge'), 'GET', path).message).toContain('cannot get resource');
    expect(outcome(agentOf('edge'))).toBe('AutoApproved, signed');
    expect(ask(agentOf('edge'), 'GET', path).metadata).toMatchObject({ name: 'karmada-agent-edge' });
  });

  it('does not send the hub anywhere with a Secret', () => {
    const secretRef = { namespace: 'karmada-cluster', name: 'member1' };
    const push = { syncMode: 'Push', apiEndpoint: 'https://here.example', secretRef };
    expect(ask(agentOf('edge'), 'POST', CLUSTERS, cluster('edge', push)).message).toContain('must be Pull');
    ask(agentOf('edge'), 'POST', CLUSTERS, cluster('edge'));
    for (const [field, value] of Object.entries({ ...push, syncMode: undefined, impersonatorSecretRef: secretRef })) {
      if (value === undefined) continue;
      const answer = ask(agentOf('edge'), 'PATCH', `${CLUSTERS}/edge`, { spec: { [field]: value } });
      expect(answer.message).toContain(`an agent may not set spec.${field}`);
    }
    const account: Credentials = {
      commonName: 'system:serviceaccount:karmada-cluster:karmada-agent-edge',
      organizations: [MASTERS],
    };
    expect(ask(account, 'PATCH', `${CLUSTERS}/edge`, { spec: { syncMode: 'Push' } }).message).toContain('must be Pull');
    expect(ask(ADMIN, 'PATCH', `${CLUSTERS}/edge`, { spec: { secretRef } })).toMatchObject({ spec: { secretRef } });
  });
});
