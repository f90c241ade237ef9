// Deletion: at once where nothing holds the object, otherwise by a mark that controllers and finalizers act on.
import {
  conflict,
  forbidden,
  formatTime,
  isObject,
  isProtected,
  type KubeObject,
  WHY_PROTECTED,
} from '../../../engine/index.ts';
import type { Hub } from '../hub.ts';
import type { DeleteOptions } from '../options.ts';
import { namedOf, type Resource } from '../resource.ts';

const FOREGROUND = 'foregroundDeletion';
const ORPHAN = 'orphan';
const UNDELETABLE = new Set(['default', 'kube-system', 'kube-public']);
const DEFINITIONS = 'apiextensions.k8s.io/customresourcedefinitions';
const CRD_CLEANUP = 'customresourcecleanup.apiextensions.k8s.io';

export interface Removal {
  readonly object: KubeObject;
  /** Gone for good; otherwise only marked. */
  readonly isGone: boolean;
}

/** As somebody asks for it, be it a user or a controller: what is protected stays. */
export function removeAsAsked(hub: Hub, resource: Resource, old: KubeObject, options: DeleteOptions): Removal {
  checkPreconditions(resource, old, options);
  if (isProtectedIn(hub, old)) throw forbidden(namedOf(resource), old.metadata.name, WHY_PROTECTED);
  return removeObject(hub, resource, old, options);
}

export const isProtectedIn = (hub: Hub, object: KubeObject): boolean =>
  hub.habits.deletionProtection && isProtected(object);

/** As the API does it by itself, which asks nobody: where a pod is evicted, and where a definition takes its objects along. */
export function removeObject(hub: Hub, resource: Resource, old: KubeObject, options: DeleteOptions): Removal {
  const { name, namespace = '' } = old.metadata;
  checkPreconditions(resource, old, options);
  if (resource.collection === '/namespaces') return markNamespace(hub, resource, old, options);
  if (resource.collection === DEFINITIONS) return markDefinition(hub, resource, old, options);

  const finalizers = finalizersFor(old, options);
  const grace = gracePeriod(resource, old, options);
  const isMarked = old.metadata.deletionTimestamp !== undefined;
  if (finalizers.length === 0 && grace === 0) {
    if (options.dryRun) return { object: old, isGone: true };
    const last = hub.store.remove(resource.collection, namespace, name);
    const gone = last === null ? old : resource.fromStored(last);
    // A pod that was still winding down is told with the grace that it has left: none.
    const object = isMarked ? { ...gone, metadata: { ...gone.metadata, deletionGracePeriodSeconds: 0 } } : gone;
    return { object: resource.plural === 'pods' && !isMarked ? marked(hub, object, 0) : object, isGone: true };
  }
  const shorter = isMarked && grace < (old.metadata.deletionGracePeriodSeconds ?? 0);
  let next = isMarked && !shorter ? old : marked(hub, old, grace);
  if (next.metadata.generation !== undefined && !isMarked) {
    next = { ...next, metadata: { ...next.metadata, generation: next.metadata.generation + 1 } };
  }
  const metadata = { ...next.metadata, finalizers: [...finalizers] };
  if (finalizers.length === 0) delete (metadata as { finalizers?: string[] }).finalizers;
  next = { ...next, metadata };
  const isSame = isMarked && !shorter && JSON.stringify(old.metadata.finalizers ?? []) === JSON.stringify(finalizers);
  if (isSame || options.dryRun) return { object: next, isGone: false };
  return { object: resource.fromStored(hub.store.put(resource.collection, resource.toStored(next))), isGone: false };
}

function marked(hub: Hub, object: KubeObject, grace: number): KubeObject {
  const at = formatTime(hub.now() + grace * 1000);
  return { ...object, metadata: { ...object.metadata, deletionTimestamp: at, deletionGracePeriodSeconds: grace } };
}

function checkPreconditions(resource: Resource, old: KubeObject, options: DeleteOptions): void {
  const named = { group: resource.group, resource: resource.kind };
  const { name, uid, resourceVersion } = old.metadata;
  if (options.uid !== null && options.uid !== uid) {
    throw conflict(
      named,
      name,
      `the UID in the precondition (${options.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
    );
  }
  if (options.resourceVersion !== null && options.resourceVersion !== resourceVersion) {
    throw conflict(
      named,
      name,
      `the ResourceVersion in the precondition (${options.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
    );
  }
}

function finalizersFor(old: KubeObject, options: DeleteOptions): readonly string[] {
  const held = old.metadata.finalizers ?? [];
  const others = held.filter((one) => one !== FOREGROUND && one !== ORPHAN);
  switch (options.propagation) {
    case 'Foreground':
      return [...others, FOREGROUND];
    case 'Orphan':
      return [...others, ORPHAN];
    case 'Background':
      return others;
    case null:
      return held;
  }
}

/** Only pods that run somewhere get time to stop. */
function gracePeriod(resource: Resource, old: KubeObject, options: DeleteOptions): number {
  if (resource.collection !== '/pods') return 0;
  const spec = isObject(old.spec) ? old.spec : {};
  const phase = isObject(old.status) ? old.status.phase : undefined;
  const isRunning =
    typeof spec.nodeName === 'string' && spec.nodeName !== '' && phase !== 'Succeeded' && phase !== 'Failed';
  if (!isRunning) return 0;
  return options.gracePeriodSeconds ?? Number(spec.terminationGracePeriodSeconds ?? 30);
}

function markNamespace(hub: Hub, resource: Resource, old: KubeObject, options: DeleteOptions): Removal {
  const { name } = old.metadata;
  if (UNDELETABLE.has(name)) throw forbidden(namedOf(resource), name, 'this namespace may not be deleted');
  if (old.metadata.deletionTimestamp !== undefined) return { object: old, isGone: false };
  const status = isObject(old.status) ? old.status : {};
  const next: KubeObject = {
    ...old,
    metadata: { ...old.metadata, deletionTimestamp: formatTime(hub.now()) },
    status: { ...status, phase: 'Terminating' },
  };
  if (options.dryRun) return { object: next, isGone: false };
  return { object: hub.store.put(resource.collection, next), isGone: false };
}

/** A definition stays until its objects are gone. */
function markDefinition(hub: Hub, resource: Resource, old: KubeObject, options: DeleteOptions): Removal {
  if (old.metadata.deletionTimestamp !== undefined) return { object: old, isGone: false };
  const status = isObject(old.status) ? old.status : {};
  const told = Array.isArray(status.conditions) ? status.conditions : [];
  const now = formatTime(hub.now());
  const condition = {
    lastTransitionTime: now,
    message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
    reason: 'InstanceDeletionPending',
    status: 'True',
    type: 'Terminating',
  };
  const finalizers = [...new Set([...finalizersFor(old, options), CRD_CLEANUP])];
  const next: KubeObject = {
    ...old,
    metadata: { ...old.metadata, deletionTimestamp: now, finalizers },
    status: { ...status, conditions: [...told, condition] },
  };
  if (options.dryRun) return { object: next, isGone: false };
  return { object: hub.store.put(resource.collection, next), isGone: false };
}
