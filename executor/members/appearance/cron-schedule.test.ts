import { describe, expect, it } from 'vitest';
import { nextTime, readSchedule } from './cron-schedule.ts';

const next = (text: string, after: string, zone = 'UTC') => {
  const at = nextTime(readSchedule(text)!, Date.parse(after), zone);
  return at === null ? null : new Date(at).toISOString().slice(0, 16);
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
    expect(next('0 0 30 2 *', '2024-01-01T00:00:00Z')).toBeNull();
  });

  it.each(['', '* * * *', '60 * * * *', '* * 0 * *', 'a * * * *', '5-1 * * * *', '*/0 * * * *', '1/2/3 * * * *'])(
    'is not %j',
    (text) => {
      expect(readSchedule(text)).toBeNull();
    },
  );
});
