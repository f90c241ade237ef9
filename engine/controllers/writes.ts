// Commands as controllers need them: each says which state it was decided on, so that nobody's change is lost.

import type { ResourceBinding } from '../api/binding.ts';
import { builtInCollectionOf } from '../api/kinds.ts';
import { merged } from '../base/merged.ts';
import type { Command, DeleteCommand, PatchCommand, UpdateCommand } from '../control/command.ts';
import type { EventRecord } from '../control/controller.ts';
import { HUB, type Place } from '../control/place.ts';
import type { JsonObject } from '../kube/json.ts';
import type { KubeObject, ObjectMeta } from '../kube/meta.ts';
import { keyOf, type ObjectKey } from '../store/key.ts';

interface Versioned {
  readonly metadata: ObjectMeta;
}

const versionOf = ({ metadata: { uid, resourceVersion } }: Versioned) =>
  merged(uid !== undefined && { uid }, resourceVersion !== undefined && { resourceVersion });

export const createIn = (collection: string, object: KubeObject, on: Place = HUB): Command => ({
  verb: 'create',
  on,
  key: keyOf(collection, object),
  object,
});

/** Refused where the object is no longer the one that was seen. */
export const update = (collection: string, object: KubeObject, on: Place = HUB): UpdateCommand => ({
  verb: 'update',
  on,
  key: keyOf(collection, object),
  object,
});

/** Of a kind whose status is written by itself: it need not go along. */
export const updateWish = (collection: string, { status: _told, ...wish }: KubeObject): UpdateCommand =>
  update(collection, wish as KubeObject);

export const updateStatus = (collection: string, object: KubeObject): UpdateCommand =>
  merged(update(collection, object), { verb: 'update-status' });

export const patch = (key: ObjectKey, seen: Versioned, change: JsonObject): PatchCommand => ({
  verb: 'patch',
  on: HUB,
  key,
  patch: change,
  precondition: versionOf(seen),
});

/** Changes nothing, and is refused where the object is no longer as it was seen: what comes after it is not done then. */
export const asSeen = (collection: string, object: KubeObject): PatchCommand =>
  patch(keyOf(collection, object), object, {});

export const patchStatus = (key: ObjectKey, seen: Versioned, status: JsonObject): PatchCommand =>
  merged(patch(key, seen, { status }), { verb: 'patch-status' });

/** Of this very object, whatever became of it since. */
export const remove = (key: ObjectKey, { metadata: { uid } }: Versioned, on: Place = HUB): DeleteCommand => ({
  verb: 'delete',
  on,
  key,
  precondition: uid === undefined ? null : { uid },
  propagation: 'Background',
});

/** Releases a finalizer; what others hold it by stays. */
export const release = (key: ObjectKey, seen: Versioned, finalizer: string): PatchCommand =>
  patch(key, seen, {
    metadata: { finalizers: (seen.metadata.finalizers ?? []).filter((one) => one !== finalizer) },
  });

export const hold = (key: ObjectKey, seen: Versioned, finalizer: string): PatchCommand =>
  patch(key, seen, { metadata: { finalizers: [...(seen.metadata.finalizers ?? []), finalizer] } });

export const isHeldBy = ({ metadata }: Versioned, finalizer: string): boolean =>
  metadata.finalizers?.includes(finalizer) === true;

export const event = (
  type: EventRecord['type'],
  kind: string,
  key: ObjectKey,
  reason: string,
  message: string,
): EventRecord => ({ about: { on: HUB, kind, key }, type, reason, message });

/** Of a binding, and of the template that it is for: there its user looks first. */
export function eventsAbout(
  binding: ResourceBinding,
  key: ObjectKey,
  type: EventRecord['type'],
  reason: string,
  message: string,
): readonly EventRecord[] {
  const { apiVersion, kind, namespace = '', name, uid } = binding.spec.resource;
  const own = event(type, binding.kind ?? '', key, reason, message);
  if (uid === undefined) return [own];
  const template = { collection: builtInCollectionOf(apiVersion, kind) ?? '', namespace, name };
  const about = { on: HUB, kind, key: template, identity: { apiVersion, uid } };
  return [own, { about, type, reason, message }];
}
