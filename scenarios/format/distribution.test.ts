import { describe, expect, it } from 'vitest';
import { Random } from '../../engine/index.ts';
import { formatDuration, parseDuration } from '../../executor/terminal/duration.ts';
import { readDistribution } from './distribution.ts';
import { naturalLog, powerOfE } from './exact-math.ts';

const drawn = (form: unknown, count = 4_000): number[] => {
  const random = new Random('x');
  const distribution = readDistribution(form);
  return Array.from({ length: count }, () => distribution(random)).sort((a, b) => a - b);
};
const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;

describe('logarithm and power', () => {
  it('are right to the last digits', () => {
    for (const value of [1e-9, 0.01, 0.5, 0.75, 1, 1.5, 2, 10, 12_345.678, 1e12]) {
      expect(Math.abs(naturalLog(value) - Math.log(value))).toBeLessThan(
        1e-13 * Math.max(1, Math.abs(Math.log(value))),
      );
    }
    for (const value of [-20, -1, -0.3, 0, 0.3, 1, 5, 20]) {
      expect(Math.abs(powerOfE(value) / Math.exp(value) - 1)).toBeLessThan(1e-13);
    }
  });
});

describe('durations', () => {
  it('are read and written as people do it', () => {
    for (const [text, ms] of [
      ['90s', 90_000],
      ['1h30m', 5_400_000],
      ['250ms', 250],
      ['1.5s', 1_500],
      ['2d', 172_800_000],
      ['0', 0],
    ] as const) {
      expect(parseDuration(text)).toBe(ms);
      expect(parseDuration(formatDuration(ms))).toBe(ms);
    }
    for (const wrong of ['', '5', 'm', '5 m', '-5m', 5, null, '1x']) expect(parseDuration(wrong)).toBeNull();
  });

  it('are drawn from what is asked for', () => {
    expect(new Set(drawn('5s', 10))).toEqual(new Set([5_000]));
    const even = drawn({ uniform: ['10s', '20s'] });
    expect([even[0]! >= 10_000, even.at(-1)! <= 20_000, Math.abs(mean(even) - 15_000) < 200]).toEqual([
      true,
      true,
      true,
    ]);
    const waits = drawn({ exponential: '10s' });
    expect(Math.abs(mean(waits) / 10_000 - 1)).toBeLessThan(0.05);
    expect(Math.abs(waits[2_000]! / (10_000 * Math.LN2) - 1)).toBeLessThan(0.07);
    const around = drawn({ lognormal: { median: '10s', sigma: 0.5 } });
    expect(Math.abs(around[2_000]! / 10_000 - 1)).toBeLessThan(0.05);
    expect(Math.abs(around[3_364]! / (10_000 * Math.exp(0.5)) - 1)).toBeLessThan(0.1);
    const lines = drawn({ p50: '1s', p99: '9s' });
    expect(Math.abs(lines[2_000]! / 1_000 - 1)).toBeLessThan(0.1);
  });
});
