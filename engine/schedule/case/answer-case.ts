// Decides a case and writes the decision down as plain data: where the replicas go, or why nowhere.
import type { TargetCluster } from '../../api/binding.ts';
import { byName, byText } from '../../base/order.ts';
import type { Profile } from '../../profile/profile.ts';
import type { AttemptTrace, Decision, DecisionCode, RejectionsByCluster } from '../decision.ts';
import { pluginsFor } from '../default-plugins.ts';
import { extendPlugins, type ScorePlugin } from '../plugin.ts';
import { schedule } from '../schedule.ts';
import type { ScheduleCase } from './read-case.ts';

/**
 * The codes of a decision, with one exchanged: a placement that no admission would let through (replicas to be divided
 * in a way that does not exist) is a mistake in the case, and is told as one.
 */
export type AnswerError = Exclude<DecisionCode, 'StrategyUnsupported'> | 'InvalidPlacement';

export interface CaseAnswer {
  readonly id: string;
  /** By name; absent where the decision failed. */
  readonly clusters?: readonly TargetCluster[];
  readonly affinity?: string;
  readonly error?: AnswerError;
  readonly message?: string;
  /** Every filter that rejects a cluster, in the attempt that the answer is from. */
  readonly rejected?: Readonly<Record<string, readonly string[]>>;
  readonly attempts?: readonly AttemptAnswer[];
}

/** One try of one affinity group, with all that was seen on the way. */
export interface AttemptAnswer {
  readonly affinity?: string;
  readonly rejected: Readonly<Record<string, readonly { readonly filter: string; readonly fact: string }[]>>;
  readonly scores: Readonly<Record<string, number>>;
  readonly selected?: readonly string[];
  readonly estimates: Readonly<Record<string, number>>;
  readonly error?: AnswerError;
  readonly step?: string;
  readonly message?: string;
}

export interface AnswerOptions {
  readonly profile: Profile;
  /** Tell every attempt with its scores, selection, estimates and the facts that the filters saw. */
  readonly trace: boolean;
  /** Beside those that every profile has. */
  readonly scores?: readonly ScorePlugin[];
}

export function answerCase(given: ScheduleCase, { profile, trace, scores = [] }: AnswerOptions): CaseAnswer {
  const decision = decideCase(given, profile, scores);
  const told = decision.ok ? decision.attempts.at(-1) : decision.attempts[0];
  const rejected = told === undefined ? {} : filtersByCluster(told.rejected);
  return {
    id: given.id,
    ...outcomeOf(decision),
    ...(Object.keys(rejected).length > 0 ? { rejected } : {}),
    ...(trace ? { attempts: decision.attempts.map(tellAttempt) } : {}),
  };
}

export function decideCase(given: ScheduleCase, profile: Profile, scores: readonly ScorePlugin[] = []): Decision {
  const { spec, status, clusters, insides, peers = [] } = given;
  const ours = profileOf(given, profile);
  const view = { clusters, peers, ...(insides === undefined ? {} : { insides: new Map(Object.entries(insides)) }) };
  return schedule({ spec, status }, view, ours, extendPlugins(pluginsFor(ours), { scores }));
}

function profileOf({ gates, options }: ScheduleCase, profile: Profile): Profile {
  return {
    ...profile,
    gates: { ...profile.gates, ...gates },
    enableEmptyWorkloadPropagation: options?.enableEmptyWorkloadPropagation ?? profile.enableEmptyWorkloadPropagation,
  };
}

function outcomeOf(decision: Decision): Partial<CaseAnswer> {
  if (!decision.ok) return { error: answerError(decision.code), message: decision.message };
  const clusters = [...decision.clusters].sort(byName).map(tellTarget);
  return decision.affinity === null ? { clusters } : { clusters, affinity: decision.affinity };
}

const answerError = (code: DecisionCode): AnswerError => (code === 'StrategyUnsupported' ? 'InvalidPlacement' : code);

const tellTarget = ({ name, replicas, components }: TargetCluster): TargetCluster => ({
  name,
  ...(replicas === undefined ? {} : { replicas }),
  ...(components === undefined ? {} : { components }),
});

function tellAttempt({ affinity, rejected, scores, selected, estimates, failure }: AttemptTrace): AttemptAnswer {
  return {
    ...(affinity === null ? {} : { affinity }),
    rejected: byCluster(rejected),
    scores: byCluster(scores),
    ...(selected === null ? {} : { selected }),
    estimates: byCluster(estimates),
    ...(failure === null ? {} : { error: answerError(failure.code), step: failure.step, message: failure.message }),
  };
}

const filtersByCluster = (rejected: RejectionsByCluster): Record<string, readonly string[]> =>
  byCluster(
    new Map([...rejected].map(([name, rejections]) => [name, rejections.map(({ filter }) => filter).sort(byText)])),
  );

/** Keys in the order of names, whatever the order of the fleet. */
const byCluster = <T>(values: ReadonlyMap<string, T>): Record<string, T> =>
  Object.fromEntries([...values].sort(([a], [b]) => byText(a, b)));
