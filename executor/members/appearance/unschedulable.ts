// Why no node takes a pod, in a scheduler's words: how many nodes there are, and for how many which reason stands first.
import {
  byText,
  isTolerated,
  isWantedNode,
  type MemberNode,
  type MemberNodes,
  type Pod,
  type PodShape,
} from '../../../engine/index.ts';

export function whyUnschedulable({ shape, bound }: Pick<Pod, 'shape' | 'bound'>, nodes: MemberNodes): string {
  const counts = new Map<string, number>();
  for (const node of nodes.all) {
    for (const reason of reasonsOf(shape, bound, node, nodes.columns.names))
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const told = [...counts].map(([reason, count]) => `${count} ${reason}`).sort(byText);
  if (nodes.all.length === 0) return 'no nodes available to schedule pods';
  return `0/${nodes.all.length} nodes are available: ${told.join(', ')}.`;
}

/** A node that may not be used has one reason; one without room may lack several things. */
function reasonsOf(
  shape: PodShape,
  bound: MemberNode | null,
  node: MemberNode,
  resources: readonly string[],
): readonly string[] {
  if (bound !== null && bound !== node) return ["node(s) didn't satisfy plugin(s) [NodeAffinity]"];
  if (!node.isReady) return ['node(s) were not ready'];
  // A DaemonSet's controller has chosen the node; only room may be missing.
  if (bound === null) {
    if (node.isCordoned) return ['node(s) were unschedulable'];
    const taint = node.taints.find((one) => one.effect !== 'PreferNoSchedule' && !isTolerated(one, shape.tolerations));
    if (taint !== undefined) return [`node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`];
    if (!isWantedNode(shape, node)) return ["node(s) didn't match Pod's node affinity/selector"];
  }
  return shape.requests.flatMap(([column, amount]) => {
    const free = (node.allocatable[column] ?? 0) - (node.taken[column] ?? 0);
    if (amount <= free) return [];
    return column === 0 ? ['Too many pods'] : [`Insufficient ${resources[column]}`];
  });
}
