// Tests of several troubles on one way: of these the worst shows, until it ends.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { HttpApi } from '../../executor/live/http-api.ts';
import { troubledWay } from './troubled-way.ts';

it('shows the worst of its troubles, each until it ends', async () => {
  const server = createServer((_request, response) => void response.end('served'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const way = await troubledWay({ server: new URL(`http://127.0.0.1:${port}`), authority: null, insecure: false });
  const api = new HttpApi({ ...way.address, certificate: null, headers: async () => ({}) });
  const ask = async () => {
    const answer = await api.send({ method: 'GET', path: '/', timeoutMs: 1_000 });
    return answer.ok ? answer.status : answer.code;
  };
  try {
    const endSlow = way.trouble({ kind: 'slow', delayMs: 60_000 });
    const endFail = way.trouble({ kind: 'fail', delayMs: 0 });
    expect(await ask()).toBe(503);
    const endCut = way.trouble({ kind: 'partition', delayMs: 0 });
    expect(await ask()).toBe('Timeout');
    endCut();
    expect(await ask()).toBe(503);
    endFail();
    expect(await ask()).toBe('Timeout');
    endSlow();
    expect(await ask()).toBe(200);
  } finally {
    api.close();
    await way.close();
    await new Promise((resolve) => server.close(resolve));
  }
});
