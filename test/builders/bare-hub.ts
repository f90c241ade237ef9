// A hub in this process, without TLS and without controllers, and a connection to it that may do everything.
import { randomBytes, randomUUID } from 'node:crypto';
import { ObjectStore } from '../../engine/index.ts';
import { MASTERS } from '../../executor/apiserver/auth/rbac.ts';
import { startHub } from '../../executor/apiserver/server.ts';
import { tokenAddress } from '../../executor/live/address.ts';
import { HttpApi } from '../../executor/live/http-api.ts';

const TOKEN = 'a-token-for-tests-only';
const TIMEOUT_MS = 400;

export async function bareHub(): Promise<{ readonly api: HttpApi; readonly close: () => Promise<void> }> {
  const server = await startHub({
    host: '127.0.0.1',
    port: 0,
    identity: null,
    store: new ObjectStore(),
    definitions: [],
    now: () => Date.now(),
    uid: () => randomUUID(),
    draw: (bound) => bound - 1,
    tokens: new Map([[TOKEN, { name: 'admin', uid: '', groups: [MASTERS], extra: {} }]]),
    secret: randomBytes(32),
    onError: (message) => {
      throw new Error(message);
    },
  });
  const address = tokenAddress({ server: server.url, authority: null, token: TOKEN });
  const api = new HttpApi(address, { timeoutMs: TIMEOUT_MS });
  return {
    api,
    close: async () => {
      api.close();
      await server.close();
    },
  };
}
