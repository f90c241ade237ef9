import { describe, expect, it } from 'vitest';
import { apportion, type Party } from './apportion.ts';

const parties = (...weights: readonly number[]): Party[] =>
  weights.map((weight, at) => ({ name: `m${at + 1}`, weight }));

describe('apportionment', () => {
  it('gives seats in proportion to weights', () => {
    expect(apportion(10, parties(3, 2))).toEqual([6, 4]);
    expect(apportion(100, parties(53, 24, 23))).toEqual([53, 24, 23]);
  });

  it('follows the greatest quotient where proportions are not whole', () => {
    // The quotients fall 7, 3 (of m2), 7/3, 7/5: these four win.
    expect(apportion(4, parties(7, 3))).toEqual([3, 1]);
    expect(apportion(1, parties(1, 2))).toEqual([0, 1]);
  });

  it('breaks ties by fewer seats, then by name, in either direction', () => {
    expect(apportion(1, parties(1, 1))).toEqual([1, 0]);
    expect(apportion(1, parties(1, 1), 'descending')).toEqual([0, 1]);
    // 3/3 of m1's second seat meets 1/1 of m2's first: the one with fewer seats wins.
    expect(
      apportion(2, [
        { name: 'm1', weight: 3 },
        { name: 'm2', weight: 1 },
      ]),
    ).toEqual([1, 1]);
  });

  it('treats all alike where nobody has a weight, and gives nothing to who has none otherwise', () => {
    expect(apportion(4, parties(0, 0, 0))).toEqual([2, 1, 1]);
    expect(apportion(4, parties(-5, 0))).toEqual([2, 2]);
    expect(apportion(4, parties(0, 1, -1))).toEqual([0, 4, 0]);
  });

  it('stops at what a party can take and hands the rest to others', () => {
    expect(
      apportion(10, [
        { name: 'a', weight: 9, seatsMax: 3 },
        { name: 'b', weight: 1 },
      ]),
    ).toEqual([3, 7]);
    expect(
      apportion(10, [
        { name: 'a', weight: 9, seatsMax: 3 },
        { name: 'b', weight: 1, seatsMax: 4 },
      ]),
    ).toEqual([3, 4]);
    expect(apportion(5, [{ name: 'a', weight: 1, seatsMax: 0 }])).toEqual([0]);
  });

  it('takes no longer for a billion seats than for ten', () => {
    const seats = apportion(2_000_000_000, parties(1, 2, 3, 4));
    expect(seats.reduce((sum, count) => sum + count, 0)).toBe(2_000_000_000);
    expect(seats).toEqual([200_000_000, 400_000_000, 600_000_000, 800_000_000]);
  });

  it('keeps count where weights are as large as weights get', () => {
    const huge = parties(2_147_483_647, 2_147_483_646, 1, 1, 1);
    const seats = apportion(7, huge);
    expect(seats).toEqual([4, 3, 0, 0, 0]);
  });

  it('gives nothing where there is nothing to give or nobody to take it', () => {
    expect(apportion(0, parties(1, 2))).toEqual([0, 0]);
    expect(apportion(5, [])).toEqual([]);
  });

  it('does not accept a part of a seat', () => {
    expect(() => apportion(1.5, parties(1))).toThrow('a whole number of seats');
    expect(() => apportion(-1, parties(1))).toThrow('a whole number of seats');
  });
});
