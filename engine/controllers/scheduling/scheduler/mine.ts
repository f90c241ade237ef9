// Which bindings a scheduler decides on.
import type { ResourceBinding } from '../../../api/binding.ts';
import { LABELS } from '../../../api/names.ts';
import { isClaimed } from '../../../propagate/claim.ts';

export const SCHEDULER_NAME = 'default-scheduler';

/** Attached bindings have no placement; what nobody claims, or somebody has suspended, decided before or not, stays as it is. */
export function isMine({ metadata, spec }: ResourceBinding, schedulerName: string): boolean {
  if (metadata.deletionTimestamp !== undefined || spec.placement === undefined) return false;
  if ((spec.schedulerName || SCHEDULER_NAME) !== schedulerName) return false;
  if (!isClaimed(metadata) && metadata.labels?.[LABELS.bindingManagedBy] === undefined) return false;
  return spec.suspension?.scheduling !== true;
}
