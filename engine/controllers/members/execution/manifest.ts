// One manifest of a Work against the object that is in the member: made, changed, left alone, or taken away.

import { ANNOTATIONS, LABELS } from '../../../api/names.ts';
import type { Work } from '../../../api/work.ts';
import { merged } from '../../../base/merged.ts';
import type { Command } from '../../../control/command.ts';
import type { Place } from '../../../control/place.ts';
import { deepEqual, isObject } from '../../../kube/json.ts';
import type { KubeObject } from '../../../kube/meta.ts';
import { withoutClaim } from '../../../propagate/claim.ts';
import { PropagationError } from '../../../propagate/errors.ts';
import type { Interpreter } from '../../../propagate/interpret/interpreter.ts';
import { withMarks, withoutMarks } from '../../../propagate/manifest.ts';
import { retainMemberFields } from '../../../propagate/retain.ts';
import { keyOf } from '../../../store/key.ts';
import { createIn, remove, update } from '../../writes.ts';

export interface ManifestOutcome {
  /** `waiting` for what wakes nobody, `changing` by the commands, `done` as it should be, or `refused` for good. */
  readonly state: 'waiting' | 'changing' | 'done' | 'refused';
  readonly commands: readonly Command[];
  readonly message?: string;
}

/** When a member was given what it is to have. */
export interface Written {
  /** By the Work as it is now, some time ago. */
  readonly isOfNow: boolean;
  /** By the last step, and it is what is seen there. */
  readonly isJustNow: (wanted: KubeObject, there: KubeObject) => boolean;
}

const DONE: ManifestOutcome = { state: 'done', commands: [] };

/** The key of the Work that an object of a member came with; null where it came with none. */
export function workKeyIn({ metadata: { annotations } }: KubeObject): string | null {
  const name = annotations?.[ANNOTATIONS.workName];
  return name === undefined ? null : `${annotations?.[ANNOTATIONS.workNamespace] ?? ''}/${name}`;
}

const keyOfWork = ({ metadata }: Work): string => `${metadata.namespace ?? ''}/${metadata.name}`;

const isManaged = ({ metadata }: KubeObject): boolean => metadata.labels?.[LABELS.managed] === 'true';

const isOf = (object: KubeObject, work: Work): boolean => isManaged(object) && workKeyIn(object) === keyOfWork(work);

/** What another Work brought, of this control plane or of another. */
const isOfAnother = (object: KubeObject, work: Work): boolean =>
  isManaged(object) && workKeyIn(object) !== null && workKeyIn(object) !== keyOfWork(work);

/** What somebody has put into a Work by hand bears the same marks as what a binding brings: by them it is known again. */
const marked = (manifest: KubeObject, work: Work): KubeObject =>
  isOf(manifest, work)
    ? manifest
    : withMarks(manifest, {
        labels: { [LABELS.managed]: 'true' },
        annotations: {
          [ANNOTATIONS.workNamespace]: work.metadata.namespace ?? '',
          [ANNOTATIONS.workName]: work.metadata.name,
        },
      });

/** What a manifest is held against. */
export interface Standing {
  readonly work: Work;
  /** Null where the member has nothing of that name. */
  readonly there: KubeObject | null;
  readonly collection: string;
  readonly on: Place;
  readonly respectsOthers: boolean;
}

export function applyManifest(
  given: KubeObject,
  { work, there, collection, on, respectsOthers }: Standing,
  { isOfNow, isJustNow }: Written,
  interpreter: Interpreter,
): ManifestOutcome {
  const manifest = unlessUnreadable(given, 'cannot be read', () => marked(given, work));
  if (typeof manifest === 'string') return refused(manifest);
  if (there === null)
    return { state: 'changing', commands: [merged(createIn(collection, manifest, on), { isIndependent: true })] };
  const { kind, metadata } = manifest;
  // It is made anew when it has gone; the end of what bears no mark of this Work wakes nobody.
  if (there.metadata.deletionTimestamp !== undefined)
    return { state: isOf(there, work) ? 'changing' : 'waiting', commands: [] };
  if (!isOf(there, work) && !mayTakeOver(manifest)) {
    // One of the wanted name is as good; whoever had it could take along all that others have in it.
    if (kind === 'Namespace' && respectsOthers) return DONE;
    if (!isManaged(there)) return refused(`${kind} ${metadata.name} is there already and was not made by the hub`);
  }
  // A cluster that has got another name, or another control plane, goes on with what it has. But who has had it and lost it does
  // not take it back: two would take it from each other without end.
  if (isOfNow && isOfAnother(there, work))
    return refused(`${kind} ${metadata.name} has been taken over by the Work ${workKeyIn(there)}`);
  // Where nobody can tell what of it is the member's.
  const wanted = unlessUnreadable(manifest, 'cannot be read as it is there', () =>
    retainMemberFields(manifest, there, interpreter),
  );
  if (typeof wanted === 'string') return refused(wanted);
  // What a member makes of a write is its own affair, and what it adds is no drift; but what the hub no longer wants has to be
  // taken out once.
  if (isJustNow(wanted, there) || (isOfNow ? isWithin(wanted, there) : isEqual(wanted, there))) return DONE;
  return { state: 'changing', commands: [merged(update(collection, wanted, on), { isIndependent: true })] };
}

const refused = (message: string): ManifestOutcome => ({ state: 'refused', commands: [], message });

/** A text that says why, where it is not of the shape that its kind demands. */
function unlessUnreadable({ kind, metadata }: KubeObject, how: string, read: () => KubeObject): KubeObject | string {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof PropagationError)) throw error;
    return `${kind} ${metadata.name} ${how}: ${error.message}`;
  }
}

const mayTakeOver = ({ metadata: { annotations } }: KubeObject): boolean =>
  annotations?.[ANNOTATIONS.conflictResolution] === 'overwrite';

/**
 * Ends what a Work brought.
 *
 * Differs from Karmada: what is to be left behind and has gone already, and what is of a kind that the hub knows no more, holds up
 * nobody. There the Work stays for ever, and with it its binding and its cluster.
 */
export function endManifest({ work, there, collection, on, respectsOthers }: Standing): ManifestOutcome {
  if (there === null || !(respectsOthers ? isOf(there, work) : isManaged(there))) return DONE;
  if (work.spec.preserveResourcesOnDeletion === true) {
    return { state: 'changing', commands: [update(collection, leftBehind(there), on)] };
  }
  if (there.metadata.deletionTimestamp !== undefined) return DONE;
  return { state: 'changing', commands: [remove(keyOf(collection, there), there, on)] };
}

/**
 * As it is there, as nobody's.
 *
 * Differs from Karmada: the claim of a ClusterPropagationPolicy goes from what is in a namespace, too; and what the Work says is not sent
 * once more, which its suspension may have held back.
 */
const leftBehind = (there: KubeObject): KubeObject =>
  withoutMarks(merged(there, { metadata: withoutClaim(there.metadata) }));

const CONTENT_ONLY = new Set(['metadata', 'status']);

const sameContent = (wanted: KubeObject, there: KubeObject, isSame: (a: unknown, b: unknown) => boolean): boolean =>
  Object.keys(merged(wanted, there)).every((key) => CONTENT_ONLY.has(key) || isSame(wanted[key], there[key])) &&
  isSame(wanted.metadata.labels ?? {}, there.metadata.labels ?? {}) &&
  isSame(wanted.metadata.annotations ?? {}, there.metadata.annotations ?? {}) &&
  deepEqual(wanted.metadata.finalizers ?? [], there.metadata.finalizers ?? []);

const isEqual = (wanted: KubeObject, there: KubeObject): boolean => sameContent(wanted, there, deepEqual);

/** No API server adds to these. */
const PAYLOADS = ['data', 'binaryData', 'stringData'] as const;

/** Everything that is wanted is there; there may be more. */
const isWithin = (wanted: KubeObject, there: KubeObject): boolean =>
  sameContent(wanted, there, contains) &&
  PAYLOADS.every((field) => wanted[field] === undefined || deepEqual(wanted[field], there[field] ?? null));

interface Named {
  readonly name: string;
}

const isNamed = (item: unknown): item is Named => isObject(item) && typeof item.name === 'string';

/** Containers, volumes and the like: others may have been put between them. */
const containsByName = (wanted: readonly Named[], there: readonly Named[]): boolean =>
  wanted.every((item) => there.some((one) => one.name === item.name && contains(item, one)));

function contains(wanted: unknown, there: unknown): boolean {
  if (wanted === there || wanted === undefined || wanted === null) return true;
  if (Array.isArray(wanted)) {
    if (!Array.isArray(there)) return false;
    if (wanted.length > 0 && wanted.every(isNamed) && there.every(isNamed)) return containsByName(wanted, there);
    return wanted.length === there.length && wanted.every((item, at) => contains(item, there[at]));
  }
  if (!isObject(wanted)) return deepEqual(wanted, there);
  return isObject(there) && Object.keys(wanted).every((key) => contains(wanted[key], there[key]));
}
