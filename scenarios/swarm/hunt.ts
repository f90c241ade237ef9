// Hunts for failures: draws scenario after scenario, judges each, and makes what fails small.
import { CONTROL_PLANE, type ControlPlane } from '../run/processes.ts';
import { type DrawOptions, drawScenario, type SwarmDocument } from './draw-scenario.ts';
import { judgeBeside, judgeDocument } from './judge-document.ts';
import type { SwarmVerdict } from './judge-run.ts';
import { withRestarts } from './restarts.ts';
import { shrink } from './shrink.ts';
import { withoutFaults } from './twin.ts';

export interface HuntOptions extends DrawOptions {
  /** Runs are drawn from this and a number. */
  readonly seed: string;
  readonly from: number;
  /** No faults but one: each process of the control plane ends at each of its writes, one run for each. */
  readonly restarts?: boolean;
  /** Who is hunted. */
  readonly controlPlane?: ControlPlane;
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
  for (let number = options.from; options.goesOn(runs); number += 1) {
    const seed = seedOf(options.seed, number);
    const drawn = drawScenario(seed, options);
    for await (const { document, verdict } of judged(drawn, options)) {
      runs += 1;
      events += verdict.events;
      for (const [name, isReached] of Object.entries(verdict.reached)) {
        reached[name] = (reached[name] ?? 0) + (isReached ? 1 : 0);
      }
      if (!verdict.ok) failures.push({ seed, verdict, document });
      options.onRun?.(runs, verdict);
      if (!options.goesOn(runs)) break;
    }
  }
  return { runs, events, failures, reached };
}

async function* judged(drawn: SwarmDocument, { restarts = false, controlPlane }: HuntOptions) {
  const calm = restarts ? withoutFaults(drawn) : drawn;
  const first = await judgeDocument(calm, controlPlane);
  yield { document: calm, verdict: first };
  if (!restarts || !first.ok) return;
  for (const document of await withRestarts(calm)) {
    yield { document, verdict: await judgeBeside(first, document, controlPlane) };
  }
}

const SHRINK_TRIES = 400;

/** The smallest scenario found that breaks one of the same rules. */
export async function smallest(
  { verdict, document }: Failure,
  controlPlane: ControlPlane = CONTROL_PLANE,
): Promise<SwarmDocument> {
  const rules = new Set(verdict.violations.map(({ rule }) => rule));
  const result = await shrink(
    document,
    async (candidate) => {
      const found = await judgeDocument(candidate, controlPlane).catch(() => null);
      return found?.violations.some(({ rule }) => rules.has(rule)) === true;
    },
    SHRINK_TRIES,
  );
  return result.document;
}
