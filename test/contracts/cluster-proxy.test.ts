// The way through the hub into a member: as whom requests arrive there, who may go it, and what comes back.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN, type AttackedHub, asAdmin, call, dial, hear, PAT, startAttacked } from '../security/attacked-hub.ts';

const CLUSTERS = '/apis/cluster.karmada.io/v1alpha1/clusters';
const SEATS = 4;

let hub: AttackedHub;
let member: Server;
let seen: IncomingMessage[] = [];
/** What the member goes on telling. */
const streams = new Set<ServerResponse>();
/** Connections on which the member stays with plain answers, and does not end. */
const plain = new Set<Duplex>();

beforeAll(async () => {
  member = createServer((request, response) => {
    seen.push(request);
    response.writeHead(request.url?.includes('missing') ? 404 : 200, { 'Content-Type': 'application/json' });
    if (request.url?.includes('follow=true')) {
      streams.add(response);
      response.on('close', () => streams.delete(response));
      response.write('the first line\n');
      return;
    }
    response.end(JSON.stringify({ told: request.url }));
  });
  member.on('upgrade', (request, socket) => {
    seen.push(request);
    if (request.url?.includes('plain')) {
      plain.add(socket);
      socket.on('close', () => plain.delete(socket)).on('error', () => {});
      socket.on('end', () => socket.destroy()).resume();
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nwhat goes on');
      return;
    }
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => member.listen(0, '127.0.0.1', resolve));
  const { port } = member.address() as AddressInfo;
  hub = await startAttacked({ fairness: { seats: SEATS, waitingMax: 10, waitMs: 500 } });
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'm1' },
    stringData: { token: 'the-token-of-the-member' },
  };
  expect((await asAdmin(hub, 'POST', '/api/v1/namespaces/default/secrets', secret)).status).toBe(201);
  const impersonator = {
    ...secret,
    metadata: { name: 'm1-impersonator' },
    stringData: { token: 'of-the-impersonator' },
  };
  expect((await asAdmin(hub, 'POST', '/api/v1/namespaces/default/secrets', impersonator)).status).toBe(201);
  const clusterAt = (name: string, apiEndpoint: string) => ({
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name },
    spec: {
      syncMode: 'Push',
      apiEndpoint,
      secretRef: { namespace: 'default', name: 'm1' },
      ...(name === 'narrow' && { impersonatorSecretRef: { namespace: 'default', name: 'm1-impersonator' } }),
    },
  });
  for (const [name, endpoint] of [
    ['m1', `http://127.0.0.1:${port}`],
    ['narrow', `http://127.0.0.1:${port}`],
    ['below', `http://127.0.0.1:${port}/k8s/clusters/c1`],
    ['gone', 'http://127.0.0.1:1'],
  ] as const) {
    expect((await asAdmin(hub, 'POST', CLUSTERS, clusterAt(name, endpoint))).status).toBe(201);
  }
  const rbac = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings';
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-proxy-admin' };
  const subjects = [
    { kind: 'User', name: 'tom' },
    { kind: 'User', name: 'ann' },
    { kind: 'Group', name: 'ops' },
    { kind: 'ServiceAccount', name: 'ci', namespace: 'default' },
  ];
  const binding = { kind: 'ClusterRoleBinding', apiVersion: 'rbac.authorization.k8s.io/v1', roleRef, subjects };
  expect((await asAdmin(hub, 'POST', rbac, { ...binding, metadata: { name: 'guests' } })).status).toBe(201);
});

beforeEach(() => {
  seen = [];
});

afterAll(async () => {
  await hub.server.close();
  member.closeAllConnections();
  await new Promise((resolve) => member.close(resolve));
});

describe('a request through the hub', () => {
  it("arrives as its user's, with the member's token and no other", async () => {
    const path = `${CLUSTERS}/m1/proxy/api/v1/namespaces/default/pods?limit=5&labelSelector=a%3Db`;
    const { status, body } = await call(hub, 'GET', path, { token: ADMIN });
    expect(status).toBe(200);
    expect(body).toContain('"told":"/api/v1/namespaces/default/pods?limit=5&labelSelector=a%3Db"');
    const { headers } = seen[0]!;
    expect(headers.authorization).toBe('Bearer the-token-of-the-member');
    expect(headers['impersonate-user']).toBe('admin');
    expect(headers['impersonate-group']).toBe('system:masters');
  });

  it.each([
    ['a user, with the groups that no member gives by itself', 'tom', 'crew,system:authenticated', 'crew'],
    ['a user of no group of its own', 'ann', null, undefined],
    ['an account, whose groups each member gives', 'system:serviceaccount:default:ci', null, undefined],
    [
      'an account in another group, too',
      'system:serviceaccount:default:ci',
      'crew',
      'crew, system:serviceaccounts, system:serviceaccounts:default',
    ],
  ])('names %s, and nothing else that is known of them', async (_, user, groups, wanted) => {
    const headers = {
      'Impersonate-User': user,
      ...(groups === null ? {} : { 'Impersonate-Group': groups }),
      'Impersonate-Extra-Scopes': 'all',
      'Impersonate-Uid': '7',
    };
    const { status } = await call(hub, 'GET', `${CLUSTERS}/m1/proxy/api`, { token: ADMIN, headers });
    expect(status).toBe(200);
    const told = Object.entries(seen[0]!.headers).filter(([name]) => name.startsWith('impersonate-'));
    expect(Object.fromEntries(told)).toEqual({
      'impersonate-user': user,
      ...(wanted === undefined ? {} : { 'impersonate-group': wanted }),
    });
  });

  it('names where an impersonator may act for some alone those groups of a user that are let in', async () => {
    const headers = { 'Impersonate-User': 'eve', 'Impersonate-Group': 'ops,crew' };
    for (const [cluster, wanted] of [
      ['m1', 'ops, crew'],
      ['narrow', 'ops'],
    ]) {
      seen = [];
      const path = `${CLUSTERS}/${cluster}/proxy/api`;
      expect((await call(hub, 'GET', path, { token: ADMIN, headers })).status).toBe(200);
      expect(seen[0]!.headers['impersonate-group']).toBe(wanted);
    }
  });

  it('keeps nobody waiting while its answer goes on, and ends at the member when the client leaves', async () => {
    const path = `${CLUSTERS}/m1/proxy/api/v1/namespaces/default/pods/p/log?follow=true`;
    const followers = await Promise.all(
      Array.from({ length: SEATS + 1 }, async () => {
        const socket = await dial(hub);
        socket.write(`GET ${path} HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer ${ADMIN}\r\n\r\n`);
        return socket;
      }),
    );
    await expect.poll(() => streams.size).toBe(SEATS + 1);
    expect((await call(hub, 'GET', `${CLUSTERS}/m1/proxy/api`, { token: ADMIN })).status).toBe(200);
    for (const socket of followers) socket.destroy();
    await expect.poll(() => streams.size).toBe(0);
  });

  it('brings back what the member says, mistakes included', async () => {
    expect((await call(hub, 'GET', `${CLUSTERS}/m1/proxy/api/v1/missing`, { token: ADMIN })).status).toBe(404);
  });

  it('is for those who may', async () => {
    expect((await call(hub, 'GET', `${CLUSTERS}/m1/proxy/api`, { token: PAT })).status).toBe(403);
    expect((await call(hub, 'GET', `${CLUSTERS}/m1/proxy/api`)).status).toBe(403);
    expect(seen).toEqual([]);
  });

  it('says so where the member cannot be reached, or is not known', async () => {
    const { status, body } = await call(hub, 'GET', `${CLUSTERS}/gone/proxy/api`, { token: ADMIN });
    expect(status).toBe(503);
    expect(body).toContain('the member cluster cannot be reached');
    expect((await call(hub, 'GET', `${CLUSTERS}/nobody/proxy/api`, { token: ADMIN })).status).toBe(404);
  });

  it.each(['..%2f..%2fsecrets', '%252e%252e/%252e%252e/secrets', '%2e%2e/%2e%2e/secrets', 'a/%252e%252e/b'])(
    'does not leave the place of the member by %s',
    async (steps) => {
      await call(hub, 'GET', `${CLUSTERS}/below/proxy/${steps}`, { token: ADMIN });
      for (const { url } of seen) expect(new URL(url!, 'http://m').pathname).toMatch(/^\/k8s\/clusters\/c1\//);
    },
  );
});

describe('a connection through the hub', () => {
  const upgrade = (token: string, path: string) =>
    `POST ${path} HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer ${token}\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n`;
  const EXEC = `${CLUSTERS}/m1/proxy/api/v1/namespaces/default/pods/p/exec?command=sh`;

  it('is joined with the member, in both directions', async () => {
    const socket = await dial(hub);
    let heard = '';
    const until = (text: string) =>
      new Promise<void>((resolve) => {
        socket.on('data', (bytes: Buffer) => {
          heard += bytes.toString();
          if (heard.includes(text)) resolve();
        });
      });
    const open = until('101 Switching Protocols');
    socket.write(upgrade(ADMIN, EXEC));
    await open;
    const echoed = until('is anybody there?');
    socket.write('is anybody there?');
    await echoed;
    expect(seen[0]!.headers['impersonate-user']).toBe('admin');
    socket.destroy();
  });

  it('ends at the member, too, when the client leaves a plain answer that does not end', async () => {
    const socket = await dial(hub);
    const heard = new Promise<void>((resolve) => {
      socket.on('data', (bytes: Buffer) => bytes.toString().includes('what goes on') && resolve());
    });
    socket.write(upgrade(ADMIN, `${EXEC}&answer=plain`));
    await heard;
    expect(plain.size).toBe(1);
    socket.destroy();
    await expect.poll(() => plain.size).toBe(0);
  });

  it.each([
    [PAT, EXEC, 403],
    [ADMIN, `${CLUSTERS}/gone/proxy/api/v1`, 503],
    [ADMIN, '/api/v1/namespaces', 400],
    ['not-a-token', EXEC, 401],
    [ADMIN, '/api/v1/namespaces/default/pods/nobody/exec?command=sh', 404],
  ])('with the token "%s" to %s is refused', async (token, path, wanted) => {
    const socket = await dial(hub);
    const heard = new Promise<string>((resolve) => socket.once('data', (bytes: Buffer) => resolve(bytes.toString())));
    socket.write(upgrade(token, path));
    expect(await heard).toMatch(new RegExp(`^HTTP/1.1 ${wanted} `));
    socket.destroy();
  });

  it.each([
    ['exec?command=sh', 'the containers of pod p do not run for real: no command can be run in them'],
    ['exec?command=sh&container=other', 'container other is not valid for pod p'],
    ['attach', 'there is nothing to attach to'],
    ['portforward', 'no port leads to them'],
  ])('to a pod of its own, by %s, is told why there is none', async (how, why) => {
    const pod = { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'i' }] } };
    await asAdmin(hub, 'POST', '/api/v1/namespaces/default/pods', { apiVersion: 'v1', kind: 'Pod', ...pod });
    const socket = await dial(hub);
    socket.write(upgrade(ADMIN, `/api/v1/namespaces/default/pods/p/${how}`));
    const heard = await hear(socket);
    expect(heard).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/);
    expect(heard).toContain(why);
  });
});
