// Tests that what is measured is what is said: the scenarios are of their size, and all of them is replayed.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadScenario } from '../../scenarios/load.ts';
import { listening } from '../../test/builders/listening.ts';
import { CASES, filesFor, inSmall, OBJECTS_FILE } from './cases.ts';
import { command } from './command.ts';
import { measureReplay } from './measure.ts';

const signal = new AbortController().signal;
const caseOf = (name: string) => CASES.find((one) => one.name === name)!;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-bench-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function loaded(name: string, share: number) {
  const { scenario, objects } = filesFor(inSmall(caseOf(name), share));
  writeFileSync(join(folder, 'scenario.yaml'), scenario);
  writeFileSync(join(folder, OBJECTS_FILE), objects);
  return loadScenario(join(folder, 'scenario.yaml'));
}

describe('the scenarios', () => {
  it('are of the size that they are said to be', async () => {
    const outage = await loaded('outage', 0.001);
    expect([outage.clusters.length, outage.objects.length, outage.durationMs]).toEqual([500, 11, 3_600_000]);
    const day = await loaded('day', 0.001);
    expect([day.clusters.length, day.objects.length, day.durationMs]).toEqual([100, 11, 86_400_000]);
  });

  it('have limits only at their full size', () => {
    expect(CASES.filter(({ limit }) => limit !== null).map(({ name, limit }) => [name, limit!.seconds])).toEqual([
      ['outage', 30],
      ['day', 60],
    ]);
    expect(inSmall(caseOf('outage'), 0.1)).toMatchObject({ workloads: 1_000, limit: null });
  });
});

describe('a measurement', () => {
  it('is of a whole replay', async () => {
    const figures = await measureReplay({ ...inSmall(caseOf('fleet of 10'), 0.005), hours: 1 }, signal);
    expect(figures).toMatchObject({ isAsExpected: true });
    expect(figures.events).toBeGreaterThan(360 * 10);
    expect(figures.peakMiB).toBeGreaterThan(50);
    expect(figures.cpuSeconds).toBeGreaterThan(0);
  });

  it('is written for people, for tables, and held against an earlier one', async () => {
    const heard = listening();
    try {
      const args = { case: ['fleet of 10'], quick: true } as never;
      expect(await command.run({ ...(args as object), json: true, csv: join(folder, 'figures.csv') } as never)).toBe(0);
      writeFileSync(join(folder, 'earlier.json'), heard.out);
      expect(readFileSync(join(folder, 'figures.csv'), 'utf8')).toContain('fleet of 10,10,50,1,');
      heard.out = '';
      expect(await command.run({ ...(args as object), compare: join(folder, 'earlier.json') } as never)).toBe(0);
      expect(heard.out).toMatch(/CASE .*TIME TO EARLIER\nfleet of 10 +10 +50 .* [\d.]+\n/);
      writeFileSync(join(folder, 'wrong.json'), '{}');
      await expect(command.run({ compare: join(folder, 'wrong.json') } as never)).rejects.toThrow('is no output of');
    } finally {
      heard.end();
    }
  });
});
