// Empty tables of a script may be objects or lists. Where the object that the script was given had something empty, it is that; what
// the script made itself is left out, as in Karmada.
import { isObject, type JsonValue } from '../../../kube/json.ts';

export interface Empties {
  readonly lists: ReadonlySet<string>;
  readonly objects: ReadonlySet<string>;
}

const ITEM = '\n';

/** Where something is empty, by the path without the places in lists. */
export function emptiesIn(references: readonly unknown[]): Empties {
  const lists = new Set<string>();
  const objects = new Set<string>();
  const note = (value: unknown, path: string): void => {
    if (Array.isArray(value)) {
      if (value.length === 0) lists.add(path);
      for (const item of value) note(item, path);
    } else if (isObject(value)) {
      const keys = Object.keys(value);
      if (keys.length === 0) objects.add(path);
      for (const key of keys) note(value[key], `${path}${ITEM}${key}`);
    }
  };
  for (const reference of references) note(reference, '');
  return { lists, objects };
}

/** What a script answered, with each empty list as what it was meant for; undefined for one that nobody knows of. */
export function withEmpties(value: JsonValue, empties: Empties, path = ''): JsonValue | undefined {
  if (Array.isArray(value)) {
    if (value.length === 0) return meant(path, empties);
    return value.map((item) => withEmpties(item, empties, path)).filter((item) => item !== undefined);
  }
  if (!isObject(value)) return value;
  const kept: Record<string, JsonValue> = {};
  for (const key of Object.keys(value)) {
    const found = withEmpties(value[key] as JsonValue, empties, `${path}${ITEM}${key}`);
    if (found !== undefined) {
      Object.defineProperty(kept, key, { value: found, enumerable: true, writable: true, configurable: true });
    }
  }
  return kept;
}

function meant(path: string, { lists, objects }: Empties): JsonValue | undefined {
  if (objects.has(path)) return {};
  return lists.has(path) ? [] : undefined;
}
