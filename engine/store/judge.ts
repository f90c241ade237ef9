// What a write makes of an object, by the rules that hold for every kind: who sets what, when the generation rises, what a
// deletion waits for. Pure: the current state and a request go in, the next state or a failure comes out.
import { merged } from '../base/merged.ts';
import { setField } from '../base/set-field.ts';
import { deepEqual } from '../kube/json.ts';
import type { KubeObject, ObjectMeta } from '../kube/meta.ts';
import { formatTime, type Millis } from '../kube/time.ts';
import {
  alreadyExists,
  type Failure,
  lateFinalizer,
  noName,
  notFound,
  otherUid,
  revisionInCreate,
  staleRevision,
  stillBeingDeleted,
} from './failure.ts';
import type { ObjectKey } from './key.ts';

/** What is special about a collection. */
export interface Rules {
  /** Status is written by itself: other writes leave it alone, and it leaves all else alone. */
  readonly hasStatus: boolean;
  /** metadata.generation counts the changes to what is wanted. */
  readonly hasGeneration: boolean;
  /** What holds an object back from going besides finalizers in its metadata, as a namespace's own do. */
  readonly isHeld?: (object: KubeObject) => boolean;
}

export interface Precondition {
  readonly uid?: string;
  readonly resourceVersion?: string;
}

export type Propagation = 'Background' | 'Foreground' | 'Orphan';

export interface DeleteRequest {
  readonly precondition?: Precondition | null;
  readonly gracePeriodSeconds?: number;
  readonly propagation?: Propagation;
}

export type WritePart = 'main' | 'status';

/** What is to become of the object. */
export type Verdict =
  | { readonly ok: true; readonly outcome: 'stored'; readonly object: KubeObject }
  | { readonly ok: true; readonly outcome: 'unchanged'; readonly object: KubeObject }
  | { readonly ok: true; readonly outcome: 'removed'; readonly object: KubeObject };

export const FOREGROUND_FINALIZER = 'foregroundDeletion';
export const ORPHAN_FINALIZER = 'orphan';

export function judgeCreate(
  key: ObjectKey,
  current: KubeObject | null,
  object: KubeObject,
  rules: Rules,
  uid: string,
  now: Millis,
): Verdict | Failure {
  if (key.name === '') return noName(key);
  if (object.metadata.resourceVersion) return revisionInCreate(key);
  if (current !== null) {
    return current.metadata.deletionTimestamp === undefined ? alreadyExists(key) : stillBeingDeleted(key);
  }
  const { deletionTimestamp, deletionGracePeriodSeconds, generation, ...given } = object.metadata;
  const metadata: ObjectMeta = merged(given, { name: key.name, uid, creationTimestamp: formatTime(now) });
  if (key.namespace !== '') metadata.namespace = key.namespace;
  if (rules.hasGeneration) metadata.generation = 1;
  const { status, ...rest } = object;
  const next = merged(rest, { metadata }) as KubeObject;
  if (!rules.hasStatus && status !== undefined) next.status = status;
  return { ok: true, outcome: 'stored', object: next };
}

export function judgeUpdate(
  key: ObjectKey,
  current: KubeObject | null,
  object: KubeObject,
  part: WritePart,
  rules: Rules,
): Verdict | Failure {
  if (current === null) return notFound(key);
  const { resourceVersion, uid } = object.metadata;
  const broken = brokenPrecondition(key, current, { uid, resourceVersion });
  if (broken !== null) return broken;
  const next = part === 'status' ? withStatus(current, object.status) : withMain(key, current, object, rules);
  const late = (next.metadata.finalizers ?? []).find((one) => !(current.metadata.finalizers ?? []).includes(one));
  if (late !== undefined && current.metadata.deletionTimestamp !== undefined) return lateFinalizer(key, late);
  if (isFinished(next, rules)) return { ok: true, outcome: 'removed', object: next };
  if (deepEqual(next, current)) return { ok: true, outcome: 'unchanged', object: current };
  return { ok: true, outcome: 'stored', object: next };
}

export function judgeDelete(
  key: ObjectKey,
  current: KubeObject | null,
  request: DeleteRequest,
  rules: Rules,
  now: Millis,
): Verdict | Failure {
  if (current === null) return notFound(key);
  const broken = brokenPrecondition(key, current, request.precondition ?? {});
  if (broken !== null) return broken;
  const finalizers = finalizersFor(current, request.propagation);
  const grace = graceOf(current, request.gracePeriodSeconds);
  const { deletionTimestamp, generation } = current.metadata;
  const metadata: ObjectMeta = merged(current.metadata, { deletionGracePeriodSeconds: grace });
  if (finalizers.length > 0) metadata.finalizers = [...finalizers];
  else delete metadata.finalizers;
  if (deletionTimestamp === undefined) {
    metadata.deletionTimestamp = formatTime(now + grace * 1000);
    if (generation !== undefined) metadata.generation = generation + 1;
  } else if (grace < (current.metadata.deletionGracePeriodSeconds ?? 0)) {
    metadata.deletionTimestamp = formatTime(now + grace * 1000);
  }
  const next = merged(current, { metadata });
  if (isFinished(next, rules)) return { ok: true, outcome: 'removed', object: current };
  if (deepEqual(next, current)) return { ok: true, outcome: 'unchanged', object: current };
  return { ok: true, outcome: 'stored', object: next };
}

/** Marked for deletion, and nobody holds it any more. */
export function isFinished(object: KubeObject, rules: Rules): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = object.metadata;
  if (deletionTimestamp === undefined || finalizers.length > 0 || deletionGracePeriodSeconds !== 0) return false;
  return rules.isHeld?.(object) !== true;
}

export function brokenPrecondition(key: ObjectKey, current: KubeObject, wanted: Precondition): Failure | null {
  const { uid = '', resourceVersion = '' } = current.metadata;
  if (wanted.uid && wanted.uid !== uid) return otherUid(key, wanted.uid, uid);
  if (wanted.resourceVersion && wanted.resourceVersion !== '0' && wanted.resourceVersion !== resourceVersion) {
    return staleRevision(key, wanted.resourceVersion, resourceVersion);
  }
  return null;
}

function withStatus(current: KubeObject, status: unknown): KubeObject {
  const { status: _before, ...rest } = current;
  return (status === undefined ? rest : merged(rest, { status })) as KubeObject;
}

function withMain(key: ObjectKey, current: KubeObject, object: KubeObject, rules: Rules): KubeObject {
  const before = current.metadata;
  const metadata: ObjectMeta = merged(object.metadata, { name: key.name, uid: before.uid });
  // What the server alone decides stays as it was, whatever the request says.
  for (const field of SERVER_FIELDS) {
    const own = before[field];
    if (own !== undefined) setField(metadata as unknown as Record<string, unknown>, field, own);
    else if (Object.hasOwn(metadata, field)) delete metadata[field];
  }
  const next: KubeObject = merged(object, { metadata });
  if (rules.hasStatus) {
    if (current.status === undefined) delete next.status;
    else next.status = current.status;
  }
  if (rules.hasGeneration && !wantsTheSame(current, next, rules)) metadata.generation = (before.generation ?? 0) + 1;
  return next;
}

const SERVER_FIELDS = [
  'namespace',
  'creationTimestamp',
  'resourceVersion',
  'generation',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
] as const;

function wantsTheSame(a: KubeObject, b: KubeObject, rules: Rules): boolean {
  const isWanted = (field: string) => field !== 'metadata' && !(rules.hasStatus && field === 'status');
  for (const field of Object.keys(a)) if (isWanted(field) && !deepEqual(a[field], b[field])) return false;
  for (const field of Object.keys(b))
    if (isWanted(field) && a[field] === undefined && b[field] !== undefined) return false;
  return true;
}

function finalizersFor({ metadata: { finalizers = [] } }: KubeObject, propagation: Propagation | undefined) {
  if (propagation === undefined) return finalizers;
  const others = finalizers.filter((one) => one !== FOREGROUND_FINALIZER && one !== ORPHAN_FINALIZER);
  switch (propagation) {
    case 'Background':
      return others;
    case 'Foreground':
      return [...others, FOREGROUND_FINALIZER];
    case 'Orphan':
      return [...others, ORPHAN_FINALIZER];
  }
}

/** A second deletion may shorten what is left, never prolong it. */
function graceOf({ metadata }: KubeObject, wanted = 0): number {
  if (metadata.deletionTimestamp === undefined) return wanted;
  return Math.min(wanted, metadata.deletionGracePeriodSeconds ?? 0);
}
