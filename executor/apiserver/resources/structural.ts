// Turns a type of the compact notation into a structural schema, as a definition of a custom resource writes it.
import type { StructuralSchema } from '../../../engine/index.ts';
import type { BuiltinShape } from './type-notation.ts';

const QUANTITY =
  '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$';

const EITHER: StructuralSchema = {
  anyOf: [{ type: 'integer' }, { type: 'string' }],
  'x-kubernetes-int-or-string': true,
};

export function structuralOf(shape: BuiltinShape): StructuralSchema {
  if (shape['x-kubernetes-int-or-string'] === true) return EITHER;
  if (shape.format === 'quantity') return { ...EITHER, pattern: QUANTITY };
  if (shape['x-kubernetes-preserve-unknown-fields'] === true) {
    return { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  }
  if (shape.type === 'array') return listOf(shape);
  if (shape.type === 'object') return objectOf(shape);
  const { type, format, words, least } = shape;
  return {
    type,
    ...(format === undefined || format === 'micro-time' ? {} : { format }),
    ...(words === undefined ? {} : { enum: words }),
    ...(least === undefined ? {} : { minLength: least }),
    ...(shape.default === undefined ? {} : { default: readDefault(String(shape.default), type) }),
  };
}

function listOf(shape: BuiltinShape): StructuralSchema {
  const kind = shape['x-kubernetes-list-type'];
  const keys = shape['x-kubernetes-list-map-keys'];
  return {
    type: 'array',
    items: structuralOf(shape.items!),
    ...(shape.least === undefined ? {} : { minItems: shape.least }),
    ...(kind === undefined || kind === 'atomic' ? {} : { 'x-kubernetes-list-type': kind }),
    ...(keys === undefined ? {} : { 'x-kubernetes-list-map-keys': keys }),
  };
}

function objectOf(shape: BuiltinShape): StructuralSchema {
  const mapType = shape['x-kubernetes-map-type'];
  const marks = mapType === undefined ? {} : { 'x-kubernetes-map-type': mapType };
  if (typeof shape.additionalProperties === 'object') {
    return { type: 'object', additionalProperties: structuralOf(shape.additionalProperties), ...marks };
  }
  const properties: Record<string, StructuralSchema> = {};
  for (const [name, own] of Object.entries(shape.properties ?? {})) properties[name] = structuralOf(own);
  const { required } = shape;
  return { type: 'object', properties, ...(required === undefined ? {} : { required }), ...marks };
}

function readDefault(text: string, type: string | undefined): unknown {
  if (type === 'integer') return Number(text);
  return type === 'boolean' ? text === 'true' : text;
}
