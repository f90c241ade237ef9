// Writes an answer in the form the client asked for: the object, its metadata only, a table, in JSON or YAML.
import { badRequest, type KubeObject, notAcceptable } from '../../engine/index.ts';
import { yamlCodec } from '../script/yaml-codec.ts';
import type { Answer } from './negotiate.ts';
import { content, ObjectText, ordered, orderedMetadata, SlicedText, typedText, untypedText } from './object-text.ts';
import type { ApiRequest, BodyResponse } from './request.ts';
import { apiVersionOf, type Resource } from './resource.ts';
import { type TableOptions, tableOf } from './table.ts';

/** Shorter lists are answered in one piece. */
const SLICED_ITEMS_MIN = 500;

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
  return textResponse(answer.pretty ? JSON.stringify(value, null, 2) : `${JSON.stringify(value)}\n`, status, headers);
}

const textResponse = (
  body: string | SlicedText | ObjectText,
  status = 200,
  headers: Readonly<Record<string, string | readonly string[]>> = {},
): BodyResponse => ({ kind: 'body', status, contentType: 'application/json', body, headers });

const isPlain = ({ media, pretty }: Answer): boolean => media === 'json' && !pretty;

export const toYaml = (value: unknown): string => yamlCodec.fromJson(JSON.stringify(value));

const internalName = (resource: Resource) =>
  `${resource.group === '' ? 'core' : resource.group.split('.')[0]}.${resource.kind}`;

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
      if (isPlain(answer)) return textResponse(new ObjectText(object), status, headers);
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
      const type = { kind: resource.listKind, apiVersion: apiVersionOf(resource), metadata: list.metadata };
      const isCustom = resource.builtin === null;
      if (isPlain(answer)) {
        const text = new SlicedText(
          `${JSON.stringify(type).slice(0, -1)},"items":[`,
          list.items,
          isCustom ? typedText : untypedText,
        );
        return textResponse(list.items.length > SLICED_ITEMS_MIN ? text : text.toString());
      }
      return bodyResponse({ ...type, items: list.items.map(isCustom ? ordered : content) }, answer);
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
