// Fits a JSON value to a custom resource: its metadata to the metadata's type, all else to the definition's schema.
import { isObject, prune, type StructuralSchema } from '../../../engine/index.ts';
import type { Resource } from '../resource.ts';
import { type Decoded, decodeBuiltin } from './decode.ts';
import { readTypes } from './type-notation.ts';
import { metaTypes } from './types/meta.ts';

const METADATA = readTypes(metaTypes).get('ObjectMeta')!;

/** Drops what the schema does not know and tells each dropped field's path. */
export function decodeCustom(
  value: Record<string, unknown>,
  resource: Resource,
  duplicates: ReadonlySet<string>,
): Decoded {
  const complaints: string[] = [...duplicates].map((path) => `duplicate field "${path}"`);
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    if (key === 'apiVersion' || key === 'kind') continue;
    if (key === 'metadata') {
      const decoded = decodeBuiltin(isObject(item) ? item : {}, METADATA, new Set());
      complaints.push(...decoded.complaints.map((one) => one.replace(/field "/, 'field "metadata.')));
      result.metadata = decoded.value;
      continue;
    }
    const { value: kept, removed } = prune({ [key]: item }, resource.shape as StructuralSchema);
    complaints.push(...removed.map((path) => `unknown field "${path}"`));
    Object.assign(result, kept);
  }
  return { value: result, complaints };
}
