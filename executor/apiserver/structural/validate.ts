// Holds a value against a structural schema and tells everything that is wrong with it.
import {
  canonicalJson,
  duplicate,
  type FieldError,
  invalidType,
  invalidValue,
  isObject,
  listKind,
  required,
  tooLong,
  tooMany,
  unsupported,
} from '../../../engine/index.ts';
import { fitsFormat } from './formats.ts';
import type { StructuralSchema } from './structural-schema.ts';

/** `field` is where problems are told; `body` is how messages name the place. */
interface Place {
  readonly field: string;
  readonly body: string;
}

const below = (place: Place, step: string): Place => ({ field: join(place.field, step), body: join(place.body, step) });
const join = (path: string, step: string) =>
  path === '' ? step : step.startsWith('[') ? `${path}${step}` : `${path}.${step}`;

export function schemaProblems(value: unknown, schema: StructuralSchema, field = '', body = field): FieldError[] {
  const problems: FieldError[] = [];
  check(value, schema, { field, body }, problems);
  listTypeProblems(value, schema, field, problems);
  return problems;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return isObject(value) ? 'object' : typeof value;
}

const fits = (found: string, wanted: string) => found === wanted || (wanted === 'number' && found === 'integer');

function check(value: unknown, schema: StructuralSchema, place: Place, problems: FieldError[]): void {
  const found = typeOf(value);
  if (found === 'null' && schema.nullable === true) return;
  const wanted =
    schema['x-kubernetes-int-or-string'] === true
      ? ['integer', 'string']
      : schema.type === undefined
        ? []
        : [schema.type];
  if (wanted.length > 0 && !wanted.some((one) => fits(found, one))) {
    problems.push(
      invalidType(
        place.field,
        found,
        `${place.body} in body must be of type ${wanted.join(',')}: ${JSON.stringify(found)}`,
      ),
    );
    if (found === 'number' && wanted.includes('integer')) {
      problems.push(
        invalidValue('<nil>', '', `Checked value must be of type integer (default format) in ${place.body}`),
      );
    }
    return;
  }
  if (schema.enum !== undefined && !schema.enum.some((one) => canonicalJson(one) === canonicalJson(value))) {
    problems.push(unsupported(place.field, value, schema.enum.map(String)));
  }
  if (typeof value === 'number') checkNumber(value, schema, place, problems);
  if (typeof value === 'string') checkText(value, schema, place, problems);
  if (Array.isArray(value)) checkList(value, schema, place, problems);
  if (isObject(value)) checkObject(value, schema, place, problems);
  checkAlternatives(value, schema, place, problems);
}

function checkNumber(value: number, schema: StructuralSchema, place: Place, problems: FieldError[]): void {
  const say = (why: string) =>
    problems.push(invalidValue(place.field, value, `${place.body} in body should be ${why}`));
  if (schema.format === 'int32' && (value > 2_147_483_647 || value < -2_147_483_648)) {
    problems.push(
      invalidValue('<nil>', '', `Checked value must be of type integer with format int32 in ${place.body}`),
    );
  }
  const { minimum, maximum, multipleOf } = schema;
  if (maximum !== undefined) {
    if (schema.exclusiveMaximum === true && value >= maximum) say(`less than ${maximum}`);
    else if (value > maximum) say(`less than or equal to ${maximum}`);
  }
  if (minimum !== undefined) {
    if (schema.exclusiveMinimum === true && value <= minimum) say(`greater than ${minimum}`);
    else if (value < minimum) say(`greater than or equal to ${minimum}`);
  }
  if (multipleOf !== undefined && !Number.isInteger(value / multipleOf)) say(`a multiple of ${multipleOf}`);
}

function checkText(value: string, schema: StructuralSchema, place: Place, problems: FieldError[]): void {
  const { maxLength, minLength, pattern, format } = schema;
  const length = [...value].length;
  if (maxLength !== undefined && length > maxLength) problems.push(tooLong(place.field, maxLength));
  if (minLength !== undefined && length < minLength) {
    problems.push(invalidValue(place.field, value, `${place.body} in body should be at least ${minLength} chars long`));
  }
  if (pattern !== undefined && (maxLength === undefined || length <= maxLength) && !matchesPattern(value, pattern)) {
    problems.push(invalidValue(place.field, value, `${place.body} in body should match '${pattern}'`));
  }
  if (format !== undefined && !fitsFormat(value, format)) {
    problems.push(
      invalidType(place.field, value, `${place.body} in body must be of type ${format}: ${JSON.stringify(value)}`),
    );
  }
}

/** Patterns are Go's; what JavaScript cannot read is not held against the value. */
function matchesPattern(value: string, pattern: string): boolean {
  try {
    return new RegExp(pattern.replace(/^\(\?i\)/, ''), pattern.startsWith('(?i)') ? 'iu' : 'u').test(value);
  } catch {
    return true;
  }
}

function checkList(value: readonly unknown[], schema: StructuralSchema, place: Place, problems: FieldError[]): void {
  const { maxItems, minItems, items } = schema;
  if (items !== undefined) {
    for (const [at, item] of value.entries()) check(item, items, below(place, `[${at}]`), problems);
  }
  if (maxItems !== undefined && value.length > maxItems) problems.push(tooMany(place.field, value.length, maxItems));
  if (minItems !== undefined && value.length < minItems) {
    problems.push(
      invalidValue(place.field, value.length, `${place.body} in body should have at least ${minItems} items`),
    );
  }
}

function checkObject(
  value: Record<string, unknown>,
  schema: StructuralSchema,
  place: Place,
  problems: FieldError[],
): void {
  const keys = Object.keys(value);
  const declared = schema.properties ?? {};
  for (const name of schema.required ?? []) {
    if (!Object.hasOwn(value, name)) problems.push(required(below(place, name).field));
  }
  if (schema['x-kubernetes-embedded-resource'] === true) {
    for (const name of ['apiVersion', 'kind']) {
      if (typeof value[name] !== 'string' || value[name] === '') problems.push(required(below(place, name).field));
    }
  }
  if (schema.maxProperties !== undefined && keys.length > schema.maxProperties) {
    problems.push(tooMany(place.field, keys.length, schema.maxProperties));
  }
  if (schema.minProperties !== undefined && keys.length < schema.minProperties) {
    const why = `${place.body} in body should have at least ${schema.minProperties} properties`;
    problems.push(invalidValue(place.field, keys.length, why));
  }
  for (const key of keys) {
    const own = Object.hasOwn(declared, key)
      ? declared[key]
      : typeof schema.additionalProperties === 'object'
        ? schema.additionalProperties
        : undefined;
    if (own !== undefined) check(value[key], own, below(place, key), problems);
  }
}

function checkAlternatives(value: unknown, schema: StructuralSchema, place: Place, problems: FieldError[]): void {
  const holds = (one: StructuralSchema) => {
    const found: FieldError[] = [];
    check(value, one, place, found);
    return found.length === 0;
  };
  const say = (why: string) => problems.push(invalidValue('<nil>', '', `${JSON.stringify(place.body)} ${why}`));
  const { oneOf, anyOf, allOf, not } = schema;
  if (anyOf !== undefined && !anyOf.some(holds)) say('must validate at least one schema (anyOf)');
  if (oneOf !== undefined) {
    const count = oneOf.filter(holds).length;
    if (count !== 1) {
      const found = count === 0 ? 'Found none valid' : `Found ${count} valid alternatives`;
      say(`must validate one and only one schema (oneOf). ${found}`);
    }
  }
  if (allOf !== undefined && !allOf.every(holds)) say('must validate all the schemas (allOf)');
  if (not !== undefined && holds(not)) say('must not validate the schema (not)');
}

/** Sets hold nothing twice, and keyed lists no key. */
function listTypeProblems(
  value: unknown,
  schema: StructuralSchema | undefined,
  path: string,
  problems: FieldError[],
): void {
  if (schema === undefined) return;
  if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      const extra = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
      listTypeProblems(item, schema.properties?.[key] ?? extra, join(path, key), problems);
    }
    return;
  }
  if (!Array.isArray(value)) return;
  const kind = listKind(schema);
  const seen = new Set<string>();
  for (const [at, item] of value.entries()) {
    if (kind.kind !== 'atomic') {
      const keyed = kind.kind === 'map' && isObject(item);
      const identity = keyed
        ? Object.fromEntries(kind.keys.filter((key) => item[key] !== undefined).map((key) => [key, item[key]]))
        : item;
      const text = canonicalJson(identity);
      if (seen.has(text)) problems.push(duplicate(`${path}[${at}]`, identity));
      seen.add(text);
    }
    listTypeProblems(item, schema.items, `${path}[${at}]`, problems);
  }
}
