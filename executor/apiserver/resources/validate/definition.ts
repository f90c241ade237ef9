// What a custom resource definition itself must satisfy.
import {
  deepEqual,
  type FieldError,
  forbiddenField,
  invalidValue,
  isObject,
  type KubeObject,
  required,
  ruleProblems,
  type StructuralSchema,
  unsupported,
} from '../../../../engine/index.ts';
import { celHost } from '../../../script/cel/host.ts';
import { items, read } from '../cells.ts';

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
  for (const [at, version] of versions.entries()) {
    if (read(version, 'schema.openAPIV3Schema') === undefined)
      problems.push(required(`spec.versions[${at}].schema.openAPIV3Schema`));
  }
  for (const [at, version] of versions.entries()) {
    const schema = read(version, 'schema.openAPIV3Schema');
    if (!isObject(schema)) continue;
    const path = `spec.versions[${at}].schema.openAPIV3Schema`;
    problems.push(...structureProblems(schema, path, true));
    if (schema.type === undefined) problems.push(required(`${path}.type`, 'must not be empty at the root'));
    else if (schema.type !== 'object')
      problems.push(invalidValue(`${path}.type`, schema.type, 'must be object at the root'));
    else problems.push(...ruleProblems(schema as StructuralSchema, path, celHost));
  }
  const storage = versions.filter((version) => version.storage === true).length;
  if (storage !== 1) {
    problems.push(
      invalidValue('spec.versions', spec.versions, 'must have exactly one version marked as storage version'),
    );
  }
  return problems;
}

function structureProblems(schema: Record<string, unknown>, path: string, isRoot: boolean): FieldError[] {
  const problems: FieldError[] = [];
  const isFree =
    schema['x-kubernetes-int-or-string'] === true || schema['x-kubernetes-preserve-unknown-fields'] === true;
  if (schema.type === undefined && !isFree && !isRoot) {
    problems.push(required(`${path}.type`, 'must not be empty for specified object fields'));
  }
  if (schema.type === 'array' && schema.items === undefined)
    problems.push(required(`${path}.items`, 'must be specified'));
  if (schema.uniqueItems === true) {
    problems.push(
      forbiddenField(
        `${path}.uniqueItems`,
        'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
      ),
    );
  }
  if (isObject(schema.properties) && typeof schema.additionalProperties === 'object') {
    problems.push(
      forbiddenField(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive'),
    );
  }
  for (const [key, own] of Object.entries(isObject(schema.properties) ? schema.properties : {})) {
    if (isRoot && key === 'metadata') continue;
    if (isObject(own)) problems.push(...structureProblems(own, `${path}.properties[${key}]`, false));
  }
  if (isObject(schema.items)) problems.push(...structureProblems(schema.items, `${path}.items`, false));
  if (isObject(schema.additionalProperties)) {
    problems.push(...structureProblems(schema.additionalProperties, `${path}.additionalProperties`, false));
  }
  return problems;
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
