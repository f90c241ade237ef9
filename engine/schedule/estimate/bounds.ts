// What an estimate is made of: one bound a resource, tightest first, in words; made only where someone asks why.
import type { Component, ReplicaRequirements } from '../../api/binding.ts';
import type { Cluster, ResourceSummary } from '../../api/cluster.ts';
import { byKey, byNumber } from '../../base/order.ts';
import { own } from '../../base/own.ts';
import type { Promised } from '../../fleet/ledger.ts';
import { formatUnits, unitsOf } from '../../kube/format-units.ts';
import type { ScheduleRequest } from '../request.ts';
import { setsByModels, unitsByFormat, unitsPerSet } from './component-sets.ts';
import { freeQuantity, podBudget } from './free.ts';
import { requestUnits } from './promises.ts';
import { lessPromised, modelledRequest, modelNodes, replicasOnNode } from './resource-models.ts';

export interface Bound {
  /** The resource that sets the bound, or `models` or `summary`. */
  readonly by: string;
  /** Replicas, or component sets, that it lets through. */
  readonly fits: number;
  /** "3500m free, 500m each". */
  readonly detail: string;
}

/** The smallest of them is what the general estimator answers. */
export function generalBounds(cluster: Cluster, request: ScheduleRequest, promised: Promised | undefined): Bound[] {
  const summary = cluster.status?.resourceSummary;
  if (summary === undefined || summary === null) {
    return [{ by: 'summary', fits: 0, detail: 'the cluster reports no resource summary' }];
  }
  const { spec, countsComponentSets, profile } = request;
  const modelled =
    profile.gates.CustomizedClusterResourceModeling &&
    (summary.allocatableModelings?.length ?? 0) > 0 &&
    modelNodes(cluster) !== null;
  const bounds = countsComponentSets
    ? boundsOfSets(cluster, summary, spec.components ?? [], promised, modelled)
    : boundsOfReplicas(cluster, summary, spec.replicaRequirements, promised, modelled);
  return bounds.sort(tightestFirst);
}

const tightestFirst = byKey((bound: Bound) => bound.fits, byNumber);

function boundsOfReplicas(
  cluster: Cluster,
  summary: ResourceSummary,
  requirements: ReplicaRequirements | undefined,
  promised: Promised | undefined,
  modelled: boolean,
): Bound[] {
  const bounds = [boundByPods(summary, 1n, promised)];
  if (requirements === undefined || requirements === null) return bounds;
  if (modelled) bounds.push(boundByModels(cluster, requirements, promised));
  if (modelled && promised === undefined) return bounds;
  for (const [resource, text] of Object.entries(requirements.resourceRequest ?? {})) {
    const each = requestUnits(resource, text);
    if (each > 0n) bounds.push(boundByResource(summary, resource, each, promised));
  }
  return bounds;
}

function boundByPods(summary: ResourceSummary, each: bigint, promised: Promised | undefined): Bound {
  const free = atLeastZero(podBudget(summary) - (promised?.pods ?? 0n));
  const all = summary.allocatable?.pods ?? 0;
  const needed = each > 1n ? `, ${each} a set` : '';
  return { by: 'pods', fits: Number(free / (each > 0n ? each : 1n)), detail: `${free} of ${all} pods free${needed}` };
}

function boundByResource(
  summary: ResourceSummary,
  resource: string,
  each: bigint,
  promised: Promised | undefined,
  per = 'each',
): Bound {
  const quantity = freeQuantity(summary, resource);
  if (quantity === null) return { by: resource, fits: 0, detail: 'not among the allocatable resources' };
  const free = atLeastZero(unitsOf(resource, quantity) - (promised?.units.get(resource) ?? 0n));
  const detail = `${formatUnits(resource, free)} free, ${formatUnits(resource, each)} ${per}`;
  return { by: resource, fits: Number(free / each), detail };
}

/** A modelled node has the least capacity of its grade, which is why large clusters can turn out to hold little. */
function boundByModels(cluster: Cluster, requirements: ReplicaRequirements, promised: Promised | undefined): Bound {
  const wanted = modelledRequest(requirements);
  const nodes = modelNodes(cluster) ?? [];
  const grades = (promised === undefined ? nodes : lessPromised(nodes, promised)).map(({ grade, count, capacity }) => ({
    grade,
    count,
    each: replicasOnNode(capacity, wanted),
  }));
  const fits = grades.reduce((sum, { count, each }) => sum + count * Number(each), 0);
  const told = grades.map(({ grade, count, each }) => `${count} of grade ${grade} hold ${each} each`);
  return { by: 'models', fits, detail: told.length === 0 ? 'no modelled nodes' : `nodes ${told.join(', ')}` };
}

function boundsOfSets(
  cluster: Cluster,
  summary: ResourceSummary,
  components: readonly Component[],
  promised: Promised | undefined,
  modelled: boolean,
): Bound[] {
  const pods = components.reduce((sum, { replicas }) => sum + BigInt(replicas ?? 0), 0n);
  const bounds = [boundByPods(summary, pods, promised)];
  if (pods === 0n) return bounds;
  for (const [resource, each] of unitsPerSet(components)) {
    if (each > 0n) bounds.push(boundBySetResource(summary, components, resource, each, promised));
  }
  const most = bounds.reduce((least, { fits }) => Math.min(least, fits), bounds[0]!.fits);
  const sets = modelled ? setsByModels(cluster, components, BigInt(most)) : null;
  if (sets !== null) bounds.push({ by: 'models', fits: Number(sets), detail: 'sets placed on the modelled nodes' });
  return bounds;
}

/** The number is Karmada's, with its mixture of units; the words show the amounts as they are. */
function boundBySetResource(
  summary: ResourceSummary,
  components: readonly Component[],
  resource: string,
  each: bigint,
  promised: Promised | undefined,
): Bound {
  const real = components.reduce((sum, { replicas, replicaRequirements }) => {
    const text = own(replicaRequirements?.resourceRequest, resource);
    return text === undefined ? sum : sum + requestUnits(resource, text) * BigInt(replicas ?? 0);
  }, 0n);
  const shown = boundByResource(summary, resource, real > 0n ? real : 1n, promised, 'a set');
  const quantity = freeQuantity(summary, resource);
  if (quantity === null) return shown;
  const free = atLeastZero(unitsByFormat(quantity) - (promised?.units.get(resource) ?? 0n));
  return { ...shown, fits: Number(free / each) };
}

const atLeastZero = (value: bigint): bigint => (value > 0n ? value : 0n);
