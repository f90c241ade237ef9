// Reading and changing fields of an object whose shape nobody has checked: a value of the wrong type is an error that
// names its place, absent and null are the same, and a change copies the way to the field and shares everything else.

import { merged } from '../base/merged.ts';
import { setField } from '../base/set-field.ts';
import { isObject } from '../kube/json.ts';
import { PropagationError } from './errors.ts';

export type Fields = Readonly<Record<string, unknown>>;
type Path = readonly [string, ...string[]];

/** The value at the path; undefined where it, or an object on the way, is absent. */
export function valueAt(object: Fields, ...path: Path): unknown {
  let node: unknown = object;
  for (let depth = 0; depth < path.length; depth += 1) {
    const key = path[depth]!;
    if (!isObject(node)) throw wrongType(path.slice(0, depth), 'an object', node);
    if (!Object.hasOwn(node, key)) return undefined;
    node = node[key];
    if (node === null || node === undefined) return undefined;
  }
  return node;
}

export function numberAt(object: Fields, ...path: Path): number | undefined {
  const value = valueAt(object, ...path);
  if (value !== undefined && !Number.isInteger(value)) throw wrongType(path, 'a whole number', value);
  return value as number | undefined;
}

export function textAt(object: Fields, ...path: Path): string | undefined {
  const value = valueAt(object, ...path);
  if (value !== undefined && typeof value !== 'string') throw wrongType(path, 'a text', value);
  return value;
}

export function booleanAt(object: Fields, ...path: Path): boolean | undefined {
  const value = valueAt(object, ...path);
  if (value !== undefined && typeof value !== 'boolean') throw wrongType(path, 'true or false', value);
  return value;
}

export function fieldsAt(object: Fields, ...path: Path): Fields | undefined {
  const value = valueAt(object, ...path);
  if (value !== undefined && !isObject(value)) throw wrongType(path, 'an object', value);
  return value;
}

export function textsAt(object: Fields, ...path: Path): Readonly<Record<string, string>> | undefined {
  const fields = fieldsAt(object, ...path);
  if (fields === undefined) return undefined;
  for (const key of Object.keys(fields)) {
    if (typeof fields[key] !== 'string') throw wrongType([...path, key], 'a text', fields[key]);
  }
  return fields as Readonly<Record<string, string>>;
}

/** A list of objects; an absent one is empty. */
export function listAt(object: Fields, ...path: Path): readonly Fields[] {
  const value = valueAt(object, ...path) ?? [];
  if (!Array.isArray(value)) throw wrongType(path, 'a list', value);
  const odd = value.findIndex((item) => !isObject(item));
  if (odd >= 0) throw wrongType([...path, String(odd)], 'an object', value[odd]);
  return value as readonly Fields[];
}

/** The object with another value at the path; undefined takes the field away. */
export function withValue<T extends Fields>(object: T, value: unknown, ...path: Path): T {
  return changed(object, path, 0, value) as T;
}

function changed(node: unknown, path: Path, depth: number, value: unknown): unknown {
  const absent = node === undefined || node === null;
  if (!absent && !isObject(node)) throw wrongType(path.slice(0, depth), 'an object', node);
  const key = path[depth]!;
  if (absent && value === undefined) return node;
  const has = !absent && Object.hasOwn(node, key);
  const next = depth === path.length - 1 ? value : changed(has ? node[key] : undefined, path, depth + 1, value);
  if (next === undefined) return has ? without(node, [key]) : node;
  const copy: Record<string, unknown> = absent ? {} : merged(node);
  setField(copy, key, next);
  return copy;
}

/** Built anew: engines make objects slow that something was deleted from, and so all copies of them. */
export function without<T extends Fields>(fields: T, names: readonly string[]): T {
  const left: Record<string, unknown> = {};
  for (const key of Object.keys(fields)) if (!names.includes(key)) setField(left, key, fields[key]);
  return left as T;
}

/** The object with the value at the path replaced by what the change makes of it; an absent value stays absent. */
export function mapValue<T extends Fields>(object: T, change: (value: unknown) => unknown, ...path: Path): T {
  const value = valueAt(object, ...path);
  return value === undefined ? object : withValue(object, change(value), ...path);
}

/** The object with every object of a list changed; an absent list stays absent. */
export function mapList<T extends Fields>(object: T, change: (item: Fields) => Fields, ...path: Path): T {
  const list = listAt(object, ...path);
  return list.length === 0 ? object : withValue(object, list.map(change), ...path);
}

function wrongType(path: readonly string[], wanted: string, value: unknown): PropagationError {
  const place = path.length === 0 ? 'the object' : path.join('.');
  return new PropagationError(`${place} must be ${wanted}, not ${JSON.stringify(value)?.slice(0, 80)}`);
}

/** The fields that have a value: an absent one is left out instead of being written as undefined. */
export function present<T extends object>(fields: T): T {
  const all = fields as Fields;
  const left: Record<string, unknown> = {};
  for (const key of Object.keys(all)) if (all[key] !== undefined) left[key] = all[key];
  return left as T;
}
