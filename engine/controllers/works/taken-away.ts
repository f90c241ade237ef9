// How a binding gives up a Work: it is deleted, and with it goes what it brought. But one that is made for a namespace anyway is
// handed back: with a namespace everything would go that is in it.
import { COLLECTIONS } from '../../api/kinds.ts';
import { ANNOTATIONS, LABELS } from '../../api/names.ts';
import type { Work } from '../../api/work.ts';
import { merged } from '../../base/merged.ts';
import type { Command } from '../../control/command.ts';
import type { KubeObject, ObjectMeta, OwnerReference } from '../../kube/meta.ts';
import { keyOf } from '../../store/key.ts';
import { remove, updateWish } from '../writes.ts';

/** For which namespace it is made in every cluster; undefined for all other Works. */
export const namespaceOwning = ({ metadata }: { readonly metadata: ObjectMeta }): OwnerReference | undefined =>
  metadata.ownerReferences?.find(({ kind }) => kind === 'Namespace');

/** Differs from Karmada: there the namespace is deleted in the member, though it is to be in every one. */
export function takenAway(work: Work): Command {
  const object = work as unknown as KubeObject;
  const command =
    namespaceOwning(work) === undefined
      ? remove(keyOf(COLLECTIONS.works, object), work)
      : updateWish(COLLECTIONS.works, unbound(object));
  return merged(command, { isIndependent: true });
}

function unbound(work: KubeObject): KubeObject {
  const { [LABELS.clusterBindingId]: _id, ...labels } = work.metadata.labels ?? {};
  const { [ANNOTATIONS.clusterBindingName]: _name, ...annotations } = work.metadata.annotations ?? {};
  return merged(work, { metadata: merged(work.metadata, { labels, annotations }) });
}
