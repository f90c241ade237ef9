// Hunts for failures: draws scenario after scenario, judges each, and makes the first that fails small.
import { type DrawOptions, drawScenario, type SwarmDocument } from './draw-scenario.ts';
import { judgeDocument } from './judge-document.ts';
import type { SwarmVerdict } from './judge-run.ts';
import { shrink } from './shrink.ts';

export interface HuntOptions extends DrawOptions {
  /** Runs are drawn from this and a number. */
  readonly seed: string;
  readonly from: number;
  /** Asked before each run. */
  readonly goesOn: (runs: number) => boolean;
  readonly onRun?: (runs: number, verdict: SwarmVerdict) => void;
}

export interface Failure {
  readonly seed: string;
  readonly verdict: SwarmVerdict;
  readonly document: SwarmDocument;
}

export interface HuntResult {
  readonly runs: number;
  readonly events: number;
  readonly failures: readonly Failure[];
  /** States that are of interest, and how many runs came to them: those that none came to are worth a look. */
  readonly reached: Readonly<Record<string, number>>;
}

export const seedOf = (seed: string, number: number): string => `${seed}-${number}`;

export async function hunt(options: HuntOptions): Promise<HuntResult> {
  const failures: Failure[] = [];
  const reached: Record<string, number> = {};
  let runs = 0;
  let events = 0;
  while (options.goesOn(runs)) {
    const seed = seedOf(options.seed, options.from + runs);
    const document = drawScenario(seed, options);
    const verdict = await judgeDocument(document);
    runs += 1;
    events += verdict.events;
    for (const [name, isReached] of Object.entries(verdict.reached)) {
      reached[name] = (reached[name] ?? 0) + (isReached ? 1 : 0);
    }
    if (!verdict.ok) failures.push({ seed, verdict, document });
    options.onRun?.(runs, verdict);
  }
  return { runs, events, failures, reached };
}

const SHRINK_TRIES = 400;

/** The smallest scenario found that breaks one of the same rules. */
export async function smallest({ verdict, document }: Failure): Promise<SwarmDocument> {
  const rules = new Set(verdict.violations.map(({ rule }) => rule));
  const result = await shrink(
    document,
    async (candidate) => {
      const found = await judgeDocument(candidate).catch(() => null);
      return found?.violations.some(({ rule }) => rules.has(rule)) === true;
    },
    SHRINK_TRIES,
  );
  return result.document;
}
