// "muster replay --live": the scenario in virtual time, then the same on real processes, and how the two compare.
import { join } from 'node:path';
import { writeText } from '../../executor/files/write.ts';
import { writeAtomically } from '../../executor/files/write-atomic.ts';
import { CommandError, type ExitCode } from '../../executor/terminal/command.ts';
import { formatDuration } from '../../executor/terminal/duration.ts';
import type { Scenario } from '../format/scenario.ts';
import { compareRecordings } from './fidelity.ts';
import { fidelityMarkdown, fidelityText } from './fidelity-text.ts';
import { playLive } from './play-live.ts';
import { playSimulated } from './play-simulated.ts';
import { unplayable } from './unplayable.ts';

export interface ReplayLiveOptions {
  readonly untilMs: number;
  /** The folder for reports, which is there; null for none. */
  readonly out: string | null;
  readonly isJson: boolean;
  readonly signal: AbortSignal;
}

const EVERY_MS = 250;

const say = (text: string): void => void process.stderr.write(`live: ${text}\n`);

export async function replayLive(scenario: Scenario, options: ReplayLiveOptions): Promise<ExitCode> {
  const { untilMs, out, isJson, signal } = options;
  const problems = unplayable(scenario);
  if (problems.length > 0) {
    throw new CommandError(`${scenario.file} cannot be played live:\n${problems.map((one) => `  ${one}`).join('\n')}`);
  }
  const simulated = playSimulated(scenario, untilMs, EVERY_MS);
  const live = await playLive(scenario, {
    untilMs,
    everyMs: EVERY_MS,
    signal,
    say,
    onEvent: (at, text) => say(`${formatDuration(Math.round(at / 1000) * 1000)} ${text}`),
  });
  if (signal.aborted) return 130;
  const fidelity = compareRecordings(simulated, live);
  const json = `${JSON.stringify({ scenario: scenario.name, seed: scenario.seed, ...fidelity }, null, 2)}\n`;
  if (out !== null) {
    await writeAtomically(join(out, 'fidelity.json'), json);
    await writeAtomically(join(out, 'fidelity.md'), fidelityMarkdown(scenario, fidelity));
  }
  await writeText(process.stdout, isJson ? json : fidelityText(fidelity));
  return 0;
}
