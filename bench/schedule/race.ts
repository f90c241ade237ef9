// Measures one or several profiles on one input, repetition by repetition in turn, so that all meet the same weather.
import type { Contestant } from './contestant.ts';
import type { ScheduleInput } from './input.ts';
import { type MeasureOptions, type Samples, ScheduleMeasurement } from './measure.ts';

/** Of an interrupted race, what was measured so far. */
export async function race(
  input: ScheduleInput,
  contestants: readonly Contestant[],
  options: MeasureOptions,
): Promise<Samples[]> {
  const runners = contestants.map((contestant) => new ScheduleMeasurement(input, contestant, options));
  for (const runner of runners) runner.warmUp();
  const total = options.repeat * runners.length;
  let done = 0;
  for (let round = 0; round < options.repeat; round += 1) {
    for (const runner of runners) {
      if (options.signal.aborted && round > 0) break;
      await runner.repetition();
      done += 1;
      options.onProgress(done, total);
    }
  }
  return runners.map((runner) => runner.finish());
}
