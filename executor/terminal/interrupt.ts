// Ctrl-C asks for an orderly end; a second one does not wait for it.
import type { ExitCode } from './command.ts';

export interface Interruption {
  readonly signal: AbortSignal;
  /** Gives Ctrl-C back its usual meaning. */
  release(): void;
}

export function onInterrupt(): Interruption {
  const controller = new AbortController();
  const listen = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', listen);
  process.on('SIGTERM', listen);
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', listen);
      process.off('SIGTERM', listen);
    },
  };
}

/** Runs what Ctrl-C may end: it is given the signal, and whatever it makes of it, the exit code tells of the interruption. */
export async function interruptible(run: (signal: AbortSignal) => Promise<ExitCode>): Promise<ExitCode> {
  const { signal, release } = onInterrupt();
  try {
    const outcome = await run(signal);
    return signal.aborted ? 130 : outcome;
  } catch (error) {
    if (signal.aborted && (error === signal.reason || (error as Error).name === 'AbortError')) return 130;
    throw error;
  } finally {
    release();
  }
}
