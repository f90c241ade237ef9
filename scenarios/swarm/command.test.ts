import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execaSync } from 'execa';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const story = join(root, 'scenarios/swarm/stories/grow.yaml');

const muster = (...args: string[]) =>
  execaSync(process.execPath, ['--import', 'tsx', join(root, 'cli.ts'), 'swarm', ...args], {
    cwd: root,
    reject: false,
  });

describe('muster swarm', () => {
  it('hunts for so many runs, and says what they came to', () => {
    const { exitCode, stdout } = muster('--runs', '3', '--seed', 'process');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^3 runs, \d+ events in [\d.]+ s; 0 broke a rule\nruns that came to where\n/);
    expect(stdout).toMatch(/of these states were never reached/);
  });

  it('ends processes at their writes where that is asked for', () => {
    const folder = mkdtempSync(join(tmpdir(), 'swarm-'));
    const { exitCode, stdout } = muster('--restarts', '--runs', '4', '--seed', 'process', '--out', folder);
    expect([exitCode, stdout.split(',')[0]]).toEqual([0, '4 runs']);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('judges one file', () => {
    const { exitCode, stdout } = muster('--judge', story);
    expect([exitCode, stdout]).toEqual([0, `${story} breaks no rule`]);
  });
});
