// Somebody with the rights to it lays hands on what the control plane keeps in the hub for itself: bindings, Works, and the namespaces
// in which those are.
import { COLLECTIONS } from '../api/kinds.ts';
import type { Random } from '../base/random.ts';
import { isObject } from '../kube/json.ts';
import type { KubeObject } from '../kube/meta.ts';
import { keyOf } from '../store/key.ts';
import type { SimulatedApi } from './api.ts';
import type { HubMeddling } from './faults.ts';
import { heldBack } from './meddling.ts';
import { NAMESPACES } from './namespaces.ts';

const VICTIMS: Readonly<Record<HubMeddling, string>> = {
  'delete-work': COLLECTIONS.works,
  'edit-work': COLLECTIONS.works,
  'hold-work': COLLECTIONS.works,
  'delete-binding': COLLECTIONS.bindings,
  'delete-space': COLLECTIONS.works,
};

/** What undoes it, where anything has to; nothing happens where there is nothing to lay hands on. */
export function meddleInHub(hub: SimulatedApi, act: HubMeddling, random: Random): (() => void) | null {
  const collection = VICTIMS[act];
  const all = hub.store.list(collection);
  if (all.length === 0) return null;
  const victim = random.pick(all);
  const key = keyOf(collection, victim);
  switch (act) {
    case 'delete-work':
    case 'delete-binding':
      hub.writer.delete(key, hub.now);
      return null;
    case 'delete-space':
      hub.writer.delete({ collection: NAMESPACES, namespace: '', name: key.namespace }, hub.now);
      return null;
    case 'edit-work':
      hub.writer.patch(key, edited);
      return null;
    case 'hold-work':
      return heldBack(hub.writer, key);
  }
}

/** Its first manifest bears another label, and it is sent or held up otherwise than before. */
function edited(work: KubeObject): KubeObject {
  if (!isObject(work.spec) || !isObject(work.spec.workload)) return work;
  const { manifests } = work.spec.workload as { manifests?: readonly KubeObject[] };
  const [first, ...others] = manifests ?? [];
  if (first === undefined) return work;
  const labels = { ...first.metadata.labels, meddled: 'yes' };
  const workload = { manifests: [{ ...first, metadata: { ...first.metadata, labels } }, ...others] };
  return { ...work, spec: { ...work.spec, workload } } as unknown as KubeObject;
}
