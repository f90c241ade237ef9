// Fills in a structural schema's defaults, and drops nulls where nothing may be null.
import { deepClone, isObject } from '../../../engine/index.ts';
import type { StructuralSchema } from './structural-schema.ts';

/** A new value; what needs no change is shared. */
export function withDefaults(value: unknown, schema: StructuralSchema | undefined): unknown {
  if (schema === undefined) return value;
  if (Array.isArray(value)) return value.map((item) => withDefaults(item, schema.items));
  if (!isObject(value)) return value;
  const result: Record<string, unknown> = {};
  const declared = schema.properties ?? {};
  const extra = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
  for (const [key, item] of Object.entries(value)) {
    const own = Object.hasOwn(declared, key) ? declared[key] : extra;
    if (item === null && own !== undefined && !mayBeNull(own)) {
      if (own.default !== undefined) result[key] = deepClone(own.default);
      continue;
    }
    const next = withDefaults(item, own);
    Object.defineProperty(result, key, { value: next, enumerable: true, writable: true, configurable: true });
  }
  for (const [key, own] of Object.entries(declared)) {
    if (own.default !== undefined && !Object.hasOwn(result, key))
      result[key] = withDefaults(deepClone(own.default), own);
  }
  return result;
}

const mayBeNull = (schema: StructuralSchema): boolean =>
  schema.nullable === true || (schema.type === undefined && schema['x-kubernetes-preserve-unknown-fields'] === true);
