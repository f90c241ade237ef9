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
  const entries = Object.entries(value);
  // Most values lose nothing, and need no copy.
  let copy: Record<string, unknown> | null = null;
  for (const [at, [key, item]] of entries.entries()) {
    const own = schemaOfField(schema, key);
    const place = joinPath(path, key);
    const isKept = own !== undefined || keepsUnknown(schema, key);
    if (!isKept) removed.push(place);
    const next = isKept ? pruned(item, own, place, removed, levels - 1) : undefined;
    if (copy === null && (!isKept || next !== item)) copy = firstOf(entries, at);
    if (copy !== null && isKept) setField(copy, key, next);
  }
  return copy ?? value;
}

function firstOf(entries: readonly (readonly [string, unknown])[], count: number): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (let at = 0; at < count; at += 1) setField(copy, ...entries[at]!);
  return copy;
}

const keepsUnknown = (schema: StructuralSchema, key: string): boolean =>
  isOpen(schema) || (schema['x-kubernetes-embedded-resource'] === true && EMBEDDED.has(key));
