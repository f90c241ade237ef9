// Whole states of a store in etcd: the first one, the one that a hub starts from, and those of backup and restore.
import { keyOf } from '../../../engine/index.ts';
import { FIRST_REVISION, StorageError, type StoredObject, type StoredState } from '../storage.ts';
import { type Comparison, type EtcdClient, isCompacted, type KeyValue, type Operation } from './client.ts';
import { nextGroup, putHead } from './group.ts';
import { decodeHead, decodeObject, encode, type Head, type Keys } from './keys.ts';

/** What watchers may resume from at most, in etcd's revisions: a group of commits each, all to be read at the start. */
const HISTORY_REVISIONS = 1000;

export interface EtcdState {
  readonly state: StoredState;
  /** Where the head stood. */
  readonly headRevision: number;
  /** etcd's own revision; a watch goes on after it. */
  readonly etcdRevision: number;
}

export const isAbsent = (key: string): Comparison => ({
  key: encode(key),
  target: 'CREATE',
  result: 'EQUAL',
  create_revision: '0',
});

export const isAt = (key: string, modRevision: number): Comparison => ({
  key: encode(key),
  target: 'MOD',
  result: 'EQUAL',
  mod_revision: String(modRevision),
});

/** Makes the store if there is none. */
export async function openHead(client: EtcdClient, keys: Keys, hub: string): Promise<KeyValue> {
  for (;;) {
    const { kv } = await client.get(keys.head);
    if (kv !== null) {
      decodeHead(kv.value, keys.head);
      return kv;
    }
    if ((await client.get(keys.filling)).kv !== null) throw interrupted(keys);
    const head: Head = { revision: FIRST_REVISION, first: FIRST_REVISION + 1, hub, group: 0, removed: [] };
    // If it does not succeed another hub was first, and then its head is there.
    await client.transact([isAbsent(keys.head), isAbsent(keys.filling)], [putHead(keys, head)]);
  }
}

const interrupted = (keys: Keys) =>
  new StorageError(
    'not-empty',
    `${keys.filling} is there: a restore was interrupted. Delete everything under ${keys.prefix}/ and restore again`,
  );

/** As old a state as etcd still has, within reason, so that the watch from there brings a history. */
export async function listOldest(client: EtcdClient, keys: Keys, head: KeyValue): Promise<EtcdState> {
  const oldest = Math.max(head.createRevision, head.modRevision - HISTORY_REVISIONS);
  try {
    return await listAt(client, keys, oldest);
  } catch (error) {
    if (!isCompacted(error)) throw error;
  }
  try {
    return await listAt(client, keys, Math.max(head.createRevision, await compactedRevision(client, keys, oldest)));
  } catch (error) {
    if (!isCompacted(error)) throw error;
    return await listNow(client, keys);
  }
}

export async function listNow(client: EtcdClient, keys: Keys): Promise<EtcdState> {
  for (;;) {
    const { kv, revision } = await client.get(keys.head);
    if (kv === null) throw new StorageError('damaged', `${keys.head} is gone from etcd`);
    try {
      return await listAt(client, keys, revision);
    } catch (error) {
      if (!isCompacted(error)) throw error;
    }
  }
}

async function listAt(client: EtcdClient, keys: Keys, etcdRevision: number): Promise<EtcdState> {
  const objects: StoredObject[] = [];
  let head: { revision: number; modRevision: number } | null = null;
  for await (const { key, value, modRevision } of client.list(keys.range(), etcdRevision)) {
    if (key === keys.head) head = { revision: decodeHead(value, key).revision, modRevision };
    const known = keys.readObject(key);
    if (known !== null) objects.push([known.collection, decodeObject(value, key)]);
  }
  if (head === null) throw new StorageError('damaged', `${keys.head} is gone from etcd`);
  return { state: { revision: head.revision, objects }, headRevision: head.modRevision, etcdRevision };
}

/** etcd tells it only to those who ask to watch what is gone. */
async function compactedRevision(client: EtcdClient, keys: Keys, from: number): Promise<number> {
  const ending = new AbortController();
  let compacted = 0;
  const listen = (message: { readonly compacted: number; readonly isCanceled: boolean }) => {
    compacted = Math.max(compacted, message.compacted);
    if (message.isCanceled) ending.abort();
  };
  await client.watch(keys.range(), from, listen, ending.signal).catch((error: unknown) => {
    if (!ending.signal.aborted) throw error;
  });
  return compacted;
}

export async function readEtcd(client: EtcdClient, keys: Keys): Promise<StoredState> {
  const { kv } = await client.get(keys.head);
  if (kv === null) throw new StorageError('invalid', `there is no store under ${keys.prefix}/ in etcd`);
  return (await listNow(client, keys)).state;
}

/** The head comes last: without it there is no store, and a hub will not take half of one for a whole. */
export async function fillEtcd(client: EtcdClient, keys: Keys, hub: string, state: StoredState): Promise<void> {
  for await (const { key } of client.list(keys.range(), 0)) {
    throw key === keys.filling
      ? interrupted(keys)
      : new StorageError('not-empty', `there is something under ${keys.prefix}/ in etcd already: ${key}`);
  }
  const mark = { request_put: { key: encode(keys.filling), value: encode(hub) } };
  const begun = await client.transact([isAbsent(keys.head), isAbsent(keys.filling)], [mark]);
  if (!begun.succeeded) throw new StorageError('not-empty', `somebody else is filling ${keys.prefix}/ in etcd`);
  const put = async (objects: readonly StoredObject[]) => {
    let waiting = objects.map(([collection, object]) => ({
      revision: 0,
      writes: [{ key: keyOf(collection, object), object }],
    }));
    while (waiting.length > 0) {
      const { commits, operations } = nextGroup(waiting, keys);
      await client.transact([isAt(keys.filling, begun.revision)], operations);
      waiting = waiting.slice(commits.length);
    }
  };
  let batch: StoredObject[] = [];
  for (const object of state.objects) {
    batch.push(object);
    if (batch.length < 500) continue;
    await put(batch);
    batch = [];
  }
  await put(batch);
  const head: Head = { revision: state.revision, first: state.revision + 1, hub, group: 0, removed: [] };
  const finish: readonly Operation[] = [putHead(keys, head), { request_delete_range: { key: encode(keys.filling) } }];
  const done = await client.transact([isAt(keys.filling, begun.revision), isAbsent(keys.head)], finish);
  if (!done.succeeded) throw new StorageError('not-empty', `somebody else wrote under ${keys.prefix}/ meanwhile`);
}
