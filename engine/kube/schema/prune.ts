// Drops the fields that a schema does not know, and tells where they stood.

import { LIMITS } from '../../base/limits.ts';
import { setField } from '../../base/set-field.ts';
import { joinPath } from '../field-error.ts';
import { isObject } from '../json.ts';
import { isOpen } from '../type-shape.ts';
import { type StructuralSchema, schemaOfField } from './structural-schema.ts';

export interface Pruned {
  /** The value itself where nothing had to go. */
  readonly value: unknown;
  /** Paths of what went, in the order of the document. */
  readonly removed: readonly string[];
}

/** An embedded object keeps its type and its metadata, whatever the schema says of the rest. */
const EMBEDDED = new Set(['apiVersion', 'kind', 'metadata']);

export function prune(value: unknown, schema: StructuralSchema, path = ''): Pruned {
  const removed: string[] = [];
  return { value: pruned(value, schema, path, removed, LIMITS.depthMax), removed };
}

function pruned(
  value: unknown,
  schema: StructuralSchema | undefined,
  path: string,
  removed: string[],
  levels: number,
): unknown {
  // What lies deeper than any limit is left for validation to refuse.
  if (schema === undefined || levels === 0) return value;
  if (Array.isArray(value)) {
    const items = value.map((item, at) => pruned(item, schema.items, `${path}[${at}]`, removed, levels - 1));
    return items.every((item, at) => item === value[at]) ? value : items;
  }
  if (!isObject(value)) return value;
  const result: Record<string, unknown> = {};
  let isChanged = false;
  for (const [key, item] of Object.entries(value)) {
    const own = schemaOfField(schema, key);
    const place = joinPath(path, key);
    if (own === undefined && !keepsUnknown(schema, key)) {
      removed.push(place);
      isChanged = true;
      continue;
    }
    const kept = pruned(item, own, place, removed, levels - 1);
    if (kept !== item) isChanged = true;
    setField(result, key, kept);
  }
  return isChanged ? result : value;
}

const keepsUnknown = (schema: StructuralSchema, key: string): boolean =>
  isOpen(schema) || (schema['x-kubernetes-embedded-resource'] === true && EMBEDDED.has(key));
