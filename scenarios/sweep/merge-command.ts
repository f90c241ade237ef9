// "muster merge": puts the shards of a sweep together, and tells what the whole came to.
import type { Argv } from 'yargs';
import { readText } from '../../executor/files/read-text.ts';
import { writeText } from '../../executor/files/write.ts';
import { type Arguments, type Command, CommandError, type ExitCode } from '../../executor/terminal/command.ts';
import type { SweepResult } from './job.ts';
import { readSweepLine, runFileIn, type SweepLine } from './run-file.ts';
import { type SweepHeader, sweepSummary } from './summary.ts';

export const command: Command = {
  declare: (yargs: Argv) =>
    yargs
      .positional('runs', {
        type: 'string',
        array: true,
        describe: 'what "muster sweep" wrote: files, or the folders of --out; standard input where none are named',
      })
      .example('$0 merge part-*', 'the shards of four machines'),
  run: merge,
};

async function merge(args: Arguments): Promise<ExitCode> {
  const headers: SweepHeader[] = [];
  const results = new Map<number, SweepResult>();
  // A bare dash means standard input, too; it is no name that yargs would hand on.
  const named = ((args.runs ?? []) as readonly string[]).filter((name) => name !== '');
  for (const name of named.length === 0 ? ['-'] : named) {
    const file = name === '-' ? name : await runFileIn(name);
    const text = await readText(file);
    for (const [at, line] of text.split('\n').entries()) {
      const place = `${name === '-' ? 'standard input' : file}:${at + 1}`;
      if (line.trim() !== '') take(readSweepLine(line, place), place, headers, results);
    }
  }
  const [first] = headers;
  if (first === undefined) throw new CommandError('there is no sweep in what was given');
  const whole = [...results.values()].sort((a, b) => a.number - b.number);
  await writeText(process.stdout, sweepSummary(first, whole));
  return whole.every(({ ok }) => ok) && whole.length === first.runs ? 0 : 99;
}

function take(line: SweepLine, place: string, headers: SweepHeader[], results: Map<number, SweepResult>): void {
  const [first] = headers;
  if (line.is === 'header') {
    const { header } = line;
    if (first !== undefined && (first.scenario !== header.scenario || first.mix !== header.mix)) {
      throw new CommandError(
        `${place}: is a shard of another sweep: ${header.scenario} with ${header.runs} runs, of other seeds, parameters or profiles`,
      );
    }
    headers.push(header);
    return;
  }
  const { number } = line.result;
  if (first !== undefined && number >= first.runs) {
    throw new CommandError(`${place}: is run ${number} of a sweep whose runs go from 0 to ${first.runs - 1}`);
  }
  results.set(number, line.result);
}
