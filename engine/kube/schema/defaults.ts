// Fills in a schema's defaults, and drops nulls where nothing may be null.

import { LIMITS } from '../../base/limits.ts';
import { setField } from '../../base/set-field.ts';
import { deepClone, isObject } from '../json.ts';
import { type StructuralSchema, schemaOfField } from './structural-schema.ts';

/** The value itself where nothing is to be filled in. */
export const applyDefaults = (value: unknown, schema: StructuralSchema): unknown =>
  completed(value, schema, LIMITS.depthMax);

function completed(value: unknown, schema: StructuralSchema | undefined, levels: number): unknown {
  if (schema === undefined || levels === 0) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => completed(item, schema.items, levels - 1));
    return items.every((item, at) => item === value[at]) ? value : items;
  }
  if (!isObject(value)) return value;
  const result: Record<string, unknown> = {};
  let isChanged = false;
  for (const [key, item] of Object.entries(value)) {
    const own = schemaOfField(schema, key);
    if (item === null && own !== undefined && !mayBeNull(own)) {
      isChanged = true;
      if (own.default !== undefined) setField(result, key, completed(deepClone(own.default), own, levels - 1));
      continue;
    }
    const next = completed(item, own, levels - 1);
    if (next !== item) isChanged = true;
    setField(result, key, next);
  }
  for (const [key, own] of Object.entries(schema.properties ?? {})) {
    if (own.default === undefined || Object.hasOwn(result, key)) continue;
    isChanged = true;
    setField(result, key, completed(deepClone(own.default), own, levels - 1));
  }
  return isChanged ? result : value;
}

const mayBeNull = (schema: StructuralSchema): boolean =>
  schema.nullable === true || (schema.type === undefined && schema['x-kubernetes-preserve-unknown-fields'] === true);
