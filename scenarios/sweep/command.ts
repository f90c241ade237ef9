// "muster sweep": a scenario with many seeds and parameter values, on all cores, or one shard of it on this machine.
import { setMaxListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Argv } from 'yargs';
import { canonicalJson, findProfile } from '../../engine/index.ts';
import { makeFolder } from '../../executor/files/folder.ts';
import { writeText } from '../../executor/files/write.ts';
import { writeAtomically } from '../../executor/files/write-atomic.ts';
import { type Arguments, type Command, CommandError, type ExitCode } from '../../executor/terminal/command.ts';
import { interruptible } from '../../executor/terminal/interrupt.ts';
import { type Progress, terminalProgress } from '../../executor/terminal/progress.ts';
import { goOnUnread } from '../../executor/terminal/unread.ts';
import { loadScenario } from '../load.ts';
import { gridParams, jobsOf, mixOf, parseSeeds, parseShard, type SweepJob, type SweepResult } from './job.ts';
import { indexedJob } from './manifest.ts';
import { RUN_FILE } from './run-file.ts';
import { runJob } from './run-job.ts';
import { type SweepHeader, sweepSummary } from './summary.ts';

export const command: Command = {
  declare: (yargs: Argv) =>
    yargs
      .positional('scenario', { type: 'string', demandOption: true, describe: 'a scenario file' })
      .option('seeds', { type: 'string', default: '20', describe: 'how many, from..to, or a list with commas' })
      .option('grid', {
        type: 'string',
        array: true,
        nargs: 1,
        default: [],
        describe: 'values of a parameter: NAME=A,B,C',
      })
      .option('profile', {
        type: 'string',
        array: true,
        nargs: 1,
        describe: "in place of the scenario's; several are compared",
      })
      .option('workers', { type: 'number', describe: 'threads; as many as there are cores' })
      .option('shard', { type: 'string', describe: 'only the I-th of N parts: I/N, I from 0 on' })
      .option('out', {
        type: 'string',
        describe: 'folder for runs.jsonl and summary.txt; shards are merged from theirs',
      })
      .option('manifest', {
        type: 'number',
        describe: 'print a Kubernetes Job that runs so many shards, and do nothing else',
      })
      .option('image', { type: 'string', describe: 'with --manifest: an image that has muster' })
      .option('json', { type: 'boolean', default: false, describe: 'a line of JSON for each run on standard output' })
      .example('$0 sweep scenarios/az-outage.yaml --seeds 100', 'a hundred seeds')
      .example('$0 sweep scenarios/az-outage.yaml --shard 0/4 --out part-0', 'a quarter of them, for "muster merge"'),
  run: (args) => interruptible((signal) => sweep(args, signal)),
};

async function sweep(args: Arguments, signal: AbortSignal): Promise<ExitCode> {
  const file = args.scenario as string;
  const scenario = await loadScenario(file);
  const grid = {
    seeds: parseSeeds(args.seeds as string),
    profiles: (args.profile as readonly string[] | undefined) ?? [null],
    params: gridParams(scenario, args.grid as readonly string[]),
  };
  const all = jobsOf(file, grid);
  const shard = args.shard === undefined ? null : parseShard(args.shard as string);
  const jobs = shard === null ? all : all.filter(({ number }) => number % shard.of === shard.index);
  if (args.manifest !== undefined) refuseOwnProfiles(grid.profiles);
  await refuseWrongMixes(args.manifest === undefined ? jobs : all);
  if (args.manifest !== undefined) return printManifest(file, args);
  const header: SweepHeader = {
    type: 'sweep',
    format: 1,
    scenario: scenario.name,
    file,
    runs: all.length,
    mix: mixOf(all),
  };
  if (args.out !== undefined) {
    await makeFolder(args.out as string);
    goOnUnread();
  }
  const progress = terminalProgress();
  const results = (await runAll(jobs, workersOf(args, jobs.length), progress, signal)).sort(
    (a, b) => a.number - b.number,
  );
  progress.clear();
  const lines = [header, ...results].map((value) => `${canonicalJson(value)}\n`).join('');
  // A shard's runs are all there should be of it: what is missing is told when they are merged.
  const summary = sweepSummary(shard === null ? header : { ...header, runs: jobs.length }, results);
  if (args.out !== undefined) {
    await writeAtomically(join(args.out as string, RUN_FILE), lines);
    await writeAtomically(join(args.out as string, 'summary.txt'), summary);
  }
  await writeText(process.stdout, args.json === true ? lines : summary);
  if (signal.aborted) return 130;
  return results.every(({ ok }) => ok) ? 0 : 99;
}

/** Before any run: what a thread throws comes back as a mere text, without the places of what is wrong. */
async function refuseWrongMixes(jobs: readonly SweepJob[]): Promise<void> {
  const seen = new Set<string>();
  for (const { file, set, profile } of jobs) {
    const mix = canonicalJson({ set, profile });
    if (seen.has(mix)) continue;
    seen.add(mix);
    await loadScenario(file, { set, ...(profile !== null && { profile }) });
  }
}

async function printManifest(file: string, args: Arguments): Promise<ExitCode> {
  const shards = Number(args.manifest);
  if (!Number.isSafeInteger(shards) || shards < 1) throw new CommandError('--manifest should be a number of shards');
  if (args.image === undefined) throw new CommandError('--manifest needs --image: an image that has muster');
  const workers = args.workers === undefined ? 1 : Number(args.workers);
  if (!Number.isSafeInteger(workers) || workers < 1) throw new CommandError(WORKERS_WRONG);
  const words = [`--seeds=${String(args.seeds)}`];
  for (const pair of args.grid as readonly string[]) words.push(`--grid=${pair}`);
  for (const profile of (args.profile as readonly string[] | undefined) ?? []) words.push(`--profile=${profile}`);
  await writeText(process.stdout, await indexedJob({ file, shards, image: String(args.image), workers, words }));
  return 0;
}

function refuseOwnProfiles(profiles: readonly (string | null)[]): void {
  const own = profiles.find((profile) => profile !== null && findProfile(profile) === null);
  if (own === undefined) return;
  throw new CommandError(`a pod has no ${own}: name a profile of your own in the scenario, by "profile:"`);
}

const WORKERS_WRONG = '--workers should be a number from 1 on';

function workersOf({ workers }: Arguments, jobs: number): number {
  const wanted = workers === undefined ? availableParallelism() : Number(workers);
  if (!Number.isSafeInteger(wanted) || wanted < 1) throw new CommandError(WORKERS_WRONG);
  return Math.min(wanted, jobs);
}

async function runAll(
  jobs: readonly SweepJob[],
  workers: number,
  progress: Progress,
  signal: AbortSignal,
): Promise<SweepResult[]> {
  const results: SweepResult[] = [];
  const add = (result: SweepResult): void => {
    results.push(result);
    const failed = results.filter(({ ok }) => !ok).length;
    progress.show(`${results.length} of ${jobs.length} runs${failed === 0 ? '' : `, ${failed} failed`}`);
  };
  // Threads load what was built; from the sources everything runs in this one.
  const isBuilt = import.meta.url.endsWith('.js');
  if (workers <= 1 || !isBuilt) {
    for (const job of jobs) {
      if (signal.aborted) break;
      add(await runJob(job));
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    return results;
  }
  const { Piscina } = await import('piscina');
  // Every job listens for the interruption.
  setMaxListeners(0, signal);
  const filename = fileURLToPath(new URL('./run-job.js', import.meta.url));
  const pool = new Piscina({ filename, name: 'runJob', minThreads: workers, maxThreads: workers });
  try {
    await Promise.all(
      jobs.map(async (job) => {
        try {
          add((await pool.run(job, { signal })) as SweepResult);
        } catch (error) {
          if (!signal.aborted) throw error;
        }
      }),
    );
  } finally {
    await pool.destroy();
  }
  return results;
}
