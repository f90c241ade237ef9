// JSON merge patches (RFC 7386): null removes a field, objects merge, everything else replaces.

import { merged } from '../base/merged.ts';
import { setField } from '../base/set-field.ts';
import { deepClone, deepEqual, isObject } from './json.ts';

/** The patched value; neither argument changes. */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return deepClone(patch);
  const patched: Record<string, unknown> = isObject(target) ? merged(target) : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    if (value === null) {
      delete patched[key];
      continue;
    }
    const next = applyMergePatch(Object.hasOwn(patched, key) ? patched[key] : undefined, value);
    setField(patched, key, next);
  }
  return patched;
}

/** The patch that makes one object the other; values that are null count as absent. */
export function mergePatchBetween(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const entries = [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => {
    const [old, next] = [before[key] ?? null, after[key] ?? null];
    if (deepEqual(old, next)) return [];
    return [[key, isObject(old) && isObject(next) ? mergePatchBetween(old, next) : next] as const];
  });
  return Object.fromEntries(entries);
}
