// What a change is about: what somebody wants, or only what somebody reports.
import { rememberedLast } from '../base/remembered.ts';
import { deepEqual } from '../kube/json.ts';
import type { KubeObject } from '../kube/meta.ts';
import type { Change } from '../store/change.ts';

/** Anything but status and bookkeeping: a new object, one that goes, or one of which something else is wanted than before. */
export const isWish = rememberedLast(({ type, object, previous }: Change): boolean => {
  if (type !== 'MODIFIED' || previous === null) return true;
  const [now, before] = [object.metadata, previous.metadata];
  if (now.uid !== before.uid || now.deletionTimestamp !== before.deletionTimestamp) return true;
  if (now.generation !== before.generation) return true;
  if (isOther(now.labels, before.labels) || isOther(now.annotations, before.annotations)) return true;
  // Not every kind counts generations, and none counts what is changed behind the API's back.
  return isOther(now.finalizers, before.finalizers) || hasOtherContent(object, previous);
});

export const isReport = rememberedLast(
  ({ type, object, previous }: Change): boolean =>
    type !== 'MODIFIED' || previous === null || isOther(object.status, previous.status),
);

/** By value: which versions share memory is no matter of a decision, and those from afar share none. */
export const isOther = (a: unknown, b: unknown): boolean => a !== b && !deepEqual(a ?? null, b ?? null);

const BOOKKEEPING = new Set(['metadata', 'status']);

const hasOtherContent = (a: KubeObject, b: KubeObject): boolean => isBesides(a, b) || isBesides(b, a);

/** What is the same in memory, as most of it is, costs nothing. */
const isBesides = (a: KubeObject, b: KubeObject): boolean =>
  Object.keys(a).some((key) => a[key] !== b[key] && !BOOKKEEPING.has(key) && isOther(a[key], b[key]));
