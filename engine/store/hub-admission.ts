// Admission as a hub does it: what is wrong is refused, what is missing is filled in, and what others go by is added.
import { admit } from '../api/admission/admit.ts';
import { withPermanentId } from '../api/admission/permanent-id.ts';
import { formatProblem } from '../base/shape.ts';
import type { Millis } from '../kube/time.ts';
import { refused } from './failure.ts';
import type { Admission } from './writer.ts';

export const hubAdmission =
  ({ uid, now }: { readonly uid: () => string; readonly now: () => Millis }): Admission =>
  (key, next, previous) => {
    // A write of status alone has nothing to complete, and what is stored has been looked at.
    if (previous !== null && next.spec === previous.spec && next.metadata === previous.metadata)
      return { ok: true, object: next };
    const { object, problems } = admit(withPermanentId(next, previous, uid), now(), previous);
    if (problems.length === 0) return { ok: true, object };
    return refused(key, 'Invalid', `is not as it should be: ${problems.map(formatProblem).join('; ')}`);
  };
