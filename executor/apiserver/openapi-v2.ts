// The second version of OpenAPI, for older clients: the same schemas in its narrower words, as JSON or as Protobuf.
import { isObject } from '../../engine/index.ts';
import { addSchema, built, groupVersions, gvk, Schemas, schemaNameOf, sorted, tagged } from './openapi.ts';
import { encodeOpenapiV2 } from './protobuf/openapi-v2.ts';
import type { Registry } from './registry.ts';
import type { ApiRequest, ApiResponse } from './request.ts';
import type { Resource } from './resource.ts';

type Fields = Record<string, unknown>;

/** Asked for with an @ that no media type may have, and answered without. */
const PROTOBUF = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';
/** What this version has no words for. */
const UNKNOWN = new Set(['oneOf', 'anyOf', 'not', 'nullable', 'allOf', 'example']);

export function openapiV2(registry: Registry, request: ApiRequest): ApiResponse {
  const accept = request.headers.accept ?? '*/*';
  if (accept.includes('proto-openapi')) {
    const { body, hash } = built(registry, 'v2 in protobuf', () => encodeOpenapiV2(documentV2(registry)));
    return tagged(body, `"${hash}"`, PROTOBUF, request);
  }
  if (!accept.includes('json') && !accept.includes('*/*')) {
    return { kind: 'body', status: 406, contentType: 'text/plain; charset=utf-8', body: 'application/json\n' };
  }
  const { body, hash } = built(registry, 'v2', () => documentV2(registry));
  return tagged(body, `"${hash}"`, 'application/json', request);
}

function documentV2(registry: Registry): Fields {
  const definitions: Fields = {};
  const paths: Fields = {};
  const meta = registry.builtins.types.get('meta')!;
  for (const { group, version } of groupVersions(registry)) {
    const schemas = new Schemas(registry, group, version, '#/definitions/');
    for (const resource of registry.resourcesOf(group, version)) {
      addSchema(schemas, resource, meta);
      Object.assign(paths, pathsOf(resource));
    }
    for (const [name, schema] of Object.entries(schemas.all)) definitions[name] = narrowed(schema as Fields);
  }
  const info = { title: 'Muster', version: 'v1.36.0' };
  return { swagger: '2.0', info, paths: sorted(paths), definitions: sorted(definitions) };
}

function narrowed(schema: Fields): Fields {
  const [only] = Array.isArray(schema.allOf) ? (schema.allOf as Fields[]) : [];
  const told = schema.description === undefined ? {} : { description: schema.description };
  if (typeof only?.$ref === 'string') return { $ref: only.$ref, ...told };
  if (Array.isArray(schema.oneOf) && schema.format === undefined) return { type: 'string' };
  if (schema.format === 'int-or-string' || schema['x-kubernetes-int-or-string'] === true) {
    return { type: 'string', format: 'int-or-string', ...told };
  }
  const result: Fields = {};
  for (const [key, value] of Object.entries(schema)) {
    if (UNKNOWN.has(key)) continue;
    if (key === 'properties' && isObject(value)) result.properties = eachNarrowed(value);
    else if ((key === 'items' || key === 'additionalProperties') && isObject(value)) result[key] = narrowed(value);
    else result[key] = value;
  }
  return result;
}

const eachNarrowed = (schemas: Fields): Fields =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, narrowed(schema as Fields)]));

const query = (name: string, type = 'string'): Fields => ({ name, in: 'query', type, uniqueItems: true });

const OPERATIONS: readonly (readonly [verb: string, method: string, action: string, isItem: boolean])[] = [
  ['list', 'get', 'list', false],
  ['create', 'post', 'post', false],
  ['deletecollection', 'delete', 'deletecollection', false],
  ['get', 'get', 'get', true],
  ['update', 'put', 'put', true],
  ['patch', 'patch', 'patch', true],
  ['delete', 'delete', 'delete', true],
];

function pathsOf(resource: Resource): Fields {
  const root = `${resource.group === '' ? '/api' : `/apis/${resource.group}`}/${resource.version}`;
  const base = resource.namespaced ? `${root}/namespaces/{namespace}/${resource.plural}` : `${root}/${resource.plural}`;
  const collection: Fields = {};
  const item: Fields = {};
  const responses = { 200: { description: 'OK', schema: { $ref: `#/definitions/${schemaNameOf(resource)}` } } };
  for (const [verb, method, action, isItem] of OPERATIONS) {
    if (!resource.verbs.includes(verb)) continue;
    const isWrite = ['post', 'put', 'patch'].includes(method);
    const parameters = isWrite ? [query('dryRun'), query('fieldManager'), query('fieldValidation')] : [];
    if (method === 'patch') parameters.push(query('force', 'boolean'));
    const marks = { 'x-kubernetes-action': action, 'x-kubernetes-group-version-kind': gvk(resource) };
    (isItem ? item : collection)[method] = { parameters, responses, ...marks };
  }
  return { [base]: collection, ...(Object.keys(item).length === 0 ? {} : { [`${base}/{name}`]: item }) };
}
