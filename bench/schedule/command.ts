// muster bench schedule: how fast and how well a scheduler decides, at any fleet size.
import { readFile } from 'node:fs/promises';
import { PROFILES } from '../../engine/index.ts';
import { writeAtomically } from '../../executor/files/write-atomic.ts';
import { type Arguments, type Command, CommandError, type ExitCode } from '../../executor/terminal/command.ts';
import { onInterrupt } from '../../executor/terminal/interrupt.ts';
import { terminalProgress } from '../../executor/terminal/progress.ts';
import { type Comparison, compareFigures, sameMachine } from '../compare.ts';
import { loadStatistics } from '../statistics.ts';
import { loadContestant } from './contestant.ts';
import { type Figures, toFigures } from './figures.ts';
import { generatedInput, readInput, type ScheduleInput } from './input.ts';
import { karmadaFigure } from './karmada-figures.ts';
import { printComparison, printFigures } from './print.ts';
import { race } from './race.ts';
import { runSweep, SIZES, type SweepPlan } from './sweep.ts';
import { WORKLOADS, type Workload } from './workload.ts';

export const command: Command = {
  declare: (yargs) =>
    yargs
      .option('input', {
        type: 'string',
        describe: 'JSON lines: a fleet, then a binding a line',
        conflicts: ['clusters'],
      })
      .option('clusters', { type: 'number', describe: 'size of the generated fleet [default: 1000]' })
      .option('bindings', { type: 'number', default: 6000, describe: 'bindings to generate' })
      .option('workload', { choices: WORKLOADS, default: 'mixed' as const, describe: 'what the bindings ask for' })
      .option('seed', { type: 'number', default: 1, describe: 'of everything drawn' })
      .option('profile', {
        type: 'string',
        array: true,
        default: ['karmada'],
        describe: `${PROFILES.map(({ name }) => name).join(', ')} or a profile file; several race each other in turns`,
      })
      .option('churn', {
        type: 'boolean',
        default: false,
        describe: 'change a random cluster between any two decisions',
      })
      .option('repeat', { type: 'number', default: 10, describe: 'measured repetitions of the whole input' })
      .option('sweep', { type: 'boolean', default: false, describe: 'measure many fleet sizes and draw the curves' })
      .option('sizes', { type: 'number', array: true, default: [...SIZES], describe: 'fleet sizes of a sweep' })
      .option('quick', { type: 'boolean', default: false, describe: 'a sweep of about a minute' })
      .option('nightly', {
        type: 'boolean',
        default: false,
        describe: 'a sweep over every workload, with and without churn',
      })
      .option('workers', { type: 'number', default: 1, describe: 'processes to spread a sweep over' })
      .option('out', { type: 'string', default: 'reports/bench', describe: 'folder for what a sweep draws' })
      .option('json', { type: 'boolean', default: false, describe: 'one JSON object on standard output' })
      .option('save', { type: 'string', describe: 'write the figures to a file for a later --compare' })
      .option('compare', { type: 'string', describe: 'figures of an earlier run (--json or --save)' })
      .option('max-regression', {
        type: 'number',
        default: 0.1,
        describe: 'share of its speed a figure may lose; past it exit 99',
      })
      .example('$0 bench schedule --clusters 5000 --churn', 'decisions on a fleet that changes all the time')
      .example('$0 bench schedule --profile karmada --profile muster', 'race two profiles')
      .example('$0 bench schedule --quick', 'throughput and latency over fleet sizes, drawn'),
  run: async (args) => {
    const sweeping = args.sweep === true || args.quick === true || args.nightly === true;
    return sweeping ? sweep(args) : measureOne(args);
  },
};

async function measureOne(args: Arguments): Promise<ExitCode> {
  const interruption = onInterrupt();
  const progress = terminalProgress();
  try {
    const contestants = await Promise.all(profilesOf(args).map(loadContestant));
    const input = await inputOf(args);
    const samples = await race(input, contestants, {
      repeat: wholeNumber(args, 'repeat', 1),
      churn: args.churn === true,
      seed: Number(args.seed),
      signal: interruption.signal,
      onProgress: (done, total) => progress.show(`repetition ${done} of ${total}`),
    });
    progress.clear();
    const statistics = await loadStatistics();
    const generated = args.input === undefined;
    const context = {
      label: input.label,
      clusters: input.clusters.length,
      bindings: input.bindings.length,
      workload: generated ? String(args.workload) : null,
      seed: generated ? Number(args.seed) : null,
      churn: args.churn === true,
      karmada:
        generated && args.seed === 1 ? karmadaFigure(args.workload as Workload, input.clusters.length) : undefined,
    };
    const figures = samples.map((each) => toFigures(each, context, statistics));
    return await deliver(figures, args, interruption.signal.aborted);
  } finally {
    progress.clear();
    interruption.release();
  }
}

async function deliver(figures: readonly Figures[], args: Arguments, interrupted: boolean): Promise<ExitCode> {
  const comparisons =
    args.compare === undefined ? [] : await compareWith(String(args.compare), figures, Number(args.maxRegression));
  if (args.save !== undefined) await writeAtomically(String(args.save), `${JSON.stringify(figures, null, 2)}\n`);
  if (args.json === true) {
    const [first, ...others] = figures;
    const extra = {
      ...(others.length > 0 ? { raced: others } : {}),
      ...(comparisons.length > 0 ? { comparisons } : {}),
    };
    process.stdout.write(`${JSON.stringify({ ...first, ...extra })}\n`);
  } else {
    process.stdout.write(printFigures(figures));
    if (comparisons.length > 0) process.stdout.write(`\n${printComparison(comparisons)}`);
  }
  if (interrupted) return 130;
  return comparisons.some(({ verdict }) => verdict === 'regression') ? 99 : 0;
}

async function compareWith(file: string, now: readonly Figures[], maxRegression: number): Promise<Comparison[]> {
  const before = parseFigures(
    file,
    await readFile(file, 'utf8').catch((error: Error) => {
      throw new CommandError(`cannot read ${file}: ${error.message}`);
    }),
  );
  const comparisons = compareFigures(now, before, maxRegression, await loadStatistics());
  if (comparisons.length === 0) {
    throw new CommandError(`${file} has no figures of the same profile, fleet size and churn to compare with`);
  }
  if (!sameMachine(now[0]!, before[0]!)) {
    process.stderr.write(
      `warning: ${file} was measured on another machine (${before[0]!.cpu}, Node ${before[0]!.node})\n`,
    );
  }
  return comparisons;
}

function parseFigures(file: string, text: string): Figures[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new CommandError(`${file} is not JSON: ${(error as Error).message}`);
  }
  const list = Array.isArray(parsed) ? parsed : [parsed, ...((parsed as { raced?: unknown[] }).raced ?? [])];
  const figures = list as Figures[];
  if (figures.length === 0 || figures.some((each) => each?.bench !== 'schedule' || !Array.isArray(each.samples))) {
    throw new CommandError(`${file} holds no figures of "muster bench schedule": write them with --save or --json`);
  }
  return figures;
}

async function sweep(args: Arguments): Promise<ExitCode> {
  const interruption = onInterrupt();
  const progress = terminalProgress();
  try {
    const outcome = await runSweep(sweepPlan(args), {
      workers: wholeNumber(args, 'workers', 1),
      folder: String(args.out),
      signal: interruption.signal,
      onProgress: (text) => progress.show(text),
    });
    progress.clear();
    if (args.json === true) process.stdout.write(`${JSON.stringify({ bench: 'schedule', points: outcome.figures })}\n`);
    else process.stdout.write(`${outcome.summary}\nwritten: ${outcome.files.join(', ')}\n`);
    return interruption.signal.aborted ? 130 : 0;
  } finally {
    progress.clear();
    interruption.release();
  }
}

function sweepPlan(args: Arguments): SweepPlan {
  const nightly = args.nightly === true;
  const quick = args.quick === true;
  return {
    sizes: quick ? [100, 300, 1000, 3000, 5000] : (args.sizes as number[]),
    workloads: nightly ? [...WORKLOADS] : [args.workload as Workload],
    churn: nightly ? [false, true] : [args.churn === true],
    profiles: profilesOf(args),
    bindings: quick ? 3000 : wholeNumber(args, 'bindings', 1),
    repeat: quick ? 5 : wholeNumber(args, 'repeat', 1),
    seed: Number(args.seed),
  };
}

const profilesOf = (args: Arguments): readonly string[] => args.profile as readonly string[];

async function inputOf(args: Arguments): Promise<ScheduleInput> {
  if (args.input !== undefined) return readInput(String(args.input));
  return generatedInput({
    clusters: args.clusters === undefined ? 1000 : wholeNumber(args, 'clusters', 1),
    bindings: wholeNumber(args, 'bindings', 1),
    workload: args.workload as Workload,
    seed: Number(args.seed),
  });
}

function wholeNumber(args: Arguments, name: string, least: number): number {
  const value = Number(args[name]);
  if (!Number.isSafeInteger(value) || value < least) {
    throw new CommandError(`--${name} should be a whole number from ${least} on, and is ${String(args[name])}`);
  }
  return value;
}
