// What scripts find without asking for a library. What leads out of a script, or behind its tables, is refused by name, as Karmada
// does it.
import { numberIn, numberText } from '../number.ts';
import { isTrue, LuaError, LuaFunction, type LuaValue, typeName } from '../value.ts';
import type { Arguments } from './arguments.ts';
import { type Functions, libraryFunction } from './library.ts';

const REFUSED = (
  'collectgarbage dofile getfenv getmetatable load loadfile loadstring rawequal rawget rawset setfenv setmetatable ' +
  'module newproxy'
).split(' ');

const refusals: Functions = Object.fromEntries(
  REFUSED.map((name) => [
    name,
    () => {
      throw new LuaError(`the function ${name} is not given to scripts`);
    },
  ]),
);

export function textFor(value: LuaValue): string {
  switch (typeof value) {
    case 'undefined':
      return 'nil';
    case 'number':
      return numberText(value);
    case 'string':
      return value;
    case 'boolean':
      return String(value);
    default:
      // Where it lies in memory is nobody's business, and differs from run to run.
      return value instanceof LuaFunction ? `function: ${value.name}` : 'table';
  }
}

const next = (given: Arguments): LuaValue | readonly LuaValue[] => {
  const found = given.table(1).after(given.value(2));
  if (found === undefined) throw new LuaError('next: the table has no such key');
  return found ?? undefined;
};

const NEXT = libraryFunction('next', next);

const EACH = libraryFunction('ipairs', (given) => {
  const index = given.number(2) + 1;
  const value = given.table(1).get(index);
  return value === undefined ? undefined : [index, value];
});

export const BASE: Functions = {
  ...refusals,
  assert: (given) => {
    if (isTrue(given.any(1))) return given.from(1);
    const told = given.value(2);
    throw new LuaError(told === undefined ? 'assertion failed!' : told);
  },
  error: (given) => {
    throw new LuaError(given.value(1));
  },
  ipairs: (given) => [EACH, given.table(1), 0],
  next,
  pairs: (given) => [NEXT, given.table(1), undefined],
  pcall: (given, purse) => {
    try {
      return [true, ...purse.call(given.any(1), given.from(2))];
    } catch (error) {
      if (!(error instanceof LuaError)) throw error;
      return [false, error.value];
    }
  },
  /** Nobody reads what scripts print. */
  print: () => [],
  select: (given) => {
    if (given.value(1) === '#') return given.count - 1;
    const from = given.whole(1);
    if (from === 0 || from < 1 - given.count) given.refuse(1, 'the place of an argument');
    return given.from(from < 0 ? given.count + from + 1 : from + 1);
  },
  tonumber: (given) => numberFrom(given),
  tostring: (given) => textFor(given.any(1)),
  type: (given) => typeName(given.any(1)),
  unpack: (given, purse) => {
    const table = given.table(1);
    const [from, to] = [given.whole(2, 1), given.whole(3, table.length)];
    const values: LuaValue[] = [];
    for (let at = from; at <= to; at += 1) {
      purse.spend(1);
      values.push(table.get(at));
    }
    return values;
  },
  xpcall: (given, purse) => {
    try {
      return [true, ...purse.call(given.any(1), [])];
    } catch (error) {
      if (!(error instanceof LuaError)) throw error;
      return [false, ...purse.call(given.value(2), [error.value])];
    }
  },
};

function numberFrom(given: Arguments): number | undefined {
  const value = given.any(1);
  const base = given.whole(2, 10);
  if (base < 2 || base > 36) given.refuse(2, 'a base from 2 to 36');
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  if (base === 10) return numberIn(value);
  const digits = value.trim().toLowerCase();
  const known = '0123456789abcdefghijklmnopqrstuvwxyz'.slice(0, base);
  const bare = digits.replace(/^[+-]/, '');
  if (bare === '' || [...bare].some((digit) => !known.includes(digit))) return undefined;
  return Number.parseInt(digits, base);
}
