// What one process has seen of every place, collection by collection; each is an immutable version, so that a cache that
// follows a store in the same memory holds pointers only.

import { deepFreeze } from '../base/freeze.ts';
import type { KubeObject } from '../kube/meta.ts';
import type { Change } from '../store/change.ts';
import { Collection } from '../store/collection.ts';
import type { IndexDefinition } from '../store/indexes.ts';
import { keyOf } from '../store/key.ts';
import type { Reader } from './controller.ts';
import type { Place } from './place.ts';

interface Seen {
  collection: Collection;
  /** Everything up to here has been seen. */
  revision: number;
  isSynced: boolean;
  isWatched: boolean;
}

export class Cache {
  readonly #definitions: readonly IndexDefinition[];
  readonly #places = new Map<Place, Map<string, Seen>>();
  readonly #readers = new Map<Place, Reader>();
  readonly #empty = new Map<string, Collection>();

  constructor(definitions: readonly IndexDefinition[]) {
    this.#definitions = definitions;
  }

  /** Readers last as long as the cache and always read its newest state. */
  reader(place: Place): Reader {
    let reader = this.#readers.get(place);
    if (reader === undefined) {
      reader = this.#makeReader(place);
      this.#readers.set(place, reader);
    }
    return reader;
  }

  collection(place: Place, name: string): Collection {
    return this.#places.get(place)?.get(name)?.collection ?? this.#emptyOf(name);
  }

  revision(place: Place, name: string): number {
    return this.#places.get(place)?.get(name)?.revision ?? 0;
  }

  isWatched(place: Place, name: string): boolean {
    return this.#places.get(place)?.get(name)?.isWatched === true;
  }

  isSynced(place: Place, name: string): boolean {
    return this.#places.get(place)?.get(name)?.isSynced === true;
  }

  follow(place: Place, name: string): void {
    this.#seen(place, name).isWatched = true;
  }

  /** Forgets everything of a place; returns what that takes out of sight, as deletions. */
  forget(place: Place): readonly Change[] {
    const own = this.#places.get(place);
    if (own === undefined) return [];
    this.#places.delete(place);
    const changes: Change[] = [];
    for (const [collection, { revision, collection: objects }] of own) {
      objects.visit((object) => {
        changes.push({ revision, type: 'DELETED', collection, object, previous: object });
      });
    }
    return changes;
  }

  /** The change as it is for who has seen what this cache has seen. */
  known(place: Place, change: Change): Change {
    const { namespace, name } = keyOf(change.collection, change.object);
    const previous = this.collection(place, change.collection).get(namespace, name);
    const type = change.type === 'DELETED' ? 'DELETED' : previous === null ? 'ADDED' : 'MODIFIED';
    return previous === change.previous && type === change.type ? change : { ...change, type, previous };
  }

  /** `after` is the collection after the change, where the caller has it; else it is made here. */
  change(place: Place, change: Change, after: Collection | null): void {
    const seen = this.#seen(place, change.collection);
    seen.revision = Math.max(seen.revision, change.revision);
    if (after !== null) {
      seen.collection = after;
      return;
    }
    const { namespace, name } = keyOf(change.collection, change.object);
    seen.collection =
      change.type === 'DELETED'
        ? seen.collection.without(namespace, name)
        : seen.collection.with(deepFreeze(change.object));
  }

  /** Progress without a change, as a bookmark tells it. */
  advance(place: Place, name: string, revision: number): void {
    const seen = this.#seen(place, name);
    seen.revision = Math.max(seen.revision, revision);
  }

  /**
   * Takes a whole list at once and returns the changes that lead to it from what was known, in order of names. What is not in
   * the list is gone: its deletion was missed, and the last state that was seen is told.
   */
  replace(place: Place, name: string, collection: Collection, revision: number): readonly Change[] {
    const seen = this.#seen(place, name);
    const changes: Change[] = [];
    const note = (type: Change['type'], object: KubeObject, previous: KubeObject | null) =>
      changes.push({ revision, type, collection: name, object, previous });
    collection.changesFrom(seen.collection, (before, after) => {
      if (before !== undefined && after !== undefined && isSameObject(before, after)) {
        if (before.metadata.resourceVersion !== after.metadata.resourceVersion) note('MODIFIED', after, before);
        return;
      }
      if (before !== undefined) note('DELETED', before, before);
      if (after !== undefined) note('ADDED', after, null);
    });
    seen.collection = collection;
    // A list may be older than what was seen: a replica that lags behind tells what was.
    seen.revision = revision;
    seen.isSynced = true;
    return changes;
  }

  /** Everything that is known, as if it had just been listed for the first time. */
  everything(): readonly { readonly place: Place; readonly change: Change }[] {
    const all: { readonly place: Place; readonly change: Change }[] = [];
    for (const [place, own] of this.#places) {
      for (const [collection, { collection: version, revision }] of own) {
        version.visit((object) => {
          all.push({ place, change: { revision, type: 'ADDED', collection, object, previous: null } });
        });
      }
    }
    return all;
  }

  /** A collection made of listed objects, for `replace`. */
  listed(name: string, objects: Iterable<KubeObject>): Collection {
    let collection = this.#emptyOf(name);
    for (const object of objects) collection = collection.with(deepFreeze(object));
    return collection;
  }

  #seen(place: Place, name: string): Seen {
    let own = this.#places.get(place);
    if (own === undefined) {
      own = new Map();
      this.#places.set(place, own);
    }
    let seen = own.get(name);
    if (seen === undefined) {
      seen = {
        collection: this.#emptyOf(name),
        revision: 0,
        isSynced: false,
        isWatched: false,
      };
      own.set(name, seen);
    }
    return seen;
  }

  #emptyOf(name: string): Collection {
    let empty = this.#empty.get(name);
    if (empty === undefined) {
      empty = Collection.empty(name, this.#definitions);
      this.#empty.set(name, empty);
    }
    return empty;
  }

  #makeReader(place: Place): Reader {
    return {
      get: (collection, namespace, name) => this.collection(place, collection).get(namespace, name),
      list: (collection, namespace = null) => this.collection(place, collection).list(namespace),
      byIndex: (collection, index, value, namespace = null) =>
        this.collection(place, collection).byIndex(index, value, namespace),
      isSynced: (collection) => this.isSynced(place, collection),
      isWatched: (collection) => this.isWatched(place, collection),
    };
  }
}

const isSameObject = (a: KubeObject, b: KubeObject) => a.metadata.uid === b.metadata.uid;
