// What a workload takes from a cluster, in the units in which estimates are made.
import type { ReplicaRequirements } from '../../api/binding.ts';
import type { Promised } from '../../fleet/ledger.ts';
import { parseQuantity, quantityMilli, quantityValue } from '../../kube/quantity.ts';

export const MAX_INT32 = 2_147_483_647;

/** CPU in thousandths, everything else in whole units, both rounded up. */
export function requestUnits(resource: string, text: string | number): bigint {
  const quantity = parseQuantity(text);
  if (quantity === null) return 0n;
  return resource === 'cpu' ? quantityMilli(quantity) : quantityValue(quantity);
}

/** What `replicas` of a workload take away from a cluster. */
export function promiseOf(replicas: number, requirements: ReplicaRequirements | undefined): Promised {
  const units = new Map<string, bigint>();
  for (const [resource, text] of Object.entries(requirements?.resourceRequest ?? {})) {
    units.set(resource, requestUnits(resource, text) * BigInt(replicas));
  }
  return { pods: BigInt(replicas), units };
}
