// Holds a measurement against an earlier one: ratios with intervals, and whether something became slower than allowed.
import type { Figures } from './schedule/figures.ts';
import type { Estimate, Statistics } from './statistics.ts';

export type Verdict = 'faster' | 'same' | 'slower' | 'regression';

export interface Comparison {
  readonly profile: string;
  readonly figure: string;
  readonly before: number;
  readonly now: number;
  readonly ratio: Estimate;
  readonly verdict: Verdict;
}

/** `maxRegression` is the share of its speed that a figure may lose: 0.1 for a tenth. */
export function compareFigures(
  now: readonly Figures[],
  before: readonly Figures[],
  maxRegression: number,
  statistics: Statistics,
): Comparison[] {
  return now.flatMap((figures) => {
    const earlier = before.find(
      (each) => each.profile === figures.profile && each.clusters === figures.clusters && each.churn === figures.churn,
    );
    if (earlier === undefined) return [];
    const ratio = statistics.ratio(figures.samples, earlier.samples);
    return [
      {
        profile: figures.profile,
        figure: `decisions/s at ${figures.clusters} clusters`,
        before: earlier.decisionsPerSecond,
        now: figures.decisionsPerSecond,
        ratio,
        verdict: verdictOf(ratio, maxRegression),
      },
    ];
  });
}

/** A loss counts once even the kind end of the interval shows it. */
function verdictOf({ low, high }: Estimate, maxRegression: number): Verdict {
  if (high < 1 - maxRegression) return 'regression';
  if (high < 1) return 'slower';
  return low > 1 ? 'faster' : 'same';
}

/** Machines differ: figures from another one say nothing about the code. */
export const sameMachine = (one: Figures, other: Figures): boolean => one.cpu === other.cpu && one.node === other.node;
