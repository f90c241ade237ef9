// What an author changed, as a patch for what others may have changed meanwhile.
import { isObject } from '../../engine/index.ts';

/** A merge patch from one value to another: what the author has taken out becomes null, all the way down. */
export function patchFrom(before: unknown, after: unknown): unknown {
  if (!isObject(before) || !isObject(after)) return after;
  const patch: Record<string, unknown> = {};
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) patch[key] = null;
  for (const [key, value] of Object.entries(after)) patch[key] = patchFrom(before[key], value);
  return patch;
}
