// Where everything lies in etcd, and the bytes of it: the head, which every group of commits moves on, and the objects.
//
// The hub's revision is a number of its own, kept in the head, not etcd's: so it rises by one with every commit although a
// group of commits is one transaction, other users of the same etcd do not make gaps in it, and a restored store goes on
// above what it had, which etcd would not allow to be chosen. Every transaction compares the head's mod_revision: whoever was
// outrun sees it there, and since every writer moves the head, nothing that a commit was judged against can have changed.
import { assert, isObject, type KubeObject, type ObjectKey } from '../../../engine/index.ts';
import { isStorable } from '../disk/commit-format.ts';
import { StorageError } from '../storage.ts';

export interface Head {
  /** Of the last commit of the group. */
  readonly revision: number;
  /** Of its first; more than `revision` where the group is empty. */
  readonly first: number;
  /** Who wrote the group, and which of its groups it is. */
  readonly hub: string;
  readonly group: number;
  /** etcd does not say at which of our revisions a key went. */
  readonly removed: readonly (readonly [revision: number, key: ObjectKey])[];
}

export const encode = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
export const decode = (text: string): string => Buffer.from(text, 'base64').toString('utf8');

export class Keys {
  readonly prefix: string;
  readonly head: string;
  /** There while a restore is on its way. */
  readonly filling: string;
  readonly objects: string;

  constructor(prefix: string) {
    this.prefix = prefix;
    this.head = `${prefix}/head`;
    this.filling = `${prefix}/filling`;
    this.objects = `${prefix}/objects/`;
  }

  /** Everything of this store: from, included, to, excluded. */
  range(): { readonly key: string; readonly range_end: string } {
    return { key: encode(`${this.prefix}/`), range_end: encode(`${this.prefix}0`) };
  }

  object({ collection, namespace, name }: ObjectKey): string {
    assert(
      collection.split('/').length === 2 && !`${namespace}${name}`.includes('/'),
      'no part of a key holds a slash',
    );
    return `${this.objects}${collection}/${namespace}/${name}`;
  }

  /** Null where it is no object's. */
  readObject(key: string): ObjectKey | null {
    if (!key.startsWith(this.objects)) return null;
    const parts = key.slice(this.objects.length).split('/');
    if (parts.length !== 4) return null;
    const [group, plural, namespace, name] = parts as [string, string, string, string];
    return { collection: `${group}/${plural}`, namespace, name };
  }
}

export const encodeHead = ({ revision, first, hub, group, removed }: Head): string =>
  encode(
    JSON.stringify({
      format: 1,
      revision,
      first,
      hub,
      group,
      removed: removed.map(([at, { collection, namespace, name }]) => [at, collection, namespace, name]),
    }),
  );

export function decodeHead(value: string, place: string): Head {
  const json = parse(value, place);
  if (!isObject(json) || !Number.isSafeInteger(json.revision) || !Array.isArray(json.removed)) {
    throw new StorageError('damaged', `${place} is not as a hub writes it`);
  }
  if (json.format !== 1) {
    throw new StorageError('invalid', `${place} is of format ${String(json.format)}, and this program knows 1`);
  }
  return {
    revision: Number(json.revision),
    first: Number(json.first),
    hub: String(json.hub),
    group: Number(json.group),
    removed: (json.removed as [number, string, string, string][]).map(([at, collection, namespace, name]) => [
      at,
      { collection, namespace, name },
    ]),
  };
}

export function decodeObject(value: string, place: string): KubeObject {
  const json = parse(value, place);
  if (!isStorable(json)) throw new StorageError('damaged', `${place} holds no object`);
  return json;
}

function parse(value: string, place: string): unknown {
  try {
    return JSON.parse(decode(value));
  } catch {
    throw new StorageError('damaged', `${place} holds no JSON`);
  }
}
