// Somebody in a member lays hands on what the hub sent: deletes it, changes it, takes its mark away, or keeps it from going.
import { LABELS } from '../api/names.ts';
import type { Random } from '../base/random.ts';
import { isObject } from '../kube/json.ts';
import type { KubeObject } from '../kube/meta.ts';
import { keyOf, type ObjectKey } from '../store/key.ts';
import type { ObjectWriter } from '../store/writer.ts';
import type { Meddling } from './faults.ts';
import type { Member } from './member/member.ts';
import { NAMESPACES } from './namespaces.ts';

const OWN_NAMESPACES = new Set(['', 'default', 'kube-system']);

const FINALIZER = 'example.com/held';

/** What undoes it, where anything has to; nothing happens where there is nothing to lay hands on. */
export function meddle(member: Member, act: Meddling, random: Random): (() => void) | null {
  const { store, writer } = member.api;
  const ours = store
    .collectionNames()
    .flatMap((collection) => store.list(collection).map((object) => ({ collection, object })))
    .filter(({ object }) => object.metadata.labels?.[LABELS.managed] === 'true');
  if (ours.length === 0) return null;
  const { collection, object } = random.pick(ours);
  const key = keyOf(collection, object);
  switch (act) {
    case 'delete':
      writer.delete(key, member.api.now);
      return null;
    case 'delete-namespace':
      // Nobody may delete what a cluster itself lives in.
      if (!OWN_NAMESPACES.has(key.namespace)) {
        writer.delete({ collection: NAMESPACES, namespace: '', name: key.namespace }, member.api.now);
      }
      return null;
    case 'edit':
      writer.patch(key, edited);
      return null;
    case 'unlabel':
      writer.patch(key, (there) => withLabels(there, {}));
      return null;
    case 'hold':
      return heldBack(writer, key);
  }
}

/** A finalizer keeps it from going; what is given back takes that away. */
export function heldBack(writer: ObjectWriter, key: ObjectKey): () => void {
  const finalizersOf = ({ metadata: { finalizers = [] } }: KubeObject) => finalizers.filter((one) => one !== FINALIZER);
  writer.patch(key, (there) => withFinalizers(there, [...finalizersOf(there), FINALIZER]));
  return () => void writer.patch(key, (there) => withFinalizers(there, finalizersOf(there)));
}

function edited(object: KubeObject): KubeObject {
  const { spec, data } = object;
  if (isObject(spec) && typeof spec.replicas === 'number') {
    return { ...object, spec: { ...spec, replicas: spec.replicas + 1 } };
  }
  return isObject(data) ? { ...object, data: { ...data, meddled: 'yes' } } : withLabels(object, { meddled: 'yes' });
}

const withLabels = (object: KubeObject, labels: Readonly<Record<string, string>>): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, labels: { ...labels } },
});

const withFinalizers = (object: KubeObject, finalizers: string[]): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, finalizers },
});
