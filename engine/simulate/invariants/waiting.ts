// What waits for a node, or for a place, although a cluster plainly has room, and nobody lets it go there.

import type { ReplicaRequirements, ResourceBinding } from '../../api/binding.ts';
import type { Cluster } from '../../api/cluster.ts';
import { compileAffinity } from '../../api/cluster-affinity.ts';
import { builtInCollectionOf, COLLECTIONS } from '../../api/kinds.ts';
import { replicasIn } from '../../api/target-clusters.ts';
import { BINDING_CONDITIONS } from '../../api/work.ts';
import { findCondition, hasConditionStatus } from '../../kube/conditions.ts';
import { parseQuantity, quantityMilli } from '../../kube/quantity.ts';
import type { Millis } from '../../kube/time.ts';
import { isClaimed } from '../../propagate/claim.ts';
import type { ObjectKey } from '../../store/key.ts';
import type { World } from '../world.ts';
import type { SettledPorts } from './settled-ports.ts';
import { nameOf, type Violation, violation } from './violation.ts';

/** Who has waited for so long has waited for more than the next look. */
const LONG_MS: Millis = 1_200_000;
/** Clusters tell what is free on their nodes by grades: below this a node may count as full. */
const PLAINLY_FREE = { cpuMilli: 2_000, memory: '8Gi' };

export function waitingViolations(
  world: World,
  binding: ResourceBinding,
  clusters: ReadonlyMap<string, Cluster>,
  ports: Pick<SettledPorts, 'leavesFullClusters' | 'placesWhatFits'>,
): readonly Violation[] {
  const { apiVersion, kind, namespace = '', name } = binding.spec.resource;
  const collection = builtInCollectionOf(apiVersion, kind);
  if (collection === null || !mayBeAnywhere(binding) || hasQuota(world, namespace)) return [];
  const places = binding.spec.clusters ?? [];
  const freeBeside = (full: readonly string[]): string | null =>
    [...clusters.values()].find(
      (cluster) =>
        !full.includes(cluster.metadata.name) &&
        isOpen(cluster, binding) &&
        hasRoom(world, cluster.metadata.name, binding.spec.replicaRequirements),
    )?.metadata.name ?? null;
  const scheduled = findCondition(binding.status?.conditions, BINDING_CONDITIONS.scheduled);
  if (scheduled?.reason === 'Unschedulable' && ports.placesWhatFits && apiVersion.startsWith('apps/')) {
    const free = freeBeside([]);
    const message = `${replicasIn(places)} of ${binding.spec.replicas} replicas have a place, and ${free} has room`;
    return free === null ? [] : [violation('is-placed-as-far-as-there-is-room', nameOf(binding), message)];
  }
  if (scheduled?.status !== 'True' || !ports.leavesFullClusters) return [];
  const key = { collection, namespace, name };
  const full = places
    .filter((target) => isOpen(clusters.get(target.name), binding))
    .filter((target) => waitsIn(world, target.name, key, target.replicas ?? 0))
    .map((target) => target.name);
  const free = full.length === 0 ? null : freeBeside(full);
  if (free === null) return [];
  const message = `it waits for a node in ${full[0]}, and ${free} has room`;
  return [violation('waits-beside-no-room', nameOf(binding), message)];
}

/** Divided by room, and that is all that is asked of where it goes. */
function mayBeAnywhere({ metadata, spec }: ResourceBinding): boolean {
  const { placement = {}, gracefulEvictionTasks = [], suspension, components = [], workloadAffinityGroups } = spec;
  const { replicaSchedulingType, replicaDivisionPreference, weightPreference } = placement.replicaScheduling ?? {};
  const isByRoom = replicaDivisionPreference === 'Aggregated' || weightPreference?.dynamicWeight !== undefined;
  if (replicaSchedulingType !== 'Divided' || !isByRoom || components.length > 0) return false;
  if ((placement.spreadConstraints ?? []).length > 0 || placement.clusterAffinities !== undefined) return false;
  if (workloadAffinityGroups !== undefined || suspension !== undefined || gracefulEvictionTasks.length > 0)
    return false;
  return isClaimed(metadata);
}

const hasQuota = ({ hub }: World, namespace: string): boolean =>
  hub.store.list(COLLECTIONS.quotas, namespace).length > 0;

function isOpen(cluster: Cluster | undefined, { spec }: ResourceBinding): cluster is Cluster {
  if (cluster === undefined || cluster.metadata.deletionTimestamp !== undefined) return false;
  if (!hasConditionStatus(cluster.status?.conditions, 'Ready', 'True') || (cluster.spec.taints ?? []).length > 0)
    return false;
  const { apiVersion, kind } = spec.resource;
  const isServed = cluster.status?.apiEnablements?.some(
    ({ groupVersion, resources }) => groupVersion === apiVersion && resources?.some((one) => one.kind === kind),
  );
  const { clusterAffinity } = spec.placement ?? {};
  return isServed === true && (clusterAffinity === undefined || compileAffinity(clusterAffinity)(cluster) === null);
}

function waitsIn(world: World, cluster: string, key: ObjectKey, replicas: number): boolean {
  const member = world.member(cluster);
  if (member === null || member.servingPods(key) >= replicas) return false;
  const { replicas: waiting } = member.answer({ about: 'unschedulable', key, forMs: LONG_MS }) as { replicas: number };
  return waiting > 0;
}

function hasRoom(world: World, cluster: string, requirements: ReplicaRequirements | undefined): boolean {
  const { resourceRequest = {}, ...claims } = requirements ?? {};
  const cpuMilli = 2 * milliOf(resourceRequest.cpu);
  const wanted = {
    ...resourceRequest,
    cpu: `${Math.max(PLAINLY_FREE.cpuMilli, cpuMilli)}m`,
    memory: PLAINLY_FREE.memory,
  };
  const question = { about: 'capacity', requirements: { ...claims, resourceRequest: wanted } } as const;
  const { replicas } = (world.member(cluster)?.answer(question) ?? { replicas: 0 }) as { replicas: number };
  return replicas > 0;
}

function milliOf(amount: string | number = 0): number {
  const quantity = parseQuantity(amount);
  return quantity === null ? 0 : Number(quantityMilli(quantity));
}
