// Whether where something goes rests on more than what is asked now: on the room at the time, on where it was before, or on which
// clusters were well then. Of all else, the end is the same whatever came in between.
import { hasConditionStatus, isForsaken, type ResourceBinding } from '../../engine/index.ts';

export function restsOnThePast(binding: ResourceBinding): boolean {
  // It has what its object was when it still belonged to a policy.
  if (isForsaken(binding)) return true;
  const { spec, status } = binding;
  const { placement, gracefulEvictionTasks = [], requiredBy = [], failover, suspension } = spec;
  // What is suspended stays as it was when that was asked for.
  if (suspension?.dispatching === true || suspension?.dispatchingOnClusters !== undefined) return true;
  // It follows others, leaves where it is unwell, or is left behind where it once was.
  if (requiredBy.length > 0 || failover?.application !== undefined || spec.preserveResourcesOnDeletion) return true;
  if (placement === undefined) return false;
  // Where there is no place for it, it may have one of before.
  if (hasConditionStatus(status?.conditions, 'Scheduled', 'False')) return true;
  if (gracefulEvictionTasks.length > 0 || placement.clusterAffinities !== undefined) return true;
  if ((placement.spreadConstraints ?? []).length > 0) return true;
  const { replicaScheduling } = placement;
  const hasReplicas = spec.replicas !== undefined && spec.replicas > 0;
  return hasReplicas && replicaScheduling?.replicaSchedulingType === 'Divided';
}
