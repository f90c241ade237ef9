// Admission as a hub does it: what is wrong is refused, what is missing is filled in, and what others go by is added.
import { admit, type HubCircumstances } from '../api/admission/admit.ts';
import { withPermanentId } from '../api/admission/permanent-id.ts';
import { isProtected, WHY_PROTECTED } from '../api/deletion-protection.ts';
import { formatProblem } from '../base/shape.ts';
import type { Millis } from '../kube/time.ts';
import { sealedWork } from '../propagate/sealed-work.ts';
import { beyondQuota, type Listing } from '../store/beyond-quota.ts';
import { refused } from '../store/failure.ts';
import type { Admission, DeletionAdmission } from '../store/writer.ts';

export interface HubAdmissionOptions extends HubCircumstances {
  readonly uid: () => string;
  readonly now: () => Millis;
  /** Where decisions are held against the quotas of their namespace (gate FederatedQuotaEnforcement): what there is. */
  readonly quotasHold?: Listing;
}

export const hubAdmission =
  ({ uid, now, quotasHold, ...circumstances }: HubAdmissionOptions): Admission =>
  (key, next, previous) => {
    // A write of status alone has nothing to complete, and what is stored has been looked at.
    if (previous !== null && next.spec === previous.spec && next.metadata === previous.metadata)
      return { ok: true, object: next };
    const identified = withPermanentId(next, previous, uid);
    const { object, problems } = admit(sealedWork(identified), now(), { ...circumstances, previous });
    if (problems.length > 0)
      return refused(key, 'Invalid', `is not as it should be: ${problems.map(formatProblem).join('; ')}`);
    const beyond = quotasHold === undefined ? null : beyondQuota(key.collection, object, previous, quotasHold);
    return beyond === null ? { ok: true, object } : refused(key, 'Forbidden', `is refused: ${beyond}`);
  };

/** It is asked for every deletion, whoever wants it: namespaces that end and the collection of garbage included. */
export const hubDeletion: DeletionAdmission = (key, object) =>
  isProtected(object) ? refused(key, 'Forbidden', WHY_PROTECTED) : null;
