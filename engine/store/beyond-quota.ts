// Whether a binding may be where somebody wants it: not where its namespace would then use more than its quotas have.
import { bindingRefusal } from '../api/admission/quota-use.ts';
import type { ResourceBinding } from '../api/binding.ts';
import { COLLECTIONS } from '../api/kinds.ts';
import type { FederatedResourceQuota } from '../api/quota.ts';
import { isSound } from '../api/soundness.ts';
import type { KubeObject } from '../kube/meta.ts';

/** What there is of a collection in a namespace. */
export type Listing = (collection: string, namespace: string) => readonly KubeObject[];

/** Why it may not; null where it may. */
export function beyondQuota(
  collection: string,
  next: KubeObject,
  previous: KubeObject | null,
  list: Listing,
): string | null {
  if (collection !== COLLECTIONS.bindings) return null;
  const { namespace = '' } = next.metadata;
  const sound = (kept: string) => list(kept, namespace).filter(isSound);
  const quotas = sound(COLLECTIONS.quotas) as unknown as readonly FederatedResourceQuota[];
  if (quotas.length === 0) return null;
  const before = previous !== null && isSound(previous) ? previous : null;
  return bindingRefusal(asBinding(next), before === null ? null : asBinding(before), quotas, () =>
    sound(collection).map(asBinding),
  );
}

const asBinding = (object: KubeObject): ResourceBinding => object as unknown as ResourceBinding;
