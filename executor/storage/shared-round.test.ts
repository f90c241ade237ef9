import { expect, it } from 'vitest';
import { SharedRound } from './shared-round.ts';

it('serves everybody by a round that began after they asked, and as few rounds as that takes', async () => {
  let began = 0;
  const ends: (() => void)[] = [];
  const shared = new SharedRound(() => {
    began += 1;
    return new Promise((resolve) => ends.push(resolve));
  });
  const served: string[] = [];
  const join = (name: string) => void shared.join().then(() => served.push(name));
  join('first');
  join('second');
  join('third');
  expect(began).toBe(1);
  ends[0]!();
  await new Promise((resolve) => setImmediate(resolve));
  expect(served).toEqual(['first']);
  expect(began).toBe(2);
  join('fourth');
  ends[1]!();
  await new Promise((resolve) => setImmediate(resolve));
  expect(served).toEqual(['first', 'second', 'third']);
  ends[2]!();
  await new Promise((resolve) => setImmediate(resolve));
  expect(served).toEqual(['first', 'second', 'third', 'fourth']);
  expect(began).toBe(3);
});

it('begins a round for those who wait when the one before fails', async () => {
  let began = 0;
  const shared = new SharedRound(async () => {
    began += 1;
    await new Promise((resolve) => setImmediate(resolve));
    if (began === 1) throw new Error('the first');
  });
  const rounds = await Promise.allSettled([shared.join(), shared.join(), shared.join()]);
  expect(rounds.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  expect((await Promise.allSettled([shared.join()])).map(({ status }) => status)).toEqual(['fulfilled']);
  expect(began).toBe(3);
});
