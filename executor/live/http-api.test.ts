import { once } from 'node:events';
import { createServer as createHttpServer, type ServerResponse } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { HttpApi } from './http-api.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

const apiAt = (port: number): HttpApi =>
  new HttpApi({
    server: new URL(`http://127.0.0.1:${port}`),
    insecure: false,
    authority: null,
    certificate: null,
    headers: async () => ({}),
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
  const api = apiAt(port);
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

describe('an answer that is still being written', () => {
  async function writing(): Promise<{ readonly api: HttpApi; readonly open: Set<ServerResponse> }> {
    const open = new Set<ServerResponse>();
    const server = createHttpServer((request, response) => {
      if (request.url !== '/log') {
        response.writeHead(404).end('there is none');
        return;
      }
      open.add(response);
      response.on('close', () => open.delete(response));
      response.write('first');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const api = apiAt((server.address() as { port: number }).port);
    ends.push(() => {
      api.close();
      server.closeAllConnections();
      server.close();
    });
    return { api, open };
  }

  async function bodyOf(api: HttpApi, signal: AbortSignal) {
    const answer = await api.open({ path: '/log' }, signal);
    if (!('body' in answer)) throw new Error('an answer with a body');
    return answer.body;
  }

  it('is read as it comes, to its end', async () => {
    const { api, open } = await writing();
    const body = await bodyOf(api, new AbortController().signal);
    const over = once(body, 'end');
    let heard = '';
    body.on('data', (chunk) => (heard += String(chunk)));
    await expect.poll(() => heard).toBe('first');
    for (const response of open) response.end(' last');
    await over;
    expect(heard).toBe('first last');
  });

  it('leaves no connection behind when its reader has had enough', async () => {
    const { api, open } = await writing();
    const reader = new AbortController();
    const body = await bodyOf(api, reader.signal);
    const broken = once(body, 'error');
    reader.abort();
    await broken;
    await expect.poll(() => open.size).toBe(0);
  });

  it('is whole where it is no good one, and a refusal where there is none', async () => {
    const { api } = await writing();
    const { signal } = new AbortController();
    expect(await api.open({ path: '/other' }, signal)).toEqual({ ok: true, status: 404, text: 'there is none' });
    const nobody = apiAt(1);
    expect(await nobody.open({ path: '/log' }, signal)).toMatchObject({ ok: false, code: 'Unreachable' });
    nobody.close();
  });
});
