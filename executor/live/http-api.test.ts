import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { HttpApi } from './http-api.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** Answers the first request of each connection, and hangs up at the second. */
async function forgetful(): Promise<{ readonly api: HttpApi; readonly connections: () => number }> {
  let connections = 0;
  const server = createServer((socket: Socket) => {
    connections += 1;
    let requests = 0;
    socket.on('error', () => {});
    socket.on('data', () => {
      requests += 1;
      if (requests === 1) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok');
      else socket.resetAndDestroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const api = new HttpApi({
    server: new URL(`http://127.0.0.1:${port}`),
    insecure: false,
    authority: null,
    certificate: null,
    headers: async () => ({}),
  });
  ends.push(() => {
    api.close();
    server.close();
  });
  return { api, connections: () => connections };
}

describe('a connection that the server closes while it is idle', () => {
  it('does not fail a question', async () => {
    const { api, connections } = await forgetful();
    for (let at = 0; at < 3; at += 1) {
      expect(await api.send({ method: 'GET', path: '/' })).toEqual({ ok: true, status: 200, text: 'ok' });
    }
    expect(connections()).toBe(3);
  });

  it('leaves open whether a write was done', async () => {
    const { api, connections } = await forgetful();
    await api.send({ method: 'GET', path: '/' });
    expect(await api.send({ method: 'POST', path: '/', body: '{}' })).toMatchObject({ ok: false, code: 'Timeout' });
    expect(connections()).toBe(1);
  });
});
