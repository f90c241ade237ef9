// The rules that schemas carry as CEL expressions, asked of every value that they apply to. The language itself is a port.
import { LIMITS } from '../../base/limits.ts';
import { brokenRule, type FieldError, type FieldErrorCode, invalidValue, joinPath } from '../field-error.ts';
import { isObject } from '../json.ts';
import { listKind } from '../type-shape.ts';
import type { CelHost, CelVariables } from './cel-port.ts';
import { celValue } from './cel-values.ts';
import { itemsByKey } from './list-types.ts';
import { type StructuralSchema, schemaOfField, type ValidationRule } from './structural-schema.ts';

const CODES: Readonly<Record<string, FieldErrorCode>> = {
  FieldValueForbidden: 'Forbidden',
  FieldValueRequired: 'Required',
  FieldValueDuplicate: 'Duplicate',
};

export const looksBack = (rule: ValidationRule): boolean => /\boldSelf\b/.test(rule.rule);

export function hasRules(schema: StructuralSchema | undefined, levels = LIMITS.depthMax): boolean {
  if (schema === undefined || levels === 0) return false;
  if ((schema['x-kubernetes-validations'] ?? []).length > 0) return true;
  const extra = schema.additionalProperties;
  const parts = [
    ...Object.values(schema.properties ?? {}),
    schema.items,
    typeof extra === 'object' ? extra : undefined,
  ];
  return parts.some((part) => hasRules(part, levels - 1));
}

/** Rules that look back at the old value hold changes against it, and nothing else. */
export const celErrors = (
  value: unknown,
  old: unknown,
  schema: StructuralSchema,
  host: CelHost,
  path = '',
): FieldError[] => {
  const errors: FieldError[] = [];
  new RuleWalk(host, errors).visit(value, old, schema, path, LIMITS.depthMax);
  return errors;
};

class RuleWalk {
  readonly #host: CelHost;
  readonly #errors: FieldError[];

  constructor(host: CelHost, errors: FieldError[]) {
    this.#host = host;
    this.#errors = errors;
  }

  visit(value: unknown, old: unknown, schema: StructuralSchema | undefined, path: string, levels: number): void {
    if (schema === undefined || value === null || value === undefined || levels === 0) return;
    for (const rule of schema['x-kubernetes-validations'] ?? []) this.#ask(rule, value, old, schema, path);
    if (isObject(value)) {
      const before = isObject(old) ? old : {};
      for (const [key, item] of Object.entries(value)) {
        this.visit(item, before[key], schemaOfField(schema, key), joinPath(path, key), levels - 1);
      }
    }
    if (!Array.isArray(value)) return;
    // Only items that can be told apart have a past.
    const kind = listKind(schema);
    const keys = kind.kind === 'map' ? kind.keys : null;
    const before = keys !== null && Array.isArray(old) ? itemsByKey(old, keys) : new Map<string, unknown>();
    for (const [at, item] of value.entries()) {
      const key = keys === null ? '' : [...itemsByKey([item], keys).keys()][0]!;
      this.visit(item, before.get(key), schema.items, `${path}[${at}]`, levels - 1);
    }
  }

  #ask(rule: ValidationRule, value: unknown, old: unknown, schema: StructuralSchema, path: string): void {
    const isTransition = looksBack(rule);
    if (isTransition && old === undefined && rule.optionalOldSelf !== true) return;
    const variables = {
      self: celValue(value, schema, this.#host),
      ...(isTransition ? { oldSelf: this.#past(old, rule, schema) } : {}),
    };
    let holds: unknown;
    try {
      holds = this.#host.evaluate(rule.rule, variables);
    } catch (error) {
      const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
      const type = Array.isArray(value) ? 'array' : typeof value;
      this.#errors.push(invalidValue(path, type, `${why} evaluating rule: ${rule.message ?? rule.rule}`));
      return;
    }
    if (holds === true) return;
    const field = rule.fieldPath === undefined ? path : `${path}${rule.fieldPath}`.replace(/^\./, '');
    const error = brokenRule(field, this.#messageOf(rule, variables));
    this.#errors.push({ ...error, code: CODES[rule.reason ?? ''] ?? error.code });
  }

  #past(old: unknown, rule: ValidationRule, schema: StructuralSchema): unknown {
    const past = old === undefined ? undefined : celValue(old, schema, this.#host);
    return rule.optionalOldSelf === true ? this.#host.optional(past) : past;
  }

  #messageOf(rule: ValidationRule, variables: CelVariables): string {
    if (rule.messageExpression !== undefined) {
      try {
        const told = this.#host.evaluate(rule.messageExpression, variables);
        if (typeof told === 'string' && told.trim() !== '') return told;
      } catch {
        // A message that cannot be made up gives way to the plain one.
      }
    }
    return rule.message ?? `failed rule: ${rule.rule}`;
  }
}
