// Objects in memory under one rising revision: state, history, watches. What a write may do is decided elsewhere (writer.ts);
// here it is only numbered, kept and told.
//
// A write goes through three moments, so that any storage can stand behind this store:
//
//   commit   the write gets its revision and becomes the state that the next write is judged against;
//   durable  whoever listens with onCommit() has the record and makes it last (a log, a database), in its own time;
//   publish  watchers hear of it, in order of revisions. An acknowledgement belongs after this moment, too.
//
// With `publish: 'at-once'`, the default, all three are one call. With 'when-told' the storage calls publish(revision) when
// everything up to there is durable; reads see what is committed, so that an answer, be it to a read, should wait until
// published() has reached the revision() that it was read at.
//
// What the storage could not keep is undone by discardUnpublished(): the revisions are free again, and nobody had heard of
// them, provided that answers waited.
//
// Revisions may come from outside: load() takes a state as it was stored, and applyCommit() takes a record that somebody else
// numbered (another process on the same etcd, or etcd's answer to our own transaction). A store that is fed so should not
// number writes itself: its writes are judged, sent to the storage, and come back through applyCommit(), which ignores what
// it has seen.
//
// Objects are frozen when they come in and shared from then on; nobody copies them, and nobody can change them.
import { assert } from '../base/assert.ts';
import { deepFreeze } from '../base/freeze.ts';
import type { KubeObject } from '../kube/meta.ts';
import { atRevision, type Change, type CommitRecord, type Write } from './change.ts';
import { Collection } from './collection.ts';
import { type Entry, History } from './history.ts';
import type { IndexDefinition } from './indexes.ts';
import { keyOf, type ObjectKey, pathOf } from './key.ts';

/** Changes that are kept for watchers and for lists of older revisions, unless said otherwise. */
export const HISTORY_MAX = 10_000;

export interface StoreOptions {
  /** The revision of the empty store. */
  readonly firstRevision?: number;
  readonly historyMax?: number;
  readonly indexes?: readonly IndexDefinition[];
  readonly publish?: 'at-once' | 'when-told';
}

export type ChangeListener = (change: Change, after: Collection) => void;

export type WatchStart =
  | { readonly ok: true; readonly stop: () => void }
  | {
      readonly ok: false;
      readonly code: 'Expired';
      /** Watches from here on are possible. */
      readonly oldest: number;
    };

interface Watcher {
  readonly after: number;
  readonly listener: ChangeListener;
}

export interface PlannedWrite {
  readonly key: ObjectKey;
  readonly object: KubeObject | null;
}

export class ObjectStore {
  readonly #collections = new Map<string, Collection>();
  readonly #definitions: readonly IndexDefinition[];
  readonly #publishesAtOnce: boolean;
  readonly #historyMax: number;
  readonly #commitListeners = new Set<(record: CommitRecord) => void>();
  readonly #replaceListeners = new Set<() => void>();
  /** By collection; under null those of every collection. */
  readonly #watchers = new Map<string | null, Set<Watcher>>();
  #history: History;
  #revision: number;
  #published: number;
  #unpublished: Entry[] = [];
  #isPublishing = false;

  constructor(options: StoreOptions = {}) {
    this.#revision = options.firstRevision ?? 1;
    this.#published = this.#revision;
    this.#historyMax = options.historyMax ?? HISTORY_MAX;
    this.#history = new History(this.#revision, this.#historyMax);
    this.#definitions = options.indexes ?? [];
    this.#publishesAtOnce = options.publish !== 'when-told';
  }

  /** The newest revision. */
  revision(): number {
    return this.#revision;
  }

  /** Watchers have heard of everything up to here. */
  published(): number {
    return this.#published;
  }

  /** Changes after this revision are still known. */
  oldest(): number {
    return this.#history.forgotten;
  }

  get(collection: string, namespace: string, name: string): KubeObject | null {
    return this.#collections.get(collection)?.get(namespace, name) ?? null;
  }

  /** By namespace and name; everything where the namespace is null. */
  list(collection: string, namespace: string | null = null): readonly KubeObject[] {
    return this.#collections.get(collection)?.list(namespace) ?? [];
  }

  /** As it is now, as a value that stays so. */
  collection(name: string): Collection {
    return this.#collections.get(name) ?? Collection.empty(name, this.#definitions);
  }

  /** Names in the order in which the collections came up. */
  collectionNames(): readonly string[] {
    return [...this.#collections.keys()];
  }

  /** As it was right after a revision; null where the history does not reach back that far, or the revision is yet to come. */
  collectionAt(name: string, revision: number): Collection | null {
    if (revision < this.#history.forgotten || revision > this.#revision) return null;
    return this.#history.stateAt(name, revision) ?? this.collection(name);
  }

  /** Everything that names this uid as an owner, collection by collection. */
  dependentsOf(uid: string): readonly { readonly key: ObjectKey; readonly object: KubeObject }[] {
    const found: { key: ObjectKey; object: KubeObject }[] = [];
    for (const [name, collection] of this.#collections) {
      for (const object of collection.byIndex('owner', uid)) found.push({ key: keyOf(name, object), object });
    }
    return found;
  }

  /** Stores a new object or a new state and returns it with its revision. */
  put(collection: string, object: KubeObject): KubeObject {
    const { writes } = this.commit([{ key: keyOf(collection, object), object }]);
    return writes[0]!.object!;
  }

  /** Returns the last state, with the revision of its deletion; null where there is nothing to remove. */
  remove(collection: string, namespace: string, name: string): KubeObject | null {
    const before = this.get(collection, namespace, name);
    if (before === null) return null;
    const { revision } = this.commit([{ key: { collection, namespace, name }, object: null }]);
    return atRevision(before, revision);
  }

  /** Several writes as one: one revision, and watchers hear of all or none. */
  commit(planned: readonly PlannedWrite[]): CommitRecord {
    const record = this.#take(this.#revision + 1, planned);
    for (const listener of this.#commitListeners) listener(record);
    if (this.#publishesAtOnce) this.publish(record.revision);
    return record;
  }

  /** A commit that has its revision already, and is durable; false where it had been seen before. */
  applyCommit(record: { readonly revision: number; readonly writes: readonly PlannedWrite[] }): boolean {
    if (record.revision <= this.#revision) return false;
    assert(this.#published === this.#revision, 'nobody else numbers commits while our own wait to be published');
    this.#take(record.revision, record.writes);
    this.publish(record.revision);
    return true;
  }

  /** The revision goes up without a write of ours: somebody else used the numbers between. */
  advanceTo(revision: number): void {
    assert(this.#published === this.#revision, 'nobody else numbers commits while our own wait to be published');
    this.#revision = Math.max(this.#revision, revision);
    this.#published = this.#revision;
  }

  /** Fills an empty store. Objects keep the revisions that they carry; nothing is told to anybody. */
  load(revision: number, objects: Iterable<readonly [collection: string, object: KubeObject]>): void {
    assert(this.#collections.size === 0, 'a state is loaded into an empty store');
    for (const [name, object] of objects) this.#collections.set(name, this.collection(name).with(deepFreeze(object)));
    this.#revision = revision;
    this.#published = revision;
    this.#history = new History(revision, this.#historyMax);
  }

  /** Tells watchers of every commit up to a revision. A listener may write: what it writes is told after it. */
  publish(revision: number): void {
    const upTo = Math.min(revision, this.#revision);
    if (upTo > this.#published) this.#published = upTo;
    if (this.#isPublishing) return;
    this.#isPublishing = true;
    try {
      for (let at = 0; ; at += 1) {
        const entry = this.#unpublished[at];
        if (entry === undefined || entry.change.revision > this.#published) {
          this.#unpublished.splice(0, at);
          break;
        }
        this.#tell(entry);
      }
    } finally {
      this.#isPublishing = false;
    }
    this.#history.trim(this.#published);
  }

  /** Undoes every commit that watchers have not heard of; tells what is undone, oldest first. */
  discardUnpublished(): readonly Change[] {
    assert(!this.#isPublishing, 'nothing is undone while watchers are being told');
    const undone = this.#unpublished.map(({ change }) => change);
    for (const [name, before] of this.#history.undoAfter(this.#published)) this.#collections.set(name, before);
    this.#unpublished = [];
    this.#revision = this.#published;
    return undone;
  }

  /**
   * Takes another state for its own, of which it is not known how it came about: watches of older revisions are Expired.
   * Those that run would have a gap: whoever keeps them ends them when onReplace() tells.
   */
  replace(revision: number, objects: Iterable<readonly [collection: string, object: KubeObject]>): void {
    assert(!this.#isPublishing, 'no state is taken while watchers are being told');
    this.#collections.clear();
    this.#unpublished = [];
    this.load(revision, objects);
    for (const listener of this.#replaceListeners) listener();
  }

  onReplace(listener: () => void): () => void {
    this.#replaceListeners.add(listener);
    return () => void this.#replaceListeners.delete(listener);
  }

  /** Called with every commit made here, before anybody else hears of it, until the returned function is called. */
  onCommit(listener: (record: CommitRecord) => void): () => void {
    this.#commitListeners.add(listener);
    return () => void this.#commitListeners.delete(listener);
  }

  /** Every published change to a collection after a revision; null where the history does not reach back that far. */
  changesSince(collection: string | null, revision: number): readonly Change[] | null {
    if (revision < this.#history.forgotten) return null;
    return this.#history.between(revision, this.#published, collection).map(({ change }) => change);
  }

  /** Tells what was missed since a revision, at once, and then every change as it is published. Null watches all collections. */
  watch(collection: string | null, after: number, listener: ChangeListener): WatchStart {
    if (after < this.#history.forgotten) return { ok: false, code: 'Expired', oldest: this.#history.forgotten };
    const missed = this.#history.between(after, this.#published, collection);
    const stop = this.#subscribe(collection, { after: Math.max(after, this.#published), listener });
    for (const entry of missed) listener(entry.change, entry.after);
    return { ok: true, stop };
  }

  /** Every change from now on. */
  onChange(listener: ChangeListener): () => void {
    return this.#subscribe(null, { after: this.#published, listener });
  }

  /** Forgets changes up to a revision, as etcd does on its own account. */
  compact(revision: number): void {
    this.#history.compact(Math.min(revision, this.#published));
  }

  #subscribe(collection: string | null, watcher: Watcher): () => void {
    const own = this.#watchers.get(collection) ?? new Set<Watcher>();
    this.#watchers.set(collection, own);
    own.add(watcher);
    return () => void own.delete(watcher);
  }

  #tell(entry: Entry): void {
    this.#tellThoseOf(entry.change.collection, entry);
    this.#tellThoseOf(null, entry);
  }

  #tellThoseOf(scope: string | null, { change, after }: Entry): void {
    const watchers = this.#watchers.get(scope);
    if (watchers === undefined) return;
    for (const watcher of watchers) if (change.revision > watcher.after) watcher.listener(change, after);
  }

  #take(revision: number, planned: readonly PlannedWrite[]): CommitRecord {
    this.#revision = revision;
    const writes: Write[] = [];
    for (const { key, object } of planned) {
      const before = this.collection(key.collection);
      const previous = before.get(key.namespace, key.name);
      if (object === null && previous === null) continue;
      const next = deepFreeze(atRevision(object ?? previous!, revision));
      const path = pathOf(key.namespace, key.name);
      const after = before.replacing(path, previous ?? undefined, object === null ? undefined : next);
      const type = object === null ? 'DELETED' : previous === null ? 'ADDED' : 'MODIFIED';
      const change: Change = { revision, type, collection: key.collection, object: next, previous };
      const entry = { change, after };
      this.#collections.set(key.collection, after);
      this.#history.add(entry, before);
      this.#unpublished.push(entry);
      writes.push({ key, object: object === null ? null : next, previous });
    }
    return { revision, writes };
  }
}
