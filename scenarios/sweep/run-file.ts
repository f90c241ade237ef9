// What "muster sweep" leaves behind: a line that says which sweep it is, then a line for each run. Read again to be merged.
import { join } from 'node:path';
import {
  fields,
  flag,
  formatProblem,
  isObject,
  listOf,
  mapOf,
  problemsOf,
  type Shape,
  scalar,
  text,
  wholeNumber,
} from '../../engine/index.ts';
import { isDirectory } from '../../executor/files/folder.ts';
import { CommandError } from '../../executor/terminal/command.ts';
import type { SweepResult } from './job.ts';
import type { SweepHeader } from './summary.ts';

export const RUN_FILE = 'runs.jsonl';

/** The file in the folder that a sweep was given, or the file itself. */
export const runFileIn = async (name: string): Promise<string> =>
  (await isDirectory(name)) ? join(name, RUN_FILE) : name;

const count = wholeNumber(0, Number.MAX_SAFE_INTEGER);
const figure = scalar('a number or null', (value) => value === null || Number.isFinite(value));

const header: Shape = fields({ scenario: text, file: text, runs: count, mix: text });
const run: Shape = fields(
  {
    number: count,
    seed: text,
    set: mapOf(text),
    profile: text,
    ok: flag,
    failed: listOf(text),
    figures: mapOf(figure),
  },
  { asked: text },
);

export type SweepLine =
  | { readonly is: 'header'; readonly header: SweepHeader }
  | { readonly is: 'run'; readonly result: SweepResult };

export function readSweepLine(line: string, place: string): SweepLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new CommandError(`${place}: is no JSON`);
  }
  if (isObject(value) && value.type === 'sweep') {
    refuseUnlike(header, value, `${place}: is the beginning of no sweep`);
    return { is: 'header', header: value as unknown as SweepHeader };
  }
  refuseUnlike(run, value, `${place}: is no run of a sweep`);
  return { is: 'run', result: value as unknown as SweepResult };
}

function refuseUnlike(shape: Shape, value: unknown, what: string): void {
  const problems = problemsOf(shape, value);
  if (problems.length > 0) throw new CommandError(`${what}: ${problems.map(formatProblem).join('; ')}`);
}
