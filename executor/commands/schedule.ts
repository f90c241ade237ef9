// "muster schedule": decides JSON-lines cases, one line of decision out for each line in, in order.
import type { Writable } from 'node:stream';
import type { Argv } from 'yargs';
import { type AnswerOptions, answerCase, formatProblem, readCase } from '../../engine/index.ts';
import { type JsonLine, readJsonLines } from '../files/json-lines.ts';
import { writeText } from '../files/write.ts';
import type { Arguments, Command, ExitCode } from '../terminal/command.ts';
import { loadProfile, loadScores } from './load-profile.ts';

export const command: Command = {
  declare: (yargs: Argv) =>
    yargs
      .option('file', {
        alias: 'f',
        type: 'array',
        string: true,
        default: ['-'],
        describe: 'files of cases, one JSON object a line; "-" is standard input',
      })
      .option('profile', {
        type: 'string',
        default: 'karmada',
        describe: 'karmada, muster, or a file with a profile of your own',
      })
      .option('trace', {
        type: 'boolean',
        default: false,
        describe: 'add every attempt with its facts, scores, selection and estimates',
      })
      .example('$0 schedule -f cases.jsonl', 'decide every case of a file')
      .epilogue(
        'A line that cannot be decided becomes a line with "line", "error" and what is wrong where; the others are\ndecided, and the exit code is 1.',
      ),

  async run(args: Arguments): Promise<ExitCode> {
    const profile = await loadProfile(args.profile as string);
    const lines = readJsonLines(args.file as readonly string[]);
    const options = { profile, scores: await loadScores(profile), trace: args.trace as boolean };
    const undecided = await decideAll(lines, options, process.stdout);
    if (undecided === 0) return 0;
    process.stderr.write(`error: ${undecided} ${undecided === 1 ? 'line' : 'lines'} could not be decided\n`);
    return 1;
  },
};

/** Writes a line for every line and counts those that could not be decided. */
export async function decideAll(
  batches: AsyncIterable<readonly JsonLine[]>,
  options: AnswerOptions,
  sink: Writable,
): Promise<number> {
  let undecided = 0;
  for await (const batch of batches) {
    let answers = '';
    for (const line of batch) {
      const answer = answerLine(line, options);
      if (!answer.ok) undecided += 1;
      answers += `${JSON.stringify(answer.value)}\n`;
    }
    await writeText(sink, answers);
  }
  return undecided;
}

interface LineAnswer {
  readonly ok: boolean;
  readonly value: object;
}

function answerLine(line: JsonLine, options: AnswerOptions): LineAnswer {
  const place = { line: line.line, source: line.source };
  if (!line.ok) return { ok: false, value: { ...place, error: 'InvalidLine', message: `the line ${line.problem}` } };
  const reading = readCase(line.value);
  if (!reading.ok) {
    const message = reading.problems.map(formatProblem).join('; ');
    const id = reading.id === null ? {} : { id: reading.id };
    return { ok: false, value: { ...id, ...place, error: 'InvalidCase', message, problems: reading.problems } };
  }
  try {
    return { ok: true, value: answerCase(reading.value, options) };
  } catch (error) {
    // A fault of ours in one case is no reason to leave the others undecided.
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { ok: false, value: { id: reading.value.id, ...place, error: 'InternalError', message } };
  }
}
