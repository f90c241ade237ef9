// OpenAPI documents of what is served, from the same schemas that objects are checked with.
import { byText, type TypeShape } from '../../engine/index.ts';
import { fingerprint } from './fingerprint.ts';
import type { Registry } from './registry.ts';
import type { ApiRequest, ApiResponse, BodyResponse } from './request.ts';
import type { Resource } from './resource.ts';
import { describeField, describeType } from './resources/descriptions.ts';
import type { BuiltinShape, TypeTable } from './resources/type-notation.ts';

const PATCH_TYPES = ['application/json-patch+json', 'application/merge-patch+json', 'application/apply-patch+yaml'];
/** Clients send what is listed here: custom kinds do not know this one. */
const BUILTIN_PATCH_TYPES = [...PATCH_TYPES, 'application/strategic-merge-patch+json'];

interface Built {
  readonly body: string | Uint8Array;
  readonly hash: string;
}

/** Documents are made once for each state of the registry. */
const CACHE = new WeakMap<Registry, { generation: number; documents: Map<string, Built> }>();

export function built(registry: Registry, key: string, make: () => unknown): Built {
  let cache = CACHE.get(registry);
  if (cache === undefined || cache.generation !== registry.generation()) {
    cache = { generation: registry.generation(), documents: new Map() };
    CACHE.set(registry, cache);
  }
  let document = cache.documents.get(key);
  if (document === undefined) {
    const made = make();
    const body = made instanceof Uint8Array ? made : JSON.stringify(made);
    document = { body, hash: fingerprint(body) };
    cache.documents.set(key, document);
  }
  return document;
}

const keyOf = (group: string, version: string) => (group === '' ? `api/${version}` : `apis/${group}/${version}`);

export function groupVersions(registry: Registry): { group: string; version: string }[] {
  return registry.groups().flatMap(({ name, versions }) => versions.map((version) => ({ group: name, version })));
}

export function openapiIndex(registry: Registry, request: ApiRequest): ApiResponse {
  const paths: Record<string, unknown> = {};
  for (const { group, version } of groupVersions(registry)) {
    const key = keyOf(group, version);
    const { hash } = built(registry, key, () => documentOf(registry, group, version));
    paths[key] = { serverRelativeURL: `/openapi/v3/${key}?hash=${hash}` };
  }
  const body = JSON.stringify({ paths });
  return tagged(body, `"${fingerprint(body)}"`, 'text/plain; charset=utf-8', request);
}

/** Null for a group version that nobody serves. */
export function openapiOf(registry: Registry, path: string, request: ApiRequest): ApiResponse | null {
  const found = groupVersions(registry).find(({ group, version }) => keyOf(group, version) === path.replace(/\/$/, ''));
  if (found === undefined) return null;
  const { body, hash } = built(registry, keyOf(found.group, found.version), () =>
    documentOf(registry, found.group, found.version),
  );
  return tagged(body, `"${hash}"`, 'application/json', request);
}

export function tagged(
  body: string | Uint8Array,
  etag: string,
  contentType: string,
  request: ApiRequest,
): BodyResponse {
  const headers = { ETag: etag, Vary: 'Accept-Encoding, Accept', 'Cache-Control': 'no-cache, private' };
  if (request.headers['if-none-match'] === etag) return { kind: 'body', status: 304, contentType, body: '', headers };
  return { kind: 'body', status: 200, contentType, body, headers };
}

/** "io.k8s.api.apps.v1.Deployment"; custom kinds are named by their own group, read backwards. */
function packageOf(group: string, version: string): string {
  if (group === 'meta') return 'io.k8s.apimachinery.pkg.apis.meta.v1';
  if (group === '') return `io.k8s.api.core.${version}`;
  return `io.k8s.api.${group.split('.')[0]}.${version}`;
}

const customName = (resource: Resource) =>
  `${resource.group.split('.').reverse().join('.')}.${resource.version}.${resource.kind}`;

export const schemaNameOf = (resource: Resource): string =>
  resource.builtin === null
    ? customName(resource)
    : `${packageOf(resource.group, resource.version)}.${resource.builtin.typeName ?? resource.kind}`;

const INT_OR_STRING = 'io.k8s.apimachinery.pkg.util.intstr.IntOrString';
const EITHER = { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] };
const QUANTITY = 'io.k8s.apimachinery.pkg.api.resource.Quantity';
const NUMBER_OR_TEXT = { oneOf: [{ type: 'string' }, { type: 'number' }] };

export class Schemas {
  readonly all: Record<string, unknown> = {};
  private readonly names = new Map<string, string>();
  private readonly prefix: string;

  constructor(registry: Registry, group: string, version: string, prefix: string) {
    this.prefix = prefix;
    const tables: [string, TypeTable | undefined][] = [
      [packageOf('meta', ''), registry.builtins.types.get('meta')],
      [packageOf('', 'v1'), registry.builtins.types.get('v1')],
      [packageOf(group, version), registry.builtins.types.get(group === '' ? version : `${group}/${version}`)],
    ];
    for (const [name, table] of tables) {
      for (const type of table?.keys() ?? []) this.names.set(type, `${name}.${type}`);
    }
  }

  reference(type: string, shape: BuiltinShape, extra: Record<string, unknown> = {}): string {
    const name = this.names.get(type) ?? type;
    if (this.all[name] === undefined) {
      const schema: Record<string, unknown> = {};
      this.all[name] = schema;
      Object.assign(schema, this.object(shape), extra);
    }
    return `${this.prefix}${name}`;
  }

  /** Types that every document knows by the same name. */
  private shared(name: string, schema: Record<string, unknown>, marks: Record<string, unknown>) {
    this.all[name] ??= schema;
    return { allOf: [{ $ref: `${this.prefix}${name}` }], ...marks };
  }

  private object(shape: BuiltinShape): Record<string, unknown> {
    const properties: Record<string, unknown> = {};
    const { required, typeName = '' } = shape;
    for (const [field, own] of Object.entries(shape.properties ?? {})) {
      properties[field] = { ...saying(describeField(typeName, field)), ...this.value(own) };
    }
    return {
      type: 'object',
      ...saying(describeType(typeName)),
      properties,
      ...(required === undefined ? {} : { required }),
    };
  }

  private value(shape: BuiltinShape): Record<string, unknown> {
    const marks = extensions(shape);
    if (shape.typeName !== undefined) {
      const $ref = this.reference(shape.typeName, shape);
      // A reference stands alone; what is said about this use of the type goes beside it.
      return { allOf: [{ $ref }], default: {}, ...marks };
    }
    if (shape['x-kubernetes-int-or-string'] === true) return this.shared(INT_OR_STRING, EITHER, marks);
    if (shape.format === 'quantity') return this.shared(QUANTITY, NUMBER_OR_TEXT, marks);
    if (shape.type === 'array') return { type: 'array', items: this.value(shape.items!), ...marks };
    if (typeof shape.additionalProperties === 'object') {
      return { type: 'object', additionalProperties: this.value(shape.additionalProperties), ...marks };
    }
    const { type, format } = shape;
    return {
      ...(type === undefined ? {} : { type }),
      ...(format === undefined || format === 'quantity' || format === 'micro-time' ? {} : { format }),
      ...(shape.default === undefined ? {} : { default: shape.default }),
      ...marks,
    };
  }
}

const saying = (description: string | undefined) => (description === undefined ? {} : { description });

function extensions(shape: TypeShape): Record<string, unknown> {
  const marks: Record<string, unknown> = {};
  for (const key of [
    'x-kubernetes-list-type',
    'x-kubernetes-list-map-keys',
    'x-kubernetes-map-type',
    'x-kubernetes-patch-merge-key',
    'x-kubernetes-patch-strategy',
    'x-kubernetes-preserve-unknown-fields',
  ] as const) {
    const value = shape[key];
    if (value !== undefined && !(key === 'x-kubernetes-list-type' && value === 'atomic' && shape.type !== 'array'))
      marks[key] = value;
  }
  return marks;
}

export const gvk = ({ group, version, kind }: { group: string; version: string; kind: string }) => ({
  group,
  kind,
  version,
});

function documentOf(registry: Registry, group: string, version: string): Record<string, unknown> {
  const prefix = '#/components/schemas/';
  const schemas = new Schemas(registry, group, version, prefix);
  const paths: Record<string, unknown> = {};
  const meta = registry.builtins.types.get('meta')!;
  for (const resource of registry.resourcesOf(group, version)) {
    addSchema(schemas, resource, meta);
    addPaths(paths, resource, (name) => ({ $ref: `${prefix}${name}` }));
  }
  const info = { title: 'Muster', version: 'v1.36.0' };
  return { openapi: '3.0.0', info, paths, components: { schemas: sorted(schemas.all) } };
}

export function addSchema(schemas: Schemas, resource: Resource, meta: TypeTable): void {
  const kinds = { 'x-kubernetes-group-version-kind': [gvk(resource)] };
  if (resource.builtin !== null) {
    schemas.reference(resource.builtin.typeName ?? resource.kind, resource.builtin, kinds);
    return;
  }
  schemas.reference('ObjectMeta', meta.get('ObjectMeta')!);
  const name = customName(resource);
  const $ref = schemas.reference('ObjectMeta', meta.get('ObjectMeta')!);
  const shape = resource.shape;
  schemas.all[name] = {
    ...shape,
    type: 'object',
    properties: {
      ...shape.properties,
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { allOf: [{ $ref }] },
    },
    ...kinds,
  };
}

const parameter = (name: string, type: string) => ({ name, in: 'query', schema: { type, uniqueItems: true } });

function addPaths(paths: Record<string, unknown>, resource: Resource, refer: (name: string) => { $ref: string }): void {
  const root = `${resource.group === '' ? '/api' : `/apis/${resource.group}`}/${resource.version}`;
  const base = resource.namespaced ? `${root}/namespaces/{namespace}/${resource.plural}` : `${root}/${resource.plural}`;
  const name = schemaNameOf(resource);
  const content = { 'application/json': { schema: refer(name) } };
  const responses = { 200: { description: 'OK', content } };
  const shared = { responses, 'x-kubernetes-group-version-kind': gvk(resource) };
  const write = [
    parameter('dryRun', 'string'),
    parameter('fieldManager', 'string'),
    parameter('fieldValidation', 'string'),
  ];
  const operations: Record<string, Record<string, unknown>> = {};
  const items: Record<string, Record<string, unknown>> = {};
  if (resource.verbs.includes('list')) operations.get = { ...shared, 'x-kubernetes-action': 'list' };
  if (resource.verbs.includes('create')) {
    operations.post = { ...shared, parameters: write, requestBody: { content }, 'x-kubernetes-action': 'post' };
  }
  if (resource.verbs.includes('get')) items.get = { ...shared, 'x-kubernetes-action': 'get' };
  if (resource.verbs.includes('update')) {
    items.put = { ...shared, parameters: write, requestBody: { content }, 'x-kubernetes-action': 'put' };
  }
  if (resource.verbs.includes('patch')) {
    const patch = { schema: { type: 'object' } };
    const types = resource.builtin === null ? PATCH_TYPES : BUILTIN_PATCH_TYPES;
    items.patch = {
      ...shared,
      parameters: [...write, parameter('force', 'boolean')],
      requestBody: { content: Object.fromEntries(types.map((type) => [type, patch])) },
      'x-kubernetes-action': 'patch',
    };
  }
  if (resource.verbs.includes('delete')) items.delete = { ...shared, 'x-kubernetes-action': 'delete' };
  paths[base] = operations;
  if (Object.keys(items).length > 0) paths[`${base}/{name}`] = items;
}

export const sorted = (values: Record<string, unknown>) =>
  Object.fromEntries(
    Object.keys(values)
      .sort(byText)
      .map((key) => [key, values[key]]),
  );
