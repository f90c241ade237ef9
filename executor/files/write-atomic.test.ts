import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeAtomically } from './write-atomic.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'write-atomic-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('writing in one step', () => {
  it('makes the folders, replaces what was there, and leaves no draft behind', async () => {
    const path = join(folder, 'deep/er/file.json');
    await writeAtomically(path, 'one');
    await writeAtomically(path, new TextEncoder().encode('two'));
    expect(readFileSync(path, 'utf8')).toBe('two');
    expect(readdirSync(join(folder, 'deep/er'))).toEqual(['file.json']);
  });

  it('can keep a secret', async () => {
    const path = join(folder, 'kubeconfig');
    await writeAtomically(path, 'open');
    await writeAtomically(path, 'secret', { mode: 0o600 });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('writes through a symbolic link instead of replacing it', async () => {
    const [target, link] = [join(folder, 'target'), join(folder, 'link')];
    await writeAtomically(target, 'old');
    symlinkSync(target, link);
    await writeAtomically(link, 'new');
    expect(readFileSync(target, 'utf8')).toBe('new');
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
  });

  it('leaves nothing behind when it fails', async () => {
    const path = join(folder, 'taken');
    mkdirSync(join(path, 'inside'), { recursive: true });
    await expect(writeAtomically(path, 'x')).rejects.toThrow();
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});
