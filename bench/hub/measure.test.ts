// Tests that the load does what it says, against a hub in this process.
import { randomInt, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ObjectStore } from '../../engine/index.ts';
import { MASTERS } from '../../executor/apiserver/auth/rbac.ts';
import { makeAuthority, makeIdentity } from '../../executor/apiserver/authority.ts';
import { type HubServer, startHub } from '../../executor/apiserver/server.ts';
import type { HubProcess } from './hub-process.ts';
import { measureHub } from './measure.ts';

const TOKEN = 'the-token-of-the-administrator';

let server: HubServer;
let hub: HubProcess;

beforeAll(async () => {
  const now = Date.now();
  const identity = await makeIdentity(await makeAuthority(now), ['127.0.0.1'], now);
  server = await startHub({
    host: '127.0.0.1',
    port: 0,
    identity,
    store: new ObjectStore(),
    now: Date.now,
    uid: randomUUID,
    draw: (bound) => randomInt(bound),
    tokens: new Map([[TOKEN, { name: 'admin', uid: '', groups: [MASTERS], extra: {} }]]),
    secret: new Uint8Array(32),
    onError: (message) => {
      throw new Error(message);
    },
  });
  const { port } = new URL(server.url);
  hub = {
    target: { host: '127.0.0.1', port: Number(port), authority: identity.authority.certificate, token: TOKEN },
    complaints: () => '',
    residentMiB: async () => 1,
    stop: async () => {},
  };
});

afterAll(() => server.close());

it('counts what was done, and finds all of it there', async () => {
  const steps: string[] = [];
  const figures = await measureHub(hub, {
    clients: 4,
    objects: 700,
    watchers: 5,
    seed: 'test',
    onProgress: (what) => steps.push(what),
  });
  expect(steps).toEqual(['warming up', 'creates', 'updates', 'lists', 'mixed', '5 watchers']);
  expect(figures.creates.times).toHaveLength(700);
  expect(figures.mixed.times).toHaveLength(700);
  // 700 objects of about 900 bytes: more than one slice of a list.
  expect(figures.listBytes).toBeGreaterThan(600_000);
  expect(figures.watchEventsPerSecond).toBeGreaterThan(0);
  const { store } = server.open.hub;
  expect(store.list('/configmaps', 'bench').filter(({ metadata }) => metadata.name.startsWith('config-'))).toHaveLength(
    700,
  );
});
