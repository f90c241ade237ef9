// "muster replay": plays a scenario in virtual time, tells what happens, judges what was expected, and writes the reports.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Argv } from 'yargs';
import { writeText } from '../../executor/files/write.ts';
import { type ColourMode, type Palette, palette, wantsColour } from '../../executor/terminal/colour.ts';
import { type Arguments, type Command, CommandError, type ExitCode } from '../../executor/terminal/command.ts';
import { interruptible } from '../../executor/terminal/interrupt.ts';
import { terminalProgress } from '../../executor/terminal/progress.ts';
import { formatDuration, parseDuration } from '../format/duration.ts';
import type { Scenario } from '../format/scenario.ts';
import { type LoadOptions, loadScenario } from '../load.ts';
import { Run, type RunOutcome, type StoryLine } from '../run/run.ts';
import { openingText, outcomeText, storyText } from './print.ts';
import { type TraceDetail, TraceWriter, traceHeader } from './trace-file.ts';

export const command: Command = {
  declare: (yargs: Argv) =>
    yargs
      .positional('scenario', { type: 'string', demandOption: true, describe: 'a scenario file' })
      .option('out', { type: 'string', describe: 'folder for trace, metrics, summary and report' })
      .option('seed', { type: 'string', describe: "in place of the scenario's" })
      .option('profile', { type: 'string', describe: "muster, karmada or a file, in place of the scenario's" })
      .option('set', { type: 'string', array: true, nargs: 1, default: [], describe: 'a parameter: NAME=VALUE' })
      .option('until', { type: 'string', describe: 'end it at this time: 15m' })
      .option('trace', {
        choices: ['steps', 'full'] as const,
        default: 'steps' as const,
        describe: 'what the trace holds: steps of controllers, or also all that they saw',
      })
      .option('output', {
        alias: 'o',
        choices: ['table', 'json'] as const,
        default: 'table' as const,
        describe: 'how to print it',
      })
      .example('$0 replay scenarios/az-outage.yaml', 'what happens when an availability zone goes dark')
      .example('$0 replay scenarios/az-outage.yaml --profile karmada', 'the same by the rules of Karmada'),
  run: (args) => interruptible((signal) => replay(args, signal)),
};

/** How long the run goes on before whoever looks at it is served. */
const SLICE_MS = 100;

async function replay(args: Arguments, signal: AbortSignal): Promise<ExitCode> {
  const file = args.scenario as string;
  const scenario = await loadScenario(file, loadOptionsOf(args));
  const untilMs = untilOf(args, scenario);
  const out = args.out as string | undefined;
  if (out !== undefined) await mkdir(out, { recursive: true });
  const isJson = args.output === 'json';
  const colours = palette(wantsColour(args.color as ColourMode, process.stdout));
  const detail = args.trace as TraceDetail;
  const trace = new TraceWriter(out === undefined ? null : join(out, 'trace.jsonl'));
  trace.write(traceHeader(scenario, detail));
  const progress = terminalProgress();
  if (!isJson) await writeText(process.stdout, openingText(scenario, colours));

  const told: StoryLine[] = [];
  const run = new Run(scenario, {
    onTrace: (line) => trace.write(line),
    traceDetail: detail,
    onStory: (line) => told.push(line),
  });
  const tell = async (): Promise<void> => {
    if (told.length > 0) progress.clear();
    for (const line of told.splice(0)) if (!isJson) await writeText(process.stdout, storyText(line, colours));
  };
  while (!signal.aborted) {
    const pauseAt = performance.now() + SLICE_MS;
    const isDone = run.advance(untilMs, () => performance.now() >= pauseAt);
    await tell();
    if (isDone || run.elapsed >= untilMs) break;
    progress.show(`${formatDuration(Math.max(0, run.elapsed))} of ${formatDuration(untilMs)}`);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  progress.clear();
  const outcome = run.finish();
  await tell();
  const hash = trace.close();
  const again = reproduce(args, scenario);
  if (isJson) await writeText(process.stdout, `${JSON.stringify(plain(scenario, outcome, hash, again), null, 2)}\n`);
  else await writeText(process.stdout, closingText(outcome, { hash, again, lines: trace.lines }, colours));
  if (signal.aborted) return 130;
  return outcome.ok ? 0 : 99;
}

function loadOptionsOf(args: Arguments): LoadOptions {
  const set: Record<string, string> = {};
  for (const pair of args.set as readonly string[]) {
    const split = pair.indexOf('=');
    if (split <= 0) throw new CommandError(`--set "${pair}" should be NAME=VALUE`);
    set[pair.slice(0, split)] = pair.slice(split + 1);
  }
  return {
    set,
    ...(args.seed !== undefined && { seed: String(args.seed) }),
    ...(args.profile !== undefined && { profile: String(args.profile) }),
  };
}

function untilOf({ until }: Arguments, { durationMs }: Scenario): number {
  if (until === undefined) return durationMs;
  const ms = parseDuration(until);
  if (ms === null) throw new CommandError(`--until "${String(until)}" should be a duration such as 15m`);
  return Math.min(ms, durationMs);
}

/** The command that gives the same run again. */
function reproduce(args: Arguments, { file, seed, profile }: Scenario): string {
  const set = (args.set as readonly string[]).map((pair) => ` --set ${pair}`).join('');
  const given = args.profile === undefined ? '' : ` --profile ${String(args.profile)}`;
  const until = args.until === undefined ? '' : ` --until ${String(args.until)}`;
  return `muster replay ${file} --seed ${seed}${given || (profile.name === 'muster' ? '' : ` --profile ${profile.name}`)}${set}${until}`;
}

interface Closing {
  readonly hash: string;
  readonly again: string;
  readonly lines: number;
}

function closingText(outcome: RunOutcome, { hash, again, lines }: Closing, colours: Palette): string {
  const { dim, green, red } = colours;
  const failed = outcome.findings.filter(({ ok }) => !ok).length + outcome.unrest.length;
  const verdict = failed === 0 ? green('all as expected') : red(`${failed} not as expected`);
  const figures = `${outcome.events} events, ${outcome.calls} requests, ${lines} lines of trace ${hash.slice(0, 12)}`;
  return `${outcomeText(outcome, colours)}\n${verdict}\n${dim(`${figures}\nagain: ${again}`)}\n`;
}

function plain(scenario: Scenario, outcome: RunOutcome, hash: string, again: string): object {
  const { name, seed, profile, params } = scenario;
  return {
    scenario: name,
    seed,
    profile: profile.name,
    params,
    ok: outcome.ok,
    endedAtMs: outcome.endedAt,
    expectations: outcome.findings.map(({ expectation, ok, at, why, values }) => ({
      expected: expectation.name,
      ok,
      atMs: at,
      why,
      values: Object.fromEntries(values.map(({ text, value }) => [text, value])),
    })),
    story: outcome.story.map(({ at, sort, id, text, ok }) => ({ atMs: at, sort, id, text, ok })),
    events: outcome.events,
    requests: outcome.calls,
    trace: { sha256: hash },
    again,
  };
}
