import { expect, it } from 'vitest';
import { logQuery } from './log-query.ts';

it.each([
  [{}, ''],
  [{ tail: 3, timestamps: true, follow: true, previous: false }, 'tailLines=3&follow=true&timestamps=true'],
  [{ tail: -1, selector: 'app=web' }, ''],
  [{ selector: 'app=web' }, 'tailLines=10'],
  [{ since: '90' }, 'sinceSeconds=90'],
  [{ since: '1h30m' }, 'sinceSeconds=5400'],
  [{ since: '250ms' }, 'sinceSeconds=1'],
  [{ since: '0s' }, ''],
  [{ 'since-time': '2026-01-31T12:00:00Z', 'limit-bytes': 5 }, 'limitBytes=5&sinceTime=2026-01-31T12%3A00%3A00Z'],
])('%j is "%s"', (args, query) => {
  expect(String(logQuery(args))).toBe(query);
});

it.each([
  [{ tail: -2 }, '--tail wants'],
  [{ tail: 1.5 }, '--tail wants'],
  [{ 'limit-bytes': 0 }, '--limit-bytes wants'],
  [{ since: 'yesterday' }, '--since wants'],
  [{ 'since-time': 'noon' }, '--since-time wants'],
  [{ since: '5s', 'since-time': '2026-01-31T12:00:00Z' }, 'not both'],
])('%j is refused', (args, why) => {
  expect(() => logQuery(args)).toThrow(why);
});
