// What makes the scheduler decide on a binding, in the order in which Karmada asks; nothing else does.

import type { ResourceBinding } from '../../../api/binding.ts';
import { COLLECTIONS } from '../../../api/kinds.ts';
import type { Placement } from '../../../api/placement.ts';
import { replicasIn } from '../../../api/target-clusters.ts';
import type { View } from '../../../control/controller.ts';
import { deepEqual } from '../../../kube/json.ts';
import { isDuplicated, isRescheduleTriggered } from '../../../schedule/request.ts';
import { appliedPlacementOf } from '../applied-placement.ts';

export type Reason = 'placement-changed' | 'replicas-changed' | 'reschedule-triggered' | 'always' | 'target-ending';

export function reasonToDecide(binding: ResourceBinding, view: View): Reason | null {
  const { spec, status, metadata } = binding;
  const placement = spec.placement ?? {};
  const applied = appliedPlacementOf(metadata);
  if (applied === null || isOtherPlacement(applied, placement, status)) {
    return 'placement-changed';
  }
  if (isOtherCount(binding)) return 'replicas-changed';
  if (isRescheduleTriggered({ spec, status })) return 'reschedule-triggered';
  if (isEverywhereWhole(binding)) return 'always';
  return isTargetEnding(binding, view) ? 'target-ending' : null;
}

/** Of a list of affinities only the one that was chosen counts, and beside a list workload affinities are not looked at. */
function isOtherPlacement(applied: Placement, placement: Placement, status: ResourceBinding['status']): boolean {
  if (!deepEqual(bare(applied), bare(placement))) return true;
  const name = status?.schedulerObservingAffinityName;
  const term = ({ clusterAffinities }: Placement) =>
    clusterAffinities?.find(({ affinityName }) => affinityName === name);
  if ((applied.clusterAffinities === undefined) !== (placement.clusterAffinities === undefined)) return true;
  if (placement.clusterAffinities === undefined)
    return !deepEqual(applied.workloadAffinity, placement.workloadAffinity);
  const [before, now] = [term(applied), term(placement)];
  return before === undefined || now === undefined || !deepEqual(before, now);
}

function bare({ clusterAffinities: _terms, workloadAffinity: _groups, ...rest }: Placement) {
  return rest;
}

/** Other replicas than are wanted have a place. */
export function isOtherCount({ spec }: Pick<ResourceBinding, 'spec'>): boolean {
  const { replicas = 0, clusters = [], placement = {} } = spec;
  if (isWholeWorkload(spec)) return false;
  if (isDuplicated(placement)) return clusters.some((target) => (target.replicas ?? 0) !== replicas);
  return replicasIn(clusters) !== replicas;
}

/** What has neither replicas nor requirements goes everywhere as it is. */
const isWholeWorkload = ({ replicas = 0, replicaRequirements }: ResourceBinding['spec']): boolean =>
  replicas === 0 && (replicaRequirements === undefined || replicaRequirements === null);

/** Copies, and what is not counted in replicas, are decided on whenever anything happens; what is short, too. */
export const isDecidedAnew = (binding: ResourceBinding): boolean => isEverywhereWhole(binding) || isOtherCount(binding);

const isEverywhereWhole = ({ spec }: ResourceBinding): boolean =>
  isWholeWorkload(spec) || isDuplicated(spec.placement ?? {});

/** A cluster that is gone, or about to be. */
const isTargetEnding = ({ spec }: ResourceBinding, view: View): boolean =>
  (spec.clusters ?? []).some(({ name }) => {
    const cluster = view.get(COLLECTIONS.clusters, '', name);
    if (cluster === null) return view.isSynced(COLLECTIONS.clusters);
    return cluster.metadata.deletionTimestamp !== undefined;
  });
