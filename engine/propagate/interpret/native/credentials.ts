// ServiceAccounts and Secrets: what the member's own controllers put into them stays.
import type { KubeObject } from '../../../kube/meta.ts';
import { type Fields, listAt, textAt, textsAt, valueAt, withValue } from '../../fields.ts';
import type { KindInterpreter } from '../interpreter.ts';

const UID_ANNOTATION = 'kubernetes.io/service-account.uid';

export const serviceAccount: KindInterpreter = {
  retain: (desired, observed) => {
    const withSecrets = withMerged(desired, observed, 'secrets');
    return withMerged(withSecrets, observed, 'imagePullSecrets');
  },
};

/** Those desired, then those that the member has beside them. */
function withMerged(desired: KubeObject, observed: KubeObject, field: string): KubeObject {
  const wanted = listAt(desired, field);
  const seen = new Set(wanted.map(nameOf));
  const merged: Fields[] = [...wanted];
  for (const reference of listAt(observed, field)) {
    if (seen.has(nameOf(reference))) continue;
    seen.add(nameOf(reference));
    merged.push(reference);
  }
  return withValue(desired, merged.length === 0 ? undefined : merged, field);
}

const nameOf = (reference: Fields) => textAt(reference, 'name');

export const secret: KindInterpreter = {
  retain: (desired, observed) => {
    if (textAt(desired, 'type') !== 'kubernetes.io/service-account-token') return desired;
    const data = valueAt(observed, 'data');
    const uid = textsAt(observed, 'metadata', 'annotations')?.[UID_ANNOTATION];
    const withData = data === undefined ? desired : withValue(desired, data, 'data');
    return uid === undefined ? withData : withValue(withData, uid, 'metadata', 'annotations', UID_ANNOTATION);
  },
};
