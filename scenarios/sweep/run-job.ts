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
  const figures: Record<string, number | null> = { ...whole.all, ...worstTimes(whole.faults) };
  for (const { expectation, values, tookMs } of findings) {
    const { name, moment } = expectation;
    if (moment.kind === 'within') figures[`seconds: ${name}`] = tookMs === null ? null : tookMs / 1_000;
    if (moment.kind !== 'at-end') continue;
    for (const { text, value } of values) if (typeof value === 'number') figures[`at end: ${text}`] = orNull(value);
  }
  const failed = findings.filter((finding) => !finding.ok).map(({ expectation }) => expectation.name);
  const restless = unrest.map(({ place }) => `at rest (line ${place.line})`);
  return {
    number,
    seed,
    set,
    profile: scenario.profile.name,
    asked: profile,
    ok,
    failed: [...failed, ...restless],
    figures,
  };
}

/** The longest of all faults. */
function worstTimes(faults: readonly FaultFigures[]): Readonly<Record<string, number | null>> {
  if (faults.length === 0) return {};
  const longest = (name: 'detectSeconds' | 'evictSeconds' | 'recoverSeconds') =>
    orNull(Math.max(...faults.map((fault) => fault[name])));
  return {
    detectSeconds: longest('detectSeconds'),
    evictSeconds: longest('evictSeconds'),
    recoverSeconds: longest('recoverSeconds'),
  };
}

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
