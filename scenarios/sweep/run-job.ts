// Carries one run of a sweep out, in whatever thread it is called.
import { loadScenario } from '../load.ts';
import type { FaultFigures } from '../metrics/names.ts';
import { Run } from '../run/run.ts';
import type { SweepJob, SweepResult } from './job.ts';

export async function runJob({ number, file, seed, set, profile }: SweepJob): Promise<SweepResult> {
  const scenario = await loadScenario(file, { seed, set, ...(profile !== null && { profile }) });
  const run = new Run(scenario);
  run.advance(Number.POSITIVE_INFINITY);
  const { ok, findings, unrest, figures: whole } = run.finish();
  const figures: Record<string, number> = { ...whole.all, ...worstTimes(whole.faults) };
  for (const { expectation, values, tookMs } of findings) {
    if (tookMs !== null) figures[`seconds: ${expectation.name}`] = tookMs / 1_000;
    if (expectation.moment.kind !== 'at-end') continue;
    for (const { text, value } of values) if (Number.isFinite(value)) figures[`at end: ${text}`] = Number(value);
  }
  const failed = findings.filter((finding) => !finding.ok).map(({ expectation }) => expectation.name);
  const restless = unrest.map(({ place }) => `at rest (line ${place.line})`);
  return { number, seed, set, profile: scenario.profile.name, ok, failed: [...failed, ...restless], figures };
}

/** The longest of all faults; what never came about has no time. */
function worstTimes(faults: readonly FaultFigures[]): Readonly<Record<string, number>> {
  const times: Record<string, number> = {};
  for (const name of ['detectSeconds', 'evictSeconds', 'recoverSeconds'] as const) {
    const longest = Math.max(...faults.map((fault) => fault[name]));
    if (Number.isFinite(longest)) times[name] = longest;
  }
  return times;
}
