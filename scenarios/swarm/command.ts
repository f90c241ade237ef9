// "muster swarm": random fleets, policies, users and faults against the control plane; what fails is made small and kept.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Argv } from 'yargs';
import type { Violation } from '../../engine/index.ts';
import { makeFolder } from '../../executor/files/folder.ts';
import { writeText } from '../../executor/files/write.ts';
import { writeAtomically } from '../../executor/files/write-atomic.ts';
import { printYaml } from '../../executor/files/yaml.ts';
import type { Arguments, Command, ExitCode } from '../../executor/terminal/command.ts';
import type { SwarmDocument } from './draw-scenario.ts';
import { type Failure, type HuntResult, hunt, smallest } from './hunt.ts';
import { judgeDocument } from './judge-document.ts';

const FAILED: ExitCode = 99;

interface How {
  readonly isHardening: boolean;
  readonly restarts: boolean;
}

export const command: Command = {
  declare: (yargs: Argv) =>
    yargs
      .option('runs', { type: 'number', describe: 'how many runs; 200 unless --minutes is given' })
      .option('minutes', { type: 'number', describe: 'go on for so long' })
      .option('seed', {
        type: 'string',
        default: 'swarm',
        describe: 'all chance comes from it and the number of the run',
      })
      .option('from', { type: 'number', default: 0, describe: 'number of the first run' })
      .option('hardening', {
        type: 'boolean',
        default: false,
        describe:
          'also what no API server does: watches that drop, repeat and reorder, stored objects that are damaged',
      })
      .option('restarts', {
        type: 'boolean',
        default: false,
        describe: 'no other faults: each process ends before and after each of its writes, one run for each',
      })
      .option('judge', { type: 'string', describe: 'only the scenario in this file, as a hunt once wrote it' })
      .option('out', { type: 'string', describe: 'folder for scenarios of what failed, made small' })
      .example('$0 swarm --minutes 10 --out failures', 'look for trouble')
      .epilogue('Exits with 99 where a run broke a rule; each failure tells the command that repeats it.'),

  async run(args: Arguments): Promise<ExitCode> {
    if (typeof args.judge === 'string') return judgeFile(args.judge);
    const begun = performance.now();
    const minutes = args.minutes as number | undefined;
    const most = (args.runs as number | undefined) ?? (minutes === undefined ? 200 : Number.POSITIVE_INFINITY);
    const until = minutes === undefined ? Number.POSITIVE_INFINITY : begun + minutes * 60_000;
    const how = { isHardening: args.hardening === true, restarts: args.restarts === true };
    const result = await hunt({
      seed: String(args.seed),
      from: Number(args.from),
      ...how,
      goesOn: (runs) => runs < most && performance.now() < until,
      onRun: (runs, { ok }) => {
        if (!ok) process.stderr.write(`run ${runs}: broke a rule\n`);
      },
    });
    for (const failure of result.failures) await tell(failure, args.out as string | undefined, how);
    await writeText(process.stdout, summary(result, performance.now() - begun));
    return result.failures.length === 0 ? 0 : FAILED;
  },
};

async function judgeFile(file: string): Promise<ExitCode> {
  const { ok, violations } = await judgeDocument(parse(await readFile(file, 'utf8')) as SwarmDocument);
  const told = violations.map(lineOf).join('\n');
  await writeText(
    process.stdout,
    ok ? `${file} breaks no rule\n` : `${file} breaks ${violations.length} rules\n${told}\n`,
  );
  return ok ? 0 : FAILED;
}

const lineOf = ({ rule, about, message }: Violation): string => `  ${rule}: ${about}: ${message}`;

async function tell(failure: Failure, folder: string | undefined, how: How): Promise<void> {
  const { seed, verdict, document } = failure;
  const number = seed.slice(seed.lastIndexOf('-') + 1);
  const base = seed.slice(0, seed.lastIndexOf('-'));
  const lines = verdict.violations.map(lineOf);
  const again = `npx muster swarm --seed ${base} --from ${number}${how.restarts ? ' --restarts' : ' --runs 1'}${how.isHardening ? ' --hardening' : ''}`;
  await writeText(
    process.stdout,
    `run ${document.metadata.name.replace('swarm-', '')} broke ${lines.length} rules\n${lines.join('\n')}\n  again: ${again}\n`,
  );
  if (folder === undefined) return;
  await makeFolder(folder);
  const file = join(folder, `${document.metadata.name}.yaml`);
  await writeAtomically(file, printYaml(await smallest(failure)));
  await writeText(process.stdout, `  small: ${file}, judged again by npx muster swarm --judge ${file}\n`);
}

function summary({ runs, events, failures, reached }: HuntResult, ms: number): string {
  const states = Object.entries(reached).map(([name, count]) => `  ${String(count).padStart(6)}  ${name}\n`);
  const never = Object.values(reached).filter((count) => count === 0).length;
  return (
    `${runs} runs, ${events} events in ${(ms / 1000).toFixed(1)} s; ${failures.length} broke a rule\n` +
    `runs that came to where\n${states.join('')}${never === 0 ? '' : `${never} of these states were never reached\n`}`
  );
}
