import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { HttpApi } from './http-api.ts';
import { HttpClient } from './http-client.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A member that answers with these statuses when it is asked how it is. */
async function member(
  statuses: Readonly<Record<string, number>>,
  asked: (path: string) => void = () => {},
): Promise<HttpClient> {
  const server = createServer(({ url = '' }, response) => {
    const path = url.split('?')[0]!;
    asked(path);
    const status = statuses[path] ?? (path === '/version' ? 200 : 404);
    response.writeHead(status).end(path === '/version' ? '{"gitVersion":"v1.33.1"}' : '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const address = { insecure: false, authority: null, certificate: null, headers: async () => ({}) };
  const api = new HttpApi({ ...address, server: new URL(`http://127.0.0.1:${port}`) });
  const client = new HttpClient(api, { now: Date.now, chance: Math.random });
  ends.push(() => {
    client.close();
    server.closeAllConnections();
    server.close();
  });
  return client;
}

const state = async (statuses: Readonly<Record<string, number>>) =>
  (await member(statuses)).ask({ about: 'state', withApis: false });

describe('a member that is asked how it is', () => {
  it.each([202, 206])('is reached and not well where it answers %s', async (status) => {
    expect(await state({ '/readyz': status })).toEqual({ ok: true, object: null, answer: { healthy: false } });
  });

  it.each([207, 302, 403, 500, 503])('is as good as out of reach where it answers %s', async (status) => {
    const answer = await state({ '/readyz': status });
    expect(answer).toMatchObject({ ok: false, code: 'ServerError' });
    expect(answer).not.toHaveProperty('problem');
  });

  it('says who has to mend what, where it refuses to say more', async () => {
    expect(await state({ '/readyz': 401 })).toMatchObject({
      ok: false,
      problem: expect.stringContaining('refuses the credentials'),
    });
  });

  it('is asked in the old way where it does not know the new one', async () => {
    expect(await state({ '/healthz': 202 })).toMatchObject({ ok: true, answer: { healthy: false } });
    expect(await state({ '/healthz': 500 })).toMatchObject({ ok: false, code: 'ServerError' });
    expect(await state({})).toMatchObject({ ok: false });
  });

  it('is not asked any more when it has left meanwhile', async () => {
    const heard: string[] = [];
    const client = await member({ '/readyz': 200 }, (path) => {
      heard.push(path);
      if (path === '/version') client.close();
    });
    await client.ask({ about: 'state', withApis: false });
    await sleep(100);
    expect([...new Set(heard)]).toEqual(['/readyz', '/version']);
  });
});
