// The sorts of values in expressions that are checked before they run: what an operator takes, and what comes of it.
import type { Value } from './expression.ts';

/** "any" is known only when it is read, and goes everywhere. */
export type Sort = 'number' | 'text' | 'truth' | 'any';

const SORTS = { number: 'number', string: 'text', boolean: 'truth' } as const;

const A_SORT: Readonly<Record<Sort, string>> = {
  number: 'a number',
  text: 'a text',
  truth: 'true or false',
  any: 'any value',
};

export const sortOf = (value: Value): Sort => SORTS[typeof value as keyof typeof SORTS];

/** What the names of a vocabulary stand for, and what the whole is to be. */
export interface Sorts {
  fact(path: readonly string[]): Sort;
  call(name: string): Sort;
  readonly result: Sort;
}

const isOf = (sort: Sort, wanted: Sort): boolean => sort === wanted || sort === 'any' || wanted === 'any';

/** Why a value is not what is wanted; null where it may be. */
export function whyNotOfSort(words: string, sort: Sort, wanted: Sort, wantedBy: string): string | null {
  if (isOf(sort, wanted)) return null;
  return `${words} is ${A_SORT[sort]}, and ${wantedBy} ${A_SORT[wanted]}${wayOut(words, sort, wanted)}`;
}

/** Why two values can never be the same; null where they can. */
export const whyNeverEqual = (words: readonly [string, string], sorts: readonly [Sort, Sort]): string | null =>
  isOf(...sorts)
    ? null
    : `${words[0]} is ${A_SORT[sorts[0]]} and ${words[1]} is ${A_SORT[sorts[1]]}, which are never the same: compare it with ${A_SORT[sorts[0]]}`;

function wayOut(words: string, sort: Sort, wanted: Sort): string {
  if (wanted === 'truth') return `: compare it, as in ${words} ${sort === 'number' ? '> 0' : '== "..."'}`;
  if (sort === 'truth') return ': join it with "and", "or" and "not"';
  return ': a number stands without quotes';
}
