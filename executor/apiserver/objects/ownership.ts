// Keeps managed fields across writes: who owns what after a creation, an update, or an update that brings its own record.
import {
  asksToForget,
  deepEqual,
  type KubeObject,
  type Manager,
  type Millis,
  merged,
  type Owner,
  ownersAfterUpdate,
  readOwners,
  type TypeShape,
  writeOwners,
} from '../../../engine/index.ts';
import { hasSubresource, type Resource } from '../resource.ts';
import { zeroOf } from '../resources/decode.ts';
import { readFields, writeFields } from './known-fields.ts';

export function withoutManaged(object: KubeObject): KubeObject {
  if (object.metadata.managedFields === undefined) return object;
  const { managedFields: _managed, ...metadata } = object.metadata;
  return merged(object, { metadata });
}

export function withOwners(object: KubeObject, owners: readonly Owner[]): KubeObject {
  const plain = withoutManaged(object);
  if (owners.length === 0) return plain;
  return merged(plain, { metadata: merged(plain.metadata, { managedFields: writeOwners(owners, writeFields) }) });
}

/** What ordinary writes to the object itself can claim. */
function claimable(resource: Resource, object: Record<string, unknown>): Record<string, unknown> {
  if (!hasSubresource(resource, 'status')) return object;
  const { status: _status, ...rest } = object;
  return rest;
}

export function ownAtCreation(resource: Resource, object: KubeObject, by: Manager, now: Millis): KubeObject {
  const given = readOwners(object.metadata.managedFields);
  const plain = withoutManaged(object);
  const before = resource.builtin === null ? {} : merged(zeroOf(resource.builtin), { apiVersion: '', kind: '' });
  const owners = ownersAfterUpdate(
    given ?? [],
    claimable(resource, before),
    claimable(resource, plain),
    resource.shape as TypeShape,
    by,
    now,
  );
  return withOwners(plain, owners);
}

/** Objects whose record was given up stay without one until somebody applies to them. */
export function ownAtUpdate(
  resource: Resource,
  next: KubeObject,
  old: KubeObject,
  by: Manager,
  now: Millis,
): KubeObject {
  const wanted = next.metadata.managedFields;
  const isForgotten = wanted !== undefined && asksToForget(wanted) && wanted.length === 1;
  const recorded = readOwners(old.metadata.managedFields, readFields) ?? [];
  const isNew = wanted !== undefined && wanted.length > 0 && !deepEqual(wanted, old.metadata.managedFields);
  const given = isNew ? readOwners(wanted) : null;
  const plain = withoutManaged(next);
  if (isForgotten) return plain;
  const base = given ?? recorded;
  if (base.length === 0) return plain;
  const owners = ownersAfterUpdate(base, withoutManaged(old), plain, resource.shape as TypeShape, by, now);
  return withOwners(plain, owners);
}
