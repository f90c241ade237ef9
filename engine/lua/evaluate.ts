// Expressions -> functions that answer their value in a frame. A tree is turned into functions once, and they run many times.
import { calculated, compared, joined, negated } from './arithmetic.ts';
import type { Cell, Frame } from './frame.ts';
import { functionIn } from './function.ts';
import { STRING_METHODS } from './library/string.ts';
import type { BinaryOperator, Call, Expression, TableItem } from './syntax.ts';
import { LuaTable } from './table.ts';
import { isTrue, LuaError, type LuaValue, typeName } from './value.ts';

export type Evaluation = (frame: Frame) => LuaValue;
export type Evaluations = (frame: Frame) => readonly LuaValue[];

/** Its one value; of many the first. */
export function evaluation(expression: Expression): Evaluation {
  switch (expression.kind) {
    case 'constant': {
      const { value } = expression;
      return () => value;
    }
    case 'local': {
      const { local } = expression;
      const { slot } = local;
      return local.isCaptured ? ({ slots }) => (slots[slot] as Cell).value : ({ slots }) => slots[slot] as LuaValue;
    }
    case 'captured': {
      const { index } = expression;
      return ({ captured }) => captured[index]!.value;
    }
    case 'global': {
      const { name } = expression;
      return ({ globals }) => globals.get(name);
    }
    case 'index': {
      const object = evaluation(expression.object);
      const key = evaluation(expression.key);
      return at(expression.line, (frame) => indexed(object(frame), key(frame)));
    }
    case 'call': {
      const call = callOf(expression);
      return (frame) => call(frame)[0];
    }
    case 'varargs':
      return ({ varargs }) => varargs[0];
    case 'first':
      return evaluation(expression.of);
    case 'function':
      return functionIn(expression.body);
    case 'table':
      return tableOf(expression.items, expression.line);
    case 'binary':
      return binary(expression.operator, evaluation(expression.left), evaluation(expression.right), expression.line);
    case 'unary':
      return unary(expression.operator, evaluation(expression.operand), expression.line);
  }
}

/** The values of a list: of the last expression all that it has, of the others one each. */
export function evaluations(expressions: readonly Expression[]): Evaluations {
  const last = expressions.at(-1);
  if (last?.kind !== 'call' && last?.kind !== 'varargs') {
    const all = expressions.map(evaluation);
    return (frame) => all.map((one) => one(frame));
  }
  const rest = last.kind === 'call' ? callOf(last) : ({ varargs }: Frame) => varargs;
  if (expressions.length === 1) return rest;
  const first = expressions.slice(0, -1).map(evaluation);
  return (frame) => {
    const values = first.map((one) => one(frame));
    return values.concat(rest(frame));
  };
}

export function callOf({ callee, method, args, line }: Call): Evaluations {
  const target = evaluation(callee);
  const values = evaluations(args);
  if (method === null) {
    const named = wordsFor(callee);
    return at(line, (frame) => {
      const found = target(frame);
      if (found === undefined) throw new LuaError(`${named} is nil, and cannot be called`);
      return frame.purse.call(found, values(frame));
    });
  }
  return at(line, (frame) => {
    const object = target(frame);
    const found = indexed(object, method);
    if (found === undefined) throw new LuaError(`the method ${method} is nil, and cannot be called`);
    return frame.purse.call(found, [object, ...values(frame)]);
  });
}

function wordsFor(callee: Expression): string {
  if (callee.kind === 'global') return `the function ${callee.name}`;
  if (callee.kind === 'index' && callee.key.kind === 'constant') return `the function ${String(callee.key.value)}`;
  return 'what is called';
}

export function indexed(object: LuaValue, key: LuaValue): LuaValue {
  if (object instanceof LuaTable) return object.get(key);
  if (typeof object === 'string') return STRING_METHODS.get(key);
  const named = typeof key === 'string' || typeof key === 'number' ? ` with the key ${key}` : '';
  throw new LuaError(`attempt to index a ${typeName(object)} value${named}`);
}

/** Errors that do not say yet where they come from say it from here on. */
export function at<T>(line: number, run: (frame: Frame) => T): (frame: Frame) => T {
  return (frame) => {
    try {
      return run(frame);
    } catch (error) {
      if (error instanceof LuaError && typeof error.value === 'string' && !/^line \d+: /.test(error.value)) {
        throw new LuaError(`line ${line}: ${error.value}`);
      }
      throw error;
    }
  };
}

function tableOf(items: readonly TableItem[], line: number): Evaluation {
  const listed = evaluations(items.flatMap(({ key, value }) => (key === null ? [value] : [])));
  const named = items.flatMap(({ key, value }) =>
    key === null ? [] : [{ key: evaluation(key), value: evaluation(value) }],
  );
  return at(line, (frame) => {
    const table = LuaTable.listing(listed(frame));
    for (const { key, value } of named) {
      const at = key(frame);
      assertKey(at);
      table.set(at, value(frame));
    }
    frame.purse.spend(1 + table.length + named.length);
    return table;
  });
}

export function assertKey(key: LuaValue): asserts key is Exclude<LuaValue, undefined> {
  if (key === undefined || Number.isNaN(key)) throw new LuaError(`a table has no key that is ${key ?? 'nil'}`);
}

function binary(operator: BinaryOperator, left: Evaluation, right: Evaluation, line: number): Evaluation {
  switch (operator) {
    case 'and':
      return (frame) => {
        const value = left(frame);
        return isTrue(value) ? right(frame) : value;
      };
    case 'or':
      return (frame) => {
        const value = left(frame);
        return isTrue(value) ? value : right(frame);
      };
    case '==':
      return (frame) => left(frame) === right(frame);
    case '~=':
      return (frame) => left(frame) !== right(frame);
    case '..':
      return at(line, (frame) => joined(left(frame), right(frame), frame.purse));
    case '<':
    case '<=':
    case '>':
    case '>=':
      return at(line, (frame) => compared(operator, left(frame), right(frame)));
    default:
      return at(line, (frame) => calculated(operator, left(frame), right(frame)));
  }
}

function unary(operator: '-' | 'not' | '#', operand: Evaluation, line: number): Evaluation {
  if (operator === 'not') return (frame) => !isTrue(operand(frame));
  if (operator === '-') return at(line, (frame) => negated(operand(frame)));
  return at(line, (frame) => lengthOf(operand(frame)));
}

function lengthOf(value: LuaValue): number {
  if (typeof value === 'string') return value.length;
  if (value instanceof LuaTable) return value.length;
  throw new LuaError(`attempt to get the length of a ${typeName(value)} value`);
}
