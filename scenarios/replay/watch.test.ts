import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { CommandError, type ExitCode } from '../../executor/terminal/command.ts';
import { watching } from './watch.ts';

const folder = mkdtempSync(join(tmpdir(), 'watch-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('plays again when a file changes, mistakes or not, until it is interrupted', async () => {
  const spy = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const file = join(folder, 'scenario.yaml');
  writeFileSync(file, '1');
  const interruption = new AbortController();
  let runs = 0;
  const outcome = await watching({ file, out: null }, interruption.signal, async (): Promise<ExitCode> => {
    runs += 1;
    if (runs === 4) interruption.abort();
    else setTimeout(() => writeFileSync(file, String(runs)), 50);
    if (runs === 2) throw new CommandError('it cannot be read');
    return 99;
  });
  spy.mockRestore();
  expect([runs, outcome]).toEqual([4, 99]);
});

it('does not take what a run leaves for a change', async () => {
  const spy = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const file = join(folder, 'other.yaml');
  const out = join(folder, 'reports');
  writeFileSync(file, '1');
  const interruption = new AbortController();
  let runs = 0;
  const leaving = (): Promise<ExitCode> => {
    runs += 1;
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, 'trace.jsonl'), String(runs));
    setTimeout(() => interruption.abort(), 800);
    return Promise.resolve(0);
  };
  await watching({ file, out }, interruption.signal, leaving);
  spy.mockRestore();
  expect(runs).toBe(1);
});
