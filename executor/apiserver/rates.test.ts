import { describe, expect, it } from 'vitest';
import type { StatusError } from '../../engine/index.ts';
import type { Entrance } from './dispatch.ts';
import { ClientRates, readRate } from './rates.ts';

const entrance = (name: string, kind = 'resource') => ({ caller: { name }, asked: { kind } }) as unknown as Entrance;

describe('the rate of one client', () => {
  const rated = (perSecond: number, burst: number) => {
    const clock = { now: 1_000 };
    return { clock, rates: new ClientRates({ perSecond, burst }, () => clock.now) };
  };

  function admitted(rates: ClientRates, name: string, tries: number): number {
    let count = 0;
    for (let at = 0; at < tries; at += 1) {
      try {
        rates.admit(entrance(name));
        count += 1;
      } catch (error) {
        expect((error as StatusError).status).toMatchObject({ code: 429, reason: 'TooManyRequests' });
      }
    }
    return count;
  }

  it('is a burst, and then so many a second', () => {
    const { clock, rates } = rated(10, 20);
    expect(admitted(rates, 'a', 50)).toBe(20);
    clock.now += 500;
    expect(admitted(rates, 'a', 50)).toBe(5);
    clock.now += 3_600_000;
    rates.sweep();
    expect(admitted(rates, 'a', 50)).toBe(20);
  });

  it('is nobody else’s, and tells when to ask again', () => {
    const { rates } = rated(0.5, 1);
    expect([admitted(rates, 'a', 2), admitted(rates, 'b', 2)]).toEqual([1, 1]);
    try {
      rates.admit(entrance('a'));
    } catch (error) {
      expect((error as StatusError).status.details?.retryAfterSeconds).toBe(2);
    }
    expect(() => rates.admit(entrance('a', 'path'))).not.toThrow();
  });

  it('is not kept in mind by sweeping, nor forgotten', () => {
    const { rates } = rated(10, 20);
    admitted(rates, 'a', 50);
    rates.sweep();
    expect(admitted(rates, 'a', 50)).toBe(0);
  });

  it('is none where it is 0', () => {
    const { rates } = rated(0, 0);
    expect(admitted(rates, 'a', 1_000)).toBe(1_000);
  });

  it.each([
    ['50', { perSecond: 50, burst: 100 }],
    ['50:60', { perSecond: 50, burst: 60 }],
    ['0', { perSecond: 0, burst: 0 }],
    ['50:0', null],
    ['-1', null],
    ['fast', null],
  ])('is read from %s', (text, rate) => {
    expect(readRate(text)).toEqual(rate);
  });
});
