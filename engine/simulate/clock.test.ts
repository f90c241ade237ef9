import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../base/random.ts';
import { Clock, cancel } from './clock.ts';
import { always, drawLatency } from './latency.ts';
import { RateLimit } from './rate-limit.ts';

describe('the clock', () => {
  it('gives every event its own time, and what it plans starts from there', () => {
    const clock = new Clock(0);
    const seen: number[] = [];
    clock.at(5, () => {
      seen.push(clock.now);
      clock.after(2, () => seen.push(clock.now));
    });
    clock.runUntil(100);
    expect([seen, clock.now]).toEqual([[5, 7], 100]);
  });

  it('runs events by time, those of one time in the order in which they were planned, and not those that were cancelled', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ at: fc.nat(30), isCancelled: fc.boolean() }), { maxLength: 60 }), (plans) => {
        const clock = new Clock(0);
        const seen: number[] = [];
        const timers = plans.map(({ at }, number) => clock.at(at, () => seen.push(number)));
        plans.forEach(({ isCancelled }, number) => {
          if (isCancelled) cancel(timers[number]);
        });
        clock.runUntil(30);
        const expected = plans
          .map((plan, number) => ({ ...plan, number }))
          .filter(({ isCancelled }) => !isCancelled)
          .sort((a, b) => a.at - b.at || a.number - b.number);
        expect(seen).toEqual(expected.map(({ number }) => number));
        expect([clock.nextAt(), clock.pending]).toEqual([null, 0]);
      }),
    );
  });

  it('does not plan for the past', () => {
    const clock = new Clock(10);
    expect(() => clock.at(9, () => {})).toThrow('nothing is planned for the past');
  });
});

describe('a latency', () => {
  it('has the median and the percentile that it was given', () => {
    const random = new Random('x');
    const drawn = Array.from({ length: 20_000 }, () => drawLatency({ p50Ms: 100, p99Ms: 1_000 }, random)).sort(
      (a, b) => a - b,
    );
    expect(drawn[0]).toBeGreaterThanOrEqual(50);
    expect(Math.abs(drawn[10_000]! - 100)).toBeLessThan(5);
    expect(Math.abs(drawn[19_800]! - 1_000)).toBeLessThan(150);
    expect(drawn.at(-1)).toBeLessThanOrEqual(2_000);
    expect(drawLatency(always(7), random)).toBe(7);
  });
});

describe('a rate limit', () => {
  it('lets a burst pass, then so many a second', () => {
    const limit = new RateLimit({ perSecond: 40, burst: 3 });
    expect(Array.from({ length: 6 }, () => limit.wait(1_000))).toEqual([0, 0, 0, 25, 50, 75]);
    expect(limit.wait(1_100)).toBe(0);
    expect(limit.wait(60_000)).toBe(0);
  });
});
