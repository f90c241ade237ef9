// Resource models: a cluster described as so many nodes of each grade, each with its grade's least capacity.
import type { ReplicaRequirements } from '../../api/binding.ts';
import type { Cluster, ResourceModel } from '../../api/cluster.ts';
import { least } from '../../base/least.ts';
import { byNumber } from '../../base/order.ts';
import { rememberedOf } from '../../base/remembered.ts';
import type { Promised } from '../../fleet/ledger.ts';
import { parseQuantity, quantityMilli, quantityValue } from '../../kube/quantity.ts';
import { isNodeResource } from '../../kube/resource-name.ts';
import { requestUnits } from './promises.ts';

/** Kubernetes' own default; the models do not say how many pods a node takes. */
const PODS_PER_NODE = 110n;

export interface ModelNodes {
  readonly grade: number;
  readonly count: number;
  readonly capacity: ReadonlyMap<string, bigint>;
}

/** The modelled nodes by rising grade; null where the models cannot be used and the summary must do. */
export function modelNodes(cluster: Cluster): ModelNodes[] | null {
  const models = cluster.spec.resourceModels ?? [];
  if (models.length === 0) return null;
  const counts = new Map<number, number>();
  for (const { grade, count } of cluster.status?.resourceSummary?.allocatableModelings ?? []) {
    if (count < 0) return null;
    counts.set(grade, (counts.get(grade) ?? 0) + count);
  }
  return gradesOf(models).flatMap(({ grade, capacity }) => {
    const count = counts.get(grade) ?? 0;
    return count > 0 ? [{ grade, count, capacity }] : [];
  });
}

/** Rising. */
const gradesOf = rememberedOf((models: readonly ResourceModel[]) => {
  const capacities = new Map<number, ReadonlyMap<string, bigint>>();
  for (const { grade, ranges } of models) {
    const capacity = new Map<string, bigint>();
    for (const { name, min = 0 } of ranges) if (isNodeResource(name)) capacity.set(name, modelUnits(name, min));
    capacity.set('pods', PODS_PER_NODE);
    capacities.set(grade, capacity);
  }
  return [...capacities].sort(([a], [b]) => byNumber(a, b)).map(([grade, capacity]) => ({ grade, capacity }));
});

/** Replicas that fit on the modelled nodes, one node at a time; null where the models cannot be used. */
export function replicasByModels(
  cluster: Cluster,
  requirements: ReplicaRequirements,
  promised?: Promised,
): bigint | null {
  const nodes = modelNodes(cluster);
  if (nodes === null) return null;
  const wanted = modelledRequest(requirements);
  let total = 0n;
  for (const { count, capacity } of promised === undefined ? nodes : lessPromised(nodes, promised))
    total += BigInt(count) * replicasOnNode(capacity, wanted);
  return total > 2_147_483_647n ? 2_147_483_647n : total;
}

export function modelledRequest(requirements: ReplicaRequirements | undefined): Map<string, bigint> {
  const wanted = new Map<string, bigint>([['pods', 1n]]);
  for (const [resource, text] of Object.entries(requirements?.resourceRequest ?? {})) {
    const units = requestUnits(resource, text);
    if (resource !== 'pods' && units > 0n && isNodeResource(resource)) wanted.set(resource, units);
  }
  return wanted;
}

export function replicasOnNode(capacity: ReadonlyMap<string, bigint>, wanted: ReadonlyMap<string, bigint>): bigint {
  let fits = PODS_PER_NODE;
  for (const [resource, units] of wanted) {
    const has = (capacity.get(resource) ?? 0n) / units;
    if (has < fits) fits = has;
  }
  return fits;
}

function modelUnits(resource: string, text: string | number): bigint {
  const quantity = parseQuantity(text);
  if (quantity === null) return 0n;
  return resource === 'cpu' ? quantityMilli(quantity) : quantityValue(quantity);
}

/** What is promised is taken off node after node, as if it could be cut to any size. */
export function lessPromised(nodes: readonly ModelNodes[], { pods, units }: Promised): ModelNodes[] {
  const owed = new Map([...units].filter(([resource]) => isNodeResource(resource)));
  owed.set('pods', pods);
  return nodes.flatMap(({ grade, count, capacity }) => {
    const left: ModelNodes[] = [];
    let untouched = BigInt(count);
    while (untouched > 0n && [...owed].some(([resource, amount]) => least(amount, capacity.get(resource) ?? 0n) > 0n)) {
      const alike = least(nodesThatGiveAll(capacity, owed), untouched);
      left.push({ grade, count: Number(alike), capacity: settle(capacity, owed, alike) });
      untouched -= alike;
    }
    return untouched > 0n ? [...left, { grade, count: Number(untouched), capacity }] : left;
  });
}

/** How many nodes in a row give all that they have of what is owed; at least the one that pays the last of it. */
function nodesThatGiveAll(capacity: ReadonlyMap<string, bigint>, owed: ReadonlyMap<string, bigint>): bigint {
  let nodes: bigint | null = null;
  for (const [resource, amount] of owed) {
    const has = capacity.get(resource) ?? 0n;
    if (least(has, amount) > 0n) nodes = nodes === null ? amount / has : least(nodes, amount / has);
  }
  return nodes === null || nodes === 0n ? 1n : nodes;
}

/** Takes what is owed off `nodes` alike ones; answers what each has left. */
function settle(capacity: ReadonlyMap<string, bigint>, owed: Map<string, bigint>, nodes: bigint): Map<string, bigint> {
  const left = new Map(capacity);
  for (const [resource, amount] of owed) {
    const has = left.get(resource) ?? 0n;
    const paid = least(has, amount);
    if (paid <= 0n) continue;
    left.set(resource, has - paid);
    owed.set(resource, amount - paid * nodes);
  }
  return left;
}
