// CEL behind the engine's port: the expressions that schemas carry as rules, within a budget of steps.
import { Optional } from '@marcbachmann/cel-js';
import type { CelHost, CelTextFormat } from '../../../engine/index.ts';
import { celEnvironment } from './environment.ts';
import { refuseCel } from './refusal.ts';
import { largestPart, readCel } from './source.ts';

type Evaluate = (variables: Record<string, unknown>) => unknown;

interface Program {
  readonly evaluate: Evaluate;
  readonly loopDepth: number;
}

/** Turns of the innermost loop that one evaluation may come to. */
const STEPS_MAX = 1_000_000;
const PROGRAMS_MAX = 2000;

const ENVIRONMENT = celEnvironment();
const programs = new Map<string, Program>();

function programOf(expression: string): Program {
  const known = programs.get(expression);
  if (known !== undefined) return known;
  const { text, loopDepth } = readCel(expression);
  const program = { evaluate: ENVIRONMENT.parse(text) as Evaluate, loopDepth };
  if (programs.size >= PROGRAMS_MAX) programs.clear();
  programs.set(expression, program);
  return program;
}

function evaluate(expression: string, variables: Readonly<Record<string, unknown>>): unknown {
  const program = programOf(expression);
  // Loops in loops multiply: what could run for minutes is not begun.
  if (program.loopDepth > 1 && largestPart(variables, STEPS_MAX) ** program.loopDepth > STEPS_MAX) {
    throw new Error('operation cancelled: actual cost limit exceeded');
  }
  return program.evaluate({ ...variables });
}

const READERS: Readonly<Record<Exclude<CelTextFormat, 'byte'>, string>> = {
  date: "timestamp(text + 'T00:00:00Z')",
  'date-time': 'timestamp(text)',
  duration: 'duration(text)',
};

/** Texts of another form than the format's were found wrong already: rules see them as they are. */
function read(text: string, format: CelTextFormat): unknown {
  if (format === 'byte') return new Uint8Array(Buffer.from(text, 'base64'));
  try {
    return evaluate(READERS[format], { text });
  } catch {
    return text;
  }
}

export const celHost: CelHost = {
  evaluate,
  refuse: (expression, types, result) => refuseCel(ENVIRONMENT, expression, types, result),
  read,
  optional: (value) => (value === undefined ? Optional.none() : Optional.of(value)),
};
