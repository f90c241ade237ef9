// How tightly operators bind, from loose to tight; the second number is for what stands to the right.
import type { BinaryOperator } from './syntax.ts';

export const BINDING: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['or', [1, 1]],
  ['and', [2, 2]],
  ['<', [3, 3]],
  ['>', [3, 3]],
  ['<=', [3, 3]],
  ['>=', [3, 3]],
  ['~=', [3, 3]],
  ['==', [3, 3]],
  ['..', [5, 4]],
  ['+', [6, 6]],
  ['-', [6, 6]],
  ['*', [7, 7]],
  ['/', [7, 7]],
  ['%', [7, 7]],
  ['^', [10, 9]],
]);

export const UNARY_BINDING = 8;

export const isBinary = (text: string): text is BinaryOperator => BINDING.has(text);
