// The shipped stories: what each expects holds under both profiles, and the same seed gives the same trace everywhere.
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadScenario } from './load.ts';
import { findingText, Run } from './run/run.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));
/** Minutes of it are enough here; whole it runs by itself. */
const LONG = new Map([['a-day-of-failures.yaml', 2 * 3_600_000]]);
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

async function play(file: string, profile: string): Promise<{ failures: string[]; hash: string }> {
  const hash = createHash('sha256');
  const run = new Run(await loadScenario(join(folder, file), { profile }), {
    onTrace: (line) => hash.update(`${line}\n`),
  });
  run.advance(LONG.get(file) ?? Number.POSITIVE_INFINITY);
  const { findings, unrest, story } = run.finish();
  const failures = findings.filter(({ ok }) => !ok).map(findingText);
  for (const { place } of unrest) failures.push(`line ${place.line}: not at rest`);
  for (const { sort, text } of story) if (sort === 'refusal') failures.push(`refused: ${text}`);
  return { failures, hash: hash.digest('hex') };
}

describe('the shipped scenarios', () => {
  for (const file of files) {
    for (const profile of ['muster', 'karmada']) {
      it(`${file} goes as it expects with the profile ${profile}`, async () => {
        expect((await play(file, profile)).failures).toEqual([]);
      });
    }
  }

  it('give the same trace from the same seed', async () => {
    const hashes = [await play('cluster-loss.yaml', 'muster'), await play('cluster-loss.yaml', 'muster')];
    expect(hashes[0]!.hash).toBe(hashes[1]!.hash);
  });
});
