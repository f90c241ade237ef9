// Turns a request's body into an object of the wanted kind, checked against its type, with warnings for what it dropped.
import {
  badRequest,
  invalid,
  invalidValue,
  isObject,
  type KubeObject,
  merged,
  parseApiVersion,
  unsupportedMediaType,
} from '../../engine/index.ts';
import { yamlCodec } from '../script/yaml-codec.ts';
import { YamlError } from '../script/yaml-parse.ts';
import { readJsonBody } from './json-body.ts';
import { ACCEPTED } from './negotiate.ts';
import type { FieldValidation } from './options.ts';
import { decodeEnvelope, ProtobufError } from './protobuf/envelope.ts';
import type { Registry } from './registry.ts';
import type { ApiRequest } from './request.ts';
import { apiVersionOf, type Resource } from './resource.ts';
import { decodeBuiltin, UndecodableError } from './resources/decode.ts';
import { decodeCustom } from './resources/decode-custom.ts';

export interface Incoming {
  readonly object: KubeObject;
  readonly warnings: readonly string[];
}

export const mediaTypeOf = (header: string | undefined): string => (header ?? '').split(';')[0]!.trim().toLowerCase();

/** The body as JSON text; a missing content type counts as JSON. */
export function jsonTextOf(request: ApiRequest): string {
  const type = mediaTypeOf(request.headers['content-type']);
  switch (type) {
    case '':
    case 'application/json':
    case 'application/x-www-form-urlencoded':
      if (type === 'application/x-www-form-urlencoded') break;
      return new TextDecoder().decode(request.body);
    case 'application/yaml':
      return yamlToJson(new TextDecoder().decode(request.body));
    case 'application/vnd.kubernetes.protobuf':
      try {
        return JSON.stringify(decodeEnvelope(request.body));
      } catch (error) {
        if (error instanceof ProtobufError) throw unsupportedMediaType(error.message);
        throw error;
      }
    default:
  }
  throw unsupportedMediaType(
    `the body of the request was in an unknown format - accepted media types include: ${ACCEPTED.join(', ')}`,
  );
}

export function yamlToJson(text: string): string {
  try {
    return yamlCodec.toJson(text);
  } catch (error) {
    if (error instanceof YamlError) throw badRequest(`error converting YAML to JSON: ${error.message}`);
    throw error;
  }
}

const NO_DUPLICATES: ReadonlySet<string> = new Set();

export function readObject(
  request: ApiRequest,
  resource: Resource,
  registry: Registry,
  validation: FieldValidation,
): Incoming {
  const { said } = request;
  if (isObject(said)) return fitObject(said, NO_DUPLICATES, resource, registry, validation);
  const text = jsonTextOf(request);
  const read = readJsonBody(text);
  if (!read.ok) {
    const problem = `couldn't get version/kind; json parse error: ${read.why}`;
    throw badRequest(
      `the object provided is unrecognized (must be of type ${resource.kind}): ${problem} (${excerpt(text)})`,
    );
  }
  if (!isObject(read.value)) {
    const go =
      'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';
    const found = Array.isArray(read.value) ? 'array' : read.value === null ? 'null' : typeof read.value;
    throw badRequest(
      `the object provided is unrecognized (must be of type ${resource.kind}): couldn't get version/kind; json parse` +
        ` error: json: cannot unmarshal ${found} into Go value of type ${go} (${excerpt(text)})`,
    );
  }
  return fitObject(read.value, read.duplicates, resource, registry, validation);
}

/** What the client sent, in short: text if it looks like an object, else in hexadecimal. */
function excerpt(text: string): string {
  if (text === '') return '<empty>';
  const bytes = new TextEncoder().encode(text);
  const more = bytes.length > 30 ? ' ...' : '';
  if (text.startsWith('{')) return `${new TextDecoder().decode(bytes.slice(0, 30))}${more}`;
  return `${[...bytes.slice(0, 30)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}${more}`;
}

export function fitObject(
  value: Record<string, unknown>,
  duplicates: ReadonlySet<string>,
  resource: Resource,
  registry: Registry,
  validation: FieldValidation,
): Incoming {
  const apiVersion = apiVersionOf(resource);
  const given = {
    apiVersion: typeof value.apiVersion === 'string' && value.apiVersion !== '' ? value.apiVersion : apiVersion,
    kind: typeof value.kind === 'string' && value.kind !== '' ? value.kind : resource.kind,
  };
  checkKind(given, value, resource, registry);
  const refuse = (why: string) =>
    badRequest(
      `${given.kind} in version "${parseApiVersion(given.apiVersion).version}" cannot be handled as a ${resource.kind}: ${why}`,
    );
  try {
    const decoded =
      resource.builtin === null
        ? decodeCustom(value, resource, duplicates)
        : decodeBuiltin(value, resource.builtin, duplicates);
    if (validation === 'Strict' && decoded.complaints.length > 0) {
      throw refuse(`strict decoding error: ${decoded.complaints.join(', ')}`);
    }
    const object = merged(decoded.value, { apiVersion, kind: resource.kind }) as unknown as KubeObject;
    if (!isObject(object.metadata)) object.metadata = { name: '' };
    return { object, warnings: validation === 'Ignore' ? [] : decoded.complaints };
  } catch (error) {
    if (error instanceof UndecodableError) throw refuse(error.message);
    throw error;
  }
}

/** Group versions that Kubernetes once served and still recognises. */
const RETIRED = new Set([
  'apps/v1beta1',
  'apps/v1beta2',
  'extensions/v1beta1',
  'batch/v1beta1',
  'policy/v1beta1',
  'networking.k8s.io/v1beta1',
  'autoscaling/v2beta1',
  'autoscaling/v2beta2',
  'rbac.authorization.k8s.io/v1beta1',
  'storage.k8s.io/v1beta1',
]);

const internalPackage = (group: string) => (group === '' ? 'core' : group.split('.')[0]!);

function checkKind(
  given: { apiVersion: string; kind: string },
  value: Record<string, unknown>,
  resource: Resource,
  registry: Registry,
): void {
  const expected = apiVersionOf(resource);
  if (given.apiVersion === expected && given.kind === resource.kind) return;
  const { group, version } = parseApiVersion(given.apiVersion);
  if (resource.builtin === null) {
    if (given.kind !== resource.kind && group === resource.group) {
      const name = isObject(value.metadata) ? String(value.metadata.name ?? '') : '';
      throw invalid({ group, kind: given.kind }, name, [invalidValue('kind', given.kind, `must be ${resource.kind}`)]);
    }
    throw badRequest(
      `the API version in the data (${given.apiVersion}) does not match the expected API version (${expected})`,
    );
  }
  const known = registry.findKind(group, version, given.kind);
  const label = `${given.kind} in version "${version}" cannot be handled as a ${resource.kind}`;
  if (known !== null && given.kind !== resource.kind) {
    const to = `${internalPackage(resource.group)}.${resource.kind}`;
    throw badRequest(`${label}: converting (${version}.${given.kind}) to (${to}): unknown conversion`);
  }
  if (known !== null || RETIRED.has(given.apiVersion)) {
    throw badRequest(
      `the API version in the data (${given.apiVersion}) does not match the expected API version (${expected})`,
    );
  }
  throw badRequest(
    `${label}: no kind "${given.kind}" is registered for version "${given.apiVersion}" in scheme "pkg/api/legacyscheme/scheme.go:30"`,
  );
}
