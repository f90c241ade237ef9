import { describe, expect, it } from 'vitest';
import { joinBareDashes } from './bare-dash.ts';

describe('a bare dash', () => {
  it.each([
    ['evaluate -f -', 'evaluate -f=-'],
    ['evaluate --file - --trace', 'evaluate --file=- --trace'],
    ['evaluate -f a - b', 'evaluate -f a -f=- b'],
    ['evaluate -f=a -f -', 'evaluate -f=a -f=-'],
    ['evaluate -', 'evaluate -'],
    ['evaluate -f a -- -', 'evaluate -f a -- -'],
    ['evaluate -f -x', 'evaluate -f -x'],
  ])('in "%s" is read as "%s"', (given, expected) => {
    expect(joinBareDashes(given.split(' '))).toEqual(expected.split(' '));
  });
});
