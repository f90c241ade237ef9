import { describe, expect, it } from 'vitest';
import { powerOfTwoFrom } from './power-of-two.ts';

describe('the power of two from a count', () => {
  it('is the count itself where that is one, and the next above elsewhere', () => {
    expect([0, 1, 2, 3, 4, 5, 1024, 1025, 20_000].map(powerOfTwoFrom)).toEqual([2, 2, 2, 4, 4, 8, 1024, 2048, 32_768]);
  });
});
