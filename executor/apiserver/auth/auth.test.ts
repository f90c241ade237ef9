// Tests of tokens kept in secrets, bootstrap tokens, and roles made of roles.
import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { ObjectStore } from '../../../engine/index.ts';
import { type OpenHub, openHub } from '../open-hub.ts';

const START = Date.parse('2026-11-20T10:00:00Z');
const base64 = (text: string) => Buffer.from(text).toString('base64');
const textOf = (data: unknown) => Buffer.from(String(data), 'base64').toString('utf8');

let now: number;
let hub: OpenHub;

function ask(method: string, path: string, body: unknown = null, token = 'admin') {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const text = new TextEncoder().encode(body === null ? '' : JSON.stringify(body));
  const answer = hub.answer(
    { method, path, query: new URLSearchParams(), headers, body: text },
    { headers, certificate: null },
  );
  if (answer.kind !== 'body') throw new Error('a body is expected');
  hub.housekeeping.settle();
  return { status: answer.status, body: JSON.parse(String(answer.body)) };
}

beforeEach(() => {
  now = START;
  let drawn = 0;
  hub = openHub({
    store: new ObjectStore(),
    now: () => now,
    uid: () => {
      drawn += 1;
      return `uid-${drawn}`;
    },
    draw: () => 0,
    tokens: new Map([['admin', { name: 'admin', uid: '', groups: ['system:masters'], extra: {} }]]),
    secret: new Uint8Array(32),
    rootCertificate: 'the certificate',
    address: '127.0.0.1:1',
  });
});

const WHOAMI = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
const whoami = (token: string) =>
  ask('POST', WHOAMI, { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }, token);

describe('a secret for a service account', () => {
  const SECRETS = '/api/v1/namespaces/default/secrets';
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'bot-token', annotations: { 'kubernetes.io/service-account.name': 'bot' } },
    type: 'kubernetes.io/service-account-token',
  };
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'bot' } };
  const tokenOf = () => textOf(ask('GET', `${SECRETS}/bot-token`).body.data?.token);

  it('is given a token that holds as long as the secret', () => {
    ask('POST', '/api/v1/namespaces/default/serviceaccounts', account);
    ask('POST', SECRETS, secret);
    const { data, metadata } = ask('GET', `${SECRETS}/bot-token`).body;
    expect(textOf(data.namespace)).toBe('default');
    expect(textOf(data['ca.crt'])).toBe('the certificate');
    expect(metadata.annotations['kubernetes.io/service-account.uid']).toMatch(/^uid-/);
    const token = textOf(data.token);
    expect(whoami(token).body.status.userInfo.username).toBe('system:serviceaccount:default:bot');
    now += 100 * 365 * 24 * 3_600_000;
    expect(whoami(token).status).toBe(201);
    ask('DELETE', `${SECRETS}/bot-token`);
    expect(whoami(token).status).toBe(401);
    ask('POST', SECRETS, secret);
    expect(whoami(token).status).toBe(401);
    expect(whoami(tokenOf()).status).toBe(201);
  });

  it('waits for its account, and goes with it', () => {
    ask('POST', SECRETS, secret);
    expect(ask('GET', `${SECRETS}/bot-token`).body.data).toBeUndefined();
    ask('POST', '/api/v1/namespaces/default/serviceaccounts', account);
    const token = tokenOf();
    expect(whoami(token).status).toBe(201);
    ask('DELETE', '/api/v1/namespaces/default/serviceaccounts/bot');
    expect(ask('GET', `${SECRETS}/bot-token`).status).toBe(404);
    ask('POST', '/api/v1/namespaces/default/serviceaccounts', account);
    expect(whoami(token).status).toBe(401);
  });
});

it('is refused, and not taken for anonymous, with more behind it', () => {
  expect(whoami('no such token').status).toBe(401);
});

describe('a bootstrap token', () => {
  const SECRETS = '/api/v1/namespaces/kube-system/secrets';
  const secret = (more: Record<string, string> = {}) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'bootstrap-token-abc123' },
    type: 'bootstrap.kubernetes.io/token',
    data: Object.fromEntries(
      Object.entries({
        'token-id': 'abc123',
        'token-secret': '0123456789abcdef',
        'usage-bootstrap-authentication': 'true',
        'usage-bootstrap-signing': 'true',
        'auth-extra-groups': 'system:bootstrappers:members',
        expiration: '2026-11-20T11:00:00Z',
        ...more,
      }).map(([key, value]) => [key, base64(value)]),
    ),
  });
  const TOKEN = 'abc123.0123456789abcdef';

  it('speaks for a newcomer until its end, and goes then', () => {
    ask('POST', SECRETS, secret());
    expect(whoami(TOKEN).body.status.userInfo).toMatchObject({
      username: 'system:bootstrap:abc123',
      groups: ['system:bootstrappers', 'system:bootstrappers:members', 'system:authenticated'],
    });
    expect(whoami('abc123.0123456789abcdeF').status).toBe(401);
    expect(whoami('abc124.0123456789abcdef').status).toBe(401);
    now += 3_600_000;
    expect(whoami(TOKEN).status).toBe(401);
    hub.housekeeping.forgetExpiredTokens();
    expect(ask('GET', `${SECRETS}/bootstrap-token-abc123`).status).toBe(404);
  });

  it.each([
    { 'usage-bootstrap-authentication': 'false' },
    { 'auth-extra-groups': 'system:masters' },
    { 'token-id': 'other1' },
    { expiration: 'some day' },
  ])('is worth nothing with %j', (more) => {
    ask('POST', SECRETS, secret(more as unknown as Record<string, string>));
    expect(whoami(TOKEN).status).toBe(401);
  });

  it('signs what newcomers are told, as often as that or the tokens change', () => {
    const MAPS = '/api/v1/namespaces/kube-public/configmaps';
    const info = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'cluster-info' },
      data: { kubeconfig: 'one' },
    };
    const signatures = () => ask('GET', `${MAPS}/cluster-info`).body.data;
    ask('POST', MAPS, info);
    expect(signatures()).toEqual({ kubeconfig: 'one' });
    ask('POST', SECRETS, secret());
    const signature = String(signatures()['jws-kubeconfig-abc123']);
    const [head, content, signed] = signature.split('.');
    expect(content).toBe('');
    expect(JSON.parse(Buffer.from(head!, 'base64url').toString())).toEqual({ alg: 'HS256', kid: 'abc123' });
    const whole = `${head}.${Buffer.from('one').toString('base64url')}`;
    expect(signed).toBe(createHmac('sha256', TOKEN).update(whole).digest('base64url'));
    ask('PUT', `${MAPS}/cluster-info`, { ...info, data: { kubeconfig: 'two' } });
    expect(signatures()['jws-kubeconfig-abc123']).not.toBe(signature);
    ask('DELETE', `${SECRETS}/bootstrap-token-abc123`);
    expect(signatures()).toEqual({ kubeconfig: 'two' });
  });
});

describe('a role made of roles', () => {
  const ROLES = '/apis/rbac.authorization.k8s.io/v1/clusterroles';
  const role = (name: string, resource: string, labels: object = { 'to-whole': 'true' }) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name, labels },
    rules: [{ apiGroups: [''], resources: [resource], verbs: ['get'] }],
  });

  it('has the rules of those that its selectors find', () => {
    const whole = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'whole' },
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { 'to-whole': 'true' } }] },
    };
    const resources = () =>
      (ask('GET', `${ROLES}/whole`).body.rules ?? []).flatMap((rule: { resources: string[] }) => rule.resources);
    ask('POST', ROLES, role('a', 'pods'));
    ask('POST', ROLES, role('other', 'nodes', {}));
    ask('POST', ROLES, whole);
    expect(resources()).toEqual(['pods']);
    ask('POST', ROLES, role('b', 'secrets'));
    expect(resources()).toEqual(['pods', 'secrets']);
    ask('DELETE', `${ROLES}/a`);
    expect(resources()).toEqual(['secrets']);
  });
});
