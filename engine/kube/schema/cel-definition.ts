// Whether the rules of a schema can ever be asked: they are read, against the schema's own types, when it is declared.
import { LIMITS } from '../../base/limits.ts';
import { type FieldError, forbiddenField, invalidValue, required, unsupported } from '../field-error.ts';
import { listKind } from '../type-shape.ts';
import type { CelHost, CelType } from './cel-port.ts';
import { looksBack } from './cel-rules.ts';
import { celType } from './cel-values.ts';
import type { StructuralSchema, ValidationRule } from './structural-schema.ts';

const REASONS = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];
const MESSAGE_MAX = 2048;

interface Place {
  readonly path: string;
  readonly levels: number;
  readonly isWhole: boolean;
  /** The list above whose items cannot be told apart, so that nothing below it has a past. */
  readonly blurredBy: string | null;
}

/** What is wrong with the rules of a schema that stands at a path of its definition. */
export function ruleProblems(schema: StructuralSchema, path: string, host: CelHost): FieldError[] {
  const problems: FieldError[] = [];
  const visit = (part: StructuralSchema | undefined, place: Place): void => {
    if (part === undefined || place.levels === 0) return;
    for (const [at, rule] of (part['x-kubernetes-validations'] ?? []).entries()) {
      problems.push(
        ...problemsOf(rule, part, { ...place, path: `${place.path}.x-kubernetes-validations[${at}]` }, host),
      );
    }
    const below = { ...place, levels: place.levels - 1, isWhole: false };
    for (const [name, own] of Object.entries(part.properties ?? {})) {
      visit(own, { ...below, path: `${place.path}.properties[${name}]` });
    }
    const blurredBy = listKind(part).kind === 'map' ? place.blurredBy : (place.blurredBy ?? place.path);
    visit(part.items, { ...below, path: `${place.path}.items`, blurredBy });
    const extra = part.additionalProperties;
    if (typeof extra === 'object') visit(extra, { ...below, path: `${place.path}.additionalProperties` });
  };
  visit(schema, { path, levels: LIMITS.depthMax, isWhole: true, blurredBy: null });
  return problems;
}

function problemsOf(rule: ValidationRule, schema: StructuralSchema, place: Place, host: CelHost): FieldError[] {
  const { path } = place;
  const problems: FieldError[] = [];
  const text = typeof rule.rule === 'string' ? rule.rule : '';
  if (text.trim() === '') problems.push(required(`${path}.rule`, 'rule is not specified'));
  if (rule.message !== undefined) problems.push(...messageProblems(String(rule.message), `${path}.message`));
  if (rule.reason !== undefined && !REASONS.includes(rule.reason)) {
    problems.push(unsupported(`${path}.reason`, rule.reason, REASONS));
  }
  if (text.trim() === '') return problems;

  const self = celType(schema, place.isWhole);
  const types = new Map<string, CelType>([['self', self]]);
  if (looksBack(rule)) {
    if (place.blurredBy !== null) {
      const why = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${place.blurredBy}`;
      problems.push(forbiddenField(`${path}.rule`, why));
    }
    types.set('oldSelf', rule.optionalOldSelf === true ? { kind: 'optional', of: self } : self);
  } else if (rule.optionalOldSelf === true) {
    const why = 'may not be set if oldSelf is not used in rule';
    problems.push(invalidValue(`${path}.optionalOldSelf`, true, why));
  }
  const why = host.refuse(text, types, 'bool');
  if (why !== null) problems.push(invalidValue(`${path}.rule`, text, why));
  if (rule.messageExpression !== undefined) {
    const whyNot = host.refuse(String(rule.messageExpression), types, 'string');
    if (whyNot !== null) problems.push(invalidValue(`${path}.messageExpression`, rule.messageExpression, whyNot));
  }
  return problems;
}

function messageProblems(message: string, path: string): FieldError[] {
  if (message !== '' && message.trim() === '') {
    return [invalidValue(path, message, 'message must be non-empty if specified')];
  }
  if (message.length > MESSAGE_MAX) {
    return [
      invalidValue(
        path,
        `${message.slice(0, 10)}...`,
        `message must have a maximum length of ${MESSAGE_MAX} characters`,
      ),
    ];
  }
  if (/[\r\n]/.test(message)) return [invalidValue(path, message, 'message must not contain line breaks')];
  return [];
}
