// Writes an answer in the form the client asked for: the object, its metadata only, a table, in JSON or YAML.
import { badRequest, type KubeObject, notAcceptable } from '../../engine/index.ts';
import { yamlCodec } from '../script/yaml-codec.ts';
import type { Answer } from './negotiate.ts';
import type { ApiRequest, BodyResponse } from './request.ts';
import { apiVersionOf, type Resource } from './resource.ts';
import { type TableOptions, tableOf } from './table.ts';

export interface ListOf {
  readonly items: readonly KubeObject[];
  readonly metadata: Readonly<Record<string, unknown>>;
}

export const warningHeaders = (warnings: readonly string[]): Readonly<Record<string, readonly string[]>> =>
  warnings.length === 0 ? {} : { Warning: warnings.map((text) => `299 - ${JSON.stringify(text)}`) };

export function bodyResponse(
  value: unknown,
  answer: Answer,
  status = 200,
  headers: Readonly<Record<string, string | readonly string[]>> = {},
): BodyResponse {
  if (answer.media === 'yaml') {
    return { kind: 'body', status, contentType: 'application/yaml', body: toYaml(value), headers };
  }
  const body = `${JSON.stringify(value, null, answer.pretty ? 2 : undefined)}\n`;
  return { kind: 'body', status, contentType: 'application/json', body, headers };
}

export const toYaml = (value: unknown): string => yamlCodec.fromJson(JSON.stringify(value));

const internalName = (resource: Resource) =>
  `${resource.group === '' ? 'core' : resource.group.split('.')[0]}.${resource.kind}`;

/** Type first, then metadata, then the rest: the order in which people read objects. */
export function ordered(object: KubeObject): KubeObject {
  const { kind, apiVersion, metadata, ...rest } = object;
  return { kind, apiVersion, metadata: orderedMetadata(metadata), ...rest } as KubeObject;
}

const METADATA_ORDER = [
  'name',
  'generateName',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'ownerReferences',
  'finalizers',
  'managedFields',
] as const;

export function orderedMetadata(metadata: KubeObject['metadata']): KubeObject['metadata'] {
  const result: Record<string, unknown> = {};
  for (const key of METADATA_ORDER) if (metadata[key] !== undefined) result[key] = metadata[key];
  return { ...result, ...metadata, ...result } as KubeObject['metadata'];
}

export const metadataOnly = (object: KubeObject, metaVersion: string) => ({
  kind: 'PartialObjectMetadata',
  apiVersion: `meta.k8s.io/${metaVersion}`,
  metadata: orderedMetadata(object.metadata),
});

export function objectResponse(
  object: KubeObject,
  resource: Resource,
  answer: Answer,
  request: ApiRequest,
  now: number,
  status = 200,
  headers: Readonly<Record<string, string | readonly string[]>> = {},
): BodyResponse {
  switch (answer.form) {
    case 'object':
      return bodyResponse(ordered(object), answer, status, headers);
    case 'metadata':
      return bodyResponse(metadataOnly(object, answer.metaVersion), answer, status, headers);
    case 'metadata-list':
      throw notAcceptable(
        `you requested PartialObjectMetadataList, but the requested object is not a list (*${internalName(resource)})`,
      );
    case 'table': {
      const { resourceVersion } = object.metadata;
      const metadata = resourceVersion === undefined ? {} : { resourceVersion };
      return bodyResponse(
        tableOf([object], metadata, resource, tableOptions(request, answer, now)),
        answer,
        status,
        headers,
      );
    }
  }
}

export function listResponse(
  list: ListOf,
  resource: Resource,
  answer: Answer,
  request: ApiRequest,
  now: number,
): BodyResponse {
  switch (answer.form) {
    case 'object': {
      const items = resource.builtin === null ? list.items.map(ordered) : list.items.map(withoutType);
      return bodyResponse(
        { kind: resource.listKind, apiVersion: apiVersionOf(resource), metadata: list.metadata, items },
        answer,
      );
    }
    case 'metadata':
      throw notAcceptable(
        `you requested PartialObjectMetadata, but the requested object is a list (*${internalName(resource)}List)`,
      );
    case 'metadata-list':
      return bodyResponse(
        {
          kind: 'PartialObjectMetadataList',
          apiVersion: `meta.k8s.io/${answer.metaVersion}`,
          metadata: list.metadata,
          items: list.items.length === 0 ? null : list.items.map((object) => metadataOnly(object, answer.metaVersion)),
        },
        answer,
      );
    case 'table':
      return bodyResponse(tableOf(list.items, list.metadata, resource, tableOptions(request, answer, now)), answer);
  }
}

/** Items of built-in lists do not repeat their type. */
function withoutType(object: KubeObject): Record<string, unknown> {
  const { kind: _kind, apiVersion: _apiVersion, metadata, ...rest } = object;
  return { metadata: orderedMetadata(metadata), ...rest };
}

const INCLUDED: Readonly<Record<string, TableOptions['include']>> = {
  '': 'metadata',
  Metadata: 'metadata',
  Object: 'object',
  None: 'none',
};

export function tableOptions(request: ApiRequest, answer: Answer, now: number): TableOptions {
  const wanted = request.query.get('includeObject') ?? '';
  const include = Object.hasOwn(INCLUDED, wanted) ? INCLUDED[wanted] : undefined;
  if (include === undefined) {
    throw badRequest(
      `Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(wanted)}:` +
        " must be 'Metadata', 'Object', 'None', or empty",
    );
  }
  return { include, metaVersion: answer.metaVersion, now };
}
