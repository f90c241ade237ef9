// Holds a value against a structural schema and tells everything that is wrong with it, in the order of the value and in
// the words of Kubernetes' API server.
import { LIMITS, type Limits } from '../../base/limits.ts';
import { type FieldError, invalidType, invalidValue, required, tooMany, unsupported } from '../field-error.ts';
import { deepEqual, isObject } from '../json.ts';
import { below, Findings, type Place } from './findings.ts';
import { listTypeErrors, repeatedItem } from './list-types.ts';
import { PatternMemory } from './pattern-memory.ts';
import { checkNumber, checkText } from './scalars.ts';
import { type StructuralSchema, schemaOfField } from './structural-schema.ts';

export interface ValidateOptions {
  /** Where the value stands in its object. */
  readonly path?: string;
  /** How sentences name that place; Kubernetes leaves out "status" where only the status is written. */
  readonly body?: string;
  readonly limits?: Limits;
  /** Of one who validates many values. */
  readonly patterns?: PatternMemory;
}

export function validate(value: unknown, schema: StructuralSchema, options: ValidateOptions = {}): FieldError[] {
  const { path = '', body = path, limits = LIMITS, patterns = new PatternMemory() } = options;
  const findings = new Findings(limits, patterns);
  if (isDeeper(value, limits.depthMax)) {
    return [{ path, code: 'Invalid', detail: `must not be nested deeper than ${limits.depthMax} levels` }];
  }
  check(value, schema, { field: path, body }, findings, limits.depthMax);
  listTypeErrors(value, schema, path, findings);
  return findings.errors;
}

/** Every walk below goes down one level of the value at a time, so that no value can exhaust the stack. */
function isDeeper(value: unknown, levels: number): boolean {
  let layer: unknown[] = [value];
  for (let level = 0; level <= levels; level += 1) {
    const next: unknown[] = [];
    for (const one of layer) {
      if (typeof one === 'object' && one !== null) for (const inner of Object.values(one)) next.push(inner);
    }
    if (next.length === 0) return false;
    layer = next;
  }
  return true;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return isObject(value) ? 'object' : typeof value;
}

const isOfType = (found: string, wanted: string) => found === wanted || (wanted === 'number' && found === 'integer');

function check(value: unknown, schema: StructuralSchema, place: Place, findings: Findings, levels: number): void {
  if (findings.isFull) return;
  if (levels === 0) {
    findings.add(invalidValue(place.field, null, 'is held against a schema that is nested too deep'));
    return;
  }
  const found = typeOf(value);
  if (found === 'null' && schema.nullable === true) return;
  if (!checkType(found, schema, place, findings)) return;
  if (schema.enum !== undefined && !schema.enum.some((one) => deepEqual(one, value))) {
    findings.add(unsupported(place.field, value, schema.enum));
  }
  if (typeof value === 'number') checkNumber(value, schema, place, findings);
  if (typeof value === 'string') checkText(value, schema, place, findings);
  if (Array.isArray(value)) checkList(value, schema, place, findings, levels);
  if (isObject(value)) checkObject(value, schema, place, findings, levels);
  checkAlternatives(value, schema, place, findings, levels);
}

function checkType(found: string, schema: StructuralSchema, place: Place, findings: Findings): boolean {
  const wanted =
    schema['x-kubernetes-int-or-string'] === true
      ? ['integer', 'string']
      : schema.type === undefined
        ? []
        : [schema.type];
  if (wanted.length === 0 || wanted.some((one) => isOfType(found, one))) return true;
  const types = wanted.join(',');
  findings.add(invalidType(place.field, found, `${place.body} in body must be of type ${types}: "${found}"`));
  if (found === 'number' && wanted.includes('integer')) {
    const detail = `Checked value must be of type integer (default format) in ${place.body}`;
    findings.add(invalidValue('<nil>', '', detail));
  }
  return false;
}

function checkList(
  value: readonly unknown[],
  schema: StructuralSchema,
  place: Place,
  findings: Findings,
  levels: number,
): void {
  const { maxItems, minItems, items, uniqueItems } = schema;
  if (maxItems !== undefined && value.length > maxItems) {
    findings.add(tooMany(place.field, value.length, maxItems));
  }
  if (minItems !== undefined && value.length < minItems) {
    findings.add(
      invalidValue(place.field, value.length, `${place.body} in body should have at least ${minItems} items`),
    );
  }
  if (uniqueItems === true && repeatedItem(value) !== null) {
    findings.add(invalidValue(place.field, '', `${place.body} in body shouldn't contain duplicates`));
  }
  if (items === undefined) return;
  for (let at = 0; at < value.length && !findings.isFull; at += 1) {
    check(value[at], items, below(place, `[${at}]`), findings, levels - 1);
  }
}

function checkObject(
  value: Record<string, unknown>,
  schema: StructuralSchema,
  place: Place,
  findings: Findings,
  levels: number,
): void {
  const keys = Object.keys(value);
  for (const name of schema.required ?? []) {
    if (!Object.hasOwn(value, name)) findings.add(required(below(place, name).field));
  }
  if (schema['x-kubernetes-embedded-resource'] === true) {
    for (const name of ['apiVersion', 'kind']) {
      if (typeof value[name] !== 'string' || value[name] === '') findings.add(required(below(place, name).field));
    }
  }
  if (schema.maxProperties !== undefined && keys.length > schema.maxProperties) {
    findings.add(tooMany(place.field, keys.length, schema.maxProperties));
  }
  if (schema.minProperties !== undefined && keys.length < schema.minProperties) {
    const why = `${place.body} in body should have at least ${schema.minProperties} properties`;
    findings.add(invalidValue(place.field, keys.length, why));
  }
  for (const key of keys) {
    if (findings.isFull) return;
    const own = schemaOfField(schema, key);
    if (own !== undefined) check(value[key], own, below(place, key), findings, levels - 1);
  }
}

function checkAlternatives(
  value: unknown,
  schema: StructuralSchema,
  place: Place,
  findings: Findings,
  levels: number,
): void {
  const { oneOf, anyOf, allOf, not } = schema;
  const fits = (one: StructuralSchema) => {
    const found = findings.fresh();
    check(value, one, place, found, levels - 1);
    return found.errors.length === 0;
  };
  const say = (why: string) => findings.add(invalidValue('<nil>', '', `${JSON.stringify(place.body)} ${why}`));
  if (anyOf !== undefined && !anyOf.some(fits)) say('must validate at least one schema (anyOf)');
  if (oneOf !== undefined) {
    const count = oneOf.filter(fits).length;
    const told = count === 0 ? 'Found none valid' : `Found ${count} valid alternatives`;
    if (count !== 1) say(`must validate one and only one schema (oneOf). ${told}`);
  }
  if (allOf !== undefined && !allOf.every(fits)) say('must validate all the schemas (allOf)');
  if (not !== undefined && fits(not)) say('must not validate the schema (not)');
}
