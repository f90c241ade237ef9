// How many whole sets of a workload's components one cluster has room for.
import type { Component } from '../../api/binding.ts';
import type { Cluster, ResourceSummary } from '../../api/cluster.ts';
import { least } from '../../base/least.ts';
import type { Promised } from '../../fleet/ledger.ts';
import { parseQuantity, type Quantity, quantityMilli, quantityValue } from '../../kube/quantity.ts';
import { freeQuantity, podBudget } from './free.ts';
import { modelledRequest, modelNodes } from './resource-models.ts';

export function roomForSets(
  cluster: Cluster,
  components: readonly Component[],
  gates: { readonly CustomizedClusterResourceModeling: boolean },
  promised: Promised | undefined,
): bigint {
  const summary = cluster.status?.resourceSummary;
  if (summary === undefined || summary === null) return 0n;
  const pods = podBudget(summary) - (promised?.pods ?? 0n);
  if (pods <= 0n) return 0n;
  const podsPerSet = components.reduce((sum, component) => sum + BigInt(component.replicas ?? 0), 0n);
  if (podsPerSet <= 0n) return pods;

  const bound = boundByResources(pods / podsPerSet, components, summary, promised);
  if (!gates.CustomizedClusterResourceModeling || (summary.allocatableModelings?.length ?? 0) === 0) return bound;
  const modelled = setsByModels(cluster, components, bound);
  return modelled === null ? bound : least(bound, modelled);
}

function boundByResources(
  podBound: bigint,
  components: readonly Component[],
  summary: ResourceSummary,
  promised: Promised | undefined,
): bigint {
  let sets = podBound;
  for (const [resource, wanted] of unitsPerSet(components)) {
    if (wanted <= 0n) continue;
    const free = freeQuantity(summary, resource);
    const units = free === null ? 0n : unitsByFormat(free) - (promised?.units.get(resource) ?? 0n);
    if (units <= 0n) return 0n;
    sets = least(sets, units / wanted);
  }
  return sets;
}

/** What one set of components asks for in total, a resource each. */
export function unitsPerSet(components: readonly Component[]): ReadonlyMap<string, bigint> {
  const perSet = new Map<string, bigint>();
  for (const { replicas, replicaRequirements } of components) {
    for (const [resource, text] of Object.entries(replicaRequirements?.resourceRequest ?? {})) {
      const quantity = parseQuantity(text);
      if (quantity === null) continue;
      perSet.set(resource, (perSet.get(resource) ?? 0n) + unitsByFormat(quantity) * BigInt(replicas ?? 0));
    }
  }
  return perSet;
}

/**
 * Karmada counts a decimal quantity in thousandths and a binary one in whole units, on either side of the comparison:
 * a request in Mi against an allocatable in plain bytes is off by a thousand. Reproduced, because its decisions show it.
 */
export const unitsByFormat = (quantity: Quantity): bigint =>
  quantity.format === 'BinarySI' ? quantityValue(quantity) : quantityMilli(quantity);

interface OpenNode {
  readonly free: Map<string, bigint>;
}

/** The nodes of a grade are alike until something runs on them, so that only those are told apart. */
interface Grade {
  readonly capacity: ReadonlyMap<string, bigint>;
  readonly open: OpenNode[];
  untouched: number;
}

interface Wanted {
  readonly replicas: number;
  readonly request: ReadonlyMap<string, bigint>;
}

/** Sets placed one after the other, each replica on the first modelled node that takes it; null without models. */
export function setsByModels(cluster: Cluster, components: readonly Component[], bound: bigint): bigint | null {
  const models = modelNodes(cluster);
  if (models === null) return null;
  const grades = models.map(({ count, capacity }): Grade => ({ capacity, open: [], untouched: count }));
  const wanted = components
    .filter((component) => (component.replicas ?? 0) > 0)
    .map((component) => ({ replicas: component.replicas, request: modelledRequest(component.replicaRequirements) }))
    .sort((a, b) => compareRequests(b.request, a.request));
  let sets = 0n;
  while (sets < bound) {
    const taken = placeSet(grades, wanted);
    if (taken === null) break;
    const more = least(setsAlike(taken), bound - sets - 1n);
    for (const [{ free }, units] of taken) for (const [resource, each] of units) take(free, resource, each * more);
    sets += 1n + more;
  }
  return sets;
}

/** What a set took of each node it is on. */
type Taken = Map<OpenNode, Map<string, bigint>>;

function placeSet(grades: readonly Grade[], wanted: readonly Wanted[]): Taken | null {
  const taken: Taken = new Map();
  for (const { replicas, request } of wanted) {
    let left = BigInt(replicas);
    for (const node of nodesFor(grades, request)) {
      if (left === 0n) break;
      const here = least(left, timesIn(node.free, request));
      if (here === 0n) continue;
      left -= here;
      const units = taken.get(node) ?? new Map<string, bigint>();
      taken.set(node, units);
      for (const [resource, each] of request) {
        take(node.free, resource, each * here);
        units.set(resource, (units.get(resource) ?? 0n) + each * here);
      }
    }
    if (left > 0n) return null;
  }
  return taken;
}

/**
 * How many further sets go where the last one went: as many as every node of it can take whole. Nodes that a replica
 * passed over were too full for it and stay so, and thus whole sets are placed at once instead of one by one.
 */
function setsAlike(taken: Taken): bigint {
  let alike: bigint | null = null;
  for (const [{ free }, units] of taken) {
    const times = timesIn(free, units);
    alike = alike === null ? times : least(alike, times);
  }
  return alike ?? 0n;
}

/** The nodes in their order; one that nothing runs on yet is opened when it is come to, and only if it can take one. */
function* nodesFor(grades: readonly Grade[], request: ReadonlyMap<string, bigint>): Generator<OpenNode> {
  for (const grade of grades) {
    yield* grade.open;
    if (timesIn(grade.capacity, request) === 0n) continue;
    while (grade.untouched > 0) {
      const node = { free: new Map(grade.capacity) };
      grade.untouched -= 1;
      grade.open.push(node);
      yield node;
    }
  }
}

function timesIn(free: ReadonlyMap<string, bigint>, units: ReadonlyMap<string, bigint>): bigint {
  let times: bigint | null = null;
  for (const [resource, each] of units) {
    const has = (free.get(resource) ?? 0n) / each;
    times = times === null ? has : least(times, has);
  }
  return times ?? 0n;
}

const take = (free: Map<string, bigint>, resource: string, units: bigint): void => {
  free.set(resource, (free.get(resource) ?? 0n) - units);
};

/** Larger requests first: by CPU, then by memory; equal ones keep their order. */
function compareRequests(a: ReadonlyMap<string, bigint>, b: ReadonlyMap<string, bigint>): number {
  for (const resource of ['cpu', 'memory']) {
    const difference = (a.get(resource) ?? 0n) - (b.get(resource) ?? 0n);
    if (difference !== 0n) return difference > 0n ? 1 : -1;
  }
  return 0;
}
