// Groups: commits that go to etcd as one transaction, and what an etcd revision that another hub wrote makes of them again.
import type { PlannedWrite } from '../../../engine/index.ts';
import { StorageError, type StoredCommit } from '../storage.ts';
import type { KeyValue, Operation, WatchMessage } from './client.ts';
import { decodeHead, decodeObject, encode, encodeHead, type Head, type Keys } from './keys.ts';

/** etcd takes 128 operations in a transaction unless told otherwise; one is the head's. */
const WRITES_MAX = 100;
/** etcd takes requests of 1.5 MiB; objects count as themselves there, and base64 is only on the way. */
export const GROUP_BYTES_MAX = 1_400_000;

export interface Group {
  readonly commits: readonly StoredCommit[];
  readonly operations: readonly Operation[];
  readonly bytes: number;
}

/** The next commits that fit into one transaction: etcd takes no key twice. Always at least one, whatever its size. */
export function nextGroup(waiting: readonly StoredCommit[], keys: Keys): Group {
  const commits: StoredCommit[] = [];
  const operations: Operation[] = [];
  const taken = new Set<string>();
  let bytes = 0;
  for (const commit of waiting) {
    const names = commit.writes.map(({ key }) => keys.object(key));
    const values = commit.writes.map(({ object }) => (object === null ? null : JSON.stringify(object)));
    const size = values.reduce((sum, value, at) => sum + names[at]!.length + (value?.length ?? 0) + 100, 0);
    const isFull = operations.length + names.length > WRITES_MAX || bytes + size > GROUP_BYTES_MAX;
    if (commits.length > 0 && (isFull || names.some((name) => taken.has(name)))) break;
    commits.push(commit);
    bytes += size;
    for (const [at, name] of names.entries()) {
      taken.add(name);
      const key = encode(name);
      const value = values[at];
      if (typeof value === 'string') operations.push({ request_put: { key, value: encode(value) } });
      else operations.push({ request_delete_range: { key } });
    }
  }
  return { commits, operations, bytes };
}

export function headOf({ commits }: Pick<Group, 'commits'>, hub: string, group: number): Head {
  return {
    revision: commits.at(-1)!.revision,
    first: commits[0]!.revision,
    hub,
    group,
    removed: commits.flatMap(({ revision, writes }) =>
      writes.flatMap(({ key, object }) => (object === null ? [[revision, key] as const] : [])),
    ),
  };
}

export const putHead = (keys: Keys, head: Head): Operation => ({
  request_put: { key: encode(keys.head), value: encodeHead(head) },
});

/** What a hub wrote at one etcd revision. */
export interface Arrival {
  readonly modRevision: number;
  readonly head: Head;
  readonly commits: readonly StoredCommit[];
}

/** The arrivals of a message, in order. What somebody wrote past the head, by hand, is not of this store. */
export function arrivalsIn(message: WatchMessage, keys: Keys): readonly Arrival[] {
  const arrivals: Arrival[] = [];
  for (const events of byRevision(message.events)) {
    const head = events.find(({ isPut, kv }) => isPut && kv.key === keys.head)?.kv;
    if (head === undefined) continue;
    const read = decodeHead(head.value, keys.head);
    const objects = events.flatMap(({ isPut, kv }) => (isPut ? [kv] : []));
    arrivals.push({ modRevision: head.modRevision, head: read, commits: commitsOf(read, objects, keys) });
  }
  return arrivals;
}

function byRevision(events: WatchMessage['events']): readonly WatchMessage['events'][number][][] {
  const groups: WatchMessage['events'][number][][] = [];
  for (const event of events) {
    const last = groups.at(-1);
    if (last !== undefined && last[0]!.kv.modRevision === event.kv.modRevision) last.push(event);
    else groups.push([event]);
  }
  return groups;
}

function commitsOf(head: Head, objects: readonly KeyValue[], keys: Keys): readonly StoredCommit[] {
  const writes = new Map<number, PlannedWrite[]>();
  for (let revision = head.first; revision <= head.revision; revision += 1) writes.set(revision, []);
  const add = (revision: number, write: PlannedWrite, place: string) => {
    const own = writes.get(revision);
    if (own === undefined) throw new StorageError('damaged', `${place} is not of the group that the head tells of`);
    own.push(write);
  };
  for (const { key: text, value } of objects) {
    const key = keys.readObject(text);
    if (key === null) continue;
    const object = decodeObject(value, text);
    add(Number(object.metadata.resourceVersion), { key, object }, text);
  }
  for (const [revision, key] of head.removed) add(revision, { key, object: null }, keys.head);
  return [...writes].map(([revision, own]) => ({ revision, writes: own }));
}
