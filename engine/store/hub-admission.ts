// Admission as a hub does it: what is wrong is refused, what is missing is filled in, and what others go by is added.
import { admit } from '../api/admission/admit.ts';
import { withPermanentId } from '../api/admission/permanent-id.ts';
import { bindingRefusal } from '../api/admission/quota-use.ts';
import type { ResourceBinding } from '../api/binding.ts';
import { COLLECTIONS } from '../api/kinds.ts';
import type { FederatedResourceQuota } from '../api/quota.ts';
import { unsoundness } from '../api/soundness.ts';
import { rememberedOf } from '../base/remembered.ts';
import { formatProblem } from '../base/shape.ts';
import type { KubeObject } from '../kube/meta.ts';
import type { Millis } from '../kube/time.ts';
import { refused } from './failure.ts';
import type { Admission } from './writer.ts';

export interface HubAdmissionPorts {
  readonly uid: () => string;
  readonly now: () => Millis;
  /** Where decisions are held against the quotas of their namespace (gate FederatedQuotaEnforcement): what there is. */
  readonly quotasHold?: Listing;
}

/** What there is of a collection in a namespace. */
export type Listing = (collection: string, namespace: string) => readonly KubeObject[];

export const hubAdmission =
  ({ uid, now, quotasHold }: HubAdmissionPorts): Admission =>
  (key, next, previous) => {
    // A write of status alone has nothing to complete, and what is stored has been looked at.
    if (previous !== null && next.spec === previous.spec && next.metadata === previous.metadata)
      return { ok: true, object: next };
    const { object, problems } = admit(withPermanentId(next, previous, uid), now());
    if (problems.length > 0)
      return refused(key, 'Invalid', `is not as it should be: ${problems.map(formatProblem).join('; ')}`);
    const beyond = quotasHold === undefined ? null : beyondQuota(key.collection, object, previous, quotasHold);
    return beyond === null ? { ok: true, object } : refused(key, 'Forbidden', `is refused: ${beyond}`);
  };

/** Why a binding may not be where somebody wants it: its namespace would use more than its quotas have. */
export function beyondQuota(
  collection: string,
  next: KubeObject,
  previous: KubeObject | null,
  list: Listing,
): string | null {
  if (collection !== COLLECTIONS.bindings) return null;
  const { namespace = '' } = next.metadata;
  const sound = (kept: string) => list(kept, namespace).filter(isSound);
  const before = previous !== null && isSound(previous) ? previous : null;
  return bindingRefusal(
    asBinding(next),
    before === null ? null : asBinding(before),
    sound(COLLECTIONS.quotas) as unknown as readonly FederatedResourceQuota[],
    () => sound(collection).map(asBinding),
  );
}

const isSound = rememberedOf((stored: KubeObject) => unsoundness(stored) === null);

const asBinding = (object: KubeObject): ResourceBinding => object as unknown as ResourceBinding;
