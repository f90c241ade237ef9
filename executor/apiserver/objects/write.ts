// The life of an object in the store: created, updated and removed by the rules that hold for every kind.
import {
  alreadyExists,
  beingDeleted,
  conflict,
  deepClone,
  deepEqual,
  internalError,
  invalid,
  invalidValue,
  isObject,
  type KubeObject,
  type Manager,
  merged,
  notFound,
  staleRevision,
  subdomainName,
} from '../../../engine/index.ts';
import { generateName, type Hub } from '../hub.ts';
import type { UserInfo } from '../request.ts';
import { namedOf, type Resource } from '../resource.ts';
import { customProblems } from '../resources/validate/custom.ts';
import {
  kindChangeProblems,
  kindCreationProblems,
  kindProblems,
  nameRuleOf,
  statusProblems,
} from '../resources/validate/kinds.ts';
import { metadataChangeProblems, metadataProblems } from '../resources/validate/metadata.ts';
import { admitCreate, admitUpdate } from './admission.ts';
import { admitByKind, isAdmittedByKind } from './admit-by-kind.ts';
import { ownAtCreation, ownAtUpdate } from './ownership.ts';
import { changesPodPart, completeObject, isOwnStatus, prepareCreate, prepareUpdate, statusPart } from './strategy.ts';

export interface WriteContext {
  readonly hub: Hub;
  readonly resource: Resource;
  readonly user: UserInfo;
  readonly by: Manager;
  readonly dryRun: boolean;
  /** Hears what will surprise the author of a write. */
  readonly warn?: (message: string) => void;
}

/** Ownership decided elsewhere, by server-side apply, is kept as it is. */
export type Ownership = 'track' | 'given';

export function createObject(
  context: WriteContext,
  namespace: string,
  incoming: KubeObject,
  ownership: Ownership = 'track',
): KubeObject {
  const { hub, resource, by } = context;
  const now = hub.now();
  // What comes from the store is shared and frozen; what is made of it is a copy.
  let object: KubeObject = deepClone(incoming);
  if (resource.namespaced) object.metadata.namespace = namespace;
  else delete object.metadata.namespace;
  completeObject(resource, object);
  checkBeforeAdmission(resource, object, null);
  object = admitByKind(context, object, null);
  if (ownership === 'track') object = ownAtCreation(resource, object, by, now);
  const { metadata } = object;
  for (const key of ['deletionTimestamp', 'deletionGracePeriodSeconds', 'generation', 'selfLink'] as const) {
    delete (metadata as unknown as Record<string, unknown>)[key];
  }
  const isNamed = metadata.name !== undefined && metadata.name !== '';
  if (!isNamed && metadata.generateName) metadata.name = generateName(hub, metadata.generateName);
  metadata.name ??= '';
  metadata.uid = hub.uid();
  metadata.creationTimestamp = new Date(now).toISOString().replace(/\.\d+Z$/, 'Z');
  prepareCreate(resource, object);
  object = admitCreate(context, object);

  const rule = resource.builtin === null ? subdomainName : nameRuleOf(resource.group, resource.kind);
  const problems = [
    ...metadataProblems(object, rule, resource.builtin !== null && resource.group !== 'apiextensions.k8s.io'),
    ...(resource.builtin === null
      ? isAdmittedByKind(resource)
        ? []
        : customProblems(resource, object, null)
      : [
          ...kindCreationProblems(resource.group, resource.kind, object),
          ...kindProblems(resource.group, resource.kind, object),
        ]),
  ];
  if (problems.length > 0) throw invalid(resource, metadata.name, problems);

  const { name } = object.metadata;
  const existing = hub.store.get(resource.collection, namespace, name);
  if (existing !== null) {
    throw existing.metadata.deletionTimestamp === undefined
      ? alreadyExists(namedOf(resource), name)
      : beingDeleted(namedOf(resource), name);
  }
  if (object.metadata.resourceVersion)
    throw internalError('resourceVersion should not be set on objects to be created');
  delete object.metadata.resourceVersion;
  if (context.dryRun) return object;
  return resource.fromStored(hub.store.put(resource.collection, resource.toStored(object)));
}

export function updateObject(
  context: WriteContext,
  incoming: KubeObject,
  old: KubeObject,
  subresource: string,
  ownership: Ownership = 'track',
): KubeObject {
  const { hub, resource, by } = context;
  checkRevision(resource, incoming, old);
  let completed = isOwnStatus(resource, subresource) ? statusPart(incoming) : deepClone(incoming);
  completeObject(resource, completed);
  if (subresource === '') {
    checkBeforeAdmission(resource, completed, old);
    completed = admitByKind(context, completed, old);
  }
  keepSystemFields(completed, old);
  let next = prepareUpdate(resource, completed, old, subresource);
  next = ownership === 'track' ? ownAtUpdate(resource, next, old, by, hub.now()) : next;
  next = admitUpdate(context, next, old, subresource);

  const shared = metadataChangeProblems(next, old);
  const problems = [
    // Both the general and the kind's own check look at metadata, and both are heard.
    ...shared,
    ...(resource.builtin === null ? [] : shared),
    ...(resource.builtin === null
      ? isAdmittedByKind(resource) && subresource === ''
        ? []
        : customProblems(resource, next, old, subresource)
      : subresource === 'status'
        ? statusProblems(resource.group, resource.kind, next)
        : [
            ...kindProblems(resource.group, resource.kind, next),
            ...(changesPodPart(subresource) ? [] : kindChangeProblems(resource.group, resource.kind, next, old)),
          ]),
  ];
  if (problems.length > 0) throw invalid(resource, old.metadata.name, problems);
  next = merged(next, { metadata: merged(next.metadata, { resourceVersion: old.metadata.resourceVersion }) });
  if (isFinished(next)) {
    if (!context.dryRun) hub.store.remove(resource.collection, next.metadata.namespace ?? '', next.metadata.name);
    return next;
  }
  if (deepEqual(next, old) || context.dryRun) return next;
  return resource.fromStored(hub.store.put(resource.collection, resource.toStored(next)));
}

/** Admission can rely on what a schema promises, so that whoever breaks the schema hears of that first. */
function checkBeforeAdmission(resource: Resource, object: KubeObject, old: KubeObject | null): void {
  if (!isAdmittedByKind(resource)) return;
  const problems = customProblems(resource, object, old);
  if (problems.length > 0) throw invalid(resource, object.metadata.name ?? '', problems);
}

function checkRevision(resource: Resource, incoming: KubeObject, old: KubeObject): void {
  const { resourceVersion = '', uid = '' } = incoming.metadata;
  const { name } = old.metadata;
  if (resource.builtin === null && (resourceVersion === '' || resourceVersion === '0')) {
    throw invalid({ group: resource.group, kind: resource.plural }, name, [
      invalidValue('metadata.resourceVersion', 0, 'must be specified for an update'),
    ]);
  }
  if (uid !== '' && uid !== old.metadata.uid && (resourceVersion === '' || resourceVersion === '0')) {
    const path = ['/registry', resource.plural, old.metadata.namespace, name]
      .filter((part) => part !== undefined)
      .join('/');
    throw conflict(
      namedOf(resource),
      name,
      `StorageError: invalid object, Code: 4, Key: ${path}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed:` +
        ` UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`,
    );
  }
  if (resourceVersion !== '' && resourceVersion !== '0' && resourceVersion !== old.metadata.resourceVersion) {
    throw staleRevision(namedOf(resource), name);
  }
}

function keepSystemFields(next: KubeObject, old: KubeObject): void {
  const { metadata } = next;
  const before = old.metadata;
  metadata.uid = metadata.uid || before.uid;
  metadata.creationTimestamp = before.creationTimestamp;
  metadata.resourceVersion = before.resourceVersion;
  if (before.namespace !== undefined) metadata.namespace ??= before.namespace;
  for (const key of ['generation', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const) {
    if (before[key] === undefined) delete metadata[key];
    else Object.assign(metadata, { [key]: before[key] });
  }
}

/** Marked for deletion, and nobody holds it any more. */
export function isFinished(object: KubeObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = object.metadata;
  if (deletionTimestamp === undefined || finalizers.length > 0) return false;
  if (object.kind === 'Namespace' && object.apiVersion === 'v1') {
    const held = isObject(object.spec) ? object.spec.finalizers : undefined;
    return !Array.isArray(held) || held.length === 0;
  }
  return deletionGracePeriodSeconds === 0;
}

function find(hub: Hub, { collection }: Resource, namespace: string, name: string): KubeObject | null {
  const computed = hub.computed.get(collection)?.(namespace);
  if (computed === undefined) return hub.store.get(collection, namespace, name);
  return computed.find(({ metadata }) => metadata.name === name) ?? null;
}

export function liveObject(hub: Hub, resource: Resource, namespace: string, name: string): KubeObject {
  const found = find(hub, resource, namespace, name);
  if (found === null) throw notFound(namedOf(resource), name);
  return resource.fromStored(found);
}
