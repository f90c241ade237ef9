// Plays a scenario again whenever a file in its folder changes, until it is interrupted.
import { watch } from 'node:fs';
import { dirname } from 'node:path';
import { CommandError, type ExitCode } from '../../executor/terminal/command.ts';

/** Editors write a file in several steps: those count as one change. */
const SETTLE_MS = 150;

export async function watching(file: string, signal: AbortSignal, run: () => Promise<ExitCode>): Promise<ExitCode> {
  let outcome: ExitCode = 0;
  while (!signal.aborted) {
    const changed = nextChange(dirname(file), signal);
    try {
      outcome = await run();
    } catch (error) {
      // A mistake in a file is what its author is about to mend.
      if (!(error instanceof CommandError)) throw error;
      process.stderr.write(`error: ${error.message}\n`);
      outcome = 1;
    }
    if (signal.aborted) break;
    process.stderr.write(`\nwaiting for a change in ${dirname(file)}\n`);
    await changed;
  }
  return outcome;
}

function nextChange(folder: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(folder, { recursive: true });
    const done = () => {
      watcher.close();
      resolve();
    };
    watcher.once('change', () => setTimeout(done, SETTLE_MS));
    watcher.on('error', done);
    signal.addEventListener('abort', done, { once: true });
  });
}
