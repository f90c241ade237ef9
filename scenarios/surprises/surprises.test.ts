// What has surprised users of such control planes, played with both profiles: each file says what is to come of it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../load.ts';
import { findingText, Run } from '../run/run.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml') && !name.startsWith('karmada-'));

/** The file of the profile that stands for Karmada there, where it is not as it comes. */
function karmadaOf(file: string): string {
  const named = /muster\.dev\/karmada: (\S+) }/.exec(readFileSync(join(folder, file), 'utf8'))?.[1];
  return named === undefined ? 'karmada' : join(folder, named);
}

describe('a surprise', () => {
  it('is told for both profiles', () => {
    expect(files.length).toBeGreaterThanOrEqual(8);
  });

  for (const file of files) {
    for (const profile of ['muster', karmadaOf(file)]) {
      it(`is none any more: ${file} with ${profile.split('/').at(-1)}`, async () => {
        const run = new Run(await loadScenario(join(folder, file), { profile }));
        run.advance(Number.POSITIVE_INFINITY);
        const { findings, story } = run.finish();
        expect(findings.filter(({ ok }) => !ok).map(findingText)).toEqual([]);
        expect(story.filter(({ sort }) => sort === 'refusal').map(({ text }) => text)).toEqual([]);
      });
    }
  }
});
