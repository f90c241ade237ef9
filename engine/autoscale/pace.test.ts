import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check } from '../../test/properties/check.ts';
import type { ScalingBehavior, ScalingPolicy } from '../api/autoscaling.ts';
import { NOTHING_REMEMBERED, type ScaleMemory, withChange, withRecommendation } from './memory.ts';
import { limit, limitBy, stabilize, stabilizeBy } from './pace.ts';

const NOW = 10_000_000;
const MINUTE = 60_000;
const bounds = (current: number, min = 1, max = 100) => ({ current, min, max });

const recommended = (...past: readonly (readonly [minutesAgo: number, replicas: number])[]): ScaleMemory => ({
  ...NOTHING_REMEMBERED,
  recommended: past.map(([ago, replicas]) => ({ at: NOW - ago * MINUTE, replicas })),
});

const policy = (type: string, value: number, periodSeconds = 60): ScalingPolicy => ({ type, value, periodSeconds });
const up = (selectPolicy: string, ...policies: ScalingPolicy[]): ScalingBehavior => ({
  scaleUp: { selectPolicy, policies },
});
const down = (selectPolicy: string, ...policies: ScalingPolicy[]): ScalingBehavior => ({
  scaleDown: { selectPolicy, policies },
});

describe('without a behavior', () => {
  const steady = (wanted: number, memory: ScaleMemory) => {
    const { replicas, reason } = stabilize(wanted, memory, 5 * MINUTE, NOW);
    return [replicas, reason];
  };
  const bounded = (wanted: number, ...of: Parameters<typeof bounds>) => {
    const { replicas, reason } = limit(wanted, bounds(...of));
    return [replicas, reason];
  };

  it('the most of the last minutes holds', () => {
    expect(steady(3, recommended([6, 9], [5, 7], [1, 4]))).toEqual([7, 'ScaleDownStabilized']);
    expect(steady(8, recommended([6, 9], [5, 7]))).toEqual([8, 'ReadyForNewScale']);
  });

  it('it doubles at most, or grows to four', () => {
    expect(bounded(30, 10)).toEqual([20, 'ScaleUpLimit']);
    expect(bounded(9, 1)).toEqual([4, 'ScaleUpLimit']);
    expect(bounded(30, 10, 1, 15)).toEqual([15, 'TooManyReplicas']);
    expect(bounded(1, 10, 3)).toEqual([3, 'TooFewReplicas']);
    expect(bounded(12, 10)).toEqual([12, 'DesiredWithinRange']);
  });
});

describe('with a behavior', () => {
  const windows = (scaleUp: number, scaleDown?: number): ScalingBehavior => ({
    scaleUp: { stabilizationWindowSeconds: scaleUp },
    scaleDown: scaleDown === undefined ? {} : { stabilizationWindowSeconds: scaleDown },
  });
  const steady = (behavior: ScalingBehavior, wanted: number, current: number, memory: ScaleMemory) => {
    const { replicas, reason } = stabilizeBy(behavior, wanted, current, memory, 5 * MINUTE, NOW);
    return [replicas, reason];
  };
  const bounded = (behavior: ScalingBehavior, wanted: number, memory = NOTHING_REMEMBERED, of = bounds(10)) => {
    const { replicas, reason } = limitBy(behavior, wanted, of, memory, NOW);
    return [replicas, reason];
  };

  it('the most cautious of each window holds', () => {
    const memory = recommended([4, 12], [2, 7]);
    expect(steady(windows(0, 0), 5, 10, memory)).toEqual([5, 'ReadyForNewScale']);
    expect(steady(windows(0, 180), 5, 10, memory)).toEqual([7, 'ScaleDownStabilized']);
    expect(steady(windows(0), 5, 10, memory)).toEqual([10, 'ScaleDownStabilized']);
    expect(steady(windows(300), 20, 10, recommended([4, 12], [2, 15]))).toEqual([12, 'ScaleUpStabilized']);
    expect(steady(windows(300), 20, 10, memory)).toEqual([10, 'ScaleUpStabilized']);
  });

  it('no more is added than a policy allows in its time', () => {
    expect(bounded(up('Max', policy('Pods', 4), policy('Percent', 100)), 50)).toEqual([20, 'ScaleUpLimit']);
    expect(bounded(up('Min', policy('Pods', 4), policy('Percent', 100)), 50)).toEqual([14, 'ScaleUpLimit']);
    expect(bounded(up('Disabled', policy('Pods', 4)), 50)).toEqual([10, 'ScaleUpLimit']);
    expect(bounded(up('Max', policy('Percent', 1)), 50)).toEqual([11, 'ScaleUpLimit']);
    const before = withChange(NOTHING_REMEMBERED, 8, 10, NOW - 30_000);
    expect(bounded(up('Max', policy('Pods', 4)), 50, before)).toEqual([12, 'ScaleUpLimit']);
    const long = withChange(NOTHING_REMEMBERED, 8, 10, NOW - 60_000);
    expect(bounded(up('Max', policy('Pods', 4)), 50, long)).toEqual([14, 'ScaleUpLimit']);
    const much = withChange(NOTHING_REMEMBERED, 2, 10, NOW - 30_000);
    expect(bounded(up('Max', policy('Pods', 4)), 50, much)).toEqual([10, 'ScaleUpLimit']);
    expect(bounded(up('Max', policy('Pods', 90)), 200)).toEqual([100, 'TooManyReplicas']);
  });

  it('no more is taken away than a policy allows in its time', () => {
    expect(bounded(down('Max', policy('Pods', 2), policy('Percent', 50)), 1)).toEqual([5, 'ScaleDownLimit']);
    expect(bounded(down('Min', policy('Pods', 2), policy('Percent', 50)), 1)).toEqual([8, 'ScaleDownLimit']);
    expect(bounded(down('Disabled'), 1)).toEqual([10, 'ScaleDownLimit']);
    const before = withChange(NOTHING_REMEMBERED, 11, 10, NOW - 30_000);
    expect(bounded(down('Max', policy('Pods', 2)), 1, before)).toEqual([9, 'ScaleDownLimit']);
    expect(bounded(down('Max', policy('Percent', 100)), 1, undefined, bounds(10, 3))).toEqual([3, 'TooFewReplicas']);
  });

  it('goes no faster than allowed, however it is driven, and never out of bounds', () => {
    const step = fc.record({ wanted: fc.nat(60), afterSeconds: fc.integer({ min: 1, max: 90 }) });
    const rules = fc.record({ pods: fc.integer({ min: 1, max: 6 }), periodSeconds: fc.integer({ min: 1, max: 180 }) });
    const window = fc.nat(200);
    check(
      'paces',
      fc.record({ steps: fc.array(step, { maxLength: 30 }), rise: rules, fall: rules, window }),
      ({ steps, rise, fall, window: seconds }) => {
        const behavior: ScalingBehavior = {
          scaleUp: {
            stabilizationWindowSeconds: 0,
            selectPolicy: 'Max',
            policies: [policy('Pods', rise.pods, rise.periodSeconds)],
          },
          scaleDown: {
            stabilizationWindowSeconds: seconds,
            selectPolicy: 'Max',
            policies: [policy('Pods', fall.pods, fall.periodSeconds)],
          },
        };
        const history: { at: number; replicas: number; wanted: number }[] = [{ at: NOW, replicas: 10, wanted: 10 }];
        let memory = NOTHING_REMEMBERED;
        let now = NOW;
        for (const { wanted, afterSeconds } of steps) {
          now += afterSeconds * 1000;
          const current = history.at(-1)!.replicas;
          const steady = stabilizeBy(behavior, wanted, current, memory, 5 * MINUTE, now).replicas;
          const { replicas } = limitBy(behavior, steady, bounds(current, 2, 40), memory, now);
          memory = withRecommendation(memory, wanted, now);
          if (replicas !== current) memory = withChange(memory, current, replicas, now);
          const since = (ms: number) => history.slice(1).filter(({ at }) => at > now - ms);
          const begun = (ms: number) => history.filter(({ at }) => at <= now - ms).at(-1)?.replicas ?? 10;
          if (replicas > current) expect(replicas).toBeLessThanOrEqual(begun(rise.periodSeconds * 1000) + rise.pods);
          if (replicas < current) {
            expect(replicas).toBeGreaterThanOrEqual(begun(fall.periodSeconds * 1000) - fall.pods);
            const highest = Math.max(
              wanted,
              ...since(seconds * 1000)
                .slice(0)
                .map((one) => one.wanted),
            );
            expect(replicas).toBeGreaterThanOrEqual(Math.min(current, highest));
          }
          expect(replicas).toBeGreaterThanOrEqual(2);
          expect(replicas).toBeLessThanOrEqual(40);
          history.push({ at: now, replicas, wanted });
        }
      },
      500,
    );
  });
});
