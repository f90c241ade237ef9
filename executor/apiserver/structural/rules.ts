// The rules that schemas carry as CEL expressions, evaluated on every value that they apply to.
import { Environment } from '@marcbachmann/cel-js';
import {
  brokenRule,
  type FieldError,
  type FieldErrorCode,
  invalidValue,
  isObject,
  listKind,
} from '../../../engine/index.ts';
import { itemsByKey } from './items-by-key.ts';
import type { StructuralSchema, ValidationRule } from './structural-schema.ts';

const ENVIRONMENT = new Environment({ unlistedVariablesAreDyn: true, enableOptionalTypes: true });

const CODES: Readonly<Record<string, FieldErrorCode>> = {
  FieldValueForbidden: 'Forbidden',
  FieldValueRequired: 'Required',
  FieldValueDuplicate: 'Duplicate',
};

export function hasRules(schema: StructuralSchema | undefined): boolean {
  if (schema === undefined) return false;
  if ((schema['x-kubernetes-validations'] ?? []).length > 0) return true;
  const parts = [...Object.values(schema.properties ?? {}), schema.items, schema.additionalProperties];
  return parts.some((part) => isObject(part) && hasRules(part as StructuralSchema));
}

/** Rules that look back at the old value only hold changes against it. */
export function ruleProblems(
  value: unknown,
  old: unknown,
  schema: StructuralSchema | undefined,
  path: string,
): FieldError[] {
  if (schema === undefined || value === null || value === undefined) return [];
  const problems: FieldError[] = [];
  for (const rule of schema['x-kubernetes-validations'] ?? []) {
    const problem = ruleProblem(rule, value, old, schema, path);
    if (problem !== null) problems.push(problem);
  }
  if (isObject(value)) {
    const before = isObject(old) ? old : {};
    const extra = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
    for (const [key, item] of Object.entries(value)) {
      const own = schema.properties?.[key] ?? extra;
      problems.push(...ruleProblems(item, before[key], own, path === '' ? key : `${path}.${key}`));
    }
  }
  if (Array.isArray(value)) {
    // Only items that can be told apart have a past.
    const kind = listKind(schema);
    const before = kind.kind === 'map' && Array.isArray(old) ? itemsByKey(old, kind.keys) : new Map<string, unknown>();
    const keyed = kind.kind === 'map' ? [...itemsByKey(value, kind.keys).keys()] : [];
    for (const [at, item] of value.entries()) {
      problems.push(...ruleProblems(item, before.get(keyed[at] ?? ''), schema.items, `${path}[${at}]`));
    }
  }
  return problems;
}

function ruleProblem(
  rule: ValidationRule,
  value: unknown,
  old: unknown,
  schema: StructuralSchema,
  path: string,
): FieldError | null {
  const looksBack = /\boldSelf\b/.test(rule.rule);
  if (looksBack && old === undefined) return null;
  const variables = { self: celValue(value, schema), ...(looksBack ? { oldSelf: celValue(old, schema) } : {}) };
  let holds: unknown;
  try {
    holds = ENVIRONMENT.evaluate(rule.rule, variables);
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    const kind = Array.isArray(value) ? 'array' : typeof value;
    return invalidValue(path, kind, `${why} evaluating rule: ${rule.message ?? rule.rule}`);
  }
  if (holds === true) return null;
  const field = rule.fieldPath === undefined ? path : `${path}${rule.fieldPath}`.replace(/^\./, '');
  return {
    ...brokenRule(field, messageOf(rule, variables)),
    code: CODES[rule.reason ?? ''] ?? 'Invalid',
  };
}

function messageOf(rule: ValidationRule, variables: Record<string, unknown>): string {
  if (rule.messageExpression !== undefined) {
    try {
      const told = ENVIRONMENT.evaluate(rule.messageExpression, variables);
      if (typeof told === 'string' && told.trim() !== '') return told;
    } catch {
      // A message that cannot be made up gives way to the plain one.
    }
  }
  return rule.message ?? `failed rule: ${rule.rule}`;
}

/** Whole numbers are integers to CEL unless the schema calls them numbers. */
function celValue(value: unknown, schema: StructuralSchema | undefined): unknown {
  if (typeof value === 'number') return schema?.type === 'number' || !Number.isInteger(value) ? value : BigInt(value);
  if (Array.isArray(value)) return value.map((item) => celValue(item, schema?.items));
  if (!isObject(value)) return value;
  const extra = typeof schema?.additionalProperties === 'object' ? schema.additionalProperties : undefined;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, celValue(item, schema?.properties?.[key] ?? extra)]),
  );
}
