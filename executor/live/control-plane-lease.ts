// Who works for a whole hub: all of a control plane's controllers lead by one Lease.
import { createHash } from 'node:crypto';

/** Karmada's own controller manager has the same, so that one of Karmada's and one of ours do not work together. */
export const CONTROL_PLANE_LEASE = 'karmada-controller-manager';

/** Of some controllers by name, or of all: those that do the same stand by for each other, and others do not. */
export function controlPlaneLease(named: readonly string[] | null): string {
  if (named === null) return CONTROL_PLANE_LEASE;
  const sum = createHash('sha256')
    .update([...named].sort().join(','))
    .digest('hex');
  return `muster-controllers-${sum.slice(0, 10)}`;
}
