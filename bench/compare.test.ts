import { describe, expect, it } from 'vitest';
import { compareFigures, sameMachine } from './compare.ts';
import type { Figures } from './schedule/figures.ts';
import { loadStatistics } from './statistics.ts';

const figures = (samples: readonly number[], more: Partial<Figures> = {}): Figures =>
  ({
    bench: 'schedule',
    profile: 'karmada',
    clusters: 100,
    churn: false,
    samples,
    decisionsPerSecond: samples[0],
    node: 'v20',
    cpu: 'x',
    ...more,
  }) as Figures;

describe('a comparison', async () => {
  const statistics = await loadStatistics();
  const verdict = (now: readonly number[], before: readonly number[]) =>
    compareFigures([figures(now)], [figures(before)], 0.1, statistics)[0]!.verdict;
  const around = (value: number) => [0.99, 1, 1.01, 0.995, 1.005].map((factor) => factor * value);

  it('calls a loss past the limit a regression, and a smaller one slower', () => {
    expect(verdict(around(80), around(100))).toBe('regression');
    expect(verdict(around(95), around(100))).toBe('slower');
  });

  it('calls a gain faster, and what lies within the noise the same', () => {
    expect(verdict(around(120), around(100))).toBe('faster');
    expect(verdict([90, 100, 110], [95, 100, 105])).toBe('same');
  });

  it('compares only what was measured alike', () => {
    const before = [
      figures([100], { clusters: 5000 }),
      figures([100], { profile: 'muster' }),
      figures([100], { churn: true }),
    ];
    expect(compareFigures([figures([100])], before, 0.1, statistics)).toEqual([]);
  });

  it('knows another machine', () => {
    expect(sameMachine(figures([1]), figures([1]))).toBe(true);
    expect(sameMachine(figures([1]), figures([1], { cpu: 'y' }))).toBe(false);
  });
});

describe('statistics', async () => {
  const statistics = await loadStatistics();

  it('are the same every time they are drawn', () => {
    const samples = [5, 1, 4, 2, 3];
    expect(statistics.estimate(samples)).toEqual(statistics.estimate(samples));
    expect(statistics.estimate(samples).median).toBe(3);
    expect(statistics.percentile(samples, 0.5)).toBe(3);
    expect(statistics.percentile(samples, 1)).toBe(5);
  });

  it('bracket the median', () => {
    const { median, low, high } = statistics.ratio([2, 2.1, 1.9], [1, 1.1, 0.9]);
    expect(low).toBeLessThanOrEqual(median);
    expect(high).toBeGreaterThanOrEqual(median);
  });
});
