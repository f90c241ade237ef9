// By Karmada's rules a policy holds what it has claimed, though it may no longer select it, until it changes itself or everything
// starts again: keys say whether it may let go.
import type { PropagationPolicy } from '../../../api/policy.ts';
import type { KeysOf } from '../../../control/controller.ts';
import { isClaimed } from '../../../propagate/claim.ts';
import { isClaimedBy } from './selected.ts';

/** Said of a template that its policy may let go of; no object can be called so. */
const FREED = '/freed';

const freed = (key: string): string => `${key} ${FREED}`;

export const isFreed = (key: string): boolean => key.endsWith(` ${FREED}`);

export const heldTemplates =
  (keysOf: KeysOf): KeysOf =>
  (change, view, place) => {
    const keys = keysOf(change, view, place);
    return change.type === 'ADDED' && isClaimed(change.object.metadata) ? keys.map(freed) : keys;
  };

export const holdingPolicies =
  (keysOf: KeysOf): KeysOf =>
  (change, view, place) =>
    keysOf(change, view, place).map((key) => {
      const [collection, namespace, name] = key.split(' ') as [string, string, string];
      const template = view.get(collection, namespace, name);
      const isItsOwn = template !== null && isClaimedBy(template, change.object as unknown as PropagationPolicy);
      return isItsOwn ? freed(key) : key;
    });
