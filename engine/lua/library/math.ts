// The library `math`, as far as every machine answers alike: of logarithms, angles and chance each would have its own.
import { power } from '../arithmetic.ts';
import { LuaError, type LuaValue } from '../value.ts';
import type { Arguments } from './arguments.ts';
import type { Functions } from './library.ts';

const INEXACT =
  'acos asin atan atan2 cos cosh deg exp frexp ldexp log log10 rad random randomseed sin sinh tan tanh'.split(' ');

const refusals: Functions = Object.fromEntries(
  INEXACT.map((name) => [
    name,
    () => {
      throw new LuaError(`math.${name} is not given to scripts: it does not answer alike everywhere`);
    },
  ]),
);

const all = (given: Arguments): readonly number[] => {
  given.number(1);
  return given.from(1).map((_, at) => given.number(at + 1));
};

export const MATH: Functions = {
  ...refusals,
  abs: (given) => Math.abs(given.number(1)),
  ceil: (given) => Math.ceil(given.number(1)),
  floor: (given) => Math.floor(given.number(1)),
  fmod: (given) => given.number(1) % given.number(2),
  max: (given) => Math.max(...all(given)),
  min: (given) => Math.min(...all(given)),
  mod: (given) => given.number(1) % given.number(2),
  modf: (given) => {
    const value = given.number(1);
    if (!Number.isFinite(value)) return [value, Number.isNaN(value) ? value : 0];
    return [Math.trunc(value), value % 1];
  },
  pow: (given) => power(given.number(1), given.number(2)),
  sqrt: (given) => Math.sqrt(given.number(1)),
};

export const MATH_CONSTANTS: Readonly<Record<string, LuaValue>> = {
  huge: Number.POSITIVE_INFINITY,
  pi: Number('3.141592653589793'),
};
