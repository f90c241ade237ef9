// Everything that one attempt at a decision reads of its binding, brought into the form in which it is asked for.
import type { ResourceBindingSpec, ResourceBindingStatus, TargetCluster } from '../api/binding.ts';
import type { ClusterAffinity, Placement } from '../api/placement.ts';
import { parseTime } from '../kube/time.ts';
import type { Profile } from '../profile/profile.ts';

export interface BindingInput {
  readonly spec: ResourceBindingSpec;
  readonly status?: ResourceBindingStatus | undefined;
}

export type Strategy = 'Duplicated' | 'StaticWeight' | 'DynamicWeight' | 'Aggregated' | 'Unsupported';

export interface ScheduleRequest {
  readonly spec: ResourceBindingSpec;
  readonly placement: Placement;
  readonly profile: Profile;
  readonly replicas: number;
  /** The previous decision by cluster; where a cluster is named twice the first entry stands. */
  readonly previous: ReadonlyMap<string, TargetCluster>;
  readonly evicting: ReadonlySet<string>;
  /** The affinity and its overflow tiers, first choice first; no tier at all means every cluster. */
  readonly tiers: readonly ClusterAffinity[];
  readonly strategy: Strategy;
  /** Divide everything anew, as if nothing ran yet. */
  readonly fresh: boolean;
  /** False for what has neither replicas nor requirements, and for several components: these go everywhere whole. */
  readonly isWorkload: boolean;
  /** Room is counted in whole sets of components, because all of them go to one cluster (with the gate on). */
  readonly countsComponentSets: boolean;
  /** The decision names the components that go along. */
  readonly recordsComponents: boolean;
}

export function readRequest(
  { spec, status }: BindingInput,
  profile: Profile,
  tiers: readonly ClusterAffinity[],
): ScheduleRequest {
  const placement = spec.placement ?? {};
  const previous = new Map<string, TargetCluster>();
  for (const target of spec.clusters ?? []) if (!previous.has(target.name)) previous.set(target.name, target);
  const replicas = spec.replicas ?? 0;
  const componentCount = spec.components?.length ?? 0;
  const oneSet = profile.gates.MultiplePodTemplatesScheduling && wantsOneCluster(placement);
  return {
    spec,
    placement,
    profile,
    replicas,
    previous,
    evicting: new Set((spec.gracefulEvictionTasks ?? []).map((task) => task.fromCluster)),
    tiers,
    strategy: strategyOf(placement),
    fresh: isRescheduleTriggered({ spec, status }),
    isWorkload: (replicas > 0 || spec.replicaRequirements != null) && componentCount < 2,
    countsComponentSets: oneSet && componentCount > 0,
    recordsComponents: oneSet && componentCount > 1 && placement.clusterAffinities == null,
  };
}

/** A trigger counts when it is later than the last scheduling; what was never scheduled has nothing to redo. */
export function isRescheduleTriggered({ spec, status }: BindingInput): boolean {
  const triggered = spec.rescheduleTriggeredAt ? parseTime(spec.rescheduleTriggeredAt) : null;
  const last = status?.lastScheduledTime ? parseTime(status.lastScheduledTime) : null;
  return triggered !== null && last !== null && Math.floor(triggered / 1000) > Math.floor(last / 1000);
}

export const isDuplicated = (placement: Placement): boolean =>
  (placement.replicaScheduling?.replicaSchedulingType || 'Duplicated') === 'Duplicated';

export function strategyOf(placement: Placement): Strategy {
  if (isDuplicated(placement)) return 'Duplicated';
  const { replicaDivisionPreference, weightPreference } = placement.replicaScheduling!;
  if (replicaDivisionPreference === 'Aggregated') return 'Aggregated';
  if (replicaDivisionPreference !== 'Weighted') return 'Unsupported';
  return weightPreference?.dynamicWeight ? 'DynamicWeight' : 'StaticWeight';
}

const wantsOneCluster = ({ spreadConstraints = [] }: Placement): boolean =>
  spreadConstraints.some(
    ({ spreadByField, minGroups, maxGroups }) => spreadByField === 'cluster' && minGroups === 1 && maxGroups === 1,
  );
