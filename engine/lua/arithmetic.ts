// What the operators of Lua do with two values.
import { numberIn, numberText } from './number.ts';
import { LuaError, type LuaValue, type Purse, typeName } from './value.ts';

/** Texts that are numbers count as such. */
export function numberOf(value: LuaValue): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? numberIn(value) : undefined;
}

function operandOf(value: LuaValue): number {
  const number = numberOf(value);
  if (number === undefined) throw new LuaError(`attempt to perform arithmetic on a ${typeName(value)} value`);
  return number;
}

type Arithmetic = '+' | '-' | '*' | '/' | '%' | '^';

export function calculated(operator: Arithmetic, left: LuaValue, right: LuaValue): number {
  const [a, b] = [operandOf(left), operandOf(right)];
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return remainder(a, b);
    case '^':
      return power(a, b);
  }
}

export const negated = (value: LuaValue): number => -operandOf(value);

/** With the sign of the divisor. */
export function remainder(a: number, b: number): number {
  const rest = a % b;
  return (rest < 0 && b > 0) || (rest > 0 && b < 0) ? rest + b : rest;
}

/** Of other exponents the last digits differ from machine to machine. */
export function power(base: number, exponent: number): number {
  if (exponent === 0.5) return Math.sqrt(base);
  if (!Number.isInteger(exponent)) throw new LuaError(`to the power of ${numberText(exponent)} cannot be said exactly`);
  let result = 1;
  let square = base;
  for (let left = Math.abs(exponent); left > 0 && square !== 1; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result *= square;
    square *= square;
  }
  return exponent < 0 ? 1 / result : result;
}

type Order = '<' | '<=' | '>' | '>=';

export function compared(operator: Order, left: LuaValue, right: LuaValue): boolean {
  const areNumbers = typeof left === 'number' && typeof right === 'number';
  if (!areNumbers && !(typeof left === 'string' && typeof right === 'string')) {
    const [one, other] = [typeName(left), typeName(right)];
    throw new LuaError(`attempt to compare ${one === other ? `two ${one} values` : `${one} with ${other}`}`);
  }
  switch (operator) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
  }
}

export function joined(left: LuaValue, right: LuaValue, purse: Purse): string {
  const text = pieceOf(left) + pieceOf(right);
  purse.spend(text.length);
  return text;
}

function pieceOf(value: LuaValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return numberText(value);
  throw new LuaError(`attempt to concatenate a ${typeName(value)} value`);
}
