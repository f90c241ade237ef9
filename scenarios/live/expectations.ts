// What was expected of a scenario, judged in virtual time and live, side by side.
import type { Millis } from '../../engine/index.ts';
import type { Expectation } from '../expect/expectation.ts';
import type { FactShown, Finding } from '../expect/judge.ts';

export type Judgement =
  | ({ readonly verdict: 'held' | 'failed'; readonly atMs: Millis; readonly why: string } & Seen)
  /** The run ended before it could be told. */
  | { readonly verdict: 'open' }
  | { readonly verdict: 'not judged'; readonly why: string };

interface Seen {
  readonly tookMs: Millis | null;
  readonly values: readonly FactShown[];
}

export interface Verdict {
  readonly expected: string;
  readonly line: number;
  readonly simulated: Judgement;
  readonly live: Judgement;
}

/** Facts that nobody sees live. */
const UNSEEN: Readonly<Record<string, string>> = {
  calls: 'requests are counted in virtual time alone',
  metric: 'metrics are kept in virtual time alone',
  quiet: 'not all that changes in live clusters is seen',
};

/** Null for what is judged live. */
export function whyNotJudged({ condition }: Expectation): string | null {
  const unseen = condition.reads.find(({ name }) => Object.hasOwn(UNSEEN, name));
  return unseen === undefined ? null : `${unseen.text}: ${UNSEEN[unseen.name]}`;
}

export function compareFindings(
  expectations: readonly Expectation[],
  simulated: readonly Finding[],
  live: readonly Finding[],
): readonly Verdict[] {
  return expectations.map((expectation) => {
    const why = whyNotJudged(expectation);
    return {
      expected: expectation.name,
      line: expectation.place.line,
      simulated: judgementOf(expectation, simulated),
      live: why === null ? judgementOf(expectation, live) : { verdict: 'not judged', why },
    };
  });
}

function judgementOf(expectation: Expectation, findings: readonly Finding[]): Judgement {
  const finding = findings.find((one) => one.expectation === expectation);
  if (finding === undefined) return { verdict: 'open' };
  const { ok, at, why, tookMs, values } = finding;
  return { verdict: ok ? 'held' : 'failed', atMs: at, why, tookMs, values };
}

export const failsLive = (verdicts: readonly Verdict[]): boolean =>
  verdicts.some(({ live }) => live.verdict === 'failed');
