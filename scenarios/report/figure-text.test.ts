import { describe, expect, it } from 'vitest';
import { rounded } from './figure-text.ts';

describe('a figure for the eye', () => {
  it('has fewer digits the larger it is, and is never what it only comes near to', () => {
    expect([0, 0.99721, 1, 2.345, 1234.5, Number.POSITIVE_INFINITY].map(rounded)).toEqual([
      '0',
      '0.9972',
      '1',
      '2.35',
      '1235',
      'never',
    ]);
    expect(rounded(0.99997)).toBe('0.9999');
  });
});
