// FederatedResourceQuotas against the bindings of their namespace: what is assigned is what is told as used.
import { sumOfUses, usedOf, useOf } from '../../api/admission/quota-use.ts';
import type { ResourceBinding } from '../../api/binding.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import type { FederatedResourceQuota } from '../../api/quota.ts';
import { isSound } from '../../api/soundness.ts';
import { canonicalJson } from '../../kube/json.ts';
import type { World } from '../world.ts';
import { nameOf, type Violation, violation } from './violation.ts';

/** Where the hub counts what is assigned, and not what clusters tell. */
export function quotaViolations({ hub: { store } }: World): readonly Violation[] {
  return store.list(COLLECTIONS.quotas).flatMap((object) => {
    const { spec, status, metadata } = object as unknown as FederatedResourceQuota;
    // What is damaged counts for nothing.
    const bindings = store.list(COLLECTIONS.bindings, metadata.namespace ?? '').filter(isSound);
    const used = usedOf(
      spec.overall,
      sumOfUses(bindings.map((binding) => useOf((binding as unknown as ResourceBinding).spec))),
    );
    if (canonicalJson(status?.overallUsed ?? {}) === canonicalJson(used)) return [];
    const message = `it tells that ${canonicalJson(status?.overallUsed ?? {})} is used, and it is ${canonicalJson(used)}`;
    return [violation('quota-tells-what-is-used', nameOf(object), message)];
  });
}
