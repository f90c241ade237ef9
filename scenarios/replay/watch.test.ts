import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
  const outcome = await watching(file, interruption.signal, async (): Promise<ExitCode> => {
    runs += 1;
    if (runs === 4) interruption.abort();
    else setTimeout(() => writeFileSync(file, String(runs)), 50);
    if (runs === 2) throw new CommandError('it cannot be read');
    return 99;
  });
  spy.mockRestore();
  expect([runs, outcome]).toEqual([4, 99]);
});
