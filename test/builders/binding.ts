// Bindings for tests: a Deployment with replicas, and the placement that matters for the test.
import type { ResourceBindingSpec } from '../../engine/api/binding.ts';
import type { Placement, ReplicaScheduling, SpreadConstraint } from '../../engine/api/placement.ts';
import { KARMADA_PROFILE, type Profile } from '../../engine/profile/profile.ts';
import type { Switches } from '../../engine/profile/switches.ts';
import { type BindingInput, readRequest, type ScheduleRequest } from '../../engine/schedule/request.ts';

export const dynamic: ReplicaScheduling = {
  replicaSchedulingType: 'Divided',
  replicaDivisionPreference: 'Weighted',
  weightPreference: { dynamicWeight: 'AvailableReplicas' },
};
export const aggregated: ReplicaScheduling = {
  replicaSchedulingType: 'Divided',
  replicaDivisionPreference: 'Aggregated',
};
export const duplicated: ReplicaScheduling = { replicaSchedulingType: 'Duplicated' };

/** Static weights by cluster name. */
export const weighted = (weights: Readonly<Record<string, number>>): ReplicaScheduling => ({
  replicaSchedulingType: 'Divided',
  replicaDivisionPreference: 'Weighted',
  weightPreference: {
    staticWeightList: Object.entries(weights).map(([name, weight]) => ({
      targetCluster: { clusterNames: [name] },
      weight,
    })),
  },
});

export const spread = (
  over: NonNullable<SpreadConstraint['spreadByField']>,
  minGroups: number,
  maxGroups?: number,
): SpreadConstraint => ({ spreadByField: over, minGroups, ...(maxGroups === undefined ? {} : { maxGroups }) });

/** Three replicas of one CPU each. */
export const makeSpec = (parts: Partial<ResourceBindingSpec> = {}): ResourceBindingSpec => ({
  resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' },
  replicas: 3,
  replicaRequirements: { resourceRequest: { cpu: '1' } },
  ...parts,
});

export const makeBinding = (placement: Placement = {}, parts: Partial<ResourceBindingSpec> = {}): BindingInput => ({
  spec: makeSpec({ placement, ...parts }),
});

export const withSwitches = (switches: Partial<Switches>, base: Profile = KARMADA_PROFILE): Profile => ({
  ...base,
  switches: { ...base.switches, ...switches },
});

export const requestOf = (binding: BindingInput, profile: Profile = KARMADA_PROFILE): ScheduleRequest => {
  const { clusterAffinity } = binding.spec.placement ?? {};
  return readRequest(binding, profile, clusterAffinity ? [clusterAffinity] : []);
};
