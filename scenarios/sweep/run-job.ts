// Carries one run of a sweep out, in whatever thread it is called.
import { loadScenario } from '../load.ts';
import { Run } from '../run/run.ts';
import type { SweepJob, SweepResult } from './job.ts';

export async function runJob({ number, file, seed, set, profile }: SweepJob): Promise<SweepResult> {
  const scenario = await loadScenario(file, { seed, set, ...(profile !== null && { profile }) });
  const run = new Run(scenario);
  run.advance(Number.POSITIVE_INFINITY);
  const { ok, findings, unrest, figures: whole } = run.finish();
  const figures: Record<string, number> = { ...whole.all };
  for (const { expectation, values, tookMs } of findings) {
    if (tookMs !== null) figures[`seconds: ${expectation.name}`] = tookMs / 1_000;
    if (expectation.moment.kind !== 'at-end') continue;
    for (const { text, value } of values) if (typeof value === 'number') figures[`at end: ${text}`] = value;
  }
  const failed = findings.filter((finding) => !finding.ok).map(({ expectation }) => expectation.name);
  const restless = unrest.map(({ place }) => `at rest (line ${place.line})`);
  return { number, seed, set, profile: scenario.profile.name, ok, failed: [...failed, ...restless], figures };
}
