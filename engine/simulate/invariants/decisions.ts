// Decisions against what was asked for: replicas add up or the shortage is told, and nothing is outside its affinity, on a
// cluster without its API, or still being left.

import type { ResourceBinding } from '../../api/binding.ts';
import type { Cluster } from '../../api/cluster.ts';
import { compileAffinity } from '../../api/cluster-affinity.ts';
import type { ClusterAffinity, Placement } from '../../api/placement.ts';
import { replicasIn } from '../../api/target-clusters.ts';
import { BINDING_CONDITIONS } from '../../api/work.ts';
import { findCondition } from '../../kube/conditions.ts';
import { isClaimed } from '../../propagate/claim.ts';
import { isHeldUp } from './held-up.ts';
import type { SettledPorts } from './settled-ports.ts';
import { nameOf, type Violation, violation } from './violation.ts';

export function decisionViolations(
  binding: ResourceBinding,
  clusters: ReadonlyMap<string, Cluster>,
  ports: Pick<SettledPorts, 'staysUntilArrived' | 'tellsEveryOutcome'>,
): readonly Violation[] {
  const { metadata, spec, status } = binding;
  const about = nameOf(binding);
  // What follows others has no placement, and nobody decides on it.
  if (spec.placement === undefined || metadata.deletionTimestamp !== undefined) return [];
  if (spec.suspension?.scheduling === true) return [];
  // What no policy claims any more stays as it is.
  if (!isClaimed(metadata)) return [];
  const found: Violation[] = [];
  const scheduled = findCondition(status?.conditions, BINDING_CONDITIONS.scheduled);
  const isRefused = scheduled?.status === 'False' && !ports.tellsEveryOutcome;
  const isSeen = status?.schedulerObservedGeneration === metadata.generation;
  if (scheduled === undefined || (!isSeen && !isRefused)) {
    found.push(violation('decision-is-current', about, `generation ${metadata.generation} has not been decided on`));
  }
  if (scheduled?.status === 'True') found.push(...sumViolations(about, binding));
  for (const { name } of spec.clusters ?? []) {
    const cluster = clusters.get(name);
    if (cluster === undefined) {
      found.push(violation('target-exists', about, `it is to run in ${name}, and there is no such cluster`));
      continue;
    }
    if (scheduled?.status === 'True' && !allows(spec.placement, cluster)) {
      found.push(violation('target-fits-affinity', about, `it is to run in ${name}, which no affinity allows`));
    }
  }
  for (const { fromCluster, suppressDeletion } of spec.gracefulEvictionTasks ?? []) {
    if (suppressDeletion === true || isHeldUp(binding, ports)) continue;
    // Where there is no other place, and that is told, the old copy is kept for as long as it has to leave, or may be nowhere else.
    const hasNoOther = scheduled?.reason === 'QuotaExceeded' || isDriving(clusters.get(fromCluster));
    if (scheduled?.status === 'False' && hasNoOther) continue;
    found.push(violation('eviction-ends', about, `it is still being evicted from ${fromCluster}`));
  }
  return found;
}

const isDriving = (cluster: Cluster | undefined): boolean =>
  cluster?.spec.taints?.some(({ effect }) => effect === 'NoExecute') === true;

function sumViolations(about: string, { spec }: ResourceBinding): readonly Violation[] {
  const { clusters = [], replicas = 0, placement } = spec;
  if (replicas === 0 || (spec.components?.length ?? 0) > 0) return [];
  const isDivided = placement?.replicaScheduling?.replicaSchedulingType === 'Divided';
  if (isDivided) {
    const sum = replicasIn(clusters);
    if (sum === replicas) return [];
    return [
      violation('replicas-add-up', about, `${sum} of ${replicas} replicas are placed, and it counts as scheduled`),
    ];
  }
  return clusters
    .filter((target) => (target.replicas ?? 0) !== replicas)
    .map(({ name, replicas: there = 0 }) =>
      violation('replicas-add-up', about, `${name} is to have ${there} of ${replicas} replicas`),
    );
}

function allows({ clusterAffinity, clusterAffinities }: Placement, cluster: Cluster): boolean {
  const terms: readonly ClusterAffinity[] =
    clusterAffinities?.flatMap((term) => [term, ...(term.overflowAffinities ?? [])]) ??
    (clusterAffinity === undefined ? [] : [clusterAffinity]);
  return terms.length === 0 || terms.some((term) => compileAffinity(term)(cluster) === null);
}
