// What a hub must not lose with its process, lest its clients be turned away: its authority, the administrator's token, and
// what service accounts' tokens are signed with. Kept in the store, where hubs that share it find the same.
import { randomBytes } from 'node:crypto';
import { isObject, type KubeObject, type Millis } from '../../engine/index.ts';
import type { DurableStore } from '../storage/durable-store.ts';
import { makeAuthority, type ServerIdentity } from './authority.ts';

export interface HubSecrets {
  readonly authority: ServerIdentity['authority'];
  readonly token: string;
  readonly signing: Uint8Array;
}

/** No API group has a capital letter, so that no definition can ever serve this. */
const COLLECTION = 'Muster/hubs';
const NAME = 'secrets';

export async function hubSecrets(durable: DurableStore, now: Millis): Promise<HubSecrets> {
  const { store } = durable;
  for (;;) {
    const found = readSecrets(store.get(COLLECTION, '', NAME));
    if (found !== null) return found;
    const made: HubSecrets = {
      authority: await makeAuthority(now),
      token: randomBytes(32).toString('hex'),
      signing: randomBytes(32),
    };
    store.put(COLLECTION, writeSecrets(made));
    const settlement = await durable.settled();
    // Where nothing can be written, secrets of the moment do; and another hub's, if it was first, count.
    if (settlement.ok || settlement.loss.why !== 'outrun') return made;
  }
}

const writeSecrets = ({ authority, token, signing }: HubSecrets): KubeObject => ({
  apiVersion: 'muster.dev/v1',
  kind: 'HubSecrets',
  metadata: { name: NAME },
  authority,
  token,
  signing: Buffer.from(signing).toString('base64'),
});

function readSecrets(object: KubeObject | null): HubSecrets | null {
  if (object === null || !isObject(object.authority)) return null;
  const { certificate, key } = object.authority;
  const { token, signing } = object;
  if (![certificate, key, token, signing].every((one) => typeof one === 'string' && one !== '')) return null;
  return {
    authority: { certificate: String(certificate), key: String(key) },
    token: String(token),
    signing: Buffer.from(String(signing), 'base64'),
  };
}
