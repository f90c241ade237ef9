// The latest changes in order, all together and by collection, each with the state of its collection after it; the oldest
// are forgotten beyond a named maximum.
import type { Change } from './change.ts';
import type { Collection } from './collection.ts';

/** A change, and its collection after it. */
export interface Entry {
  readonly change: Change;
  readonly after: Collection;
}

export class History {
  readonly #max: number;
  readonly #all = new Deque<Entry>();
  readonly #byCollection = new Map<string, Deque<Entry>>();
  /** States of collections before their first change that is still known. */
  readonly #bases = new Map<string, Collection>();
  #forgotten: number;

  constructor(revision: number, max: number) {
    this.#forgotten = revision;
    this.#max = max;
  }

  /** Changes after this revision are all known. */
  get forgotten(): number {
    return this.#forgotten;
  }

  add(entry: Entry, before: Collection): void {
    const { change } = entry;
    let own = this.#byCollection.get(change.collection);
    if (own === undefined) {
      own = new Deque<Entry>();
      this.#byCollection.set(change.collection, own);
      this.#bases.set(change.collection, before);
    }
    own.push(entry);
    this.#all.push(entry);
  }

  /** Forgets the oldest changes beyond the maximum, but none after this revision. */
  trim(published: number): void {
    while (this.#all.size > this.#max && this.#all.first()!.change.revision <= published) this.#forgetFirst();
  }

  /** Forgets every change up to a revision. */
  compact(revision: number): void {
    while (this.#all.size > 0 && this.#all.first()!.change.revision <= revision) this.#forgetFirst();
    this.#forgotten = Math.max(this.#forgotten, revision);
  }

  /** Forgets every change after a revision, as if it had not been, and tells what each collection was before. */
  undoAfter(revision: number): ReadonlyMap<string, Collection> {
    const before = new Map<string, Collection>();
    while (this.#all.size > 0 && this.#all.last()!.change.revision > revision) {
      const { collection } = this.#all.pop().change;
      const own = this.#byCollection.get(collection)!;
      own.pop();
      before.set(collection, own.last()?.after ?? this.#bases.get(collection)!);
    }
    return before;
  }

  /** Changes after one revision, up to another, of a collection or of all. */
  between(after: number, upTo: number, collection: string | null): readonly Entry[] {
    const entries = collection === null ? this.#all : this.#byCollection.get(collection);
    if (entries === undefined) return [];
    const found: Entry[] = [];
    for (let at = firstAfter(entries, after); at < entries.size; at += 1) {
      const entry = entries.at(at);
      if (entry.change.revision > upTo) break;
      found.push(entry);
    }
    return found;
  }

  /** A collection as it was; undefined where it has not changed since. */
  stateAt(collection: string, revision: number): Collection | undefined {
    const own = this.#byCollection.get(collection);
    if (own === undefined) return undefined;
    const next = firstAfter(own, revision);
    return next === 0 ? this.#bases.get(collection) : own.at(next - 1).after;
  }

  #forgetFirst(): void {
    const { change, after } = this.#all.shift();
    this.#byCollection.get(change.collection)!.shift();
    this.#bases.set(change.collection, after);
    this.#forgotten = change.revision;
  }
}

function firstAfter(entries: Deque<Entry>, revision: number): number {
  let low = 0;
  let high = entries.size;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries.at(middle).change.revision <= revision) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Grows at the end and shrinks at the front, both in constant time on average. */
class Deque<T> {
  #items: (T | undefined)[] = [];
  #start = 0;

  get size(): number {
    return this.#items.length - this.#start;
  }

  at(index: number): T {
    return this.#items[this.#start + index]!;
  }

  first(): T | undefined {
    return this.#items[this.#start];
  }

  last(): T | undefined {
    return this.size === 0 ? undefined : this.#items.at(-1);
  }

  push(item: T): void {
    this.#items.push(item);
  }

  pop(): T {
    return this.#items.pop()!;
  }

  shift(): T {
    const item = this.#items[this.#start]!;
    this.#items[this.#start] = undefined;
    this.#start += 1;
    if (this.#start > 32 && this.#start * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#start);
      this.#start = 0;
    }
    return item;
  }
}
