// A decision that the hub refuses since its namespace would use more than its quotas have: that is told, and decided again when a quota,
// or what is used of it, becomes another.

import { QUOTA_WORD } from '../../../api/admission/quota-use.ts';
import type { ResourceBinding } from '../../../api/binding.ts';
import { COLLECTIONS } from '../../../api/kinds.ts';
import type { FederatedResourceQuota } from '../../../api/quota.ts';
import { BINDING_CONDITIONS } from '../../../api/work.ts';
import type { Attempt, View } from '../../../control/controller.ts';
import { hasConditionStatus } from '../../../kube/conditions.ts';
import type { Change } from '../../../store/change.ts';
import { type BindingKey, keyOfBinding } from '../../bindings.ts';
import { isOther } from '../../changes.ts';

/** What a decision rested on, where the hub may refuse it. */
export interface Asked {
  readonly generation: number;
  readonly fleet: number;
  readonly quotas: string;
}

export const askedNow = ({ metadata }: ResourceBinding, fleet: number, view: View): Asked => ({
  generation: metadata.generation ?? 0,
  fleet,
  quotas: quotaMark(metadata.namespace ?? '', view),
});

/** What the hub said of the last decision, where it refused it for that. */
export function quotaRefusalIn({ results }: Attempt): string | null {
  for (const { result } of results) {
    if (result.ok || result.code !== 'Forbidden') continue;
    const at = result.message.indexOf(`${QUOTA_WORD}(`);
    if (at >= 0) return result.message.slice(at);
  }
  return null;
}

/** The same as long as the quotas of a namespace, and what is told to be used of them, are the same. */
const quotaMark = (namespace: string, view: View): string =>
  namespace === ''
    ? ''
    : view
        .list(COLLECTIONS.quotas, namespace)
        .map(({ metadata: { name, resourceVersion } }) => `${name}@${resourceVersion}`)
        .join(' ');

/** Who waits for it to have more. */
export function ofQuota({ type, object, previous }: Change, view: View): readonly BindingKey[] {
  if (type === 'ADDED' || !(type === 'DELETED' || isOtherQuota(object, previous))) return [];
  const bindings = view.list(COLLECTIONS.bindings, object.metadata.namespace ?? '');
  return (bindings as unknown as readonly ResourceBinding[]).filter(mayWait).map(keyOfBinding);
}

function isOtherQuota(object: unknown, previous: unknown): boolean {
  const [now, before] = [object, previous] as readonly (FederatedResourceQuota | null)[];
  return (
    isOther(now?.spec.overall, before?.spec.overall) || isOther(now?.status?.overallUsed, before?.status?.overallUsed)
  );
}

/** Or may: that it was refused is told a moment later. */
const mayWait = ({ metadata, status }: ResourceBinding): boolean =>
  status?.schedulerObservedGeneration !== metadata.generation ||
  !hasConditionStatus(status?.conditions, BINDING_CONDITIONS.scheduled, 'True');
