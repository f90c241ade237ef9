// "muster merge": puts the shards of a sweep together, and tells what the whole came to.
import type { Argv } from 'yargs';
import { isObject } from '../../engine/index.ts';
import { readText } from '../../executor/files/read-text.ts';
import { writeText } from '../../executor/files/write.ts';
import { type Arguments, type Command, CommandError, type ExitCode } from '../../executor/terminal/command.ts';
import type { SweepResult } from './job.ts';
import { type SweepHeader, sweepSummary } from './summary.ts';

export const command: Command = {
  declare: (yargs: Argv) =>
    yargs
      .positional('runs', {
        type: 'string',
        array: true,
        describe: 'what "muster sweep" wrote: files; standard input where none are named',
      })
      .example('$0 merge part-*/runs.jsonl', 'the shards of four machines'),
  run: merge,
};

async function merge(args: Arguments): Promise<ExitCode> {
  const headers: SweepHeader[] = [];
  const results = new Map<number, SweepResult>();
  // A bare dash means standard input, too; it is no name that yargs would hand on.
  const named = ((args.runs ?? []) as readonly string[]).filter((name) => name !== '');
  for (const name of named.length === 0 ? ['-'] : named) {
    const text = await readText(name);
    for (const [at, line] of text.split('\n').entries()) {
      if (line.trim() !== '') read(line, `${name === '-' ? 'standard input' : name}:${at + 1}`, headers, results);
    }
  }
  const [first] = headers;
  if (first === undefined) throw new CommandError('there is no sweep in what was given');
  const whole = [...results.values()].sort((a, b) => a.number - b.number);
  await writeText(process.stdout, sweepSummary(first, whole));
  return whole.every(({ ok }) => ok) && whole.length === first.runs ? 0 : 99;
}

function read(line: string, place: string, headers: SweepHeader[], results: Map<number, SweepResult>): void {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new CommandError(`${place}: is no JSON`);
  }
  if (!isObject(value)) throw new CommandError(`${place}: is no run of a sweep`);
  if (value.type === 'sweep') {
    if (typeof value.scenario !== 'string' || typeof value.file !== 'string' || !Number.isSafeInteger(value.runs)) {
      throw new CommandError(`${place}: is the beginning of no sweep: it should name its scenario, file and runs`);
    }
    const header = value as unknown as SweepHeader;
    const [first] = headers;
    if (first !== undefined && (first.scenario !== header.scenario || first.mix !== header.mix)) {
      throw new CommandError(
        `${place}: is a shard of another sweep: ${header.scenario} with ${header.runs} runs, of other seeds, parameters or profiles`,
      );
    }
    headers.push(header);
    return;
  }
  if (typeof value.number !== 'number' || !Array.isArray(value.failed) || !isObject(value.figures)) {
    throw new CommandError(`${place}: is no run of a sweep`);
  }
  results.set(value.number, value as unknown as SweepResult);
}
