// Plays a scenario again whenever a file in its folder changes, until it is interrupted.
import { watch } from 'node:fs';
import { resolve as absolute, dirname, isAbsolute, relative } from 'node:path';
import { CommandError, type ExitCode } from '../../executor/terminal/command.ts';

/** Editors write a file in several steps: those count as one change. */
const SETTLE_MS = 150;

export interface Watched {
  readonly file: string;
  /** Where a run leaves its files: those are no reason for another run. */
  readonly out: string | null;
}

export async function watching(
  { file, out }: Watched,
  signal: AbortSignal,
  run: () => Promise<ExitCode>,
): Promise<ExitCode> {
  let outcome: ExitCode = 0;
  while (!signal.aborted) {
    const changed = nextChange({ file, out }, signal);
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

function nextChange({ file, out }: Watched, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const folder = dirname(file);
    const watcher = watch(folder, { recursive: true });
    const done = () => {
      watcher.close();
      resolve();
    };
    watcher.on('change', (_, name) => {
      const path = absolute(folder, String(name));
      if (path === absolute(file) || out === null || !isBelow(out, path)) setTimeout(done, SETTLE_MS);
    });
    watcher.on('error', done);
    signal.addEventListener('abort', done, { once: true });
  });
}

function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return !way.startsWith('..') && !isAbsolute(way);
}
