// Garbage collection by owner references: dependents go when their last owner is gone, before it, or stay behind.
import { type Change, type KubeObject, type OwnerReference, parseApiVersion } from '../../engine/index.ts';
import { attempt, CONTROLLER, type Keeper, SYSTEM_USER } from './housekeeping.ts';
import type { Hub } from './hub.ts';
import { isProtectedIn, removeAsAsked } from './objects/remove.ts';
import { updateObject } from './objects/write.ts';
import type { Resource } from './resource.ts';

const FOREGROUND = 'foregroundDeletion';
const ORPHAN = 'orphan';

interface Place {
  readonly collection: string;
  readonly namespace: string;
  readonly name: string;
}

const textOf = ({ collection, namespace, name }: Place) => `${collection}\u0000${namespace}\u0000${name}`;

const placeOf = (collection: string, { metadata }: KubeObject): Place => ({
  collection,
  namespace: metadata.namespace ?? '',
  name: metadata.name,
});

export class GarbageCollector implements Keeper {
  private readonly hub: Hub;
  private readonly due = new Map<string, Place>();

  constructor(hub: Hub) {
    this.hub = hub;
  }

  notice({ type, collection, object, previous }: Change): void {
    const place = placeOf(collection, object);
    const key = textOf(place);
    if (type === 'DELETED') {
      this.due.delete(key);
      const { uid = '' } = object.metadata;
      for (const { key: dependent } of this.hub.store.dependentsOf(uid)) this.due.set(textOf(dependent), dependent);
      // An owner that waits for its dependents has one less to wait for.
      for (const owner of previous?.metadata.ownerReferences ?? []) this.lookAt(owner, object);
      return;
    }
    const isWaiting = object.metadata.finalizers?.some((one) => one === FOREGROUND || one === ORPHAN) === true;
    const isEnding = object.metadata.deletionTimestamp !== undefined && isWaiting;
    if (isEnding || (object.metadata.ownerReferences ?? []).length > 0) this.due.set(key, place);
    for (const owner of previous?.metadata.ownerReferences ?? []) this.lookAt(owner, object);
  }

  work(): boolean {
    const places = [...this.due.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
    this.due.clear();
    let worked = false;
    for (const [, place] of places) worked = attempt(() => this.tend(place)) || worked;
    return worked;
  }

  private lookAt(owner: OwnerReference, dependent: KubeObject): void {
    const found = this.find(owner, dependent);
    if (found !== null && found.object !== null) {
      const place = placeOf(found.resource.collection, found.object);
      this.due.set(textOf(place), place);
    }
  }

  private tend(place: Place): boolean {
    const object = this.hub.store.get(place.collection, place.namespace, place.name);
    const resource = this.hub.registry.collections().find(({ collection }) => collection === place.collection);
    if (object === null || resource === undefined) return false;
    const { finalizers = [], deletionTimestamp, uid = '' } = object.metadata;
    if (deletionTimestamp !== undefined && finalizers.includes(ORPHAN)) {
      for (const dependent of this.dependentsOf(uid)) this.disown(dependent, new Set([uid]));
      this.withoutFinalizer(resource, object, ORPHAN);
      return true;
    }
    if (deletionTimestamp !== undefined && finalizers.includes(FOREGROUND))
      return this.endForeground(resource, object, uid);
    return this.checkOwners(resource, object);
  }

  /** Dependents first; the owner goes when none is left that blocks it. */
  private endForeground(resource: Resource, object: KubeObject, uid: string): boolean {
    let worked = false;
    let isBlocked = false;
    for (const { resource: kind, object: dependent } of this.dependentsOf(uid)) {
      const blocks = dependent.metadata.ownerReferences?.some(
        (one) => one.uid === uid && one.blockOwnerDeletion === true,
      );
      if (dependent.metadata.deletionTimestamp === undefined && !isProtectedIn(this.hub, dependent)) {
        const { isGone } = this.remove(kind, dependent, 'Foreground');
        worked = true;
        if (!isGone && blocks === true) isBlocked = true;
      } else if (blocks === true) {
        isBlocked = true;
      }
    }
    if (isBlocked) return worked;
    const latest = this.hub.store.get(resource.collection, object.metadata.namespace ?? '', object.metadata.name);
    if (latest !== null) this.withoutFinalizer(resource, latest, FOREGROUND);
    return true;
  }

  private checkOwners(resource: Resource, object: KubeObject): boolean {
    const owners = object.metadata.ownerReferences ?? [];
    if (owners.length === 0 || object.metadata.deletionTimestamp !== undefined) return false;
    const gone = new Set<string>();
    let waiting = 0;
    for (const owner of owners) {
      const found = this.find(owner, object);
      // A kind that is not served may come back; its objects are not taken for dead.
      if (found === null) return false;
      if (found.object === null || found.object.metadata.uid !== owner.uid) gone.add(owner.uid);
      else if (
        found.object.metadata.finalizers?.includes(FOREGROUND) &&
        found.object.metadata.deletionTimestamp !== undefined
      ) {
        waiting += 1;
      }
    }
    if (gone.size + waiting < owners.length) {
      if (gone.size === 0) return false;
      this.disown({ resource, object }, gone);
      return true;
    }
    if (gone.size === 0) return false;
    this.remove(resource, object, waiting > 0 ? 'Foreground' : null);
    return true;
  }

  private remove(resource: Resource, object: KubeObject, propagation: 'Foreground' | null) {
    return removeAsAsked(this.hub, resource, object, {
      dryRun: false,
      propagation: propagation ?? 'Background',
      uid: object.metadata.uid ?? null,
      resourceVersion: null,
      gracePeriodSeconds: null,
    });
  }

  private find(owner: OwnerReference, dependent: KubeObject): { resource: Resource; object: KubeObject | null } | null {
    const { group, version } = parseApiVersion(owner.apiVersion);
    const resource = this.hub.registry.findKind(group, version, owner.kind);
    if (resource === null) return null;
    const namespace = resource.namespaced ? (dependent.metadata.namespace ?? '') : '';
    return { resource, object: this.hub.store.get(resource.collection, namespace, owner.name) };
  }

  private dependentsOf(uid: string): { resource: Resource; object: KubeObject }[] {
    const kinds = this.hub.registry.collections();
    return this.hub.store.dependentsOf(uid).flatMap(({ key, object }) => {
      const resource = kinds.find(({ collection }) => collection === key.collection);
      return resource === undefined ? [] : [{ resource, object }];
    });
  }

  private disown({ resource, object }: { resource: Resource; object: KubeObject }, uids: ReadonlySet<string>): void {
    const kept = (object.metadata.ownerReferences ?? []).filter(({ uid }) => !uids.has(uid));
    const metadata = { ...object.metadata, ownerReferences: kept };
    if (kept.length === 0) delete (metadata as { ownerReferences?: unknown }).ownerReferences;
    this.write(resource, { ...object, metadata }, object);
  }

  private withoutFinalizer(resource: Resource, object: KubeObject, finalizer: string): void {
    const finalizers = (object.metadata.finalizers ?? []).filter((one) => one !== finalizer);
    const metadata = { ...object.metadata, finalizers };
    if (finalizers.length === 0) delete (metadata as { finalizers?: unknown }).finalizers;
    this.write(resource, { ...object, metadata }, object);
  }

  private write(resource: Resource, next: KubeObject, old: KubeObject): void {
    const by = { name: CONTROLLER, operation: 'Update' as const, apiVersion: old.apiVersion, subresource: '' };
    updateObject({ hub: this.hub, resource, user: SYSTEM_USER, by, dryRun: false }, next, old, '');
  }
}
