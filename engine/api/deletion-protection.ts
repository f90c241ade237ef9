// Objects of the hub that nobody may delete, users and controllers alike, until a label is taken off them.
import type { KubeObject } from '../kube/meta.ts';
import { LABELS } from './names.ts';

/** Karmada serves them by a server of its own, which nobody asks about deletions. */
const SERVED_APART = ['cluster.karmada.io/', 'search.karmada.io/'];

export const WHY_PROTECTED = `is protected from deletion: take the label ${LABELS.deletionProtected} off it first`;

/** By this one value alone. */
export const isProtected = ({ apiVersion, metadata: { labels } }: KubeObject): boolean =>
  labels?.[LABELS.deletionProtected] === 'Always' && !SERVED_APART.some((group) => apiVersion.startsWith(group));

/** What has waited for its deletion may go now. */
export const isReleased = (object: KubeObject, previous: KubeObject | null | undefined): boolean =>
  previous !== null && previous !== undefined && isProtected(previous) && !isProtected(object);
