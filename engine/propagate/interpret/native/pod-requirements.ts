// What one pod of a workload asks of a cluster: where it may run, and how much of every resource it takes.
import type { NodeClaim, ReplicaRequirements } from '../../../api/binding.ts';
import type { ResourceList } from '../../../api/cluster.ts';
import { deepFreeze } from '../../../base/freeze.ts';
import { sortedKeys } from '../../../base/order.ts';
import { rememberedOf } from '../../../base/remembered.ts';
import { formatQuantity, parseQuantity, quantityMilli, quantityValue } from '../../../kube/quantity.ts';
import { isNodeResource } from '../../../kube/resource-name.ts';
import { PropagationError } from '../../errors.ts';
import { type Fields, fieldsAt, listAt } from '../../fields.ts';

/** Null for a pod that would run anywhere and asks for nothing. It is asked for at every step from template to pod. */
export const podRequirements = rememberedOf((podSpec: Fields): ReplicaRequirements | null =>
  deepFreeze(requirementsOf(podSpec)),
);

function requirementsOf(podSpec: Fields): ReplicaRequirements | null {
  const nodeClaim = nodeClaimOf(podSpec);
  const resourceRequest = resourceRequestOf(podSpec);
  if (nodeClaim === null && resourceRequest === null) return null;
  return { ...(nodeClaim && { nodeClaim }), ...(resourceRequest && { resourceRequest }) };
}

export function nodeClaimOf(podSpec: Fields): NodeClaim | null {
  const nodeSelector = fieldsAt(podSpec, 'nodeSelector');
  const tolerations = listAt(podSpec, 'tolerations');
  const required = 'requiredDuringSchedulingIgnoredDuringExecution';
  const hardNodeAffinity = fieldsAt(podSpec, 'affinity', 'nodeAffinity', required);
  if (!nodeSelector && !hardNodeAffinity && tolerations.length === 0) return null;
  const claim: Record<string, unknown> = {};
  if (hardNodeAffinity) claim.hardNodeAffinity = hardNodeAffinity;
  if (nodeSelector) claim.nodeSelector = nodeSelector;
  if (tolerations.length > 0) claim.tolerations = tolerations;
  return claim as NodeClaim;
}

/** Units (thousandths of CPU) by resource name. */
type Amounts = Map<string, bigint>;

/**
 * The sum of the containers, or the largest init container where that is more, plus the pod's overhead. A sidecar
 * counts as an init container like any other, as in Karmada.
 */
function resourceRequestOf(podSpec: Fields): ResourceList | null {
  const total: Amounts = new Map();
  for (const container of listAt(podSpec, 'containers')) {
    for (const [name, amount] of requestsOf(container)) total.set(name, (total.get(name) ?? 0n) + amount);
  }
  for (const container of listAt(podSpec, 'initContainers')) {
    for (const [name, amount] of requestsOf(container)) {
      if (amount > (total.get(name) ?? 0n)) total.set(name, amount);
    }
  }
  for (const [name, amount] of amountsOf(fieldsAt(podSpec, 'overhead'))) {
    total.set(name, (total.get(name) ?? 0n) + amount);
  }
  const requested = [...total].filter(([, amount]) => amount > 0n);
  return requested.length === 0
    ? null
    : Object.fromEntries(requested.map(([name, amount]) => [name, print(name, amount)]));
}

/** A limit without a request is a request. */
const requestsOf = (container: Fields): Amounts =>
  new Map([
    ...amountsOf(fieldsAt(container, 'resources', 'limits')),
    ...amountsOf(fieldsAt(container, 'resources', 'requests')),
  ]);

function amountsOf(list: Fields | undefined): Amounts {
  const amounts: Amounts = new Map();
  for (const name of sortedKeys(list ?? {})) {
    const text = list?.[name];
    const quantity = typeof text === 'string' || typeof text === 'number' ? parseQuantity(text) : null;
    if (quantity === null) throw new PropagationError(`${name}: ${JSON.stringify(text)} is not a quantity`);
    if (isNodeResource(name)) amounts.set(name, name === 'cpu' ? quantityMilli(quantity) : quantityValue(quantity));
  }
  return amounts;
}

function print(name: string, amount: bigint): string {
  if (name === 'cpu') return formatQuantity({ nano: amount * 1_000_000n, format: 'DecimalSI' });
  const inBytes = name === 'memory' || name === 'ephemeral-storage' || name.startsWith('hugepages-');
  return formatQuantity({ nano: amount * 1_000_000_000n, format: inBytes ? 'BinarySI' : 'DecimalSI' });
}
