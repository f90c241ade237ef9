// "muster replay": plays a scenario in virtual time, tells what happens, judges what was expected, and writes the reports.
import { join } from 'node:path';
import type { Argv } from 'yargs';
import { findProfile } from '../../engine/index.ts';
import { makeFolder } from '../../executor/files/folder.ts';
import { writeText } from '../../executor/files/write.ts';
import { withKindImages } from '../../executor/members/kind-images.ts';
import { type ColourMode, type Palette, palette, wantsColour } from '../../executor/terminal/colour.ts';
import { type Arguments, type Command, CommandError, type ExitCode } from '../../executor/terminal/command.ts';
import { parseDuration } from '../../executor/terminal/duration.ts';
import { interruptible } from '../../executor/terminal/interrupt.ts';
import { goOnUnread } from '../../executor/terminal/unread.ts';
import type { Scenario } from '../format/scenario.ts';
import { LIVE_MEMBER_FORMS } from '../live/wanted-members.ts';
import { type LoadOptions, loadScenario } from '../load.ts';
import { Recorder } from '../report/recorder.ts';
import type { RunOutcome } from '../run/run.ts';
import { replayCommand } from './again.ts';
import { differenceText, TraceComparison } from './compare.ts';
import { deliver } from './deliver.ts';
import { headerOf } from './header.ts';
import { play } from './play.ts';
import { openingText, outcomeText } from './print.ts';
import { loadRecorded, recordedOptions } from './recorded.ts';
import { rerunTrace } from './rerun.ts';
import { type TraceDetail, TraceWriter } from './trace-file.ts';
import { watching } from './watch.ts';

export const command: Command = {
  declare: (yargs: Argv) =>
    withKindImages(yargs)
      .positional('scenario', { type: 'string', describe: 'a scenario file' })
      .option('out', { type: 'string', describe: 'folder for trace, metrics, summary and report' })
      .option('seed', { type: 'string', describe: "in place of the scenario's" })
      .option('profile', { type: 'string', describe: "muster, karmada or a file, in place of the scenario's" })
      .option('set', { type: 'string', array: true, nargs: 1, default: [], describe: 'a parameter: NAME=VALUE' })
      .option('until', { type: 'string', describe: 'end it at this time: 15m' })
      .option('step', { type: 'boolean', default: false, describe: 'stop at every event and ask how to go on' })
      .option('watch', { type: 'boolean', default: false, describe: 'play it again whenever a file beside it changes' })
      .option('from', {
        type: 'string',
        describe:
          'a recorded trace to compare with; without a scenario, its controllers decide again what they decided',
      })
      .option('trace', {
        choices: ['steps', 'full'] as const,
        default: 'steps' as const,
        describe: 'what the trace holds: steps of controllers, or also all that they saw',
      })
      .option('live', {
        type: 'boolean',
        default: false,
        describe: 'play it on real clusters too, in real time, and compare',
      })
      .option('members', { type: 'string', describe: `of --live: ${LIVE_MEMBER_FORMS}; embedded if left out` })
      .option('kubeconfig', {
        type: 'string',
        describe: 'of --live: where the contexts of kubeconfig: members are read',
      })
      .option('output', {
        alias: 'o',
        choices: ['table', 'json'] as const,
        default: 'table' as const,
        describe: 'how to print it',
      })
      .example('$0 replay scenarios/az-outage.yaml', 'what happens when an availability zone goes dark')
      .example('$0 replay scenarios/az-outage.yaml --profile karmada', 'the same by the rules of Karmada')
      .example('$0 replay scenarios/rehearsal.yaml --live --members kind', 'on clusters that kind makes'),
  run: (args) => interruptible((signal) => replay(args, signal)),
};

async function replay(args: Arguments, signal: AbortSignal): Promise<ExitCode> {
  const { scenario: file, from } = args as { readonly scenario?: string; readonly from?: string };
  if (file === undefined) {
    if (from === undefined) throw new CommandError('which scenario? Name its file, or a trace with --from');
    return rerunTrace(from, args.profile as string | undefined);
  }
  if (args.watch === true) {
    return watching({ file, out: (args.out as string | undefined) ?? null }, signal, () =>
      replayOnce(file, args, signal),
    );
  }
  return replayOnce(file, args, signal);
}

async function replayOnce(file: string, args: Arguments, signal: AbortSignal): Promise<ExitCode> {
  const from = args.from as string | undefined;
  const out = args.out as string | undefined;
  if (from !== undefined) refuseBeside('from', args, ['out']);
  const header = from === undefined ? null : headerOf(from);
  if (header?.live === true) throw new CommandError(`${from} was recorded live: leave the scenario out`);
  const said = loadOptionsOf(args);
  const scenario =
    header === null
      ? await loadScenario(file, said)
      : await loadRecorded(file, recordedOptions(header, said), from!, header.profile);
  const untilMs = untilOf(args, scenario);
  if (out !== undefined) {
    await makeFolder(out);
    goOnUnread();
  }
  const isJson = args.output === 'json';
  const colours = palette(wantsColour(args.color as ColourMode, process.stdout));
  if (args.live === true) {
    refuseBeside('live', args, ['step', 'watch', 'from']);
    const { replayLive } = await import('../live/replay-live.ts');
    if (!isJson) await writeText(process.stdout, openingText(scenario, colours));
    return replayLive(scenario, { untilMs, out: out ?? null, isJson, signal, args });
  }
  const ofLive = ['members', 'kubeconfig', 'kind-image', 'load-image'].find((option) => args[option] !== undefined);
  if (ofLive !== undefined) throw new CommandError(`--${ofLive} is for --live`);
  const trace = new TraceWriter(out === undefined ? null : join(out, 'trace.jsonl'));
  const comparison = from === undefined ? null : new TraceComparison(from);
  if (!isJson) await writeText(process.stdout, openingText(scenario, colours));
  const recorder = out === undefined ? null : new Recorder();
  const { outcome } = await play(scenario, {
    recorder,
    untilMs,
    detail: header?.detail ?? (args.trace as TraceDetail),
    onTrace: (line) => {
      trace.write(line);
      comparison?.see(line);
    },
    signal,
    isTold: !isJson,
    isStepped: args.step === true,
    colours,
    isEnough: () => comparison?.difference != null,
  });
  const hash = trace.close();
  if (comparison !== null) return tellComparison(from!, comparison, untilMs === scenario.durationMs);
  const again = replayCommand({
    file,
    seed: scenario.seed,
    profile: (args.profile as string | undefined) ?? null,
    set: args.set as readonly string[],
    until: (args.until as string | undefined) ?? null,
  });
  const json = `${JSON.stringify(plain(scenario, outcome, hash, again), null, 2)}\n`;
  if (out !== undefined && recorder !== null) {
    await deliver(out, { scenario, outcome, hash, again, json, report: recorder.finish(outcome, again) });
  }
  if (isJson) await writeText(process.stdout, json);
  else {
    await writeText(process.stdout, outcomeText(outcome, colours) + verdictText(scenario, outcome, colours));
    const noteColours = palette(wantsColour(args.color as ColourMode, process.stderr));
    await writeText(process.stderr, noteText(outcome, { hash, again, lines: trace.lines }, noteColours));
  }
  if (signal.aborted) return 130;
  return outcome.ok ? 0 : 99;
}

function refuseBeside(one: string, args: Arguments, options: readonly string[]): void {
  const other = options.find((option) => args[option] !== undefined && args[option] !== false);
  if (other !== undefined) throw new CommandError(`--${one} and --${other} do not go together`);
}

async function tellComparison(from: string, comparison: TraceComparison, isWhole: boolean): Promise<ExitCode> {
  const difference = isWhole ? comparison.end() : comparison.difference;
  if (difference === null) {
    await writeText(process.stdout, `\nthe same as ${from}, in all ${comparison.lines} lines\n`);
    return 0;
  }
  await writeText(process.stdout, `\n${differenceText(from, difference)}`);
  return 99;
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

interface Closing {
  readonly hash: string;
  readonly again: string;
  readonly lines: number;
}

function verdictText(scenario: Scenario, { findings, unrest }: RunOutcome, { green, red }: Palette): string {
  const { expectations, expectedOfOthers, profile } = scenario;
  const failed = findings.filter(({ ok }) => !ok).length + unrest.length;
  // Of the profiles that are built in, what is expected of the one is not expected of the other: that is the story.
  const others = findProfile(profile.name) === null ? expectedOfOthers : 0;
  const unjudged =
    others === 0 ? '' : `; ${others} more ${others === 1 ? 'is' : 'are'} of other profiles than ${profile.name}`;
  if (failed === 0 && expectations.length === 0) return `\nnothing was expected${unjudged}\n`;
  const open = expectations.length - findings.length;
  const left = open === 0 ? '' : `; ${open} more could not be judged so early`;
  return `\n${failed === 0 ? green('all as expected') : red(`${failed} not as expected`)}${left}${unjudged}\n`;
}

/** How it was run, for whoever wants it again: that is no part of what came out. */
const noteText = ({ events, calls }: RunOutcome, { hash, again, lines }: Closing, { dim }: Palette): string =>
  dim(`${events} events, ${calls} requests, ${lines} lines of trace ${hash.slice(0, 12)}\nagain: ${again}\n`);

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
      values: Object.fromEntries(values.map(({ text, value }) => [text, isNever(value) ? 'never' : value])),
    })),
    story: outcome.story.map(({ at, sort, id, text, ok }) => ({ atMs: at, sort, id, text, ok })),
    metrics: outcome.figures,
    events: outcome.events,
    requests: outcome.calls,
    trace: { sha256: hash },
    again,
  };
}

const isNever = (value: unknown): boolean => value === Number.POSITIVE_INFINITY;
