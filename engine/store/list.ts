// Lists of one collection at one revision: selected by labels and fields, in pages that stay at the revision of the first.
import { own } from '../base/own.ts';
import { isObject } from '../kube/json.ts';
import type { KubeObject } from '../kube/meta.ts';
import { type FieldTerm, type LabelTerm, matchesFields, matchesLabels } from '../kube/selector-text.ts';
import type { Collection } from './collection.ts';
import { pathAfter, pathOfObject } from './key.ts';
import type { ObjectStore } from './store.ts';

/** Where the next page begins; opaque to clients, who get it encoded. */
export interface PageStart {
  readonly revision: number;
  /** The path of the last object told. */
  readonly after: string;
}

export interface ListOptions {
  /** Null, or left out, for all. */
  readonly namespace?: string | null;
  readonly labels?: readonly LabelTerm[];
  readonly fields?: readonly FieldTerm[];
  /** 0, or left out, for no limit. */
  readonly limit?: number;
  /** The next page of a list begun earlier. */
  readonly page?: PageStart;
  /** Exactly this revision; the newest where it is left out. */
  readonly revision?: number;
}

export type ListResult =
  | {
      readonly ok: true;
      readonly items: readonly KubeObject[];
      readonly revision: number;
      readonly next: PageStart | null;
      /** How many follow; null with selectors, when nobody knows. */
      readonly remaining: number | null;
    }
  | { readonly ok: false; readonly code: 'Expired'; readonly oldest: number };

export function listObjects(store: ObjectStore, name: string, options: ListOptions = {}): ListResult {
  const revision = options.page?.revision ?? options.revision ?? store.revision();
  const collection = store.collectionAt(name, revision);
  if (collection === null) return { ok: false, code: 'Expired', oldest: store.oldest() };
  const { namespace = null, labels = [], fields = [], limit = 0 } = options;
  const isSelective = labels.length > 0 || fields.length > 0;
  const items: KubeObject[] = [];
  let last: string | null = null;
  let isMore = false;
  visitSelected(collection, options, (object) => {
    if (limit > 0 && items.length === limit) {
      isMore = true;
      return false;
    }
    items.push(object);
    last = pathOfObject(object);
    return true;
  });
  if (!isMore || last === null) return { ok: true, items, revision, next: null, remaining: isSelective ? null : 0 };
  const remaining = isSelective ? null : collection.countFrom(pathAfter(last), namespace);
  return { ok: true, items, revision, next: { revision, after: last }, remaining };
}

/** Every object of a collection that the labels, fields and namespace select; an index of labels is used if there is one. */
export function visitSelected(
  collection: Collection,
  { namespace = null, labels = [], fields = [], page }: ListOptions,
  visitor: (object: KubeObject) => unknown,
): void {
  const isSelected = (object: KubeObject) =>
    matchesLabels(labels, object.metadata.labels) && matchesFields(fields, (field) => readField(object, field));
  const from = page === undefined ? '' : pathAfter(page.after);
  for (const term of labels) {
    if (term.operator !== 'In' || term.values.length !== 1) continue;
    const index = collection.indexForLabel(term.key);
    if (index === null) continue;
    for (const object of collection.byIndex(index, term.values[0]!, namespace)) {
      if (pathOfObject(object) >= from && isSelected(object) && visitor(object) === false) return;
    }
    return;
  }
  collection.visitFrom(from, (object) => (isSelected(object) ? visitor(object) : true), namespace);
}

/** The text at a path of plain fields; empty where there is none, as the API has it. */
export function readField(object: KubeObject, path: string): string {
  let value: unknown = object;
  for (const step of path.split('.')) value = isObject(value) ? own(value, step) : undefined;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
