// Forms: each says at once what a part of a scenario file must look like and how an editor's JSON Schema describes it.
import {
  anything,
  decimal,
  fieldPath,
  filledText,
  flag,
  isObject,
  listOf,
  mapOf,
  oneOf,
  onlyFields,
  parseQuantity,
  type Shape,
  type ShapeProblems,
  scalar,
  text,
  wholeNumber,
} from '../../engine/index.ts';
import { parseDuration } from '../../executor/terminal/duration.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

export interface Form {
  readonly schema: JsonSchema;
  readonly shape: Shape;
}

/** An editor sees a file before its parameters are filled in. */
const PLACEHOLDER: JsonSchema = { type: 'string', pattern: '\\$\\{.+\\}' };

const orPlaceholder = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, PLACEHOLDER] });

export const anyText: Form = { schema: { type: 'string' }, shape: text };
export const someText: Form = { schema: { type: 'string', minLength: 1 }, shape: filledText };
export const trueOrFalse: Form = { schema: orPlaceholder({ type: 'boolean' }), shape: flag };
export const anyValue: Form = { schema: {}, shape: anything };
export const anyObject: Form = {
  schema: { type: 'object' },
  shape: scalar('an object', (value) => isObject(value)),
};

export const amount = (minimum: number, maximum: number): Form => ({
  schema: orPlaceholder({ type: 'number', minimum, maximum }),
  shape: decimal(minimum, maximum),
});

export const count = (minimum: number, maximum: number): Form => ({
  schema: orPlaceholder({ type: 'integer', minimum, maximum }),
  shape: wholeNumber(minimum, maximum),
});

export const word = (...words: readonly string[]): Form => ({
  schema: orPlaceholder({ enum: words }),
  shape: oneOf(...words),
});

export const scalarForm = (expected: string, isRight: (value: unknown) => boolean, schema: JsonSchema): Form => ({
  schema,
  shape: scalar(expected, isRight),
});

const NEGATIVE = -1n;

/** A quantity as Kubernetes writes it, or a plain number. */
export const quantity: Form = {
  schema: {
    title: 'Quantity',
    anyOf: [
      { type: 'number', minimum: 0 },
      {
        type: 'string',
        pattern: '^(\\+?(\\d+\\.?\\d*|\\.\\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\\d+)?|.*\\$\\{.+\\}.*)$',
      },
    ],
  },
  shape: scalar(
    'a quantity, such as 500m, 8Gi (of 1024) or 8G (of 1000)',
    (value) =>
      (typeof value === 'number' || typeof value === 'string') && (parseQuantity(value)?.nano ?? NEGATIVE) >= 0n,
  ),
};

export const duration: Form = {
  schema: { title: 'Duration', type: 'string', pattern: '^(0|(\\d+(\\.\\d+)?(ms|s|m|h|d))+|.*\\$\\{.+\\}.*)$' },
  shape: scalar('a duration such as 90s, 10m or 1h30m', (value) => parseDuration(value) !== null),
};

/** For what would be repeated without end: the least is 1ms. */
export const someDuration: Form = {
  schema: duration.schema,
  shape: scalar(
    'a duration of more than nothing, such as 90s, 10m or 1h30m',
    (value) => (parseDuration(value) ?? 0) > 0,
  ),
};

/** Two durations, of which the second is not below the first. */
export const range = (what: string, most: Shape = duration.shape): Form => ({
  schema: { type: 'array', items: duration.schema, minItems: 2, maxItems: 2 },
  shape: (value, path, problems) => {
    if (!Array.isArray(value) || value.length !== 2) {
      problems.push({ path, message: `should be two durations, ${what}: [5m, 10m]` });
      return;
    }
    const found = problems.length;
    duration.shape(value[0], `${path}[0]`, problems);
    most(value[1], `${path}[1]`, problems);
    if (problems.length === found) refuseTurned(value[0], value[1], path, problems);
  },
});

const refuseTurned = (first: unknown, second: unknown, path: string, problems: ShapeProblems): void => {
  if (parseDuration(first)! <= parseDuration(second)!) return;
  problems.push({ path, message: `goes from ${String(first)} to ${String(second)}: turn them round` });
};

/** A median and a 99th percentile, of which the second is not below the first. */
export const percentiles = (each: Form): Form => {
  const form = record({ p50: each, p99: each });
  return {
    schema: form.schema,
    shape: (value, path, problems) => {
      const found = problems.length;
      form.shape(value, path, problems);
      if (problems.length > found || !isObject(value)) return;
      if (parseDuration(value.p50)! <= parseDuration(value.p99)!) return;
      problems.push({
        path: fieldPath(path, 'p99'),
        message: `is ${String(value.p99)}, and should not be below p50, which is ${String(value.p50)}`,
      });
    },
  };
};

export const list = (item: Form): Form => ({
  schema: { type: 'array', items: item.schema },
  shape: listOf(item.shape),
});

export const map = (item: Form): Form => ({
  schema: { type: 'object', additionalProperties: item.schema },
  shape: mapOf(item.shape),
});

type Fields = Readonly<Record<string, Form>>;

/** An object with these fields and no others. */
export function record(required: Fields, optional: Fields = {}): Form {
  return {
    schema: {
      type: 'object',
      properties: mapValues({ ...required, ...optional }, ({ schema }) => schema),
      ...(Object.keys(required).length > 0 && { required: Object.keys(required) }),
      additionalProperties: false,
    },
    shape: onlyFields(
      mapValues(required, ({ shape }) => shape),
      mapValues(optional, ({ shape }) => shape),
    ),
  };
}

/** Besides what it is: exactly one of each group of fields. */
export function withOneOf(form: Form, ...groups: readonly (readonly string[])[]): Form {
  const choices = groups.map((names) => ({ oneOf: names.map((name) => ({ required: [name] })) }));
  return {
    schema: { ...form.schema, allOf: choices },
    shape: (value, path, problems) => {
      form.shape(value, path, problems);
      if (!isObject(value)) return;
      for (const names of groups) {
        const found = names.filter((name) => Object.hasOwn(value, name));
        if (found.length === 1) continue;
        const has = found.length === 0 ? 'has none' : `has ${found.join(' and ')}`;
        // Where two stand, the second is the one to look at.
        const at = found.length === 0 ? path : fieldPath(path, found[1]!);
        problems.push({ path: at, message: `${has}, and should have one of ${names.join(', ')}` });
      }
    },
  };
}

/** What a value is decides its form: a text, a number, a list or an object. */
export function either(expected: string, forms: Partial<Record<'text' | 'number' | 'list' | 'object', Form>>): Form {
  const others = scalar(expected, () => false);
  return {
    schema: { anyOf: Object.values(forms).map(({ schema }) => schema) },
    shape: (value, path, problems) => {
      const sort = sortOf(value);
      const form = sort === null ? undefined : forms[sort];
      (form?.shape ?? others)(value, path, problems);
    },
  };
}

export const oneOrMore = (item: Form): Form =>
  either('one, or a list of them', { text: item, number: item, object: item, list: list(item) });

/** With a sentence for whoever writes the file; a title makes it a definition of its own in the schema. */
export const about = (description: string, form: Form, title?: string): Form => ({
  ...form,
  schema: { ...(title !== undefined && { title }), description, ...form.schema },
});

function sortOf(value: unknown): 'text' | 'number' | 'list' | 'object' | null {
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return 'number';
  if (Array.isArray(value)) return 'list';
  return isObject(value) ? 'object' : null;
}

const mapValues = <T, R>(from: Readonly<Record<string, T>>, change: (value: T) => R): Record<string, R> =>
  Object.fromEntries(Object.entries(from).map(([key, value]) => [key, change(value)]));
