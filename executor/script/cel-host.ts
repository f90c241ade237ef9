// CEL behind the engine's port: the expressions that schemas carry as rules, within a budget of steps.
import { Environment } from '@marcbachmann/cel-js';
import type { CelHost } from '../../engine/index.ts';
import { addLibrary } from './cel-library.ts';
import { addNetworkLibrary } from './cel-network.ts';
import { largestPart, readCel } from './cel-source.ts';

type Evaluate = (variables: Record<string, unknown>) => unknown;

interface Program {
  readonly evaluate: Evaluate;
  readonly loopDepth: number;
}

/** Turns of the innermost loop that one evaluation may come to. */
const STEPS_MAX = 1_000_000;
const PROGRAMS_MAX = 2000;

const ENVIRONMENT = addNetworkLibrary(
  addLibrary(new Environment({ unlistedVariablesAreDyn: true, enableOptionalTypes: true })),
);
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

export const celHost: CelHost = {
  evaluate: (expression, variables) => {
    const { evaluate, loopDepth } = programOf(expression);
    // Loops in loops multiply: what could run for minutes is not begun.
    if (loopDepth > 1 && largestPart(variables, STEPS_MAX) ** loopDepth > STEPS_MAX) {
      throw new Error('operation cancelled: actual cost limit exceeded');
    }
    return evaluate({ ...variables });
  },
};
