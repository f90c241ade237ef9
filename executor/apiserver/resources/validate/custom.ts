// What a custom resource's definition demands of its objects.
import {
  celErrors,
  type FieldError,
  hasRules,
  invalidValue,
  isObject,
  type KubeObject,
  PatternMemory,
  rememberedOf,
  type StructuralSchema,
  validate,
} from '../../../../engine/index.ts';
import { celHost } from '../../../script/cel/host.ts';
import type { Resource } from '../../resource.ts';
import { read } from '../cells.ts';

/** Rules can only be asked of values that have the shape they expect. */
const BLOCKING: ReadonlySet<string> = new Set(['NotSupported', 'Required', 'TooLong', 'TooMany', 'TypeInvalid']);

export function customProblems(
  resource: Resource,
  next: KubeObject,
  old: KubeObject | null,
  subresource = '',
): FieldError[] {
  const schema = resource.shape as StructuralSchema;
  const isStatus = subresource === 'status';
  const { metadata: _metadata, apiVersion: _apiVersion, kind: _kind, ...content } = next;
  const { rest, isRuled } = demandsOf(schema);
  const problems = isStatus
    ? validate(content.status ?? {}, rest.properties?.status ?? {}, { path: 'status', body: '', patterns: PATTERNS })
    : validate(content, rest, { patterns: PATTERNS });
  problems.push(...scaleProblems(resource, next, isStatus));
  if (!isRuled) return problems;
  if (problems.some(({ code }) => BLOCKING.has(code))) {
    const why =
      'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';
    return [...problems, invalidValue('<nil>', null, why)];
  }
  return [...problems, ...celErrors(asRulesSee(next), old === null ? undefined : asRulesSee(old), rest, celHost)];
}

/** Of its metadata rules see the names only. */
function asRulesSee(object: KubeObject): object {
  const { name, generateName } = object.metadata;
  return {
    ...object,
    metadata: { ...(name === undefined ? {} : { name }), ...(generateName === undefined ? {} : { generateName }) },
  };
}

interface Demands {
  /** What every object has is checked elsewhere. */
  readonly rest: StructuralSchema;
  readonly isRuled: boolean;
}

const PATTERNS = new PatternMemory();

const demandsOf = rememberedOf((schema: StructuralSchema): Demands => {
  const rest = withoutMetadata(schema);
  return { rest, isRuled: hasRules(rest) };
});

function withoutMetadata(schema: StructuralSchema): StructuralSchema {
  if (schema.properties === undefined) return schema;
  const { apiVersion: _apiVersion, kind: _kind, metadata: _metadata, ...properties } = schema.properties;
  const required = schema.required?.filter((name) => !['apiVersion', 'kind', 'metadata'].includes(name));
  return { ...schema, properties, ...(required === undefined ? {} : { required }) };
}

/** The fields that scaling reads must be whole numbers, whatever the schema says of them. */
function scaleProblems(resource: Resource, next: KubeObject, isStatus: boolean): FieldError[] {
  if (resource.scale === null) return [];
  const paths = isStatus ? [resource.scale.status] : [resource.scale.spec];
  return paths.flatMap((path) => {
    const value = read(next, path.replace(/^\./, ''));
    if (value === undefined || Number.isInteger(value)) return [];
    const found = typeof value === 'number' ? 'float64' : isObject(value) ? 'map[string]interface {}' : typeof value;
    return [invalidValue(path, 0, `${path} accessor error: ${String(value)} is of the type ${found}, expected int64`)];
  });
}
