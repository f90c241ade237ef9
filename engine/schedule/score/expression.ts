// Scores by an expression over named cluster facts. The engine knows only the compiled form: who compiles it, and from
// which language, is the caller's choice.
import type { ScorePlugin } from '../plugin.ts';
import { type FactReader, factsOf } from './facts.ts';

export interface ScoreExpression {
  /** As it was written. */
  readonly text: string;
  evaluate(facts: FactReader): number;
}

/** On a policy: the expression that scores clusters for the workloads it propagates. */
export const SCORE_ANNOTATION = 'scheduling.muster.dev/score';

const SCORE_MAX = 100;

/** What comes out is held between 0 and 100; what is no number scores nothing. */
export function expressionScore(name: string, expression: ScoreExpression): ScorePlugin {
  return {
    name,
    score(cluster, request) {
      const score = expression.evaluate(factsOf(cluster, request));
      return Number.isNaN(score) ? 0 : Math.min(Math.max(score, 0), SCORE_MAX);
    },
  };
}
