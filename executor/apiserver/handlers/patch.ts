// Changes an object by a patch: JSON, merge or strategic merge patches; configurations to apply go to apply.ts.
import {
  applyJsonPatch,
  applyMergePatch,
  applyStrategicMergePatch,
  badRequest,
  deepClone,
  invalid,
  invalidValue,
  isObject,
  type KubeObject,
  StatusError,
  sortedKeys,
  type TypeShape,
  unprocessable,
  unsupportedMediaType,
} from '../../../engine/index.ts';
import { fitObject, mediaTypeOf } from '../body.ts';
import { objectResponse, warningHeaders } from '../encode.ts';
import type { Hub } from '../hub.ts';
import { readJsonBody } from '../json-body.ts';
import { chooseAnswer } from '../negotiate.ts';
import { orderedMetadata } from '../object-text.ts';
import { isOwnStatus, statusPart } from '../objects/strategy.ts';
import { liveObject, updateObject, type WriteContext } from '../objects/write.ts';
import { readWriteOptions } from '../options.ts';
import type { ApiRequest, ApiResponse } from '../request.ts';
import { apiVersionOf, type Resource } from '../resource.ts';
import { handleApply } from './apply.ts';
import { checkNamespace } from './create.ts';
import { deprecationOf } from './deprecation.ts';
import { goText } from './go-text.ts';
import { checkName } from './update.ts';

export const JSON_PATCH = 'application/json-patch+json';
export const MERGE_PATCH = 'application/merge-patch+json';
export const STRATEGIC_PATCH = 'application/strategic-merge-patch+json';
export const APPLY_PATCH = 'application/apply-patch+yaml';
const OPERATIONS_MAX = 10_000;

export function handlePatch(
  hub: Hub,
  resource: Resource,
  namespace: string,
  name: string,
  subresource: string,
  request: ApiRequest,
): ApiResponse {
  const answer = chooseAnswer(request.headers.accept, request.query, false);
  const type = patchTypeOf(request, resource.builtin !== null);
  if (type === APPLY_PATCH) return handleApply(hub, resource, namespace, name, subresource, request);
  const options = readWriteOptions(request, 'PatchOptions');
  const told: string[] = [];
  const context: WriteContext = {
    warn: (message) => told.push(message),
    hub,
    resource,
    user: request.user,
    by: { name: options.fieldManager, operation: 'Update', apiVersion: apiVersionOf(resource), subresource },
    dryRun: options.dryRun,
  };
  const old = liveObject(hub, resource, namespace, name);
  const patch = readPatch(request, type);
  const isOfStatus = isOwnStatus(resource, subresource) && isAboutStatus(patch, type);
  const patched = applyPatch(isOfStatus ? statusPart(old) : old, patch, type, resource.shape as TypeShape);
  const fitted = fitPatched(hub, resource, patched, patch, type, options.fieldValidation);
  checkName(fitted.object, name);
  checkNamespace(resource, fitted.object.metadata.namespace, namespace);
  const updated = updateObject(context, fitted.object, old, subresource);
  const headers = warningHeaders([...deprecationOf(resource), ...fitted.warnings, ...told]);
  return objectResponse(updated, resource, answer, request, hub.now(), 200, headers);
}

export function patchTypeOf(request: ApiRequest, knowsStrategic: boolean): string {
  const type = mediaTypeOf(request.headers['content-type']);
  if ([JSON_PATCH, MERGE_PATCH, APPLY_PATCH].includes(type)) return type;
  if (type === STRATEGIC_PATCH && knowsStrategic) return type;
  if (type !== STRATEGIC_PATCH) throw unsupportedMediaType('415: Unsupported Media Type', {});
  const accepted = [JSON_PATCH, MERGE_PATCH, APPLY_PATCH].join(', ');
  throw unsupportedMediaType(
    `the body of the request was in an unknown format - accepted media types include: ${accepted}`,
  );
}

export function readPatch(request: ApiRequest, type: string): unknown {
  if (isObject(request.said)) return request.said;
  const read = readJsonBody(new TextDecoder().decode(request.body));
  if (!read.ok) throw badRequest(`error decoding patch: ${read.why}`);
  if (type === JSON_PATCH) {
    if (!Array.isArray(read.value)) {
      const found = isObject(read.value) ? 'object' : typeof read.value;
      throw badRequest(
        `error decoding patch: json: cannot unmarshal ${found} into Go value of type []handlers.jsonPatchOp`,
      );
    }
    if (read.value.length > OPERATIONS_MAX) {
      throw badRequest(`The allowed maximum operations in a JSON patch is ${OPERATIONS_MAX}, got ${read.value.length}`);
    }
  } else if (!isObject(read.value)) {
    const found = Array.isArray(read.value) ? 'array' : read.value === null ? 'null' : typeof read.value;
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${found} into Go value of type map[string]interface {}`,
    );
  }
  return read.value;
}

const STATUS_PART = new Set(['apiVersion', 'kind', 'metadata', 'status']);

const isAboutStatus = (patch: unknown, type: string): boolean =>
  type === MERGE_PATCH && isObject(patch) && Object.keys(patch).every((field) => STATUS_PART.has(field));

export function applyPatch(old: KubeObject, patch: unknown, type: string, shape: TypeShape): Record<string, unknown> {
  if (type === MERGE_PATCH) return applyMergePatch(old, patch) as Record<string, unknown>;
  const target = deepClone(old) as Record<string, unknown>;
  if (type === JSON_PATCH) {
    const result = applyJsonPatch(target, patch, 'kubernetes');
    if (!result.ok) throw unprocessable();
    if (!isObject(result.document)) throw unprocessable();
    return result.document;
  }
  const result = applyStrategicMergePatch(target, patch as Record<string, unknown>, shape);
  if (!result.ok) throw badRequest(result.why);
  return result.value;
}

/** What does not fit its type any more is the patch's fault, and is told with the patch itself. */
function fitPatched(
  hub: Hub,
  resource: Resource,
  patched: Record<string, unknown>,
  patch: unknown,
  type: string,
  validation: 'Strict' | 'Warn' | 'Ignore',
) {
  try {
    return fitObject(patched, new Set(), resource, hub.registry, validation);
  } catch (error) {
    if (!(error instanceof StatusError) || error.status.code !== 400 || resource.builtin === null) throw error;
    const why = (error.status.message ?? '').replace(/^.*? cannot be handled as an? \w+: /, '');
    const shown = type === STRATEGIC_PATCH ? goText(patch) : JSON.stringify(sortedFields(patched));
    throw invalid({ group: '', kind: '' }, '', [invalidValue('patch', shown, why)]);
  }
}

/** Fields by name, metadata in its usual order: as the patched text is quoted. */
function sortedFields(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    sortedKeys(object).map((key) => [
      key,
      key === 'metadata' && isObject(object[key])
        ? orderedMetadata(object[key] as unknown as KubeObject['metadata'])
        : object[key],
    ]),
  );
}
