// Server-side apply: what a manager wants, laid over what is there, with every field's owner on record.
import {
  applyConfiguration,
  applyConflict,
  badRequest,
  configurationProblem,
  describeConflicts,
  internalError,
  isObject,
  type KubeObject,
  type Manager,
  merged,
  type Owner,
  readOwners,
  type TypeShape,
} from '../../../engine/index.ts';
import { fitObject, yamlToJson } from '../body.ts';
import { objectResponse, warningHeaders } from '../encode.ts';
import type { Hub } from '../hub.ts';
import { readJsonBody } from '../json-body.ts';
import { chooseAnswer } from '../negotiate.ts';
import { ordered } from '../object-text.ts';
import { readFields } from '../objects/known-fields.ts';
import { withOwners, withoutManaged } from '../objects/ownership.ts';
import { createObject, updateObject, type WriteContext } from '../objects/write.ts';
import { readWriteOptions } from '../options.ts';
import type { ApiRequest, ApiResponse } from '../request.ts';
import { apiVersionOf, hasSubresource, namedOf, type Resource } from '../resource.ts';
import { checkNamespace } from './create.ts';
import { deprecationOf } from './deprecation.ts';
import { allowedByLastApplied, refreshLastApplied } from './last-applied.ts';
import { checkName } from './update.ts';

/** Applied over objects that nobody kept a record for, so that what was there before has an owner too. */
const BEFORE_FIRST = 'before-first-apply';

export function handleApply(
  hub: Hub,
  resource: Resource,
  namespace: string,
  name: string,
  subresource: string,
  request: ApiRequest,
): ApiResponse {
  const answer = chooseAnswer(request.headers.accept, request.query, false);
  const options = readWriteOptions(request, 'PatchOptions', true);
  const { config, duplicates } = readConfiguration(request);
  checkConfiguration(config, resource, namespace, name);
  const apiVersion = apiVersionOf(resource);
  const by: Manager = { name: options.fieldManager, operation: 'Apply', apiVersion, subresource };
  const told: string[] = [];
  const warn = (message: string) => void told.push(message);
  const context: WriteContext = { hub, resource, user: request.user, by, dryRun: options.dryRun, warn };
  const stored = hub.store.get(resource.collection, namespace, name);
  if (stored === null && subresource !== '') throw notFoundOf(resource, name);
  const live = stored === null ? null : resource.fromStored(stored);
  const wanted = withoutSystem(config);
  const problem = configurationProblem(wanted, resource.shape as TypeShape);
  if (problem !== null) {
    const where = `${String((config.metadata as Record<string, unknown>).namespace ?? '')}/${name}`;
    const what = `${resource.group}/${resource.version}, Kind=${resource.kind}`;
    throw internalError(`failed to create typed patch object (${where}; ${what.replace(/^\//, '/')}): ${problem}`);
  }
  const owners = ownersOf(live, resource);
  const decide = (force: boolean) =>
    applyConfiguration({
      live: live === null ? null : (withoutManaged(live) as Record<string, unknown>),
      wanted,
      shape: resource.shape as TypeShape,
      owners,
      by,
      force,
      ignored: ignoredBy(resource, subresource),
      now: hub.now(),
    });
  let result = decide(options.force);
  if (!result.ok && by.name === 'kubectl' && live !== null && allowedByLastApplied(live, result.conflicts, resource)) {
    result = decide(true);
  }
  if (!result.ok) {
    const { message, causes } = describeConflicts(result.conflicts);
    throw applyConflict(message, causes);
  }
  const merged = by.name === 'kubectl' ? refreshLastApplied(result.object, config) : result.object;
  const fitted = fitObject(merged, duplicates, resource, hub.registry, options.fieldValidation);
  const headers = () => warningHeaders([...deprecationOf(resource), ...fitted.warnings, ...told]);
  if (live === null) {
    const object = withOwners(fitted.object, result.owners);
    object.metadata.name = name;
    const created = createObject(context, namespace, object, 'given');
    return objectResponse(created, resource, answer, request, hub.now(), 201, headers());
  }
  const next = withOwners(fitted.object, result.owners);
  const { resourceVersion, uid } = config.metadata as { resourceVersion?: string; uid?: string };
  next.metadata.resourceVersion = resourceVersion ?? live.metadata.resourceVersion;
  next.metadata.uid = uid ?? live.metadata.uid;
  const updated = updateObject(context, next, live, subresource, 'given');
  return objectResponse(updated, resource, answer, request, hub.now(), 200, headers());
}

const notFoundOf = (resource: Resource, name: string) => {
  const { group, resource: plural } = namedOf(resource);
  return badRequest(`${plural}.${group} "${name}" not found`);
};

export function readConfiguration(request: ApiRequest): {
  config: Record<string, unknown>;
  duplicates: ReadonlySet<string>;
} {
  const text = new TextDecoder().decode(request.body);
  const read = readJsonBody(text.trimStart().startsWith('{') ? text : yamlToJson(text));
  const parsed = read.ok ? read : readJsonBody(yamlToJson(text));
  if (!parsed.ok || !isObject(parsed.value))
    throw badRequest('error decoding YAML: the configuration is not an object');
  return { config: parsed.value, duplicates: parsed.duplicates };
}

function checkConfiguration(
  config: Record<string, unknown>,
  resource: Resource,
  namespace: string,
  name: string,
): void {
  const { apiVersion, kind } = config;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') {
    const [version, named] = [apiVersion, kind].map((one) => (typeof one === 'string' ? one : null));
    throw badRequest(`invalid object type: ${version ?? '/'}, Kind=${named ?? ''}`);
  }
  if (apiVersion !== apiVersionOf(resource) || kind !== resource.kind) {
    throw badRequest(`invalid object type: ${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${kind}`);
  }
  if (!isObject(config.metadata)) config.metadata = {};
  const metadata = config.metadata as Record<string, unknown>;
  metadata.name ??= name;
  if (metadata.managedFields !== undefined && metadata.managedFields !== null) {
    throw badRequest('metadata.managedFields must be nil');
  }
  checkName(config as unknown as KubeObject, name);
  checkNamespace(resource, metadata.namespace as string | undefined, namespace);
}

/** Fields of the metadata that identify rather than describe. */
function withoutSystem(config: Record<string, unknown>): Record<string, unknown> {
  const {
    resourceVersion: _rv,
    uid: _uid,
    managedFields: _managed,
    creationTimestamp: _created,
    generation: _generation,
    ...metadata
  } = config.metadata as Record<string, unknown>;
  return merged(config, { metadata });
}

function ownersOf(live: KubeObject | null, resource: Resource): readonly Owner[] {
  if (live === null) return [];
  const owners = readOwners(live.metadata.managedFields, readFields) ?? [];
  if (owners.length > 0) return owners;
  const before: Manager = {
    name: BEFORE_FIRST,
    operation: 'Update',
    apiVersion: apiVersionOf(resource),
    subresource: '',
  };
  const claimed = applyConfiguration({
    live: null,
    wanted: ordered(live),
    shape: resource.shape as TypeShape,
    owners: [],
    by: before,
    force: true,
    ignored: ignoredBy(resource, ''),
    now: 0,
  });
  return claimed.ok ? claimed.owners.map((owner) => ({ ...owner, time: null })) : [];
}

function ignoredBy(resource: Resource, subresource: string): readonly (readonly string[])[] {
  if (subresource === 'status') return [['f:spec'], ['f:metadata', 'f:labels']];
  return hasSubresource(resource, 'status') ? [['f:status']] : [];
}
