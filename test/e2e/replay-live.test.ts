// One scenario, simulated and on real processes, and the report of how the two compare.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { muster } from './running-fleet.ts';

const REHEARSAL = fileURLToPath(new URL('../../scenarios/rehearsal.yaml', import.meta.url));

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-live-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const replay = (...words: string[]) => muster('replay', ...words);

describe('a scenario that is played live', { timeout: 240_000 }, () => {
  it('places as it is simulated, through a growth, a loss, a new member, a smaller one and a patch', async () => {
    const source = await readFile(REHEARSAL, 'utf8');
    const timeline = [
      '  timeline:',
      '    - { at: 8s, id: growth, scale: web, replicas: 9 }',
      '    - { at: 14s, id: dark, fail: paris, for: 50s }',
      '    - { at: 76s, id: late, add: { name: rome, nodes: { count: 2, cpu: 8, memory: 32Gi } } }',
      '    - { at: 77s, resize: oslo, nodes: { count: 2, cpu: 8, memory: 32Gi } }',
      '    - { at: 78s, cordon: dublin }',
      '    - { at: 79s, patch: search, with: { metadata: { labels: { tier: front } } } }',
      '    - { at: 81s, restart: "*" }',
      '    - { at: 88s, id: more, scale: search, replicas: 3 }',
      '  expect:',
      '    - at 13s: recovered("web") and recovered("search")',
      '    - within 50s of dark: recovered("web")',
      '    - always from 13s until 76s: recovered("search")',
      '    - never: ready("web", "paris") > 9',
      '    - sometimes from dark: ready("web", "paris") == 0 and moved("web") > 0 and movedNeedlessly("web") == 0',
      '    - at 13s: field("web", "spec.replicas", "paris") == ready("web", "paris")',
      '    - at end: metric("availability") > 0',
    ].join('\n');
    const file = join(folder, 'short.yaml');
    await writeFile(
      file,
      `${source.slice(0, source.indexOf('  timeline:'))}${timeline}\n`.replace('duration: 3m', 'duration: 98s'),
    );
    const { code, out, notes } = await replay(file, '--live', '--out', folder);
    expect([code, notes]).toEqual([0, expect.not.stringContaining('refused')]);
    expect(out).toMatch(/placements are the same/);
    const told = JSON.parse(await readFile(join(folder, 'fidelity.json'), 'utf8'));
    const verdicts = told.expectations.map(({ live }: { live: { verdict: string } }) => live.verdict);
    expect(verdicts).toEqual([...Array.from({ length: 6 }, () => 'held'), 'not judged']);
    const before = told.placements.filter(({ moment }: { moment: string }) => /before (growth|dark|late)/.test(moment));
    expect(before).toHaveLength(6);
    const [late, ...others] = before.filter(({ isSame }: { isSame: boolean }) => !isSame);
    // Which of two that are alike gets one more is nobody's promise.
    expect([others, late?.live ?? 'dublin 5, oslo 4']).toEqual([[], expect.stringMatching(/^dublin [45], oslo [45]$/)]);
    const again = told.durations.find(
      ({ what }: { what: string }) => what === 'dark: default/web serves with all again',
    );
    expect(again.liveMs).toBeGreaterThan(0);
    expect(again.liveMs).toBeLessThan(62_000);
    const last = told.placements.find(
      ({ moment, workload }: Record<string, string>) => moment === 'at the end' && workload!.endsWith('/search'),
    );
    expect([last.simulated, last.live]).toEqual(['dublin 3, oslo 3', 'dublin 3, oslo 3']);
    expect(await readFile(join(folder, 'fidelity.md'), 'utf8')).toContain('# rehearsal: simulated and live');
  });

  it('is refused before anything is started where it cannot be', async () => {
    const file = join(folder, 'odd.yaml');
    const source = await readFile(REHEARSAL, 'utf8');
    const waiting =
      '    - { when: { write: Work, occurrence: 2 }, id: later, fail: paris }\n' +
      '    - { at: 80s, errors: oslo, percent: 5, for: 2s }\n';
    await writeFile(file, source.replace('  expect:', `${waiting}  swarm: { faults: 3 }\n  expect:`));
    const { code, notes } = await replay(file, '--live');
    expect(code).toBe(1);
    expect(notes).toContain('a swarm of faults is for virtual time alone');
    expect(notes).toMatch(/line \d+: nobody can wait for the n-th write live/);
    expect(notes).toMatch(/line \d+: a fault of the sort api-errors cannot be had live/);
    expect((await replay(REHEARSAL, '--members', 'kind')).notes).toContain('--members is for --live');
    expect((await replay(REHEARSAL, '--live', '--kind-image', 'x')).notes).toContain('are for members of kind');
    expect((await replay(REHEARSAL, '--live', '--step')).notes).toContain('--live and --step do not go together');
  });
});
