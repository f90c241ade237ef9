// The accurate estimator: where a cluster's nodes and pods are known, replicas are counted node by node.
import type { Component, ReplicaRequirements } from '../../api/binding.ts';
import type { EstimatorPlugin } from '../plugin.ts';
import type { ScheduleRequest } from '../request.ts';
import { admitsPods } from './node-match.ts';
import { type OpenNode, openNodes, takeOff } from './node-room.ts';
import { requestUnits } from './promises.ts';

const MAX_INT32 = 2_147_483_647n;

export const accurateEstimator: EstimatorPlugin = {
  name: 'scheduler-estimator',
  estimate(cluster, request, fleet) {
    const inside = fleet.insides?.get(cluster.metadata.name);
    if (inside === undefined) return null;
    const promised = fleet.promised?.get(cluster.metadata.name);
    const nodes = openNodes(inside, promised, preemptedBelow(request));
    const room = request.countsComponentSets
      ? roomForSets(nodes, request.spec.components ?? [])
      : roomForReplicas(nodes, request.spec.replicaRequirements);
    return Number(room < MAX_INT32 ? room : MAX_INT32);
  },
};

/** Pods of less priority give way only where the profile says so; Karmada's own estimator never counts on it. */
const preemptedBelow = ({ spec, profile }: ScheduleRequest): number | null =>
  profile.switches.estimatesCountPreemption ? (spec.schedulePriority?.priority ?? 0) : null;

function roomForReplicas(nodes: readonly OpenNode[], requirements: ReplicaRequirements | undefined): bigint {
  const wanted = requestOf(requirements);
  let total = 0n;
  for (const { node, free } of nodes) if (admitsPods(node, requirements?.nodeClaim)) total += fits(free, wanted);
  return total;
}

function requestOf(requirements: ReplicaRequirements | undefined): ReadonlyMap<string, bigint> {
  const wanted = new Map<string, bigint>();
  for (const [resource, text] of Object.entries(requirements?.resourceRequest ?? {})) {
    const units = requestUnits(resource, text);
    if (units > 0n) wanted.set(resource, units);
  }
  wanted.set('pods', 1n);
  return wanted;
}

function fits(free: ReadonlyMap<string, bigint>, wanted: ReadonlyMap<string, bigint>): bigint {
  let least: bigint | null = null;
  for (const [resource, units] of wanted) {
    const has = free.get(resource) ?? 0n;
    if (has <= 0n) return 0n;
    const count = has / units;
    least = least === null || count < least ? count : least;
  }
  return least ?? 0n;
}

/** Sets placed one after the other, each replica on the first node that takes it. */
function roomForSets(nodes: readonly OpenNode[], components: readonly Component[]): bigint {
  const parts = components
    .filter(({ replicas }) => replicas > 0)
    .map(({ replicas, replicaRequirements }) => ({
      replicas,
      wanted: requestOf(replicaRequirements),
      nodes: nodes.filter(({ node }) => admitsPods(node, replicaRequirements?.nodeClaim)),
    }));
  if (parts.length === 0) return MAX_INT32;
  let sets = 0n;
  // Every set takes a pod at least, so that the pods of the nodes bound the loop.
  while (parts.every((part) => placeAll(part.nodes, part.replicas, part.wanted))) sets += 1n;
  return sets;
}

function placeAll(nodes: readonly OpenNode[], replicas: number, wanted: ReadonlyMap<string, bigint>): boolean {
  let left = BigInt(replicas);
  for (const { free } of nodes) {
    const room = fits(free, wanted);
    const placed = room < left ? room : left;
    if (placed === 0n) continue;
    takeOff(free, new Map([...wanted].map(([resource, units]) => [resource, units * placed])));
    left -= placed;
    if (left === 0n) return true;
  }
  return left === 0n;
}
