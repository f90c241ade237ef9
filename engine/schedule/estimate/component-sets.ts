// How many whole sets of a workload's components one cluster has room for.
import type { Component } from '../../api/binding.ts';
import type { Cluster, ResourceSummary } from '../../api/cluster.ts';
import type { Promised } from '../../fleet/ledger.ts';
import { parseQuantity, type Quantity, quantityMilli, quantityValue } from '../../kube/quantity.ts';
import { freeQuantity, least, podBudget } from './general.ts';
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

/** Sets placed one after the other, each replica on the first modelled node that takes it; null without models. */
export function setsByModels(cluster: Cluster, components: readonly Component[], bound: bigint): bigint | null {
  const models = modelNodes(cluster);
  if (models === null) return null;
  const nodes: OpenNode[] = [];
  // A set needs at most one node a pod, so nodes of a grade beyond what the bound can fill would stay empty.
  const podsMost = components.reduce((sum, { replicas }) => sum + BigInt(replicas ?? 0), 0n) * bound;
  for (const { count, capacity } of models) {
    for (let made = 0; made < count && made < podsMost; made += 1) nodes.push({ free: new Map(capacity) });
  }
  const wanted = components
    .filter((component) => (component.replicas ?? 0) > 0)
    .map((component) => ({ replicas: component.replicas, request: modelledRequest(component.replicaRequirements) }))
    .sort((a, b) => compareRequests(b.request, a.request));
  let sets = 0n;
  while (sets < bound && wanted.every(({ replicas, request }) => placeAll(nodes, replicas, request))) sets += 1n;
  return sets;
}

function placeAll(nodes: readonly OpenNode[], replicas: number, request: ReadonlyMap<string, bigint>): boolean {
  let left = replicas;
  for (const { free } of nodes) {
    while (left > 0 && [...request].every(([resource, units]) => (free.get(resource) ?? 0n) >= units)) {
      for (const [resource, units] of request) free.set(resource, free.get(resource)! - units);
      left -= 1;
    }
    if (left === 0) return true;
  }
  return left === 0;
}

/** Larger requests first: by CPU, then by memory; equal ones keep their order. */
function compareRequests(a: ReadonlyMap<string, bigint>, b: ReadonlyMap<string, bigint>): number {
  for (const resource of ['cpu', 'memory']) {
    const difference = (a.get(resource) ?? 0n) - (b.get(resource) ?? 0n);
    if (difference !== 0n) return difference > 0n ? 1 : -1;
  }
  return 0;
}
