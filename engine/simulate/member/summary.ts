// A member's own account of its resources, as a Cluster's status shows it: what there is, what is taken, what is waited for,
// and how many nodes of each grade are left.
import type { ClusterStatus, ResourceModel } from '../../api/cluster.ts';
import { formatQuantity } from '../../kube/quantity.ts';
import { freeOn, type Node, type Nodes } from './nodes.ts';
import type { Pods } from './pods.ts';
import { amountOf, POD_COLUMN } from './shape.ts';

export type Summary = Pick<ClusterStatus, 'nodeSummary' | 'resourceSummary'>;

export function summaryOf(nodes: Nodes, pods: Pick<Pods, 'waitingFor'>, models: readonly ResourceModel[]): Summary {
  const { names } = nodes.columns;
  const all = nodes.all;
  const listed = (amounts: readonly number[], isTold: (column: number) => boolean) =>
    Object.fromEntries(
      names.flatMap((name, column) => {
        const amount = amounts[column] ?? 0;
        return amount === 0 && !isTold(column) ? [] : [[name, printed(name, amount)]];
      }),
    );
  // There are columns of what only pods and grades speak of, too.
  const isOnNodes = (column: number) => all.some(({ allocatable }) => allocatable[column] !== undefined);
  const never = () => false;
  return {
    nodeSummary: { totalNum: all.length, readyNum: all.filter(({ isReady }) => isReady).length },
    resourceSummary: {
      allocatable: listed(nodes.allocatable, isOnNodes),
      allocated: listed(nodes.taken, never),
      allocating: listed(pods.waitingFor, never),
      ...(models.length > 0 && { allocatableModelings: graded(nodes, models) }),
    },
  };
}

/** A node is of the highest grade of which it has enough of everything left; one that takes no more pods is of none. */
function graded(nodes: Nodes, models: readonly ResourceModel[]) {
  const counts = models.map(({ grade }) => ({ grade, count: 0 }));
  const scales = scalesOf(nodes, models);
  for (const node of nodes.all) {
    if (freeOn(node, POD_COLUMN) <= 0) continue;
    const at = gradeOf(node, scales, models.length - 1);
    if (at >= 0) counts[at]!.count += 1;
  }
  return counts;
}

interface Scale {
  readonly column: number;
  /** By grade; infinite where the grade says nothing of it. */
  readonly least: readonly number[];
}

/** Read once for all nodes. */
const scalesOf = (nodes: Nodes, models: readonly ResourceModel[]): readonly Scale[] =>
  (models[0]?.ranges ?? []).map(({ name }) => ({
    column: nodes.columns.of(name),
    least: models.map(({ ranges }) => {
      const range = ranges.find((one) => one.name === name);
      return range === undefined ? Number.POSITIVE_INFINITY : amountOf(name, range.min);
    }),
  }));

function gradeOf(node: Node, scales: readonly Scale[], highest: number): number {
  let lowest = highest;
  for (const { column, least } of scales) {
    const free = freeOn(node, column);
    lowest = Math.min(
      lowest,
      least.findLastIndex((amount) => amount <= free),
    );
  }
  return lowest;
}

/** The same account with so many thousandths of what could be allocated. */
export function exaggerated(summary: Summary, perMille: number): Summary {
  const { resourceSummary } = summary;
  if (perMille === 1000 || resourceSummary?.allocatable === undefined) return summary;
  const allocatable = Object.fromEntries(
    Object.entries(resourceSummary.allocatable).map(([name, amount]) => [
      name,
      printed(name, Math.floor((amountOf(name, amount) * perMille) / 1000)),
    ]),
  );
  return { ...summary, resourceSummary: { ...resourceSummary, allocatable } };
}

function printed(name: string, amount: number): string {
  if (name === 'cpu') return formatQuantity({ nano: BigInt(amount) * 1_000_000n, format: 'DecimalSI' });
  const isBytes = name === 'memory' || name === 'ephemeral-storage' || name.startsWith('hugepages-');
  return formatQuantity({ nano: BigInt(amount) * 1_000_000_000n, format: isBytes ? 'BinarySI' : 'DecimalSI' });
}
