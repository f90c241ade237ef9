// Where two values differ, as the paths of the fields that do.
import { byText } from '../base/order.ts';
import { deepEqual, isObject } from './json.ts';

/** The deepest fields that say it all: a field that only one of the two has is named, and not what is below it. */
export function changedFields(before: unknown, after: unknown): readonly string[] {
  return collect(before, after, '');
}

/** Of a value that says less than the other: what it says and the other says otherwise. */
export function unmetFields(wanted: unknown, there: unknown): readonly string[] {
  return collect(wanted, there, '', true);
}

function collect(before: unknown, after: unknown, path: string, isPartial = false): string[] {
  if (before === after || (isNothing(before) && isNothing(after))) return [];
  if (isPartial && isNothing(before)) return [];
  if (isObject(before) && isObject(after)) {
    const keys = isPartial ? Object.keys(before) : [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.sort(byText).flatMap((key) => collect(before[key], after[key], step(path, key), isPartial));
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((item, at) => collect(item, after[at], `${path}[${at}]`, isPartial));
  }
  return deepEqual(before, after) ? [] : [path];
}

const isNothing = (value: unknown): boolean => value === undefined || value === null;

const step = (path: string, key: string): string => {
  if (!/^[A-Za-z0-9_-]+$/.test(key)) return `${path}[${key}]`;
  return path === '' ? key : `${path}.${key}`;
};
