// The full story of a decision as plain data: what every step saw and did to every cluster.
import type { TargetCluster } from '../../api/binding.ts';
import type { NameOrder } from '../assign/apportion.ts';
import type { DivisionBasis } from '../assign/division.ts';
import type { DecisionCode, DecisionStep } from '../decision.ts';
import type { Bound } from '../estimate/bounds.ts';
import type { Strategy } from '../request.ts';

export interface Explanation {
  readonly profile: string;
  readonly workload: WorkloadStory;
  readonly outcome: OutcomeStory;
  /** One for each affinity group that was tried; a single one where the placement has no groups. */
  readonly attempts: readonly AttemptStory[];
}

export interface WorkloadStory {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
  readonly replicas: number;
  /** False for what is copied to every selected cluster as it is. */
  readonly divisible: boolean;
  /** What one replica asks for. */
  readonly request: Readonly<Record<string, string>>;
  /** The kinds of pods that one copy is made of, where it is made of several. */
  readonly components: readonly ComponentStory[];
  readonly strategy: Strategy;
  /** A reschedule was triggered: everything is divided anew. */
  readonly fresh: boolean;
  /** The previous decision, as the binding has it. */
  readonly previous: readonly TargetCluster[];
  readonly constraints: readonly ConstraintStory[];
}

export interface ComponentStory {
  readonly name: string;
  readonly replicas: number;
  readonly request: Readonly<Record<string, string>>;
}

export interface ConstraintStory {
  /** `region`, or `label example.com/rack`. */
  readonly over: string;
  readonly minGroups: number | null;
  readonly maxGroups: number | null;
}

export type OutcomeStory =
  | { readonly ok: true; readonly clusters: readonly TargetCluster[]; readonly affinity: string | null }
  | {
      readonly ok: false;
      readonly code: DecisionCode;
      readonly step: DecisionStep;
      readonly message: string;
      /** Where as many as there is room for are placed meanwhile; empty where none are. */
      readonly part: readonly TargetCluster[];
    };

export interface AttemptStory {
  readonly affinity: string | null;
  /** Selected clusters in the order of the selection, then the other candidates by rank, then the rejected by name. */
  readonly clusters: readonly ClusterStory[];
  readonly groups: readonly GroupStory[];
  /** One for each overflow tier that takes part; a single one without tiers; none where it did not come that far. */
  readonly divisions: readonly DivisionStory[];
  readonly failure: { readonly code: DecisionCode; readonly step: DecisionStep; readonly message: string } | null;
}

export interface ClusterStory {
  readonly name: string;
  /** Every filter in order; `fact` is what made it reject the cluster, or null where it passed. */
  readonly verdicts: readonly { readonly filter: string; readonly fact: string | null }[];
  /** Null for a cluster that a filter rejected. */
  readonly candidate: CandidateStory | null;
}

export interface CandidateStory {
  /** 1 for the best candidate. */
  readonly rank: number;
  /** 0 for the affinity itself, then one for each overflow tier. */
  readonly tier: number;
  readonly scores: readonly { readonly plugin: string; readonly score: number }[];
  readonly score: number;
  readonly estimates: readonly EstimateStory[];
  /** Room for replicas beside what the workload already runs there. */
  readonly room: number;
  /** Replicas of the previous decision; null where it does not name the cluster. */
  readonly previous: number | null;
  readonly selected: boolean;
  /** Why the selection left it out. */
  readonly leftOut: string | null;
  /** Why it got no replica although it was selected. */
  readonly idle: string | null;
  /** Replicas that it gets; null where the decision failed, or what is placed has no replicas. */
  readonly replicas: number | null;
}

export interface EstimateStory {
  readonly estimator: string;
  /** Null where the estimator could not tell. */
  readonly room: number | null;
  readonly bounds: readonly Bound[];
}

export interface GroupStory {
  readonly over: string;
  readonly name: string;
  readonly candidates: number;
  readonly selected: number;
  /** What the group was chosen by; null where groups are not weighed. */
  readonly weight: number | null;
}

export interface DivisionStory {
  readonly tier: number;
  readonly basis: DivisionBasis;
  /** Replicas that were handed out; with copies, to each. */
  readonly seats: number;
  readonly ties: NameOrder;
  readonly rows: readonly ShareStory[];
}

export interface ShareStory {
  readonly name: string;
  readonly weight: number;
  /** Its exact part of what was handed out, before seats are made whole. */
  readonly quota: number;
  readonly given: number;
  /** What it ran already and keeps. */
  readonly kept: number;
  /** What was moved to or from it afterwards, so that the replicas hold the spread. */
  readonly moved: number;
  readonly replicas: number;
  /** The quotient at which its last seat was given; null without a seat. */
  readonly lastQuotient: number | null;
  /** The quotient that it would have had for one more. */
  readonly nextQuotient: number;
  /** The most it can take; null where nothing limits it. */
  readonly most: number | null;
}
