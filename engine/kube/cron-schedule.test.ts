import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timeZones } from '../../executor/script/time-zones.ts';
import { check } from '../../test/properties/check.ts';
import { nextTime, readSchedule } from './cron-schedule.ts';
import type { Millis } from './time.ts';
import { UTC } from './time-zone.ts';

const clockOf =
  (zone: string) =>
  (at: Millis): Millis =>
    timeZones.offsetAt(zone, at) ?? Number.NaN;

const next = (text: string, after: string, zone = UTC) => {
  const at = nextTime(readSchedule(text)!, Date.parse(after), clockOf(zone));
  return at === null ? null : new Date(at).toISOString().slice(0, 16);
};

const several = (count: number, text: string, after: string, zone: string) => {
  const found: string[] = [];
  for (let at: string = after; found.length < count; ) {
    at = `${next(text, at, zone)}:00Z`;
    found.push(at.slice(5, 16));
  }
  return found;
};

describe('a schedule', () => {
  it.each([
    ['* * * * *', '2024-01-01T00:00:00Z', '2024-01-01T00:01'],
    ['* * * * *', '2024-01-01T00:00:30Z', '2024-01-01T00:01'],
    ['*/15 * * * *', '2024-01-01T10:16:00Z', '2024-01-01T10:30'],
    ['5/20 3 * * *', '2024-01-01T03:06:00Z', '2024-01-01T03:25'],
    ['0 9-17/4 * * mon-fri', '2024-01-05T17:00:00Z', '2024-01-08T09:00'],
    ['30 2 1,15 * *', '2024-01-02T00:00:00Z', '2024-01-15T02:30'],
    ['0 0 13 * 5', '2024-01-06T00:00:00Z', '2024-01-12T00:00'],
    ['0 0 13 * 5', '2024-01-12T00:00:00Z', '2024-01-13T00:00'],
    ['0 0 */10 * 7', '2024-01-01T01:00:00Z', '2024-01-21T00:00'],
    ['0 0 29 feb *', '2024-03-01T00:00:00Z', '2028-02-29T00:00'],
    ['0 0 29 2 *', '1896-03-01T00:00:00Z', '1904-02-29T00:00'],
    ['@hourly', '2024-01-01T23:00:00Z', '2024-01-02T00:00'],
    ['@yearly', '2024-01-01T00:00:00Z', '2025-01-01T00:00'],
  ])('of %s after %s is due at %s', (text, after, due) => {
    expect(next(text, after)).toBe(due);
  });

  it('keeps to the wall clock of its zone, and leaves out what that skips', () => {
    expect(next('0 9 * * *', '2024-07-01T00:00:00Z', 'Europe/Berlin')).toBe('2024-07-01T07:00');
    expect(next('0 9 * * *', '2024-01-01T00:00:00Z', 'Europe/Berlin')).toBe('2024-01-01T08:00');
    expect(next('30 2 * * *', '2024-03-30T12:00:00Z', 'Europe/Berlin')).toBe('2024-04-01T00:30');
    expect(next('30 2 * * *', '2024-03-31T12:00:00Z', 'Europe/Berlin')).toBe('2024-04-01T00:30');
    expect(next('0 0 1 12 *', '2024-01-01T12:00:00Z', 'America/New_York')).toBe('2024-12-01T05:00');
    expect(next('0 0 30 2 *', '2024-01-01T00:00:00Z')).toBeNull();
  });

  it('is due at every hour that a clock shows, also at one that it shows twice', () => {
    const hours = several(4, '0 * * * *', '2024-10-26T23:30:00Z', 'Europe/Berlin');
    expect(hours).toEqual(['10-27T00:00', '10-27T01:00', '10-27T02:00', '10-27T03:00']);
    const twice = several(3, '30 2 * * *', '2024-10-26T12:00:00Z', 'Europe/Berlin');
    expect(twice).toEqual(['10-27T00:30', '10-27T01:30', '10-28T01:30']);
    const forward = several(3, '0 * * * *', '2024-03-31T00:30:00Z', 'Europe/Berlin');
    expect(forward).toEqual(['03-31T01:00', '03-31T02:00', '03-31T03:00']);
  });

  it('is due at the first minute whose wall clock it names, wherever that is', () => {
    const field = (least: number, most: number) =>
      fc.oneof(fc.constant('*'), fc.integer({ min: least, max: most }).map(String), fc.constant('*/7'));
    const schedule = fc
      .tuple(field(0, 59), field(0, 23), field(1, 28), fc.constant('*'), field(0, 6))
      .map((fields) => fields.join(' '));
    const zone = fc.constantFrom(UTC, 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata');
    // Around the nights in which those clocks are set.
    const near = fc.constantFrom('2024-03-10', '2024-03-31', '2024-04-07', '2024-10-06', '2024-10-27', '2024-11-03');
    const minutes = fc.integer({ min: -2_000, max: 2_000 });
    check(
      'next times',
      fc.record({ schedule, zone, near, minutes }),
      ({ schedule: text, zone: name, near, minutes }) => {
        const offsetAt = clockOf(name);
        const read = readSchedule(text)!;
        const after = Date.parse(`${near}T00:00:00Z`) + minutes * 60_000 + 17_000;
        const found = nextTime(read, after, offsetAt)!;
        const shows = (at: Millis) => {
          const wall = new Date(at + offsetAt(at));
          const isOfMonth = read.days.includes(wall.getUTCDate());
          const isOfWeek = read.weekdays.includes(wall.getUTCDay());
          return (
            read.minutes.includes(wall.getUTCMinutes()) &&
            read.hours.includes(wall.getUTCHours()) &&
            (read.isEitherDay ? isOfMonth || isOfWeek : isOfMonth && isOfWeek)
          );
        };
        const first = Math.floor(after / 60_000) * 60_000 + 60_000;
        const last = Math.min(found - 60_000, first + 3 * 86_400_000);
        expect([found > after, shows(found)]).toEqual([true, true]);
        for (let at = first; at <= last; at += 60_000)
          if (shows(at)) throw new Error(`is due at ${at}, not at ${found}`);
      },
      100,
    );
  });

  it.each(['', '* * * *', '60 * * * *', '* * 0 * *', 'a * * * *', '5-1 * * * *', '*/0 * * * *', '1/2/3 * * * *'])(
    'is not %j',
    (text) => {
      expect(readSchedule(text)).toBeNull();
    },
  );
});

describe('a time zone', () => {
  it('is one that is known by its name, and nothing else', () => {
    expect(timeZones.offsetAt('Asia/Kolkata', 0)).toBe(19_800_000);
    expect(['Nowhere/City', '+01:00', 'Local', '', 'Europe/Berlin '].map((one) => timeZones.offsetAt(one, 0))).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
  });
});
