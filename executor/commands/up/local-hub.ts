// The hub of `muster up`: in this process, so that its controllers read its store and not a socket.
import { randomInt, randomUUID } from 'node:crypto';
import { circumstancesOf, type ObjectStore, type Profile } from '../../../engine/index.ts';
import { ADMIN, MASTERS } from '../../apiserver/auth/rbac.ts';
import { hubSecrets } from '../../apiserver/hub-secrets.ts';
import { karmadaDefinitions, servedKinds } from '../../apiserver/resources/karmada-definitions.ts';
import { startHub } from '../../apiserver/server.ts';
import { servingOf } from '../../apiserver/serving.ts';
import type { TokenAccess } from '../../live/address.ts';
import { OwnApi } from '../../live/own-api.ts';
import { StoreClient } from '../../live/store-client.ts';
import { DurableStore } from '../../storage/durable-store.ts';
import { storageOf } from '../../storage/open-storage.ts';
import { listenError } from '../listening.ts';
import { withAdvice } from '../storage-errors.ts';

export interface LocalHub {
  readonly access: TokenAccess;
  /** Without a socket. */
  readonly api: OwnApi;
  readonly client: StoreClient;
  /** What it serves, to be looked at. */
  readonly store: ObjectStore;
  readonly storage: string;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

export interface LocalHubOptions {
  readonly storage: string;
  readonly port: number;
  /** By whose gates it admits what is written. */
  readonly profile: Profile;
  readonly say: (text: string) => void;
}

export async function startLocalHub({ storage, port, profile, say }: LocalHubOptions): Promise<LocalHub> {
  const { durable, notices } = await withAdvice(() =>
    DurableStore.open(storageOf(storage, { windowMs: 0, warn: say })),
  );
  for (const notice of notices) say(notice);
  try {
    const now = () => Date.now();
    const secrets = await hubSecrets(durable, now());
    const { token, authority } = secrets;
    const hosts = [HOST, 'localhost', 'kubernetes.default.svc'];
    const serving = await servingOf({ authority, hosts, files: null, clientAuthorityFile: null, now, say });
    const starting = startHub({
      host: HOST,
      port,
      identity: serving.identity,
      store: durable.store,
      durability: durable,
      definitions: karmadaDefinitions(),
      served: servedKinds(),
      circumstances: circumstancesOf(profile),
      enforcesQuotas: profile.gates.FederatedQuotaEnforcement,
      now,
      uid: () => randomUUID(),
      draw: (bound) => randomInt(bound),
      tokens: new Map([[token, { name: ADMIN, uid: '', groups: [MASTERS], extra: {} }]]),
      secret: secrets.signing,
      onError: say,
    });
    const server = await starting.catch((error: unknown) => {
      throw listenError(error, { host: HOST, port }, '--port');
    });
    const unkept = serving.keep(server);
    const { open } = server;
    const { store } = durable;
    const api = new OwnApi({ open, store, durability: durable, token });
    const client = new StoreClient({ api, store, registry: open.hub.registry });
    return {
      access: { server: server.url, authority: authority.certificate, token },
      api,
      client,
      store,
      storage: durable.storage.name,
      close: async () => {
        client.close();
        unkept();
        await server.close();
        await durable.close();
      },
    };
  } catch (error) {
    await durable.close();
    throw error;
  }
}
