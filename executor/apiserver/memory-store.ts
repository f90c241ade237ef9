// The store in memory: collections in order of namespace and name, and the latest changes for watchers and old lists.
import { byText, type KubeObject } from '../../engine/index.ts';
import type { Change, ChangeType, HubStore } from './hub-store.ts';

const HISTORY_MAX = 10_000;

interface Collection {
  readonly objects: Map<string, KubeObject>;
  /** Keys in order; null when it has to be sorted again. */
  order: readonly string[] | null;
}

const keyOf = (namespace: string, name: string) => `${namespace}\u0000${name}`;

export class MemoryStore implements HubStore {
  private readonly collections = new Map<string, Collection>();
  private readonly listeners = new Set<(change: Change) => void>();
  private history: Change[] = [];
  private last: number;
  private forgotten: number;
  private readonly historyMax: number;

  constructor(firstRevision = 1, historyMax = HISTORY_MAX) {
    this.last = firstRevision;
    this.forgotten = firstRevision;
    this.historyMax = historyMax;
  }

  revision(): number {
    return this.last;
  }

  oldest(): number {
    return this.forgotten;
  }

  get(collection: string, namespace: string, name: string): KubeObject | null {
    return this.collections.get(collection)?.objects.get(keyOf(namespace, name)) ?? null;
  }

  list(name: string, namespace: string | null): readonly KubeObject[] {
    const collection = this.collections.get(name);
    if (collection === undefined) return [];
    collection.order ??= [...collection.objects.keys()].sort(byText);
    const prefix = namespace === null ? '' : keyOf(namespace, '');
    return collection.order.filter((key) => key.startsWith(prefix)).map((key) => collection.objects.get(key)!);
  }

  put(name: string, object: KubeObject): KubeObject {
    const collection = this.collections.get(name) ?? { objects: new Map(), order: null };
    this.collections.set(name, collection);
    const key = keyOf(object.metadata.namespace ?? '', object.metadata.name);
    const previous = collection.objects.get(key) ?? null;
    const stored = this.stamped(object);
    collection.objects.set(key, stored);
    if (previous === null) collection.order = null;
    this.record(previous === null ? 'ADDED' : 'MODIFIED', name, stored, previous);
    return stored;
  }

  remove(name: string, namespace: string, objectName: string): KubeObject | null {
    const collection = this.collections.get(name);
    const key = keyOf(namespace, objectName);
    const previous = collection?.objects.get(key);
    if (collection === undefined || previous === undefined) return null;
    collection.objects.delete(key);
    collection.order = null;
    const last = this.stamped(previous);
    this.record('DELETED', name, last, previous);
    return last;
  }

  changesSince(collection: string, revision: number): readonly Change[] | null {
    if (revision < this.forgotten) return null;
    return this.history.filter((change) => change.revision > revision && change.collection === collection);
  }

  onChange(listener: (change: Change) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private stamped(object: KubeObject): KubeObject {
    this.last += 1;
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(this.last) } };
  }

  private record(type: ChangeType, collection: string, object: KubeObject, previous: KubeObject | null): void {
    const change: Change = { revision: this.last, type, collection, object, previous };
    this.history.push(change);
    if (this.history.length > this.historyMax * 1.25) {
      const gone = this.history.length - this.historyMax;
      this.forgotten = this.history[gone - 1]!.revision;
      this.history = this.history.slice(gone);
    }
    for (const listener of this.listeners) listener(change);
  }
}
