// JSON values: their types, a canonical form in which equal values have equal bytes, and deep equality.
import { setField } from '../base/set-field.ts';

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keys in code-unit order, absent values left out: the same value gives the same text. */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) {
    let text = '[';
    for (let at = 0; at < value.length; at += 1) text += `${at === 0 ? '' : ','}${canonicalJson(value[at] ?? null)}`;
    return `${text}]`;
  }
  if (!isObject(value)) return JSON.stringify(value ?? null);
  const keys = Object.keys(value);
  sortInPlace(keys);
  let text = '{';
  for (const key of keys) {
    const item = value[key];
    if (item !== undefined) text += `${text === '{' ? '' : ','}${quoted(key)}:${canonicalJson(item)}`;
  }
  return `${text}}`;
}

const NEEDS_NO_ESCAPE = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

const quoted = (text: string): string => (NEEDS_NO_ESCAPE.test(text) ? `"${text}"` : JSON.stringify(text));

/** Objects have few keys, mostly in order already; a sort of the platform's would ask for memory each time. */
function sortInPlace(keys: string[]): void {
  for (let at = 1; at < keys.length; at += 1) {
    const key = keys[at]!;
    let to = at;
    while (to > 0 && keys[to - 1]! > key) {
      keys[to] = keys[to - 1]!;
      to -= 1;
    }
    keys[to] = key;
  }
}

export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && areEqualLists(a, b);
  return areEqualObjects(a as Record<string, unknown>, b as Record<string, unknown>);
}

function areEqualLists(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) if (!deepEqual(a[at], b[at])) return false;
  return true;
}

/** Absent and undefined are the same. */
function areEqualObjects(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  let count = 0;
  for (const key of Object.keys(a)) {
    const value = a[key];
    if (value === undefined) continue;
    if (!Object.hasOwn(b, key) || !deepEqual(value, b[key])) return false;
    count += 1;
  }
  for (const key of Object.keys(b)) if (b[key] !== undefined) count -= 1;
  return count === 0;
}

export function deepClone<T>(value: T): T {
  if (Array.isArray(value)) return value.map(deepClone) as T;
  if (!isObject(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) setField(copy, key, deepClone(value[key]));
  return copy as T;
}
