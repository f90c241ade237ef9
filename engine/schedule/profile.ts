// What a scheduler is allowed to do differently: Karmada's feature gates, and the switches between the two profiles.

/** Karmada's feature gates that a decision can depend on, by their own names. */
export interface Gates {
  readonly CustomizedClusterResourceModeling: boolean;
  readonly MultiplePodTemplatesScheduling: boolean;
  readonly WorkloadAffinity: boolean;
  readonly SchedulingOvercommitProtection: boolean;
}

export const KARMADA_GATES: Gates = {
  CustomizedClusterResourceModeling: true,
  MultiplePodTemplatesScheduling: false,
  WorkloadAffinity: false,
  SchedulingOvercommitProtection: false,
};

/** Each switch is one deliberate difference from Karmada; all of them off is Karmada. */
export interface Switches {
  /** A spread constraint without maxGroups has no upper limit, instead of selecting nothing. */
  readonly unsetMaxGroupsIsUnlimited: boolean;
  /** Zone, provider and label constraints shape the selection, in any mix with region and cluster. */
  readonly spreadByAnyTopology: boolean;
  /** Static weights select within the spread constraints, instead of ignoring them. */
  readonly staticWeightsRespectSpread: boolean;
  /** An estimate beyond 32 bits counts as the largest number of replicas, instead of wrapping around. */
  readonly estimatesSaturate: boolean;
  /** Where nodes are known, pods of less priority do not count as holding room: they would be preempted. */
  readonly estimatesCountPreemption: boolean;
  /** Static weights never give a cluster more than it has room for. */
  readonly staticWeightsRespectCapacity: boolean;
}

/** A score of one's own: an expression over the facts of a cluster, as text. */
export interface ScoreText {
  readonly name: string;
  readonly expression: string;
}

export interface Profile {
  readonly name: string;
  readonly gates: Gates;
  readonly switches: Switches;
  /** With it, a divided workload keeps clusters that got no replicas in its result. */
  readonly enableEmptyWorkloadPropagation: boolean;
  /** Added to the scores that every profile has. */
  readonly scores?: readonly ScoreText[];
}

export const KARMADA_PROFILE: Profile = {
  name: 'karmada',
  gates: KARMADA_GATES,
  switches: {
    unsetMaxGroupsIsUnlimited: false,
    spreadByAnyTopology: false,
    estimatesSaturate: false,
    estimatesCountPreemption: false,
    staticWeightsRespectSpread: false,
    staticWeightsRespectCapacity: false,
  },
  enableEmptyWorkloadPropagation: false,
};

export const MUSTER_PROFILE: Profile = {
  name: 'muster',
  gates: {
    CustomizedClusterResourceModeling: true,
    MultiplePodTemplatesScheduling: true,
    WorkloadAffinity: true,
    SchedulingOvercommitProtection: true,
  },
  switches: {
    unsetMaxGroupsIsUnlimited: true,
    spreadByAnyTopology: true,
    estimatesSaturate: true,
    estimatesCountPreemption: false,
    staticWeightsRespectSpread: true,
    staticWeightsRespectCapacity: true,
  },
  enableEmptyWorkloadPropagation: false,
};

export const PROFILES: readonly Profile[] = [KARMADA_PROFILE, MUSTER_PROFILE];
