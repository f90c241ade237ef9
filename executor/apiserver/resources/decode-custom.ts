// Fits a JSON value to a custom resource: its metadata to the metadata's type, all else to the definition's schema.
import { fieldShape, isObject, isOpen, type TypeShape } from '../../../engine/index.ts';
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
    const shape = fieldShape(resource.shape, key);
    if (shape === null && !isOpen(resource.shape)) {
      complaints.push(`unknown field "${key}"`);
      continue;
    }
    result[key] = prune(item, shape, key, complaints);
  }
  return { value: result, complaints };
}

/** An embedded object keeps its type and its metadata, whatever the schema says of the rest. */
const EMBEDDED = new Set(['apiVersion', 'kind', 'metadata']);

function prune(value: unknown, shape: TypeShape | null, path: string, complaints: string[]): unknown {
  if (Array.isArray(value)) {
    return value.map((item, at) => prune(item, shape?.items ?? null, `${path}[${at}]`, complaints));
  }
  if (!isObject(value) || shape === null) return value;
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const own = `${path}.${key}`;
    const field = fieldShape(shape, key);
    const isKept =
      field !== null || isOpenHere(shape) || (shape['x-kubernetes-embedded-resource'] === true && EMBEDDED.has(key));
    if (!isKept) {
      complaints.push(`unknown field "${own}"`);
      continue;
    }
    const kept = field === null ? item : prune(item, field, own, complaints);
    Object.defineProperty(result, key, { value: kept, enumerable: true, writable: true, configurable: true });
  }
  return result;
}

const isOpenHere = (shape: TypeShape): boolean =>
  shape['x-kubernetes-preserve-unknown-fields'] === true || shape.additionalProperties === true;
