import { describe, expect, it } from 'vitest';
import type { FactReader, FactValue } from '../../engine/index.ts';
import { ExpressionError } from './expression.ts';
import { compileScore } from './score-expression.ts';

const known: Readonly<Record<string, FactValue>> = {
  'free.cpu': 12,
  'allocatable.cpu': 48,
  'free.nvidia.com/gpu': 2,
  'labels.tier': 'gold',
  'labels.weight': '7',
  region: 'eu',
  previous: 3,
  ready: true,
  cost: 0.5,
};
const facts: FactReader = (path) => known[path.join('.')];
const value = async (text: string): Promise<number> => (await compileScore(text)).evaluate(facts);
const problem = async (text: string): Promise<ExpressionError> => {
  const error = await compileScore(text).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ExpressionError);
  return error as ExpressionError;
};

describe('a score expression', () => {
  it('computes over the facts of a cluster', async () => {
    expect(await value('100 * free.cpu / allocatable.cpu')).toBe(25);
    expect(await value('min(100, 10 + previous * 2)')).toBe(16);
    expect(await value('free["nvidia.com/gpu"] > 1 ? 80 : 20')).toBe(80);
    expect(await value('labels.tier == "gold" and region != "us" ? 90 : 10')).toBe(90);
    expect(await value('number(labels.weight) * 2')).toBe(14);
    expect(await value('1 < previous < 5')).toBe(1);
    expect(await value('not ready or previous mod 2 == 1')).toBe(1);
    expect(
      await value('clamp(-previous, 0, 5) + abs(-2) + floor(1.5) + ceil(1.5) + round(2.4) + sqrt(9) + max(1, 2)'),
    ).toBe(12);
  });

  it('is no number where a fact is missing', async () => {
    expect(await value('labels.absent + 1')).toBeNaN();
    expect(await value('"gold" * 2')).toBeNaN();
  });

  it('is refused with its place where it cannot be read', async () => {
    expect(await problem('free.cpu + ')).toMatchObject({ position: expect.any(Number) });
    expect((await problem('(1 + 2')).message).toMatch(/at character/);
  });

  it.each([
    ['evaluate("1")', 'evaluate'],
    ['parse("1")', 'parse'],
    ['import(labels)', 'import'],
    ['createUnit("x")', 'createUnit'],
    ['simplify("x")', 'simplify'],
    ['exp(1)', 'exp'],
    ['x = 3', 'only computes'],
    ['f(x) = x', 'only computes'],
    ['1; 2', 'only computes'],
    ['[1, 2]', 'only computes'],
    ['{a: 1}', 'only computes'],
    ['1:3', 'only computes'],
    ['2 ^ 3', 'operator'],
    ['secrets.token', 'no fact "secrets"'],
    ['constructor', 'no fact "constructor"'],
    ['labels.constructor.name', 'followed by'],
    ['region.length', 'no parts'],
    ['labels', 'followed by'],
    ['labels[region]', 'computed'],
    ['cost.toString()', 'not allowed'],
    ['min()', 'takes'],
    ['sqrt(1, 2)', 'takes'],
    ['2 cm', 'no fact "cm"'],
    ['1 == 1 == 1', ''],
  ])('refuses %s', async (text, word) => {
    expect((await problem(text)).message).toContain(word);
  });

  it('has a limit in length and in parts', async () => {
    expect((await problem('1 + '.repeat(400))).message).toContain('characters');
    expect((await problem(Array.from({ length: 150 }, () => '1').join('+'))).message).toContain('parts');
  });
});
