// Who owns which fields of an object: the record that server-side apply decides by, read, changed and written back.
import { merged } from '../base/merged.ts';
import { byNumber, byText, inOrder } from '../base/order.ts';
import {
  type Comparison,
  compareFields,
  difference,
  type FieldSet,
  fromFieldsV1,
  intersection,
  isEmptySet,
  NO_FIELDS,
  sameSet,
  toFieldsV1,
  union,
  withoutPath,
} from './field-set.ts';
import { isObject } from './json.ts';
import type { ManagedFieldsEntry } from './meta.ts';
import { formatTime, type Millis, parseTime } from './time.ts';
import type { TypeShape } from './type-shape.ts';

export interface Manager {
  readonly name: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource: string;
}

export interface Owner extends Manager {
  readonly fields: FieldSet;
  readonly time: string | null;
}

/** Owners past this many updates are folded into one. */
const UPDATE_OWNERS_MAX = 10;
const FOLDED = 'ancient-changes';

const SYSTEM_FIELDS: readonly (readonly string[])[] = [
  ['f:apiVersion'],
  ['f:kind'],
  ['f:metadata', 'f:name'],
  ['f:metadata', 'f:namespace'],
  ['f:metadata', 'f:creationTimestamp'],
  ['f:metadata', 'f:selfLink'],
  ['f:metadata', 'f:uid'],
  ['f:metadata', 'f:clusterName'],
  ['f:metadata', 'f:generation'],
  ['f:metadata', 'f:managedFields'],
  ['f:metadata', 'f:resourceVersion'],
  ['f:metadata', 'f:deletionTimestamp'],
  ['f:metadata', 'f:deletionGracePeriodSeconds'],
];

/** Nobody owns what the server itself sets. */
export function withoutSystemFields(set: FieldSet): FieldSet {
  let rest = set;
  for (const path of SYSTEM_FIELDS) rest = withoutPath(rest, path);
  const metadata = rest.children.get('f:metadata');
  if (metadata?.member !== true) return rest;
  const children = new Map(rest.children);
  if (metadata.children.size === 0) children.delete('f:metadata');
  else children.set('f:metadata', { member: false, children: metadata.children });
  return { member: rest.member, children };
}

/** The owners on record; null where the record cannot be read or asks to be forgotten by a single empty entry. */
export function readOwners(entries: unknown, read = fromFieldsV1): readonly Owner[] | null {
  if (!Array.isArray(entries)) return [];
  const owners: Owner[] = [];
  for (const entry of entries) {
    if (!isObject(entry)) return null;
    const { manager, operation, apiVersion, fieldsType, fieldsV1, subresource, time } = entry as ManagedFieldsEntry;
    if (operation !== 'Apply' && operation !== 'Update') return null;
    if (apiVersion === undefined || fieldsType !== 'FieldsV1') return null;
    const fields = read(fieldsV1 ?? {});
    if (fields === null) return null;
    owners.push({
      name: manager ?? '',
      operation,
      apiVersion,
      subresource: subresource ?? '',
      fields,
      time: time ?? null,
    });
  }
  return owners;
}

export const asksToForget = (entries: unknown): boolean =>
  Array.isArray(entries) &&
  (entries.length === 0 || (entries.length === 1 && isObject(entries[0]) && Object.keys(entries[0]).length === 0));

export const isSameManager = (a: Manager, b: Manager): boolean =>
  a.name === b.name && a.operation === b.operation && a.apiVersion === b.apiVersion && a.subresource === b.subresource;

/** Entries in the order in which Kubernetes writes them: applied ones first, then by time and name. */
export function writeOwners(owners: readonly Owner[], write = toFieldsV1): ManagedFieldsEntry[] {
  const millis = (owner: Owner) => (owner.time === null ? Number.NEGATIVE_INFINITY : (parseTime(owner.time) ?? 0));
  const order = inOrder<Owner>(
    (a, b) => byText(a.operation, b.operation),
    (a, b) => (millis(a) === millis(b) ? 0 : byNumber(millis(a), millis(b))),
    (a, b) => byText(a.name, b.name),
    (a, b) => byText(a.apiVersion, b.apiVersion),
    (a, b) => byText(a.subresource, b.subresource),
  );
  return [...owners].sort(order).map(({ name, operation, apiVersion, subresource, fields, time }) => ({
    manager: name,
    operation,
    apiVersion,
    ...(time === null ? {} : { time }),
    fieldsType: 'FieldsV1' as const,
    fieldsV1: write(fields),
    ...(subresource === '' ? {} : { subresource }),
  }));
}

/** Takes what changed away from everybody but the one who changed it. */
export function releaseChanged(owners: readonly Owner[], by: Manager, changes: Comparison): Owner[] {
  const taken = union(union(changes.added, changes.modified), changes.removed);
  return owners
    .map((owner) => {
      const fields = isSameManager(owner, by) ? owner.fields : difference(owner.fields, taken);
      return fields === owner.fields ? owner : merged(owner, { fields });
    })
    .filter((owner) => isSameManager(owner, by) || !isEmptySet(owner.fields));
}

/** Whose fields a change would take; nothing where the value stays what its owner wants. */
export function contested(
  owners: readonly Owner[],
  by: Manager,
  changes: Comparison,
): { owner: Owner; fields: FieldSet }[] {
  const wanted = union(changes.added, changes.modified);
  return owners
    .filter((owner) => !isSameManager(owner, by))
    .map((owner) => ({ owner, fields: intersection(owner.fields, wanted) }))
    .filter(({ fields }) => !isEmptySet(fields));
}

/** The owners after an ordinary write: whoever changes a field owns it. */
export function ownersAfterUpdate(
  owners: readonly Owner[],
  before: unknown,
  after: unknown,
  shape: TypeShape | null,
  by: Manager,
  now: Millis,
): Owner[] {
  const changes = compareFields(before, after, shape);
  const own = owners.find((owner) => isSameManager(owner, by));
  const claimed = withoutSystemFields(union(changes.added, changes.modified));
  const fields = union(difference(own?.fields ?? NO_FIELDS, changes.removed), claimed);
  const others = releaseChanged(owners, by, changes).filter((owner) => !isSameManager(owner, by));
  if (isEmptySet(fields)) return others;
  return fold([...others, stamped(merged(by, { fields }), own, now)]);
}

/** Keeps the time of an entry whose fields stay the same. */
export function stamped(entry: Manager & { fields: FieldSet }, old: Owner | undefined, now: Millis): Owner {
  const isUnchanged = old !== undefined && sameSet(old.fields, entry.fields);
  return isUnchanged ? merged(entry, { fields: old.fields, time: old.time }) : merged(entry, { time: formatTime(now) });
}

function fold(owners: readonly Owner[]): Owner[] {
  const updates = owners.filter((owner) => owner.operation === 'Update' && owner.subresource === '');
  if (updates.length <= UPDATE_OWNERS_MAX) return [...owners];
  const oldest = [...updates].sort(
    inOrder(
      (a, b) => byText(a.time ?? '', b.time ?? ''),
      (a, b) => byText(a.name, b.name),
    ),
  );
  const folded = oldest.slice(0, updates.length - UPDATE_OWNERS_MAX + 1);
  const rest = owners.filter((owner) => !folded.includes(owner));
  const byVersion = new Map<string, Owner>();
  for (const owner of folded) {
    const sum = byVersion.get(owner.apiVersion);
    byVersion.set(owner.apiVersion, {
      ...owner,
      name: FOLDED,
      fields: sum === undefined ? owner.fields : union(sum.fields, owner.fields),
    });
  }
  return [...rest, ...byVersion.values()];
}
