// Commands whose output is read no further than its first line, as real processes on real pipes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const fileAt = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const REHEARSAL = fileAt('scenarios/rehearsal.yaml');
const REPLAY = ['--import', 'tsx', fileAt('cli.ts'), 'replay'];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-unread-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function readOnce(...words: readonly string[]): Promise<{ code: number | null; errors: string }> {
  const child = spawn(process.execPath, [...REPLAY, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += String(chunk);
  });
  child.stdout.once('data', () => child.stdout.destroy());
  const [code] = (await once(child, 'exit')) as [number | null];
  return { code, errors };
}

describe('a command whose reader goes away', { timeout: 60_000 }, () => {
  it('ends with its reader where it only prints', async () => {
    expect(await readOnce(REHEARSAL)).toEqual({ code: 0, errors: '' });
  });

  it('goes on to its end where it has more to do, and its exit code is that of the whole', async () => {
    const file = join(folder, 'disappointing.yaml');
    const rehearsal = await readFile(REHEARSAL, 'utf8');
    await writeFile(file, rehearsal.replace('- at end: recovered("web")', '- at end: ready("web") == 99'));
    const out = join(folder, 'out');
    expect(await readOnce(file, '--out', out)).toMatchObject({ code: 99 });
    expect(await readdir(out)).toEqual(expect.arrayContaining(['report.html', 'summary.md', 'trace.jsonl']));
  });
});
