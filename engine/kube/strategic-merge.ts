// Strategic merge patches: merge patches that know, from the type's shape, which lists are keyed and which are sets.
import { own } from '../base/own.ts';
import { setField } from '../base/set-field.ts';
import { deepClone, deepEqual, isObject } from './json.ts';
import { fieldShape, type TypeShape } from './type-shape.ts';

export type StrategicMergeResult =
  | { readonly ok: true; readonly value: Record<string, unknown> }
  | { readonly ok: false; readonly why: string };

const DIRECTIVE = '$patch';
const DELETE_FROM = '$deleteFromPrimitiveList/';
const ORDER = '$setElementOrder/';
const RETAIN = '$retainKeys';

class BadPatch extends Error {}

/** The patched object; neither argument changes. */
export function applyStrategicMergePatch(
  target: Record<string, unknown>,
  patch: Record<string, unknown>,
  shape: TypeShape,
): StrategicMergeResult {
  try {
    const merged = mergeObject(target, patch, shape);
    return { ok: true, value: merged ?? {} };
  } catch (error) {
    if (error instanceof BadPatch) return { ok: false, why: error.message };
    throw error;
  }
}

/** Null when the patch deletes the object. */
function mergeObject(
  target: Record<string, unknown>,
  patch: Record<string, unknown>,
  shape: TypeShape | null,
): Record<string, unknown> | null {
  const directive = patch[DIRECTIVE];
  if (directive === 'replace') return withoutDirectives(patch);
  if (directive === 'delete') return null;
  if (directive !== undefined && directive !== 'merge') {
    throw new BadPatch(`Unknown patch type: ${String(directive)} in map: ${JSON.stringify(patch)}`);
  }
  const merged: Record<string, unknown> = { ...target };
  retainOnly(merged, patch);
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined || key === DIRECTIVE || key === RETAIN || key.startsWith(ORDER)) continue;
    if (key.startsWith(DELETE_FROM)) {
      const field = key.slice(DELETE_FROM.length);
      const list = merged[field];
      if (Array.isArray(list) && Array.isArray(value)) {
        setField(
          merged,
          field,
          list.filter((item) => !value.some((gone) => deepEqual(gone, item))),
        );
      }
      continue;
    }
    mergeField(merged, key, value, fieldShape(shape, key), patch[ORDER + key]);
  }
  for (const key of Object.keys(patch)) {
    const field = key.startsWith(ORDER) ? key.slice(ORDER.length) : null;
    if (field !== null && patch[field] === undefined && Array.isArray(merged[field]) && Array.isArray(patch[key])) {
      const own = fieldShape(shape, field);
      setField(merged, field, inOrder(merged[field], patch[key], mergeKeyOf(own), merged[field]));
    }
  }
  return merged;
}

function mergeField(
  merged: Record<string, unknown>,
  key: string,
  value: unknown,
  shape: TypeShape | null,
  order: unknown,
): void {
  const old = own(merged, key);
  if (value === null) {
    delete merged[key];
  } else if (isObject(value)) {
    const next = isObject(old) ? mergeObject(old, value, shape) : freshObject(value, shape);
    if (next === null) delete merged[key];
    else setField(merged, key, next);
  } else if (Array.isArray(value)) {
    const strategy = shape?.['x-kubernetes-patch-strategy']?.split(',') ?? [];
    const isMerged = strategy.includes('merge') && Array.isArray(old);
    if (isMerged) setField(merged, key, mergeList(old, value, shape, order));
    else
      setField(merged, key, strategy.includes('merge') ? mergeList([], value, shape, order) : freshList(value, shape));
  } else {
    setField(merged, key, value);
  }
}

/** What a patch adds where nothing was. A directive has nothing to act on there, and takes its object with it. */
function freshObject(patch: Record<string, unknown>, shape: TypeShape | null): Record<string, unknown> | null {
  return patch[DIRECTIVE] === undefined ? mergeObject({}, patch, shape) : null;
}

function freshList(list: readonly unknown[], shape: TypeShape | null): unknown[] {
  return list
    .filter((item) => !(isObject(item) && item[DIRECTIVE] === 'delete'))
    .map((item) => (isObject(item) ? (freshObject(item, shape?.items ?? null) ?? {}) : deepClone(item)));
}

function mergeList(
  old: readonly unknown[],
  patch: readonly unknown[],
  shape: TypeShape | null,
  order: unknown,
): unknown[] {
  const key = mergeKeyOf(shape);
  const items = shape?.items ?? null;
  if (key === null) {
    const added = patch.filter((item) => !old.some((one) => deepEqual(one, item)));
    const all = [...old, ...added];
    return inOrder(all, Array.isArray(order) ? order : patch, null, old);
  }
  let merged: unknown[] = [...old];
  let replaced = false;
  for (const item of patch) {
    if (!isObject(item))
      throw new BadPatch(`invalid element in list: expected an object, found ${JSON.stringify(item)}`);
    const directive = item[DIRECTIVE];
    if (directive === 'replace') {
      replaced = true;
      continue;
    }
    if (item[key] === undefined) {
      throw new BadPatch(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
    }
    const isSame = (one: unknown) => isObject(one) && deepEqual(one[key], item[key]);
    if (directive === 'delete') {
      merged = merged.filter((one) => !isSame(one));
      continue;
    }
    const at = merged.findIndex(isSame);
    if (at < 0) merged.push(freshObject(item, items) ?? {});
    else merged[at] = mergeObject(merged[at] as Record<string, unknown>, item, items);
  }
  if (replaced) {
    return patch
      .filter((item) => isObject(item) && item[DIRECTIVE] === undefined)
      .map((item) => freshObject(item as Record<string, unknown>, items) ?? {});
  }
  const named = patch.filter((item) => !(isObject(item) && item[DIRECTIVE] === 'delete'));
  return inOrder(merged, Array.isArray(order) ? order : named, key, old);
}

/**
 * What the patch names comes in the patch's order; the rest of the old list keeps its own order and is put before the
 * first item that followed it.
 */
function inOrder(
  list: readonly unknown[],
  order: readonly unknown[],
  key: string | null,
  old: readonly unknown[],
): unknown[] {
  const identity = (item: unknown) => (key !== null && isObject(item) ? item[key] : item);
  const placeIn = (items: readonly unknown[], item: unknown) =>
    items.findIndex((one) => deepEqual(identity(one), identity(item)));
  const named = list.filter((item) => placeIn(order, item) >= 0).sort((a, b) => placeIn(order, a) - placeIn(order, b));
  const others = list.filter((item) => placeIn(order, item) < 0);
  const result: unknown[] = [];
  let next = 0;
  for (const item of named) {
    while (next < others.length) {
      const left = placeIn(old, others[next]);
      const right = placeIn(old, item);
      if (left < 0 || right < 0 || left > right) break;
      result.push(others[next]);
      next += 1;
    }
    result.push(item);
  }
  return [...result, ...others.slice(next)];
}

const mergeKeyOf = (shape: TypeShape | null): string | null => shape?.['x-kubernetes-patch-merge-key'] ?? null;

function retainOnly(merged: Record<string, unknown>, patch: Record<string, unknown>): void {
  const retained = patch[RETAIN];
  if (retained === undefined) return;
  if (!Array.isArray(retained)) throw new BadPatch('$retainKeys must be a list of field names');
  for (const key of Object.keys(merged)) if (!retained.includes(key)) delete merged[key];
}

function withoutDirectives(patch: Record<string, unknown>): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(patch)) {
    if (key !== DIRECTIVE && value !== null) setField(plain, key, deepClone(value));
  }
  return plain;
}
