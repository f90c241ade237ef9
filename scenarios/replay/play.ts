// Drives a run to its end: in slices, so that progress shows and Ctrl-C is heard, and with everything told as it happens.
import { writeText } from '../../executor/files/write.ts';
import type { Palette } from '../../executor/terminal/colour.ts';
import { formatDuration } from '../../executor/terminal/duration.ts';
import { terminalProgress } from '../../executor/terminal/progress.ts';
import type { Scenario } from '../format/scenario.ts';
import type { Recorder } from '../report/recorder.ts';
import { inSeconds } from '../report/seen.ts';
import { Run, type RunOutcome, type StoryLine } from '../run/run.ts';
import { storyText } from './print.ts';
import { Stepper } from './step.ts';
import { type TraceDetail, traceHeader } from './trace-file.ts';

export interface PlayOptions {
  readonly untilMs: number;
  readonly detail: TraceDetail;
  readonly onTrace: (line: string) => void;
  readonly signal: AbortSignal;
  /** The story is printed as it happens. */
  readonly isTold: boolean;
  readonly isStepped: boolean;
  readonly colours: Palette;
  /** Watches the run, where its report is wanted. */
  readonly recorder?: Recorder | null;
  /** Ends the run early. */
  readonly isEnough?: () => boolean;
}

/** How long the run goes on before whoever looks at it is served. */
const SLICE_MS = 100;

/** Events between two looks at the clock, which takes as long as a short event. */
const EVENTS_A_LOOK = 64;

export interface Played {
  readonly run: Run;
  readonly outcome: RunOutcome;
}

export async function play(scenario: Scenario, options: PlayOptions): Promise<Played> {
  const {
    untilMs,
    detail,
    onTrace,
    signal,
    isTold,
    isStepped,
    colours,
    recorder = null,
    isEnough = () => false,
  } = options;
  const progress = terminalProgress();
  const told: StoryLine[] = [];
  onTrace(traceHeader(scenario, detail));
  const run = new Run(scenario, {
    onTrace,
    traceDetail: detail,
    onStory: (line) => told.push(line),
    ...(recorder !== null && { onLine: (line) => recorder.notice(line) }),
  });
  recorder?.attach(run);
  const stepper = isStepped ? new Stepper(run, colours, signal) : null;
  const tell = async (): Promise<void> => {
    if (told.length > 0) progress.clear();
    for (const line of told.splice(0)) if (isTold) await writeText(process.stdout, storyText(line, colours));
  };
  while (!signal.aborted && !isEnough()) {
    const pauseAt = performance.now() + SLICE_MS;
    const stopMs = Math.min(untilMs, stepper?.stopMs ?? untilMs);
    let events = 0;
    const isOver = () => ++events % EVENTS_A_LOOK === 0 && performance.now() >= pauseAt;
    run.advance(stopMs, () => isOver() || (stepper !== null && told.length > 0));
    const isAtStop = run.elapsed >= stopMs;
    const hasNews = told.length > 0;
    await tell();
    if (run.isDone || run.elapsed >= untilMs) break;
    if (stepper !== null && (hasNews || isAtStop) && !(await stepper.ask(hasNews))) break;
    progress.show(`${inSeconds(Math.max(0, run.elapsed))} of ${formatDuration(untilMs)}`);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  progress.clear();
  stepper?.close();
  const outcome = run.finish();
  await tell();
  return { run, outcome };
}
