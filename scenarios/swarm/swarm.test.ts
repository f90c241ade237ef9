import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { drawScenario, type SwarmDocument } from './draw-scenario.ts';
import { hunt } from './hunt.ts';
import { judgeDocument } from './judge-document.ts';
import { shrink } from './shrink.ts';

const REGRESSIONS = fileURLToPath(new URL('regressions', import.meta.url));

/** New ground with every commit, where the machine tells which it is. */
const fresh = process.env.GITHUB_SHA ?? process.env.CI_COMMIT_SHA ?? 'fresh';

const broken = async (seed: string, runs: number, isHardening = false) => {
  const result = await hunt({ seed, from: 0, isHardening, goesOn: (done) => done < runs });
  return {
    broken: result.failures.map(({ seed: own, verdict }) => [own, verdict.violations]),
    never: Object.entries(result.reached).flatMap(([name, count]) => (count === 0 ? [name] : [])),
  };
};

describe('the swarm', () => {
  it('draws the same scenario from the same seed, and another from another', () => {
    expect(drawScenario('a')).toEqual(drawScenario('a'));
    expect(drawScenario('a')).not.toEqual(drawScenario('b'));
  });

  it('breaks no rule, and comes to every interesting state', async () => {
    expect(await broken('swarm', 160)).toEqual({ broken: [], never: [] });
  });

  it('breaks no rule on new ground either', async () => {
    expect((await broken(fresh, 30)).broken).toEqual([]);
  });

  it('breaks no rule even where watches drop, repeat and reorder', async () => {
    expect((await broken('hardening', 40, true)).broken).toEqual([]);
  });

  for (const file of readdirSync(REGRESSIONS)) {
    it(`breaks no rule any more where it once found something: ${file}`, async () => {
      const document = parse(readFileSync(join(REGRESSIONS, file), 'utf8')) as SwarmDocument;
      expect((await judgeDocument(document)).violations).toEqual([]);
    });
  }

  it('judges the same document alike each time', async () => {
    const document = drawScenario('again');
    expect(await judgeDocument(document)).toEqual(await judgeDocument(document));
  });

  it('makes a failing scenario small', async () => {
    const large = drawScenario('swarm-3');
    const [first] = large.spec.objects;
    const { document } = await shrink(
      large,
      async ({ spec }) => spec.objects.some(({ metadata }) => metadata.name === first!.metadata.name),
      1_000,
    );
    expect(document.spec.timeline).toEqual([]);
    expect(document.spec.fleet.clusters).toHaveLength(1);
    expect(new Set(document.spec.objects.map(({ metadata }) => metadata.name))).toEqual(
      new Set([first!.metadata.name]),
    );
  });
});
