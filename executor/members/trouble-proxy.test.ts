// Tests of the way to an API that can be in trouble, before a server that is always well.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HttpApi } from '../live/http-api.ts';
import { startTroubleProxy, type TroubleProxy } from './trouble-proxy.ts';

let server: Server;
let proxy: TroubleProxy;
let api: HttpApi;
let serve: (request: IncomingMessage, response: ServerResponse) => void;
const headers = async () => ({ Authorization: 'Bearer theirs' });

beforeEach(async () => {
  server = createServer((request, response) => serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  proxy = await startTroubleProxy({
    server: new URL(`http://127.0.0.1:${port}/clusters/a/`),
    authority: null,
    insecure: false,
  });
  api = new HttpApi({ ...proxy.address, certificate: null, headers }, { timeoutMs: 5_000 });
});

afterEach(async () => {
  api.close();
  await proxy.close();
  await new Promise((resolve) => server.close(resolve));
});

describe('a way to an API', () => {
  it('passes on what is asked and what is answered, below the path of the API', async () => {
    serve = (request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        const { method, url, headers } = request;
        response.writeHead(201, { 'Content-Type': 'text/plain' });
        response.end(`${method} ${url} ${headers.authorization} ${body}`);
      });
    };
    expect(await api.send({ method: 'POST', path: '/api?x=1', body: 'hello' })).toEqual({
      ok: true,
      status: 201,
      text: 'POST /clusters/a/api?x=1 Bearer theirs hello',
    });
  });

  it('lets a watch begin before anything has changed', async () => {
    serve = (_request, response) => response.flushHeaders();
    const { address } = proxy;
    const asked = request({ host: address.server.hostname, port: address.server.port, ca: address.authority ?? '' });
    asked.end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(200);
    asked.destroy();
  });

  it('tells of a watch what was said while it was cut off when it no longer is', async () => {
    let say = (_line: string): void => {};
    const open = new Promise<void>((resolve) => {
      serve = (_request, response) => {
        response.flushHeaders();
        say = (line) => void response.write(`${line}\n`);
        resolve();
      };
    });
    const told: string[] = [];
    const stop = api.stream(
      '/watch',
      (line) => told.push(line),
      () => told.push('ended'),
    );
    await open;
    say('one');
    await expect.poll(() => told).toEqual(['one']);
    proxy.setTrouble({ kind: 'partition', delayMs: 0 });
    say('two');
    const answer = api.send({ method: 'GET', path: '/held' });
    serve = (_request, response) => void response.end('served');
    proxy.setTrouble(null);
    expect(await answer).toMatchObject({ ok: true, text: 'served' });
    await expect.poll(() => told).toEqual(['one', 'two']);
    stop();
  });

  it('answers nothing while it is cut off, and refuses while it is to fail', async () => {
    serve = (_request, response) => void response.end('served');
    proxy.setTrouble({ kind: 'partition', delayMs: 0 });
    expect(await api.send({ method: 'GET', path: '/', timeoutMs: 200 })).toMatchObject({ ok: false, code: 'Timeout' });
    proxy.setTrouble({ kind: 'fail', delayMs: 0 });
    expect(await api.send({ method: 'GET', path: '/' })).toMatchObject({ ok: true, status: 503 });
    proxy.setTrouble(null);
    expect(await api.send({ method: 'GET', path: '/' })).toMatchObject({ ok: true, text: 'served' });
  });

  it('is as silent as an API that breaks off', async () => {
    serve = ({ socket }) => socket.destroy();
    expect(await api.send({ method: 'POST', path: '/', body: '{}' })).toMatchObject({
      ok: false,
      message: expect.stringContaining('cannot be reached'),
    });
  });
});
