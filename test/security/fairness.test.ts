// One client's storm does not starve the others: leases are renewed and objects are read while somebody lists everything.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../engine/index.ts';
import { ADMIN, type AttackedHub, asAdmin, call, dial, OTHER_PROGRAM, startAttacked } from './attacked-hub.ts';

const OBJECTS = 5000;
const STORM = 60;
const LEASES = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases';

let hub: AttackedHub;

beforeAll(async () => {
  hub = await startAttacked({ fairness: { seats: 64, waitingMax: 50, waitMs: 20_000 } });
  const { store } = hub.server.open.hub;
  for (let at = 0; at < OBJECTS; at += 1) {
    const metadata = { name: `map-${at}`, namespace: 'default', uid: `uid-${at}` };
    store.put('/configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      data: { text: 'x'.repeat(500) },
    } as KubeObject);
  }
  const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'leader' }, spec: {} };
  expect((await asAdmin(hub, 'POST', LEASES, lease)).status).toBe(201);
});

afterAll(() => hub.server.close());

async function storm(token: string): Promise<() => void> {
  const sockets = await Promise.all(Array.from({ length: STORM }, () => dial(hub)));
  let isOver = false;
  for (const socket of sockets) {
    const ask = () =>
      socket.write(
        `GET /api/v1/configmaps HTTP/1.1\r\nHost: hub\r\nUser-Agent: storm/1\r\nAuthorization: Bearer ${token}\r\n\r\n`,
      );
    socket.on('data', (bytes: Buffer) => {
      if (!isOver && bytes.toString('latin1').endsWith('0\r\n\r\n')) ask();
    });
    ask();
  }
  return () => {
    isOver = true;
    for (const socket of sockets) socket.destroy();
  };
}

describe('while one client lists everything without end', () => {
  it('leases are renewed, controllers read and others write', async () => {
    const calm = await storm(ADMIN);
    const times: number[] = [];
    try {
      for (let at = 0; at < 15; at += 1) {
        const began = performance.now();
        const patch = { spec: { renewTime: new Date(Date.now()).toISOString().replace('Z', '000Z') } };
        const renewed = await asAdmin(hub, 'PATCH', `${LEASES}/leader`, patch, 'application/merge-patch+json');
        expect(renewed.status).toBe(200);
        const path = `/api/v1/namespaces/default/configmaps/map-${at}`;
        expect((await call(hub, 'GET', path, { token: OTHER_PROGRAM })).status).toBe(200);
        const write = { token: ADMIN, body: { data: { at: String(at) } }, type: 'application/merge-patch+json' };
        expect((await call(hub, 'PATCH', path, { ...write, headers: { 'User-Agent': 'other/1' } })).status).toBe(200);
        times.push(performance.now() - began);
      }
    } finally {
      calm();
    }
    times.sort((a, b) => a - b);
    // Three requests, each on a connection of its own.
    expect(times[Math.floor(times.length / 2)]).toBeLessThan(1500);
  });

  it('who has too many waiting is told to come back later', async () => {
    const calm = await storm(ADMIN);
    try {
      const storms = await Promise.all(
        Array.from({ length: 80 }, () =>
          call(hub, 'GET', '/api/v1/configmaps', { token: ADMIN, headers: { 'User-Agent': 'storm/1' } }),
        ),
      );
      const refused = storms.filter(({ status }) => status === 429);
      expect(refused.length).toBeGreaterThan(0);
      expect(refused[0]!.headers).toMatch(/Retry-After: 1/i);
      expect(JSON.parse(refused[0]!.body).reason).toBe('TooManyRequests');
    } finally {
      calm();
    }
  });
});
