import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check } from '../../test/properties/check.ts';
import { countByPods, countByShare, countByValue, type Goal, type Scale } from './count.ts';
import type { PodLoad } from './load.ts';
import { sortPods } from './sorted-pods.ts';

const NOW = 1_800_000_000_000;
const TUNING = {
  tolerance: 0.1,
  cpuInitializationMs: 300_000,
  initialReadinessDelayMs: 30_000,
  downscaleStabilizationMs: 300_000,
};

interface Given {
  /** What each uses; null for who has not been measured. */
  readonly uses: readonly (number | null)[];
  readonly unready?: readonly number[];
  readonly requests?: readonly number[];
  readonly calibration?: number;
}

const pod = (at: number, isReady: boolean, startedMs = 3_600_000): PodLoad => ({
  name: `pod-${at}`,
  phase: 'Running',
  startedAt: NOW - startedMs,
  ready: { status: isReady ? 'True' : 'False', since: NOW - startedMs },
  containers: [],
  usage: { at: NOW, windowMs: 15_000, containers: [] },
});

function counted(
  { uses, unready = [], requests = [], calibration = 1 }: Given,
  percent: number,
  current = uses.length,
) {
  const samples = uses.map((value, at) => ({ pod: pod(at, !unready.includes(at)), value }));
  const goal: Goal = {
    percent,
    requestOf: ({ pod: { name } }) => requests[Number(name.slice('pod-'.length))] ?? 1_000,
  };
  const scale: Scale = { current, calibration, tolerance: TUNING.tolerance };
  const found = countByPods(sortPods(samples, true, NOW, TUNING), goal, scale);
  return found === null ? null : [found.replicas, found.percent];
}

describe('how many there should be', () => {
  it.each<readonly [string, Given, number, readonly [number, number]]>([
    ['more where they use more', { uses: [300, 500, 700] }, 30, [5, 50]],
    ['fewer where they use less', { uses: [100, 300, 500, 250, 250] }, 50, [3, 28]],
    ['as many where it is about right', { uses: [1010, 1030, 1020], requests: [900, 1000, 1100] }, 100, [3, 102]],
    ['less growth while some are starting', { uses: [300, 500, 700], unready: [0] }, 30, [4, 60]],
    ['no growth where only those that start use much', { uses: [400, 500, 700], unready: [1, 2] }, 40, [3, 40]],
    ['who starts is no reason to have more', { uses: [100, 300, 500, 250, 250], unready: [3, 4] }, 50, [2, 30]],
    ['who is unknown may be busy', { uses: [600, null] }, 100, [2, 60]],
    ['who is unknown may be idle', { uses: [1900, null] }, 100, [2, 190]],
    ['nothing is known of one, and the other is right', { uses: [1000, null] }, 100, [2, 100]],
    ['one starts and one is unknown', { uses: [100, 450, null], unready: [0] }, 50, [3, 45]],
    ['one starts, one is unknown, and one is busy', { uses: [100, 2000, null], unready: [0] }, 50, [4, 200]],
    ['one starts, one is unknown, and two are idle', { uses: [100, 100, 100, null], unready: [0] }, 50, [3, 10]],
    ['at the edge, as doubles have it', { uses: [880, 880] }, 80, [3, 88]],
    ['below the edge', { uses: [870, 870] }, 80, [2, 87]],
  ])('%s', (_, given, percent, expected) => {
    expect(counted(given, percent)).toEqual(expected);
  });

  it('is for all clusters, where those in sight are a part', () => {
    expect(counted({ uses: [1000, 1000], calibration: 0.5 }, 50, 4)).toEqual([8, 100]);
  });

  it('is unknown where only those that start have been measured, or nobody requests anything', () => {
    expect(counted({ uses: [100], unready: [0] }, 50)).toBeNull();
    expect(counted({ uses: [100], requests: [0] }, 50)).toBeNull();
  });

  it('follows a value of all, or a share of each', () => {
    const scale: Scale = { current: 4, calibration: 0.5, tolerance: 0.1 };
    expect([countByValue(3_000, 1_000, 2, scale), countByValue(1_050, 1_000, 2, scale)]).toEqual([12, 4]);
    expect([countByShare(9_000, 1_000, 2, scale), countByShare(2_100, 1_000, 2, scale)]).toEqual([18, 4]);
    expect(countByShare(9_000, 1_000, 0, scale)).toBe(18);
  });

  it('never goes against what is measured, and never falls where more is used', () => {
    const use = fc.integer({ min: 0, max: 4_000 });
    const given = fc.record({
      uses: fc.array(fc.oneof({ weight: 4, arbitrary: use }, { weight: 1, arbitrary: fc.constant(null) }), {
        minLength: 1,
        maxLength: 12,
      }),
      unready: fc.uniqueArray(fc.nat(11), { maxLength: 4 }),
      percent: fc.integer({ min: 1, max: 200 }),
      more: fc.integer({ min: 0, max: 3_000 }),
    });
    check('counts follow usage', given, ({ uses, unready, percent, more }) => {
      const found = counted({ uses, unready }, percent);
      if (found === null) return;
      const [replicas, seen] = found as [number, number];
      const size = uses.length;
      if (seen < percent) expect(replicas).toBeLessThanOrEqual(size);
      if (seen > percent) expect(replicas === size || replicas > size || unready.length > 0).toBe(true);
      if (Math.abs(1 - seen / percent) <= 0.1 && !uses.includes(null) && unready.length === 0)
        expect(replicas).toBe(size);
      const busier = uses.map((value) => (value === null ? null : value + more));
      const [later] = counted({ uses: busier, unready }, percent) as [number, number];
      if (unready.length === 0) expect(later).toBeGreaterThanOrEqual(replicas);
    });
  });
});

describe('pods', () => {
  const sorted = (given: PodLoad, isCpu = true, value: number | null = 1) => {
    const { ready, unready, missing } = sortPods([{ pod: given, value }], isCpu, NOW, TUNING);
    return [ready.length, unready.length, missing.length].join('');
  };
  const young = { ...pod(0, true, 60_000) };

  it.each<readonly [string, PodLoad, string]>([
    ['serves', pod(0, true), '100'],
    ['goes', { ...pod(0, true), isGoing: true }, '000'],
    ['has failed', { ...pod(0, true), phase: 'Failed' }, '000'],
    ['waits', { ...pod(0, true), phase: 'Pending' }, '010'],
    ['has never been ready', pod(0, false), '010'],
    ['was ready once', { ...pod(0, false), ready: { status: 'False', since: NOW - 60_000 } }, '100'],
    ['has no condition', { ...pod(0, true), ready: undefined } as PodLoad, '010'],
    ['is young, and was measured after a while', young, '100'],
    [
      'is young, and was measured as it became ready',
      { ...young, usage: { at: NOW - 50_000, windowMs: 15_000, containers: [] } },
      '010',
    ],
    ['is young and unready', pod(0, false, 60_000), '010'],
  ])('one that %s', (_, given, expected) => {
    expect(sorted(given)).toBe(expected);
  });

  it('that were not measured are missing, and start and stop matter to CPU alone', () => {
    expect(sorted(pod(0, true), true, null)).toBe('001');
    expect(sorted(pod(0, false), false)).toBe('100');
  });
});
