// Lists that are sets or maps: no item, or no key, may come twice.
import { duplicate, joinPath } from '../field-error.ts';
import { canonicalJson, isObject } from '../json.ts';
import { listKind } from '../type-shape.ts';
import type { Findings } from './findings.ts';
import { type StructuralSchema, schemaOfField } from './structural-schema.ts';

/** Adds what comes twice anywhere below; the value is no deeper than its validation allowed. */
export function listTypeErrors(
  value: unknown,
  schema: StructuralSchema | undefined,
  path: string,
  findings: Findings,
): void {
  if (schema === undefined || findings.isFull) return;
  if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      listTypeErrors(item, schemaOfField(schema, key), joinPath(path, key), findings);
    }
    return;
  }
  if (!Array.isArray(value)) return;
  const kind = listKind(schema);
  const seen = new Set<string>();
  for (const [at, item] of value.entries()) {
    if (kind.kind !== 'atomic') {
      const identity = kind.kind === 'map' && isObject(item) ? presentKeys(item, kind.keys) : item;
      const text = canonicalJson(identity);
      if (seen.has(text)) findings.add(duplicate(`${path}[${at}]`, identity));
      seen.add(text);
    }
    listTypeErrors(item, schema.items, `${path}[${at}]`, findings);
  }
}

const presentKeys = (item: Readonly<Record<string, unknown>>, keys: readonly string[]) =>
  Object.fromEntries(keys.filter((key) => item[key] !== undefined).map((key) => [key, item[key]]));

/** A keyed list's items by their keys' values. */
export const itemsByKey = (list: readonly unknown[], keys: readonly string[]): ReadonlyMap<string, unknown> =>
  new Map(list.map((item) => [canonicalJson(isObject(item) ? keys.map((key) => item[key] ?? null) : item), item]));

/** The place of the first item that equals an earlier one, or null. */
export function repeatedItem(list: readonly unknown[]): number | null {
  const seen = new Set<string>();
  for (const [at, item] of list.entries()) {
    const text = canonicalJson(item);
    if (seen.has(text)) return at;
    seen.add(text);
  }
  return null;
}
