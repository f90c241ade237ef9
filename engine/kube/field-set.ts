// Sets of field paths, as managed fields record them: built from values, compared, united, and written as FieldsV1.

import { byText } from '../base/order.ts';
import { own } from '../base/own.ts';
import { canonicalJson, deepEqual, isObject } from './json.ts';
import { fieldShape, isAtomicMap, listKind, type TypeShape } from './type-shape.ts';

/** One node of the tree of paths; a member is owned itself, a mere parent only leads to members. */
export interface FieldSet {
  readonly member: boolean;
  /** By path element: "f:name" a field, 'k:{"name":"a"}' a keyed item, 'v:"a"' a set's item. */
  readonly children: ReadonlyMap<string, FieldSet>;
}

export const NO_FIELDS: FieldSet = { member: false, children: new Map() };
export const OWN: FieldSet = { member: true, children: new Map() };

export const isEmptySet = (set: FieldSet): boolean =>
  !set.member && [...set.children.values()].every((child) => isEmptySet(child));

/** Without a look below: of a tidy set that is enough. */
const isBare = ({ member, children }: FieldSet): boolean => !member && children.size === 0;

const tidy = (member: boolean, children: Map<string, FieldSet>): FieldSet => {
  for (const [element, child] of children) if (isEmptySet(child)) children.delete(element);
  return { member, children };
};

/** The first itself where the second adds nothing. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (isBare(a)) return b;
  let children: Map<string, FieldSet> | null = null;
  for (const [element, child] of b.children) {
    const own = a.children.get(element);
    const sum = own === undefined ? child : union(own, child);
    if (sum === own) continue;
    children ??= new Map(a.children);
    children.set(element, sum);
  }
  const member = a.member || b.member;
  return children === null && member === a.member ? a : { member, children: children ?? a.children };
}

/** The first itself where the second takes nothing away. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  if (isBare(a) || isBare(b)) return a;
  let children: Map<string, FieldSet> | null = null;
  for (const [element, child] of b.children) {
    const own = a.children.get(element);
    const rest = own === undefined ? undefined : difference(own, child);
    if (rest === undefined || rest === own) continue;
    children ??= new Map(a.children);
    children.set(element, rest);
  }
  const member = a.member && !b.member;
  return children === null && member === a.member ? a : tidy(member, children ?? new Map(a.children));
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const [element, child] of a.children) {
    const other = b.children.get(element);
    if (other !== undefined) children.set(element, intersection(child, other));
  }
  return tidy(a.member && b.member, children);
}

/** Without a path and everything below it. */
export function withoutPath(set: FieldSet, path: readonly string[]): FieldSet {
  const [first, ...rest] = path;
  if (first === undefined) return NO_FIELDS;
  const child = set.children.get(first);
  if (child === undefined) return set;
  const children = new Map(set.children);
  children.set(first, withoutPath(child, rest));
  return tidy(set.member, children);
}

export function sameSet(a: FieldSet, b: FieldSet): boolean {
  if (a === b) return true;
  if (a.member !== b.member || a.children.size !== b.children.size) return false;
  for (const [element, child] of a.children) {
    const other = b.children.get(element);
    if (other === undefined || !sameSet(child, other)) return false;
  }
  return true;
}

/** Every member's path as people read it: .spec.containers[name="main"].image */
export function memberPaths(set: FieldSet): string[] {
  const paths: string[] = [];
  const visit = (node: FieldSet, path: string) => {
    if (node.member) paths.push(path);
    for (const element of [...node.children.keys()].sort(byText))
      visit(node.children.get(element)!, path + pathText(element));
  };
  visit(set, '');
  return paths;
}

function pathText(element: string): string {
  const rest = element.slice(2);
  if (element.startsWith('f:')) return `.${rest}`;
  if (element.startsWith('i:')) return `[${rest}]`;
  if (element.startsWith('v:')) return `[=${rest}]`;
  const keys = JSON.parse(rest) as Record<string, unknown>;
  return `[${Object.keys(keys)
    .sort(byText)
    .map((key) => `${key}=${JSON.stringify(keys[key])}`)
    .join(',')}]`;
}

export const pathsText = (elements: readonly string[]): string => elements.map(pathText).join('');

/** The element that names a list's item, by its keys or by its value; null where a key is missing. */
export function itemElement(item: unknown, shape: TypeShape | null): string | null {
  const kind = listKind(shape);
  if (kind.kind === 'set') return `v:${canonicalJson(item)}`;
  if (kind.kind !== 'map' || !isObject(item)) return null;
  const keys: Record<string, unknown> = {};
  let found = false;
  for (const key of kind.keys) {
    const value = item[key] ?? fieldShape(shape?.items, key)?.default;
    if (value === undefined || value === null) continue;
    found = true;
    keys[key] = value;
  }
  return found ? `k:${canonicalJson(keys)}` : null;
}

/** The paths that an applied configuration claims: its leaves, its list items, and its maps' entries. */
export function appliedFields(value: unknown, shape: TypeShape | null): FieldSet {
  if (isObject(value) && !isAtomicMap(shape)) {
    const children = new Map<string, FieldSet>();
    for (const [key, item] of Object.entries(value)) {
      if (item === undefined) continue;
      const own = appliedFields(item, fieldShape(shape, key));
      const isDeclared = shape?.properties !== undefined && Object.hasOwn(shape.properties, key);
      const isEmpty = item === null || (isObject(item) && Object.keys(item).length === 0);
      children.set(`f:${key}`, isEmpty || !isDeclared ? { member: true, children: own.children } : own);
    }
    return { member: false, children };
  }
  if (Array.isArray(value)) {
    const kind = listKind(shape);
    if (kind.kind === 'atomic') return OWN;
    const children = new Map<string, FieldSet>();
    for (const item of value) {
      const element = itemElement(item, shape);
      if (element === null) return OWN;
      const own = kind.kind === 'set' ? NO_FIELDS : appliedFields(item, shape?.items ?? null);
      children.set(element, { member: true, children: own.children });
    }
    return { member: false, children };
  }
  return OWN;
}

export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

const NOTHING: Comparison = { added: NO_FIELDS, modified: NO_FIELDS, removed: NO_FIELDS };

/** What changed between two values, path by path; undefined is absent, null is there. */
export function compareFields(before: unknown, after: unknown, shape: TypeShape | null): Comparison {
  // Most of an object is as it was.
  if (deepEqual(before, after)) return NOTHING;
  if (isContainer(before, after, isObject)) {
    const old = (before ?? {}) as Record<string, unknown>;
    const next = (after ?? {}) as Record<string, unknown>;
    const empty = Object.keys(old).length === 0 && Object.keys(next).length === 0;
    if (isAtomicMap(shape) || empty) return compareLeaf(before, after);
    const elements = new Map<string, Comparison>();
    for (const key of new Set([...Object.keys(old), ...Object.keys(next)])) {
      const changes = compareFields(own(old, key), own(next, key), fieldShape(shape, key));
      if (changes !== NOTHING) elements.set(`f:${key}`, changes);
    }
    return gather(elements, before, after);
  }
  if (isContainer(before, after, Array.isArray)) {
    const old = indexItems(before, shape);
    const next = indexItems(after, shape);
    if (old === null || next === null || (old.size === 0 && next.size === 0)) return compareLeaf(before, after);
    const items = listKind(shape).kind === 'set' ? null : (shape?.items ?? null);
    const elements = new Map<string, Comparison>();
    for (const element of new Set([...old.keys(), ...next.keys()])) {
      elements.set(element, compareFields(old.get(element), next.get(element), items));
    }
    return gather(elements, before, after);
  }
  if ((isObject(before) || Array.isArray(before)) && after !== undefined && after !== null) {
    return both(compareFields(before, undefined, shape), compareFields(undefined, after, shape));
  }
  if ((isObject(after) || Array.isArray(after)) && before !== undefined && before !== null) {
    return both(compareFields(before, undefined, shape), compareFields(undefined, after, shape));
  }
  return compareLeaf(before, after);
}

const both = (a: Comparison, b: Comparison): Comparison => ({
  added: union(a.added, b.added),
  modified: union(a.modified, b.modified),
  removed: union(a.removed, b.removed),
});

const isContainer = (before: unknown, after: unknown, is: (value: unknown) => boolean): boolean =>
  (is(before) || is(after)) &&
  (before === undefined || before === null || is(before)) &&
  (after === undefined || after === null || is(after));

const ADDED: Comparison = { ...NOTHING, added: OWN };
const REMOVED: Comparison = { ...NOTHING, removed: OWN };
const MODIFIED: Comparison = { ...NOTHING, modified: OWN };

function compareLeaf(before: unknown, after: unknown): Comparison {
  if (before === undefined) return ADDED;
  if (after === undefined) return REMOVED;
  return MODIFIED;
}

function gather(elements: ReadonlyMap<string, Comparison>, before: unknown, after: unknown): Comparison {
  const collect = (part: keyof Comparison, self: boolean): FieldSet => {
    let children: Map<string, FieldSet> | null = null;
    for (const [element, one] of elements) {
      if (isBare(one[part])) continue;
      children ??= new Map();
      children.set(element, one[part]);
    }
    return children === null && !self ? NO_FIELDS : { member: self, children: children ?? NO_FIELDS.children };
  };
  return {
    added: collect('added', before === undefined),
    modified: collect('modified', false),
    removed: collect('removed', after === undefined),
  };
}

/** The items by path element, or null for a list that is owned as a whole. */
export function indexItems(list: unknown, shape: TypeShape | null): Map<string, unknown> | null {
  if (listKind(shape).kind === 'atomic') return null;
  const items = new Map<string, unknown>();
  for (const item of Array.isArray(list) ? list : []) {
    const element = itemElement(item, shape);
    if (element === null) return null;
    if (!items.has(element)) items.set(element, item);
  }
  return items;
}

export function toFieldsV1(set: FieldSet): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  if (set.member && set.children.size > 0) fields['.'] = {};
  for (const element of [...set.children.keys()].sort(byText)) fields[element] = toFieldsV1(set.children.get(element)!);
  return fields;
}

/** Null where the record is no FieldsV1. */
export function fromFieldsV1(fields: unknown): FieldSet | null {
  const root = readNode(fields);
  return root === null ? null : { member: false, children: root.children };
}

function readNode(fields: unknown): FieldSet | null {
  if (!isObject(fields)) return null;
  const children = new Map<string, FieldSet>();
  let member = false;
  for (const [element, below] of Object.entries(fields)) {
    if (element === '.') {
      member = true;
      continue;
    }
    if (!/^[fkvi]:/.test(element)) return null;
    const child = readNode(below);
    if (child === null) return null;
    children.set(element, child);
  }
  return { member: member || children.size === 0, children };
}
