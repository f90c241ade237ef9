// Who gets in, as whom, and how far: tokens, certificates, accounts with an end, roles, and acting for others.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeAuthority, makeClient, type ServerIdentity } from '../../executor/apiserver/authority.ts';
import { type AttackedHub, asAdmin, type Call, call, PAT, startAttacked } from './attacked-hub.ts';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const REVIEWS = '/apis/authentication.k8s.io/v1/selfsubjectreviews';

let hub: AttackedHub;

beforeAll(async () => {
  hub = await startAttacked();
});

afterAll(() => hub.server.close());

async function certificateFor(name: string, groups: readonly string[], authority: ServerIdentity['authority']) {
  const { certificate, key } = await makeClient(authority, name, groups, Date.now());
  return { cert: certificate, key };
}

async function whoAmI(options: Call): Promise<{ username?: string; groups?: string[]; uid?: string }> {
  const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  const { status, body } = await call(hub, 'POST', REVIEWS, { ...options, body: review });
  return status === 201 ? JSON.parse(body).status.userInfo : { username: `refused with ${status}` };
}

const rule = (verbs: string[], resources: string[], extra: object = {}) => ({
  apiGroups: [''],
  verbs,
  resources,
  ...extra,
});

async function allow(name: string, rules: readonly object[], kind: 'User' | 'Group' = 'User', subject = 'pat') {
  const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name }, rules };
  expect((await asAdmin(hub, 'POST', `${RBAC}/clusterroles`, role)).status).toBe(201);
  const binding = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind, name: subject }],
  };
  expect((await asAdmin(hub, 'POST', `${RBAC}/clusterrolebindings`, binding)).status).toBe(201);
}

describe('a stranger', () => {
  it.each(['/healthz', '/livez', '/readyz', '/version'])('may ask for %s', async (path) => {
    expect((await call(hub, 'GET', path)).status).toBe(200);
  });

  it.each(['/', '/api', '/apis', '/metrics', '/openapi/v2', '/openapi/v3', '/api/v1/namespaces', '/api/v1/secrets'])(
    'may not ask for %s',
    async (path) => {
      expect((await call(hub, 'GET', path)).status).toBe(403);
    },
  );

  it.each(['nonsense', 'a.b.c', '', `${PAT}x`])('with the token "%s" is refused, health included', async (token) => {
    if (token === '') return;
    expect((await call(hub, 'GET', '/api/v1/namespaces', { token })).status).toBe(401);
    expect((await call(hub, 'GET', '/healthz', { token })).status).toBe(401);
  });
});

describe('a certificate', () => {
  it('of the own authority says who it is', async () => {
    const tls = await certificateFor('carla', ['ops', 'night-shift'], hub.identity.authority);
    const me = await whoAmI({ tls });
    expect(me.username).toBe('carla');
    expect(me.groups).toEqual(expect.arrayContaining(['ops', 'night-shift', 'system:authenticated']));
  });

  it('of another authority is refused', async () => {
    const tls = await certificateFor('admin', ['system:masters'], await makeAuthority(Date.now()));
    expect((await call(hub, 'GET', '/api/v1/secrets', { tls })).status).toBe(401);
  });

  it('of the own authority says nothing any more when it has ended', async () => {
    const later = await startAttacked();
    try {
      const tls = await certificateFor('admin', ['system:masters'], later.identity.authority);
      expect((await call(later, 'GET', '/api/v1/secrets', { tls })).status).toBe(200);
      later.pass(366 * 24 * 3_600_000);
      expect((await call(later, 'GET', '/api/v1/secrets', { tls })).status).toBe(401);
    } finally {
      await later.server.close();
    }
  });

  it('of the server itself is no key', async () => {
    const tls = { key: hub.identity.key, cert: hub.identity.certificate };
    expect((await call(hub, 'GET', '/api/v1/secrets', { tls })).status).toBe(401);
  });
});

describe("a service account's token", () => {
  const ACCOUNTS = '/api/v1/namespaces/default/serviceaccounts';
  const account = (name: string) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } });

  async function tokenOf(name: string, seconds: number): Promise<string> {
    const request = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: seconds },
    };
    const { body } = await asAdmin(hub, 'POST', `${ACCOUNTS}/${name}/token`, request);
    return JSON.parse(body).status.token;
  }

  it('speaks for the account, until its time is up', async () => {
    await asAdmin(hub, 'POST', ACCOUNTS, account('timed'));
    const token = await tokenOf('timed', 600);
    expect((await whoAmI({ token })).username).toBe('system:serviceaccount:default:timed');
    hub.pass(601_000);
    expect((await whoAmI({ token })).username).toBe('refused with 401');
  });

  it('dies with the account, even if one of the same name follows', async () => {
    await asAdmin(hub, 'POST', ACCOUNTS, account('mortal'));
    const token = await tokenOf('mortal', 3600);
    expect((await asAdmin(hub, 'DELETE', `${ACCOUNTS}/mortal`)).status).toBe(200);
    await asAdmin(hub, 'POST', ACCOUNTS, account('mortal'));
    expect((await whoAmI({ token })).username).toBe('refused with 401');
  });

  it('cannot be rewritten', async () => {
    await asAdmin(hub, 'POST', ACCOUNTS, account('honest'));
    const [head, body, signature] = (await tokenOf('honest', 3600)).split('.') as [string, string, string];
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
    const grown = Buffer.from(JSON.stringify({ ...claims, exp: claims.exp + 1e9 })).toString('base64url');
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url');
    for (const token of [`${head}.${grown}.${signature}`, `${none}.${body}.`, `${none}.${body}.${signature}`]) {
      expect((await whoAmI({ token })).username).toBe('refused with 401');
    }
  });
});

describe('roles', () => {
  it('open what they name, and nothing beside it', async () => {
    await allow('reads-one-map', [rule(['get'], ['configmaps'], { resourceNames: ['kube-root-ca.crt'] })]);
    const get = async (path: string) => (await call(hub, 'GET', path, { token: PAT })).status;
    expect(await get('/api/v1/namespaces/default/configmaps/kube-root-ca.crt')).toBe(200);
    expect(await get('/api/v1/namespaces/default/configmaps/other')).toBe(403);
    expect(await get('/api/v1/namespaces/default/configmaps')).toBe(403);
    expect(await get('/api/v1/namespaces/default/secrets/kube-root-ca.crt')).toBe(403);
    expect(
      (await call(hub, 'DELETE', '/api/v1/namespaces/default/configmaps/kube-root-ca.crt', { token: PAT })).status,
    ).toBe(403);
  });

  it('open paths that are no resources', async () => {
    expect((await call(hub, 'GET', '/metrics', { token: PAT })).status).toBe(403);
    await allow('reads-metrics', [{ verbs: ['get'], nonResourceURLs: ['/metrics'] }], 'Group', 'crew');
    expect((await call(hub, 'GET', '/metrics', { token: PAT })).status).toBe(200);
    expect((await call(hub, 'GET', '/metrics/x', { token: PAT })).status).toBe(403);
  });

  it('cannot be given away by those who do not hold them', async () => {
    await allow('writes-roles', [
      {
        apiGroups: ['rbac.authorization.k8s.io'],
        resources: ['clusterroles', 'clusterrolebindings'],
        verbs: ['create'],
      },
    ]);
    const greedy = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'greedy' },
      rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }],
    };
    expect((await call(hub, 'POST', `${RBAC}/clusterroles`, { token: PAT, body: greedy })).status).toBe(403);
    const binding = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'greedy' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'pat' }],
    };
    expect((await call(hub, 'POST', `${RBAC}/clusterrolebindings`, { token: PAT, body: binding })).status).toBe(403);
  });

  it('are told by SelfSubjectAccessReview as they are enforced', async () => {
    const may = async (attributes: object) => {
      const spec = { resourceAttributes: { namespace: 'default', ...attributes } };
      const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec };
      const answer = await call(hub, 'POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
        token: PAT,
        body,
      });
      return JSON.parse(answer.body).status.allowed;
    };
    expect(await may({ verb: 'get', resource: 'configmaps', name: 'kube-root-ca.crt' })).toBe(true);
    expect(await may({ verb: 'get', resource: 'configmaps', name: 'other' })).toBe(false);
    expect(await may({ verb: 'get', resource: 'secrets', name: 'kube-root-ca.crt' })).toBe(false);
  });
});

describe('acting for somebody else', () => {
  const as = (headers: Record<string, string>) => whoAmI({ token: PAT, headers });

  it('is refused without the right', async () => {
    expect((await as({ 'Impersonate-User': 'admin' })).username).toBe('refused with 403');
  });

  it('is refused for groups, uids and extras on their own', async () => {
    for (const name of ['Impersonate-Group', 'Impersonate-Uid', 'Impersonate-Extra-Scopes']) {
      expect((await as({ [name]: 'x' })).username).toBe('refused with 400');
    }
  });

  it('needs the right to each part of the other', async () => {
    await allow('acts-for-quinn', [rule(['impersonate'], ['users'], { resourceNames: ['quinn'] })]);
    expect((await as({ 'Impersonate-User': 'quinn' })).username).toBe('quinn');
    expect((await as({ 'Impersonate-User': 'rita' })).username).toBe('refused with 403');
    expect((await as({ 'Impersonate-User': 'quinn', 'Impersonate-Group': 'system:masters' })).username).toBe(
      'refused with 403',
    );
    expect((await as({ 'Impersonate-User': 'quinn', 'Impersonate-Uid': '1' })).username).toBe('refused with 403');
    expect((await as({ 'Impersonate-User': 'quinn', 'Impersonate-Extra-Scopes': 'all' })).username).toBe(
      'refused with 403',
    );
    expect((await as({ 'Impersonate-User': 'system:serviceaccount:kube-system:x' })).username).toBe('refused with 403');
  });
});
