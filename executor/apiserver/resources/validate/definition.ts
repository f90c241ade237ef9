// What a custom resource definition itself must satisfy.
import {
  deepEqual,
  type FieldError,
  forbiddenField,
  invalidValue,
  isObject,
  type KubeObject,
  required,
  serviceName,
  unsupported,
} from '../../../../engine/index.ts';
import { items, read } from '../cells.ts';
import { definitionSchemaProblems } from './definition-schema.ts';

const SCOPES = ['Cluster', 'Namespaced'];

export function definitionNameProblems(object: KubeObject): FieldError[] {
  const wanted = `${read(object, 'spec.names.plural')}.${read(object, 'spec.group')}`;
  return object.metadata.name === wanted
    ? []
    : [invalidValue('metadata.name', object.metadata.name, 'must be spec.names.plural+"."+spec.group')];
}

export function definitionProblems(object: KubeObject): FieldError[] {
  const spec = isObject(object.spec) ? object.spec : {};
  const names = isObject(spec.names) ? spec.names : {};
  const problems: FieldError[] = [];
  if (!spec.group) problems.push(required('spec.group'));
  else if (!String(spec.group).includes('.'))
    problems.push(invalidValue('spec.group', spec.group, 'should be a domain with at least one dot'));
  if (!SCOPES.includes(String(spec.scope))) {
    problems.push(unsupported('spec.scope', spec.scope, ['Cluster', 'Namespaced']));
  }
  for (const name of ['plural', 'singular', 'kind', 'listKind'])
    if (!names[name]) problems.push(required(`spec.names.${name}`));
  const versions = items(spec.versions);
  problems.push(...versionProblems(versions), ...schemaProblems(versions), ...conversionProblems(spec.conversion));
  const storage = versions.filter((version) => version.storage === true).length;
  if (storage !== 1) {
    problems.push(
      invalidValue('spec.versions', spec.versions, 'must have exactly one version marked as storage version'),
    );
  }
  return problems;
}

function versionProblems(versions: readonly Record<string, unknown>[]): FieldError[] {
  const problems: FieldError[] = [];
  const seen = new Set<string>();
  for (const [at, version] of versions.entries()) {
    const name = String(version.name ?? '');
    const path = `spec.versions[${at}]`;
    if (seen.has(name)) problems.push(invalidValue('spec.versions', name, 'must contain unique version names'));
    seen.add(name);
    for (const why of serviceName(name, false)) problems.push(invalidValue(`${path}.name`, name, why));
    if (read(version, 'schema.openAPIV3Schema') === undefined) {
      problems.push(required(`${path}.schema.openAPIV3Schema`));
    }
  }
  return problems;
}

/** One schema of all versions counts as the definition's own. */
function schemaProblems(versions: readonly Record<string, unknown>[]): FieldError[] {
  const schemas = versions.map((version) => read(version, 'schema.openAPIV3Schema'));
  const first = schemas[0];
  if (isObject(first) && schemas.every((schema) => deepEqual(schema, first))) {
    return definitionSchemaProblems(first, 'spec.validation.openAPIV3Schema');
  }
  return schemas.flatMap((schema, at) =>
    isObject(schema) ? definitionSchemaProblems(schema, `spec.versions[${at}].schema.openAPIV3Schema`) : [],
  );
}

function conversionProblems(conversion: unknown): FieldError[] {
  if (!isObject(conversion)) return [];
  const { strategy, webhook } = conversion;
  if (strategy === 'Webhook') {
    return isObject(webhook) && isObject(webhook.clientConfig)
      ? []
      : [required('spec.conversion.webhookClientConfig', 'required when strategy is set to Webhook')];
  }
  if (strategy !== 'None') return [unsupported('spec.conversion.strategy', strategy, ['None', 'Webhook'])];
  return webhook === undefined
    ? []
    : [forbiddenField('spec.conversion.webhookClientConfig', 'should not be set when strategy is not set to Webhook')];
}

export function definitionChangeProblems(next: KubeObject, old: KubeObject): FieldError[] {
  const isEstablished = items(read(old, 'status.conditions')).some(
    ({ type, status }) => type === 'Established' && status === 'True',
  );
  const problems: FieldError[] = [];
  const immutable = (path: string) => {
    if (deepEqual(read(next, path), read(old, path))) return;
    problems.push(invalidValue(path, read(next, path) ?? null, 'field is immutable'));
  };
  if (isEstablished) {
    immutable('spec.scope');
    immutable('spec.names.kind');
  }
  immutable('spec.group');
  immutable('spec.names.plural');
  return problems;
}
