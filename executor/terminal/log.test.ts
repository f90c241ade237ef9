import { expect, it } from 'vitest';
import { type LogFormat, type LogLevel, openLog } from './log.ts';

function said(format: LogFormat, level: LogLevel): string[] {
  const lines: string[] = [];
  const log = openLog({
    name: 'up',
    format,
    level,
    write: (line) => lines.push(line),
    now: () => new Date('2026-11-20T10:00:00Z'),
  });
  log.say('ready');
  log.tell('debug', 'looked', { key: 'a/b' });
  log.tell('warn', 'it failed:\n  again', { key: 'a b', times: 3 });
  return lines;
}

it('says what people read, with what is worth a warning marked', () => {
  expect(said('text', 'info')).toEqual(['up: ready\n', 'up: warn: it failed: again key="a b" times=3\n']);
  expect(said('text', 'debug')).toContain('up: debug: looked key=a/b\n');
  expect(said('text', 'error')).toEqual([]);
});

it('writes one object a line for machines', () => {
  expect(said('json', 'warn').map((line) => JSON.parse(line))).toEqual([
    {
      time: '2026-11-20T10:00:00.000Z',
      level: 'warn',
      from: 'up',
      message: 'it failed:\n  again',
      key: 'a b',
      times: 3,
    },
  ]);
});
