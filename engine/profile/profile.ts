// What the control plane is allowed to do differently: Karmada's gates and flags, and the switches between the two profiles.
import { type Gates, KARMADA_GATES, MUSTER_GATES } from './gates.ts';
import { KARMADA_SWITCHES, MUSTER_SWITCHES, type Switches } from './switches.ts';
import { KARMADA_TIMINGS, MUSTER_TIMINGS, type Timings } from './timings.ts';

/** A score of one's own: an expression over the facts of a cluster, as text. */
export interface ScoreText {
  readonly name: string;
  readonly expression: string;
}

export interface Profile {
  readonly name: string;
  readonly gates: Gates;
  readonly switches: Switches;
  readonly timings: Timings;
  /** With it, a divided workload keeps clusters that got no replicas in its result. */
  readonly enableEmptyWorkloadPropagation: boolean;
  /** Added to the scores that every profile has. */
  readonly scores?: readonly ScoreText[];
}

export const KARMADA_PROFILE: Profile = {
  name: 'karmada',
  gates: KARMADA_GATES,
  switches: KARMADA_SWITCHES,
  timings: KARMADA_TIMINGS,
  enableEmptyWorkloadPropagation: false,
};

export const MUSTER_PROFILE: Profile = {
  name: 'muster',
  gates: MUSTER_GATES,
  switches: MUSTER_SWITCHES,
  timings: MUSTER_TIMINGS,
  enableEmptyWorkloadPropagation: false,
};

/** What admission at the hub of such a control plane goes by. */
export const circumstancesOf = ({ gates, timings }: Profile) => ({
  // Karmada's webhook has a flag of its own for it, which is of use only where such taints do anything.
  allowsNoExecuteTaintPolicies: timings.enableNoExecuteTaintEviction,
  completesResourceModels: gates.CustomizedClusterResourceModeling,
});

export const PROFILES: readonly Profile[] = [KARMADA_PROFILE, MUSTER_PROFILE];
