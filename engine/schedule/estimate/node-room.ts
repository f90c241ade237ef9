// What each node of a cluster still has free, from its allocatable and the pods that hold some of it.
import type { ResourceList } from '../../api/cluster.ts';
import type { ClusterInside, MemberContainer, MemberNode, MemberPod } from '../../api/node.ts';
import { byKey, byText } from '../../base/order.ts';
import type { Promised } from '../../fleet/ledger.ts';
import { requestUnits } from './promises.ts';

export interface OpenNode {
  readonly node: MemberNode;
  readonly free: Map<string, bigint>;
}

/** Pods that ended hold nothing. Pods below `preemptedBelow` could be evicted and hold nothing either. */
export function openNodes(
  { nodes, pods }: ClusterInside,
  promised: Promised | undefined,
  preemptedBelow: number | null,
): OpenNode[] {
  const open = [...nodes]
    .sort(byKey((node: MemberNode) => node.metadata.name, byText))
    .map((node) => ({ node, free: allocatable(node) }));
  const byNode = new Map(open.map((each) => [each.node.metadata.name, each.free]));
  for (const pod of pods) {
    const free = byNode.get(pod.spec.nodeName ?? '');
    if (free === undefined || hasEnded(pod)) continue;
    if (preemptedBelow !== null && (pod.spec.priority ?? 0) < preemptedBelow) continue;
    takeOff(free, requestsOf(pod));
    takeOff(free, new Map([['pods', 1n]]));
  }
  if (promised !== undefined) settle(open, promised);
  return open;
}

function allocatable({ status }: MemberNode): Map<string, bigint> {
  return unitsOf(status?.allocatable);
}

const unitsOf = (list: ResourceList | undefined): Map<string, bigint> =>
  new Map(Object.entries(list ?? {}).map(([resource, text]) => [resource, requestUnits(resource, text)]));

const hasEnded = ({ status }: MemberPod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';

/**
 * The sum of the containers, or the largest init container where that is more; sidecars (init containers that restart)
 * run beside the containers and beside the init containers after them.
 */
function requestsOf({ spec }: MemberPod): Map<string, bigint> {
  const total = new Map<string, bigint>();
  for (const container of spec.containers ?? []) add(total, container);
  const sidecars = new Map<string, bigint>();
  const peak = new Map<string, bigint>();
  for (const container of spec.initContainers ?? []) {
    if (container.restartPolicy === 'Always') {
      add(sidecars, container);
      raise(peak, sidecars);
    } else {
      const during = new Map(sidecars);
      add(during, container);
      raise(peak, during);
    }
  }
  for (const [resource, units] of sidecars) total.set(resource, (total.get(resource) ?? 0n) + units);
  raise(total, peak);
  for (const [resource, units] of unitsOf(spec.overhead)) total.set(resource, (total.get(resource) ?? 0n) + units);
  return total;
}

function add(total: Map<string, bigint>, { resources }: MemberContainer): void {
  for (const [resource, units] of unitsOf(resources?.requests)) {
    total.set(resource, (total.get(resource) ?? 0n) + units);
  }
}

function raise(total: Map<string, bigint>, least: ReadonlyMap<string, bigint>): void {
  for (const [resource, units] of least) if (units > (total.get(resource) ?? 0n)) total.set(resource, units);
}

export function takeOff(free: Map<string, bigint>, taken: ReadonlyMap<string, bigint>): void {
  for (const [resource, units] of taken) {
    const has = free.get(resource);
    if (has !== undefined) free.set(resource, has - units);
  }
}

/** Nobody knows yet on which nodes a promise will be kept: it is taken off one after the other. */
function settle(open: readonly OpenNode[], { pods, units }: Promised): void {
  const owed = new Map([...units, ['pods', pods]] as const);
  for (const { free } of open) {
    for (const [resource, amount] of owed) {
      const has = free.get(resource) ?? 0n;
      const paid = has < amount ? has : amount;
      if (paid <= 0n) continue;
      free.set(resource, has - paid);
      owed.set(resource, amount - paid);
    }
  }
}
