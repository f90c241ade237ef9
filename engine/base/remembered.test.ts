import { expect, test, vi } from 'vitest';
import { remembered, rememberedLast, rememberedOf } from './remembered.ts';

test('asks once for each text, also where the answer is nothing', () => {
  const ask = vi.fn((text: string) => (text === 'none' ? undefined : text.length));
  const answer = remembered(ask);
  expect([answer('web'), answer('web'), answer('none'), answer('none')]).toEqual([3, 3, undefined, undefined]);
  expect(ask).toHaveBeenCalledTimes(2);
});

test('keeps no more than some, and no long ones', () => {
  const ask = vi.fn((text: string) => text.length);
  const answer = remembered(ask);
  for (let at = 0; at < 2_000; at += 1) expect(answer(`text ${at}`)).toBe(`text ${at}`.length);
  answer('text 1999');
  expect(ask).toHaveBeenCalledTimes(2_000);
  answer('text 0');
  expect(ask).toHaveBeenCalledTimes(2_001);
  const long = 'x'.repeat(5_000);
  expect([answer(long), answer(long)]).toEqual([5_000, 5_000]);
  expect(ask).toHaveBeenCalledTimes(2_003);
});

test('asks once for each object, whatever is in it', () => {
  const ask = vi.fn((list: readonly number[]) => list.length);
  const answer = rememberedOf(ask);
  const [one, other] = [[1], [1]];
  expect([answer(one), answer(one), answer(other)]).toEqual([1, 1, 1]);
  expect(ask).toHaveBeenCalledTimes(2);
});

test('keeps the last answer alone', () => {
  const ask = vi.fn((list: readonly number[]) => list.length);
  const answer = rememberedLast(ask);
  const [one, other] = [[1], [1, 2]];
  expect([answer(one), answer(one), answer(other), answer(other), answer(one)]).toEqual([1, 1, 2, 2, 1]);
  expect(ask).toHaveBeenCalledTimes(3);
});
