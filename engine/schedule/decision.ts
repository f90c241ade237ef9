// What a decision says: where a workload goes and what was promised there, or why it goes nowhere.
import type { TargetCluster } from '../api/binding.ts';

export type DecisionCode =
  | 'NoClusterFits'
  | 'InsufficientReplicas'
  | 'SpreadUnsatisfiable'
  | 'SpreadUnsupported'
  | 'NoClusterSelected'
  /** Divided without a preference: only objects that no admission has seen look like that. */
  | 'StrategyUnsupported';

/** One filter's verdict against one cluster, with the fact it saw. */
export interface Rejection {
  readonly filter: string;
  readonly fact: string;
}

export type RejectionsByCluster = ReadonlyMap<string, readonly Rejection[]>;

/** Where a decision ended. */
export type DecisionStep = 'filter' | 'select' | 'assign';

export interface Failure {
  readonly code: DecisionCode;
  readonly step: DecisionStep;
  readonly message: string;
}

/** As Karmada names it in the binding's condition. */
export type FailureReason = 'NoClusterFit' | 'Unschedulable' | 'SchedulerError';

/** Too little room waits for some. All else that goes wrong after the filters is an error like any other, a selection without room too. */
export function failureReason({ code, step }: Failure): FailureReason {
  if (code === 'NoClusterFits') return 'NoClusterFit';
  return code === 'InsufficientReplicas' && step === 'assign' ? 'Unschedulable' : 'SchedulerError';
}

/** What was seen on the way; present only where a trace was asked for. */
export interface AttemptTrace {
  readonly affinity: string | null;
  readonly rejected: RejectionsByCluster;
  /** Total score of each feasible cluster. */
  readonly scores: ReadonlyMap<string, number>;
  /** Names in the order of the selection; null where the selection failed. */
  readonly selected: readonly string[] | null;
  /** Replicas that each selected cluster has room for, beside what it already runs. */
  readonly estimates: ReadonlyMap<string, number>;
  readonly failure: Failure | null;
}

export interface Success {
  readonly ok: true;
  readonly clusters: readonly TargetCluster[];
  /** The affinity group that was used, where the placement has groups. */
  readonly affinity: string | null;
  readonly attempts: readonly AttemptTrace[];
}

export interface Refusal extends Failure {
  readonly ok: false;
  readonly rejected: RejectionsByCluster;
  readonly attempts: readonly AttemptTrace[];
}

export type Decision = Success | Refusal;

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

export const succeed = <T>(value: T): Outcome<T> => ({ ok: true, value });
export const fail = (failure: Failure): Outcome<never> => ({ ok: false, failure });
