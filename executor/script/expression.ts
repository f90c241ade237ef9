// Compiles expressions that only compute. mathjs reads the text; only what is named here and in the caller's vocabulary is then
// turned into plain functions, so that nothing of mathjs runs later and no expression can evaluate, import, define or assign.
import type { MathNode } from 'mathjs';
import { type Sort, type Sorts, sortOf, whyNeverEqual, whyNotOfSort } from './sorts.ts';

export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
  /** Counted from 1 within the text; null where the whole text is meant. */
  readonly position: number | null;

  constructor(message: string, position: number | null) {
    super(position === null ? message : `${message} (at character ${position})`);
    this.position = position;
  }
}

export type Value = number | string | boolean;

export type Compiled<Context> = (context: Context) => Value | undefined;

/** What the names in an expression stand for; a text in place of a meaning says why there is none. */
export interface Vocabulary<Context> {
  /** What such an expression is called: "a score expression". */
  readonly what: string;
  /** Of a name, or of names joined by dots. */
  fact(path: readonly string[]): Compiled<Context> | string;
  /** Of a function that is none of arithmetic's, with the texts and numbers written in its brackets; null for no such function. */
  call?(name: string, values: readonly Value[]): Compiled<Context> | string | null;
  /** Names of the functions above, for whoever misspells one. */
  readonly calls?: readonly string[];
  /** Where it is given, values of the wrong sort are refused; otherwise each is made a number or a truth value as it is needed. */
  readonly sorts?: Sorts;
}

const LENGTH_MAX = 1000;
const NODES_MAX = 200;

type Numeric = (...values: number[]) => number;

/** Only what every machine computes to the last bit. */
const FUNCTIONS: Readonly<Record<string, { readonly takes: readonly [number, number]; readonly run: Numeric }>> = {
  min: { takes: [1, 16], run: Math.min },
  max: { takes: [1, 16], run: Math.max },
  abs: { takes: [1, 1], run: Math.abs },
  floor: { takes: [1, 1], run: Math.floor },
  ceil: { takes: [1, 1], run: Math.ceil },
  round: { takes: [1, 1], run: Math.round },
  sqrt: { takes: [1, 1], run: Math.sqrt },
  clamp: { takes: [3, 3], run: (value, low, high) => Math.min(Math.max(value!, low!), high!) },
  number: { takes: [1, 1], run: (value) => value! },
};

const ARITHMETIC: Readonly<Record<string, Numeric>> = {
  add: (a, b) => a! + b!,
  subtract: (a, b) => a! - b!,
  multiply: (a, b) => a! * b!,
  divide: (a, b) => a! / b!,
  mod: (a, b) => a! - b! * Math.floor(a! / b!),
  unaryMinus: (a) => -a!,
  unaryPlus: (a) => a!,
};

const LOGIC: ReadonlySet<string> = new Set(['and', 'or', 'not']);

const COMPARISONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  smaller: (a, b) => a < b,
  smallerEq: (a, b) => a <= b,
  larger: (a, b) => a > b,
  largerEq: (a, b) => a >= b,
};

export async function compileExpression<Context>(
  text: string,
  vocabulary: Vocabulary<Context>,
): Promise<Compiled<Context>> {
  const { what } = vocabulary;
  if (text.length > LENGTH_MAX) throw new ExpressionError(`${what} has at most ${LENGTH_MAX} characters`, null);
  const { parse } = await import('mathjs');
  let root: MathNode;
  try {
    root = parse(text);
  } catch (error) {
    throw syntaxError(error);
  }
  let nodes = 0;
  root.traverse(() => {
    nodes += 1;
  });
  if (nodes > NODES_MAX) throw new ExpressionError(`${what} has at most ${NODES_MAX} parts`, null);
  return new Compiler(text, vocabulary).whole(root);
}

/** mathjs writes "(char 7)" into its messages. */
function syntaxError(error: unknown): ExpressionError {
  const message = error instanceof Error ? error.message : String(error);
  const found = /\(char (\d+)\)/.exec(message);
  const position = found === null ? null : Number(found[1]);
  if (message.includes('assignment operator')) {
    return new ExpressionError('= would assign a value: an expression only computes, and == compares', position);
  }
  return new ExpressionError(message.replace(/\s*\(char \d+\)/, ''), position);
}

class Compiler<Context> {
  readonly #text: string;
  readonly #vocabulary: Vocabulary<Context>;

  constructor(text: string, vocabulary: Vocabulary<Context>) {
    this.#text = text;
    this.#vocabulary = vocabulary;
  }

  whole(root: MathNode): Compiled<Context> {
    const { sorts, what } = this.#vocabulary;
    const compiled = this.compile(root);
    this.#demand(root, sorts?.result ?? 'any', `${what} is`);
    return compiled;
  }

  compile(node: MathNode): Compiled<Context> {
    switch (node.type) {
      case 'ParenthesisNode':
        return this.compile((node as unknown as { content: MathNode }).content);
      case 'ConstantNode': {
        const value = this.#constant(node);
        return () => value;
      }
      case 'SymbolNode':
      case 'AccessorNode':
        return this.#fact(node);
      case 'OperatorNode':
        return this.#operator(node as unknown as OperatorNode);
      case 'RelationalNode':
        return this.#relation(node as unknown as RelationalNode);
      case 'ConditionalNode':
        return this.#condition(node as unknown as ConditionalNode);
      case 'FunctionNode':
        return this.#call(node as unknown as FunctionNode);
      case 'AssignmentNode':
        throw this.#refuse(`"${node.toString()}" is not allowed: an expression only computes, and == compares`, node);
      default:
        throw this.#refuse(`"${node.toString()}" is not allowed: an expression only computes`, node);
    }
  }

  #constant(node: MathNode): Value {
    const { value } = node as unknown as { value: unknown };
    if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value;
    throw this.#refuse(`"${node.toString()}" is neither a number, a text nor a truth value`, node);
  }

  #fact(node: MathNode): Compiled<Context> {
    const path = pathOf(node);
    if (path === null) throw this.#refuse(`"${node.toString()}" is computed: name a fact as in labels.tier`, node);
    const found = this.#vocabulary.fact(path);
    if (typeof found === 'string') throw this.#refuse(found, node);
    return found;
  }

  #operator({ fn, args, op }: OperatorNode): Compiled<Context> {
    const compiled = args.map((each) => this.compile(each));
    const [left, right] = compiled;
    if (Object.hasOwn(ARITHMETIC, fn)) {
      for (const each of args) this.#demand(each, 'number', `${op} takes`);
      const run = ARITHMETIC[fn]!;
      return (facts) => run(...compiled.map((each) => toNumber(each(facts))));
    }
    if (Object.hasOwn(COMPARISONS, fn)) {
      for (const each of args) this.#demand(each, 'number', `${op} takes`);
      const run = COMPARISONS[fn]!;
      return (facts) => run(toNumber(left!(facts)), toNumber(right!(facts)));
    }
    if (fn === 'equal' || fn === 'unequal') this.#demandAlike(args[0]!, args[1]!);
    if (LOGIC.has(fn)) for (const each of args) this.#demand(each, 'truth', `"${op}" takes`);
    switch (fn) {
      case 'equal':
        return (facts) => left!(facts) === right!(facts);
      case 'unequal':
        return (facts) => left!(facts) !== right!(facts);
      case 'and':
        return (facts) => toTruth(left!(facts)) && toTruth(right!(facts));
      case 'or':
        return (facts) => toTruth(left!(facts)) || toTruth(right!(facts));
      case 'not':
        return (facts) => !toTruth(left!(facts));
      default:
        throw this.#refuse(`the operator "${op}" is not allowed: use + - * / mod, comparisons, and, or, not`, args[0]!);
    }
  }

  /** 1 < a < 3 */
  #relation({ conditionals, params }: RelationalNode): Compiled<Context> {
    const compiled = params.map((each) => this.compile(each));
    const steps = conditionals.map((name) => {
      if (!Object.hasOwn(COMPARISONS, name)) throw this.#refuse('only < <= > >= can be chained', params[0]!);
      return COMPARISONS[name]!;
    });
    for (const each of params) this.#demand(each, 'number', 'a chain of comparisons takes');
    return (facts) => {
      const values = compiled.map((each) => toNumber(each(facts)));
      return steps.every((step, at) => step(values[at]!, values[at + 1]!));
    };
  }

  #condition({ condition, trueExpr, falseExpr }: ConditionalNode): Compiled<Context> {
    const [test, yes, no] = [this.compile(condition), this.compile(trueExpr), this.compile(falseExpr)];
    this.#demand(condition, 'truth', '"?" asks for');
    return (facts) => (toTruth(test(facts)) ? yes(facts) : no(facts));
  }

  #call(node: FunctionNode): Compiled<Context> {
    const name = node.fn.name ?? node.fn.toString();
    const known = node.fn.type === 'SymbolNode' && Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (known === undefined) return this.#ownCall(name, node);
    const [least, most] = known.takes;
    if (node.args.length < least || node.args.length > most) {
      throw this.#refuse(`"${name}" takes ${least === most ? least : `${least} to ${most}`} values`, node);
    }
    const compiled = node.args.map((each) => this.compile(each));
    for (const each of name === 'number' ? [] : node.args) this.#demand(each, 'number', `"${name}" takes`);
    return (facts) => known.run(...compiled.map((each) => toNumber(each(facts))));
  }

  #ownCall(name: string, node: FunctionNode): Compiled<Context> {
    const { call, calls = [] } = this.#vocabulary;
    const isNamed = node.fn.type === 'SymbolNode' && calls.includes(name);
    if (call === undefined || !isNamed) {
      const all = [...calls, ...Object.keys(FUNCTIONS)];
      throw this.#refuse(`the function "${name}" is not allowed: use ${all.join(', ')}`, node);
    }
    const values = node.args.map((each) => {
      if (each.type !== 'ConstantNode')
        throw this.#refuse(`"${name}" takes texts and numbers as they are written`, node);
      return this.#constant(each);
    });
    const found = call(name, values);
    if (found === null || typeof found === 'string') throw this.#refuse(found ?? `"${name}" means nothing here`, node);
    return found;
  }

  /** Of what has been compiled. */
  #sort(node: MathNode): Sort {
    const { sorts } = this.#vocabulary;
    if (sorts === undefined) return 'any';
    switch (node.type) {
      case 'ParenthesisNode':
        return this.#sort((node as unknown as { content: MathNode }).content);
      case 'ConstantNode':
        return sortOf(this.#constant(node));
      case 'SymbolNode':
      case 'AccessorNode':
        return sorts.fact(pathOf(node)!);
      case 'OperatorNode':
        return Object.hasOwn(ARITHMETIC, (node as unknown as OperatorNode).fn) ? 'number' : 'truth';
      case 'RelationalNode':
        return 'truth';
      case 'ConditionalNode': {
        const { trueExpr, falseExpr } = node as unknown as ConditionalNode;
        const [yes, no] = [this.#sort(trueExpr), this.#sort(falseExpr)];
        return yes === no ? yes : 'any';
      }
      default: {
        const { name = '' } = (node as unknown as FunctionNode).fn;
        return Object.hasOwn(FUNCTIONS, name) ? 'number' : sorts.call(name);
      }
    }
  }

  #demand(node: MathNode, wanted: Sort, wantedBy: string): void {
    const why = whyNotOfSort(node.toString(), this.#sort(node), wanted, wantedBy);
    if (why !== null) throw this.#refuse(why, node);
  }

  #demandAlike(left: MathNode, right: MathNode): void {
    const why = whyNeverEqual([left.toString(), right.toString()], [this.#sort(left), this.#sort(right)]);
    if (why !== null) throw this.#refuse(why, right);
  }

  /** The parser keeps no positions: the place is found again by the words of what is refused, or the first of them. */
  #refuse(message: string, node: { toString(): string }): ExpressionError {
    const words = node.toString();
    const [word] = /[A-Za-z_]\w*/.exec(words) ?? [words];
    const at = this.#text.includes(words) ? this.#text.indexOf(words) : this.#text.indexOf(word);
    return new ExpressionError(message, at < 0 ? null : at + 1);
  }
}

interface OperatorNode extends MathNode {
  readonly fn: string;
  readonly op: string;
  readonly args: readonly MathNode[];
}

interface RelationalNode extends MathNode {
  readonly conditionals: readonly string[];
  readonly params: readonly MathNode[];
}

interface ConditionalNode extends MathNode {
  readonly condition: MathNode;
  readonly trueExpr: MathNode;
  readonly falseExpr: MathNode;
}

interface FunctionNode extends MathNode {
  readonly fn: MathNode & { readonly name?: string };
  readonly args: readonly MathNode[];
}

/** The words of labels.tier or labels["example.com/tier"]; null where one of them would have to be computed. */
function pathOf(node: MathNode): string[] | null {
  if (node.type === 'SymbolNode') return [(node as unknown as { name: string }).name];
  if (node.type !== 'AccessorNode') return null;
  const { object, index } = node as unknown as { object: MathNode; index: { dimensions: MathNode[] } };
  const base = pathOf(object);
  const [only, ...more] = index.dimensions;
  if (base === null || only === undefined || more.length > 0 || only.type !== 'ConstantNode') return null;
  const { value } = only as unknown as { value: unknown };
  return typeof value === 'string' ? [...base, value] : null;
}

export function toNumber(value: Value | undefined): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value === undefined || value.trim() === '' ? Number.NaN : Number(value);
}

export const toTruth = (value: Value | undefined): boolean =>
  typeof value === 'string' ? value !== '' : Boolean(value) && !Number.isNaN(value);
