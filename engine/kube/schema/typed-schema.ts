// Builds schemas that belong to an interface: every field needs its schema, required fields must be said to be required,
// and words must be the interface's words. Where the two part, it does not compile. What comes out is plain data.
import type { StructuralSchema, ValidationRule } from './structural-schema.ts';

declare const VALUE: unique symbol;

/** A schema of values of type T, neither wider nor narrower. */
export type SchemaOf<T> = StructuralSchema & {
  readonly [VALUE]?: (value: T) => T;
};

export interface Must<T> {
  readonly must: SchemaOf<T>;
}

type IsOptional<T, K extends keyof T> = Record<never, never> extends Pick<T, K> ? true : false;

/** One schema a field; `must` around those of required fields, and around no other. */
export type FieldSchemas<T> = {
  readonly [K in keyof T]-?: IsOptional<T, K> extends true ? SchemaOf<Exclude<T[K], undefined>> : Must<T[K]>;
};

export const must = <T>(schema: SchemaOf<T>): Must<T> => ({ must: schema });

export interface ObjectOptions {
  readonly preserveUnknown?: boolean;
  readonly atomic?: boolean;
  readonly rules?: readonly ValidationRule[];
}

export function objectOf<T extends object>(
  description: string,
  fields: FieldSchemas<T>,
  options: ObjectOptions = {},
): SchemaOf<T> {
  const properties: Record<string, StructuralSchema> = {};
  const required: string[] = [];
  for (const [field, entry] of Object.entries(fields) as [string, StructuralSchema | Must<unknown>][]) {
    const isRequired = 'must' in entry;
    properties[field] = isRequired ? entry.must : entry;
    if (isRequired) required.push(field);
  }
  return {
    type: 'object',
    description,
    ...(required.length === 0 ? {} : { required }),
    properties,
    ...(options.preserveUnknown ? { 'x-kubernetes-preserve-unknown-fields': true } : {}),
    ...(options.atomic ? { 'x-kubernetes-map-type': 'atomic' as const } : {}),
    ...(options.rules === undefined ? {} : { 'x-kubernetes-validations': options.rules }),
  };
}

/** The same type where another field holds it, with the words of that field. */
export const described = <T>(description: string, schema: SchemaOf<T>): SchemaOf<T> => ({ ...schema, description });

type TextLimits = Pick<StructuralSchema, 'format' | 'minLength' | 'maxLength' | 'pattern' | 'example' | 'default'>;

export const text = (description: string, limits: TextLimits & { readonly enum?: readonly string[] } = {}) =>
  ({ type: 'string', description, ...limits }) as SchemaOf<string>;

/** A text that must say something. */
export const filled = (description: string, limits: TextLimits = {}): SchemaOf<string> =>
  text(description, { minLength: 1, ...limits });

export const oneOf = <const T extends string>(
  description: string,
  words: readonly T[],
  limits: { readonly default?: NoInfer<T> } = {},
): SchemaOf<T> => ({ type: 'string', description, enum: words, ...limits });

type NumberLimits = Pick<StructuralSchema, 'format' | 'minimum' | 'maximum' | 'default'>;

export const whole = (description: string, limits: NumberLimits = {}): SchemaOf<number> => ({
  type: 'integer',
  description,
  ...limits,
});

export const int32 = (description: string, limits: NumberLimits = {}): SchemaOf<number> =>
  whole(description, { format: 'int32', ...limits });

export const int64 = (description: string, limits: NumberLimits = {}): SchemaOf<number> =>
  whole(description, { format: 'int64', ...limits });

/** How many of something: from 0. */
export const count = (description: string, limits: NumberLimits = {}): SchemaOf<number> =>
  int32(description, { minimum: 0, ...limits });

export const flag = (description: string, limits: { readonly default?: boolean } = {}): SchemaOf<boolean> => ({
  type: 'boolean',
  description,
  ...limits,
});

export const time = (description: string): SchemaOf<string> => text(description, { format: 'date-time' });

type ListLimits = Pick<StructuralSchema, 'minItems' | 'maxItems'> & {
  /** Items with the same values in these fields are the same item; none: the list changes as a whole. */
  readonly keys?: readonly string[];
  readonly set?: boolean;
};

export function listOf<T>(description: string, items: SchemaOf<T>, limits: ListLimits = {}): SchemaOf<T[]> {
  const { keys, set, ...counts } = limits;
  return {
    type: 'array',
    description,
    items,
    ...counts,
    ...(set ? { 'x-kubernetes-list-type': 'set' as const } : {}),
    ...(keys === undefined ? {} : { 'x-kubernetes-list-type': 'map' as const, 'x-kubernetes-list-map-keys': keys }),
  };
}

export const textList = (description: string, limits: ListLimits = {}): SchemaOf<string[]> =>
  listOf(description, { type: 'string' } as SchemaOf<string>, limits);

export const mapOf = <T>(description: string, values: SchemaOf<T>): SchemaOf<Record<string, T>> => ({
  type: 'object',
  description,
  additionalProperties: values,
});

export const textMap = (description: string): SchemaOf<Record<string, string>> =>
  mapOf(description, { type: 'string' } as SchemaOf<string>);

/** Any JSON value. */
export const anything = (description: string): SchemaOf<unknown> => ({
  description,
  'x-kubernetes-preserve-unknown-fields': true,
});

/** An object of which nothing else is known. */
export const openObject = (description: string): SchemaOf<unknown> => ({
  type: 'object',
  description,
  'x-kubernetes-preserve-unknown-fields': true,
});

export const nullable = <T>(schema: SchemaOf<T>): SchemaOf<T | null> =>
  ({ ...schema, nullable: true }) as StructuralSchema as SchemaOf<T | null>;
