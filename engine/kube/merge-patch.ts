// JSON merge patches (RFC 7386): null removes a field, objects merge, everything else replaces.
import { deepClone, isObject } from './json.ts';

/** The patched value; neither argument changes. */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return deepClone(patch);
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    if (value === null) {
      delete merged[key];
      continue;
    }
    const next = applyMergePatch(Object.hasOwn(merged, key) ? merged[key] : undefined, value);
    // Assigning "__proto__" would change the prototype instead of adding a field.
    if (key === '__proto__') {
      Object.defineProperty(merged, key, { value: next, enumerable: true, writable: true, configurable: true });
    } else merged[key] = next;
  }
  return merged;
}
