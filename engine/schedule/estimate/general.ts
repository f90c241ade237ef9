// The general estimator: what a cluster's own summary says it has room for, without a look at its nodes.

import type { ReplicaRequirements } from '../../api/binding.ts';
import type { Cluster, ResourceSummary } from '../../api/cluster.ts';
import { least } from '../../base/least.ts';
import type { Promised } from '../../fleet/ledger.ts';
import { quantityMilli, quantityValue } from '../../kube/quantity.ts';
import type { EstimatorPlugin } from '../plugin.ts';
import { generalBounds } from './bounds.ts';
import { roomForSets } from './component-sets.ts';
import { freeQuantity, podBudget } from './free.ts';
import { requestUnits } from './promises.ts';
import { replicasByModels } from './resource-models.ts';

export const generalEstimator: EstimatorPlugin = {
  name: 'general-estimator',
  estimate(cluster, request, fleet) {
    const promised = fleet.promised?.get(cluster.metadata.name);
    const { gates, switches } = request.profile;
    const room = request.countsComponentSets
      ? roomForSets(cluster, request.spec.components ?? [], gates, promised)
      : roomForReplicas(cluster, request.spec.replicaRequirements, gates, promised);
    return switches.estimatesSaturate ? Number(least(room, MAX_INT32)) : wrapped(room);
  },
  bounds: (cluster, request, fleet) => generalBounds(cluster, request, fleet.promised?.get(cluster.metadata.name)),
};

export function roomForReplicas(
  cluster: Cluster,
  requirements: ReplicaRequirements | undefined | null,
  gates: { readonly CustomizedClusterResourceModeling: boolean },
  promised: Promised | undefined,
): bigint {
  const summary = cluster.status?.resourceSummary;
  if (summary === undefined || summary === null) return 0n;
  const pods = podBudget(summary) - (promised?.pods ?? 0n);
  if (pods <= 0n) return 0n;
  if (requirements === undefined || requirements === null) return pods;
  if (gates.CustomizedClusterResourceModeling && (summary.allocatableModelings?.length ?? 0) > 0) {
    const modelled = replicasByModels(cluster, requirements, promised);
    // The models say what kind of nodes there are, not what was promised since: the summary still bounds that part.
    if (modelled !== null)
      return least(
        pods,
        promised === undefined ? modelled : least(modelled, bySummary(summary, requirements, promised)),
      );
  }
  return least(pods, bySummary(summary, requirements, promised));
}

function bySummary(
  summary: ResourceSummary,
  requirements: ReplicaRequirements,
  promised: Promised | undefined,
): bigint {
  let room: bigint | null = null;
  for (const [resource, text] of Object.entries(requirements.resourceRequest ?? {})) {
    const wanted = requestUnits(resource, text);
    if (wanted <= 0n) continue;
    const free = freeQuantity(summary, resource);
    if (free === null) return 0n;
    const whole = resource === 'cpu' ? quantityMilli(free) : quantityValue(free);
    const units = whole - (promised?.units.get(resource) ?? 0n);
    if (units <= 0n) return 0n;
    const fits = units / wanted;
    room = room === null ? fits : least(room, fits);
  }
  return room ?? MAX_INT64;
}

const MAX_INT64 = 9_223_372_036_854_775_807n;

const MAX_INT32 = 2_147_483_647n;

/** Karmada cuts an estimate to 32 bits; one that comes out as -1 reads as "no answer". */
function wrapped(room: bigint): number | null {
  const cut = Number(BigInt.asIntN(32, room));
  return cut === -1 ? null : cut;
}
