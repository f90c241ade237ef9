// Loops over lists and maps in CEL that name two things: the place or key, and what stands there.
import type { Environment } from '@marcbachmann/cel-js';
import { type Checker, type Context, type Evaluator, type Node, nameOf, type Scope, type Type } from './interpreter.ts';

interface Loop {
  readonly receiver: Node;
  readonly body: readonly Node[];
  readonly names: readonly [string, string];
  scopes: readonly [Scope, Scope] | null;
}

/** What becomes of the body's values: each turn may end the loop. */
interface Outcome {
  /** Takes the values that the body has in one turn, a condition's first; true where the loop may end. */
  take(turn: Turn): boolean;
  result(): unknown;
}

interface Turn {
  readonly key: unknown;
  /** The value of the body's n-th expression. */
  value(at: number): unknown;
}

const holds = (value: unknown): boolean => {
  if (typeof value !== 'boolean') throw new Error('predicate must return bool');
  return value;
};

/** One turn's failure does not matter where another turn decides. */
function quantifier(ends: boolean): Outcome {
  let failure: unknown = null;
  let isDecided = false;
  return {
    take(turn) {
      try {
        isDecided = holds(turn.value(0)) === ends;
      } catch (error) {
        failure ??= error;
      }
      return isDecided;
    },
    result() {
      if (!isDecided && failure !== null) throw failure;
      return isDecided ? ends : !ends;
    },
  };
}

function exactlyOne(): Outcome {
  let count = 0;
  return {
    take(turn) {
      if (holds(turn.value(0))) count += 1;
      return false;
    },
    result: () => count === 1,
  };
}

/** With two expressions the first chooses the turns. */
const chosen = (turn: Turn, size: number): boolean => size === 1 || holds(turn.value(0));

function list(size: number): Outcome {
  const items: unknown[] = [];
  return {
    take(turn) {
      if (chosen(turn, size)) items.push(turn.value(size - 1));
      return false;
    },
    result: () => items,
  };
}

function map(
  size: number,
  entriesOf: (key: unknown, value: unknown) => Iterable<readonly [unknown, unknown]>,
): Outcome {
  const entries = new Map<unknown, unknown>();
  return {
    take(turn) {
      if (!chosen(turn, size)) return false;
      for (const [key, value] of entriesOf(turn.key, turn.value(size - 1))) {
        if (entries.has(key)) throw new Error(`insert failed: key ${String(key)} already exists`);
        entries.set(key, value);
      }
      return false;
    },
    result: () => entries,
  };
}

function pairsOf(collection: unknown): Iterable<readonly [unknown, unknown]> {
  if (Array.isArray(collection)) return collection.map((value, at) => [BigInt(at), value] as const);
  if (collection instanceof Map) return collection;
  if (typeof collection === 'object' && collection !== null) return Object.entries(collection);
  throw new Error('expression cannot be range of a comprehension (must be list, map, or dynamic)');
}

function scopesOf(loop: Loop, checker: Checker, context: Context): readonly [Scope, Scope] {
  const range = checker.check(loop.receiver, context);
  const any = checker.getType('dyn');
  if (range.kind !== 'list' && range.kind !== 'map' && range.kind !== 'dyn') {
    const why = `Expression of type '${range.name}' cannot be range of a comprehension (must be list, map, or dynamic).`;
    throw checker.createError('invalid_comprehension_range', why, loop.receiver);
  }
  const key = range.kind === 'list' ? checker.getType('int') : (range.keyType ?? any);
  const outer = context.forkWithVariable(loop.names[0], key);
  return [outer, outer.forkWithVariable(loop.names[1], range.valueType ?? any)];
}

function run(loop: Loop, evaluator: Evaluator, context: Context, outcome: Outcome): unknown {
  const collection = evaluator.run(loop.receiver, context);
  const [outer, inner] = loop.scopes!;
  for (const [key, value] of pairsOf(collection)) {
    const scope = inner.reuse(outer.reuse(context).setIterValue(key, evaluator)).setIterValue(value, evaluator);
    if (outcome.take({ key, value: (at) => evaluator.run(loop.body[at]!, scope) })) break;
  }
  return outcome.result();
}

function add(environment: Environment, name: string, size: number, type: string, outcome: () => Outcome): void {
  const slots = Array.from({ length: size + 2 }, () => 'ast').join(', ');
  environment.registerFunction(`dyn.${name}(${slots}): ${type}`, (call: { args: Node[]; receiver: Node }) => {
    const [first, second, ...body] = call.args;
    const names = [nameOf(first), nameOf(second)] as const;
    if (names[0] === names[1]) throw new Error(`duplicate variable name: ${names[0]}`);
    const loop: Loop = { receiver: call.receiver, body, names, scopes: null };
    return {
      async: false,
      typeCheck(checker: Checker, _macro: unknown, context: Context): Type {
        loop.scopes = scopesOf(loop, checker, context);
        const inner = loop.scopes[1];
        const types = body.map((node) => checker.check(node, inner));
        return name === 'transformList' ? checker.getType(`list<${types.at(-1)!.name}>`) : checker.getType(type);
      },
      evaluate: (evaluator: Evaluator, _macro: unknown, context: Context): unknown =>
        run(loop, evaluator, context, outcome()),
    };
  });
}

const ownEntries = (_key: unknown, value: unknown) => pairsOf(value);

export function addLoopsOfTwo(environment: Environment): Environment {
  add(environment, 'all', 1, 'bool', () => quantifier(false));
  add(environment, 'exists', 1, 'bool', () => quantifier(true));
  add(environment, 'exists_one', 1, 'bool', exactlyOne);
  add(environment, 'existsOne', 1, 'bool', exactlyOne);
  for (const size of [1, 2]) {
    add(environment, 'transformList', size, 'list<dyn>', () => list(size));
    add(environment, 'transformMap', size, 'map<dyn, dyn>', () => map(size, (key, value) => [[key, value]]));
    add(environment, 'transformMapEntry', size, 'map<dyn, dyn>', () => map(size, ownEntries));
  }
  return environment;
}
