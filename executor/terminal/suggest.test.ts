import { describe, expect, it } from 'vitest';
import { suggest } from './suggest.ts';

const words = ['schedule', 'evaluate', 'explain', 'plan', 'diff', 'up', 'down'];

describe('a suggestion', () => {
  it.each([
    ['shedule', 'schedule'],
    ['scheudle', 'schedule'],
    ['SCHEDULE', 'schedule'],
    ['sched', 'schedule'],
    ['plam', 'plan'],
    ['explian', 'explain'],
    ['dif', 'diff'],
    ['pu', 'up'],
    ['kubectl', null],
    ['x', null],
    ['schedulers-of-the-world', null],
  ])('for %j is %j', (given, wanted) => {
    expect(suggest(given, words)).toBe(wanted);
  });

  it('does not hang on the order of the words', () => {
    expect(suggest('b', ['c', 'a'])).toBe(suggest('b', ['a', 'c']));
  });
});
