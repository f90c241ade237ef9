// JSON merge patches (RFC 7386): null removes a field, objects merge, everything else replaces.
import { merged } from '../base/merged.ts';
import { own } from '../base/own.ts';
import { setField } from '../base/set-field.ts';
import { deepEqual, isObject } from './json.ts';

/** The patched value; neither argument changes, and it may share parts with both. */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch) || (!isObject(target) && saysAll(patch))) return patch;
  const patched: Record<string, unknown> = isObject(target) ? merged(target) : {};
  for (const key of Object.keys(patch)) {
    const value = patch[key];
    if (value === undefined) continue;
    if (value === null) {
      if (Object.hasOwn(patched, key)) delete patched[key];
      continue;
    }
    const next = applyMergePatch(own(patched, key), value);
    setField(patched, key, next);
  }
  return patched;
}

/** It removes nothing, so that where there is nothing yet it is what will be there. */
const saysAll = (patch: Readonly<Record<string, unknown>>): boolean =>
  Object.keys(patch).every((key) => {
    const value = patch[key];
    return value !== null && value !== undefined && (!isObject(value) || saysAll(value));
  });

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
