// One replay in a process of its own, as `muster replay FILE` does it, so that its time and its memory are its own.

import { palette } from '../../executor/terminal/colour.ts';
import { loadScenario } from '../../scenarios/load.ts';
import { play } from '../../scenarios/replay/play.ts';
import { TraceWriter } from '../../scenarios/replay/trace-file.ts';

export interface ReplayFigures {
  readonly loadSeconds: number;
  /** From the first event to the last, without the loading. */
  readonly seconds: number;
  /** Of the processor, for all of it. */
  readonly cpuSeconds: number;
  readonly peakMiB: number;
  readonly events: number;
  readonly requests: number;
  readonly isAsExpected: boolean;
}

async function measure(file: string): Promise<ReplayFigures> {
  const began = performance.now();
  const scenario = await loadScenario(file);
  const loaded = performance.now();
  const trace = new TraceWriter(null);
  const { outcome } = await play(scenario, {
    untilMs: scenario.durationMs,
    detail: 'steps',
    onTrace: (line) => trace.write(line),
    signal: new AbortController().signal,
    isTold: false,
    isStepped: false,
    colours: palette(false),
  });
  trace.close();
  const ended = performance.now();
  const { user, system } = process.cpuUsage();
  return {
    loadSeconds: (loaded - began) / 1000,
    seconds: (ended - loaded) / 1000,
    cpuSeconds: (user + system) / 1e6,
    peakMiB: process.resourceUsage().maxRSS / 1024,
    events: outcome.events,
    requests: outcome.calls,
    isAsExpected: outcome.ok,
  };
}

const file = process.argv[2];
if (file !== undefined) process.send?.(await measure(file));
