// One collection at one moment, as an immutable value: its objects in order of namespace and name, and its indexes.
// Versions share their parts, so holding an old one, or a thousand, costs next to nothing.
import { SortedMap } from '../base/sorted-map.ts';
import { visitDifferences } from '../base/sorted-map-diff.ts';
import type { KubeObject } from '../kube/meta.ts';
import { type IndexDefinition, OWNER_INDEX } from './indexes.ts';
import { indexEntry, type PathRange, pathOf, pathOfObject, pathsBelow } from './key.ts';

/** Null for everything. */
const rangeOf = (namespace: string | null): PathRange =>
  namespace === null ? { from: null, until: null } : pathsBelow(namespace);

interface Index {
  readonly definition: IndexDefinition;
  /** "value, path" to the path: objects are looked up, so that a change of an object seldom changes an index. */
  readonly paths: SortedMap<string>;
}

export class Collection {
  readonly name: string;
  readonly #objects: SortedMap<KubeObject>;
  readonly #indexes: readonly Index[];

  private constructor(name: string, objects: SortedMap<KubeObject>, indexes: readonly Index[]) {
    this.name = name;
    this.#objects = objects;
    this.#indexes = indexes;
  }

  /** Definitions for other collections are left aside. */
  static empty(name: string, definitions: readonly IndexDefinition[] = []): Collection {
    const own = [OWNER_INDEX, ...definitions.filter(({ collection }) => collection === null || collection === name)];
    const unique = own.filter((one, at) => own.findIndex((other) => other.name === one.name) === at);
    const indexes = unique.map((definition) => ({ definition, paths: SortedMap.empty<string>() }));
    return new Collection(name, SortedMap.empty(), indexes);
  }

  get size(): number {
    return this.#objects.size;
  }

  get(namespace: string, name: string): KubeObject | null {
    return this.#objects.get(pathOf(namespace, name)) ?? null;
  }

  /** By namespace and name; everything where the namespace is null. */
  list(namespace: string | null = null): KubeObject[] {
    const { from, until } = rangeOf(namespace);
    return this.#objects.values(from, until);
  }

  /** In order, until the visitor returns false. */
  visit(visitor: (object: KubeObject, path: string) => unknown, namespace: string | null = null): void {
    const { from, until } = rangeOf(namespace);
    this.#objects.visit(visitor, from, until);
  }

  /** As `visit`, from the first path that is not before `from`. */
  visitFrom(from: string, visitor: (object: KubeObject, path: string) => unknown, namespace: string | null): void {
    const range = rangeOf(namespace);
    this.#objects.visit(visitor, range.from === null || from > range.from ? from : range.from, range.until);
  }

  /** How many objects of a namespace, or of all, lie at or after a path. */
  countFrom(from: string, namespace: string | null): number {
    const range = rangeOf(namespace);
    const start = range.from === null || from > range.from ? from : range.from;
    return Math.max(0, this.#objects.rank(range.until) - this.#objects.rank(start));
  }

  hasIndex(index: string): boolean {
    return this.#indexes.some(({ definition }) => definition.name === index);
  }

  /** The index that answers "label = value", if there is one. */
  indexForLabel(label: string): string | null {
    return this.#indexes.find(({ definition }) => definition.label === label)?.definition.name ?? null;
  }

  /** The objects with a value in an index, by namespace and name. Asking an index that is not kept is a mistake of ours. */
  byIndex(index: string, value: string, namespace: string | null = null): KubeObject[] {
    const found = this.#indexes.find(({ definition }) => definition.name === index);
    if (found === undefined) throw new RangeError(`collection ${this.name} has no index "${index}"`);
    const below = pathsBelow(namespace === null ? value : indexEntry(value, namespace));
    const objects: KubeObject[] = [];
    found.paths.visit((path) => void objects.push(this.#objects.get(path)!), below.from, below.until);
    return objects;
  }

  with(object: KubeObject): Collection {
    const path = pathOfObject(object);
    return this.replacing(path, this.#objects.get(path), object);
  }

  without(namespace: string, name: string): Collection {
    const path = pathOf(namespace, name);
    return this.replacing(path, this.#objects.get(path), undefined);
  }

  /** For whoever has looked already: `before` is what lies at the path now; undefined for nothing. */
  replacing(path: string, before: KubeObject | undefined, after: KubeObject | undefined): Collection {
    if (after === undefined) {
      if (before === undefined) return this;
      return new Collection(this.name, this.#objects.delete(path), movedAll(this.#indexes, path, before, after));
    }
    return new Collection(this.name, this.#objects.set(path, after), movedAll(this.#indexes, path, before, after));
  }

  /** What changed from an earlier version to this one, in order, at the cost of the changes. */
  changesFrom(
    earlier: Collection,
    visitor: (before: KubeObject | undefined, after: KubeObject | undefined) => void,
  ): void {
    visitDifferences(earlier.#objects, this.#objects, (_path, before, after) => visitor(before, after));
  }
}

/** The same list where no index changes, as is most often so. */
function movedAll(
  indexes: readonly Index[],
  path: string,
  before: KubeObject | undefined,
  after: KubeObject | undefined,
): readonly Index[] {
  if (before !== undefined && after !== undefined && isReport(before, after)) return indexes;
  let next: Index[] | null = null;
  for (let at = 0; at < indexes.length; at += 1) {
    const index = indexes[at]!;
    const changed = moved(index, path, before, after);
    if (changed === index) continue;
    next ??= [...indexes];
    next[at] = changed;
  }
  return next ?? indexes;
}

/** Nothing differs of which indexes are made. Parts that did not change are shared. */
function isReport(before: KubeObject, after: KubeObject): boolean {
  const [old, now] = [before.metadata, after.metadata];
  if (old.labels !== now.labels || old.annotations !== now.annotations) return false;
  return old.ownerReferences === now.ownerReferences && hasAllOf(before, after) && hasAllOf(after, before);
}

const NOT_INDEXED = ['metadata', 'status'];

const hasAllOf = (object: KubeObject, other: KubeObject): boolean =>
  Object.keys(other).every((field) => NOT_INDEXED.includes(field) || object[field] === other[field]);

const NOWHERE: readonly string[] = [];

function moved(index: Index, path: string, before: KubeObject | undefined, after: KubeObject | undefined): Index {
  const { valuesOf } = index.definition;
  const old = before === undefined ? NOWHERE : valuesOf(before);
  const next = after === undefined ? NOWHERE : valuesOf(after);
  if (isSameList(old, next)) return index;
  let { paths } = index;
  for (const value of old) if (!next.includes(value)) paths = paths.delete(indexEntry(value, path));
  for (const value of next) if (!old.includes(value)) paths = paths.set(indexEntry(value, path), path);
  return { definition: index.definition, paths };
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at]) return false;
  return true;
}
