// A hub within the test: in memory, over plain HTTP, with one administrator; whatever goes wrong inside fails the test.
import { randomBytes, randomUUID } from 'node:crypto';
import { ObjectStore } from '../../engine/index.ts';
import { MASTERS } from '../../executor/apiserver/auth/rbac.ts';
import { type HubServer, type HubServerOptions, startHub } from '../../executor/apiserver/server.ts';
import { tokenAddress } from '../../executor/live/address.ts';

const TOKEN = 'a-token-for-tests-only';

export interface PlainHub {
  readonly server: HubServer;
  readonly token: string;
  readonly address: ReturnType<typeof tokenAddress>;
}

export async function startPlainHub(options: Partial<HubServerOptions> = {}): Promise<PlainHub> {
  const server = await startHub({
    host: '127.0.0.1',
    port: 0,
    identity: null,
    store: new ObjectStore(),
    now: () => Date.now(),
    uid: () => randomUUID(),
    draw: (bound) => bound - 1,
    tokens: new Map([[TOKEN, { name: 'admin', uid: '', groups: [MASTERS], extra: {} }]]),
    secret: randomBytes(32),
    onError: (message) => {
      throw new Error(message);
    },
    ...options,
  });
  return { server, token: TOKEN, address: tokenAddress({ server: server.url, authority: null, token: TOKEN }) };
}
