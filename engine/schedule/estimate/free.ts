// What a cluster's summary leaves free of one resource, and of places for pods.
import type { ResourceList, ResourceSummary } from '../../api/cluster.ts';
import { own } from '../../base/own.ts';
import { parseQuantity, type Quantity, quantityValue, subtractQuantity } from '../../kube/quantity.ts';

export function podBudget({ allocatable, allocated, allocating }: ResourceSummary): bigint {
  const pods = (list: ResourceList | undefined) => {
    const quantity = quantityOf(list, 'pods');
    return quantity === null ? 0n : quantityValue(quantity);
  };
  const left = pods(allocatable) - pods(allocated) - pods(allocating);
  return left > 0n ? left : 0n;
}

function quantityOf(list: ResourceList | undefined, resource: string): Quantity | null {
  const text = own(list, resource);
  return text === undefined ? null : parseQuantity(text);
}

/** Allocatable less allocated and allocating; null where the cluster does not know the resource. */
export function freeQuantity(summary: ResourceSummary, resource: string): Quantity | null {
  let free = quantityOf(summary.allocatable, resource);
  if (free === null) return null;
  for (const list of [summary.allocated, summary.allocating]) {
    const taken = quantityOf(list, resource);
    if (taken !== null) free = subtractQuantity(free, taken);
  }
  return free;
}
