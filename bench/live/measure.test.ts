// Tests that what is measured happens: objects arrive, move and outlive a member; and that figures are told with their limits.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listening } from '../../test/builders/listening.ts';
import { loadStatistics } from '../statistics.ts';
import { CASES, inSmall } from './cases.ts';
import { command } from './command.ts';
import { figuresOf } from './figures.ts';
import { type LiveFigures, measureLive } from './measure.ts';
import { printReport, type Report } from './report.ts';

const CLI = fileURLToPath(new URL('../../cli.ts', import.meta.url));
const HASTY = `
base: muster
timings:
  clusterStatusUpdateFrequencyMs: 500
  clusterSuspicionFrequencyMs: 200
  clusterFailureThresholdMs: 500
  clusterMonitorPeriodMs: 500
  deadClusterTolerationMs: 500
`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-bench-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const everyday = CASES.find(({ name }) => name === 'everyday')!;

const MEASURED: LiveFigures = {
  single: [5, 6, 7],
  spread: {
    seconds: 10,
    settledSeconds: 11,
    latencies: [1, 2, 3],
    hubWritesAnObject: 7,
    memberCallsAnObject: 2,
    hubCpuSeconds: 5,
    memberCpuSeconds: 3,
    hubMiB: 200,
  },
  idle: { hubCpuAMinute: 0.5, memberCpuAMinute: 1 },
  move: { seconds: 10, hubCpuSeconds: 1, absentMs: 0 },
  death: { noticedSeconds: 20, recoveredSeconds: 30 },
};

describe('a live measurement', () => {
  it('sees everything arrive, move, and come back elsewhere', { timeout: 60_000 }, async () => {
    const profile = join(folder, 'hasty.yaml');
    writeFileSync(profile, HASTY);
    const steps: string[] = [];
    const figures = await measureLive(
      { name: 'tiny', objects: 20, members: 2, idleSeconds: 1, moved: 5, orphans: 2, limits: {} },
      { signal: new AbortController().signal, onProgress: (what) => steps.push(what) },
      { muster: ['--import', 'tsx', CLI], options: ['--profile', profile], storage: 'disk' },
    );
    expect(steps).toEqual(['starts 2 members', 'one by one', '20 objects', 'idle', 'moves 5', 'loses a member']);
    expect(figures.single).toHaveLength(50);
    expect(figures.spread.latencies).toHaveLength(40);
    expect(figures.spread.memberCallsAnObject).toBeGreaterThanOrEqual(2);
    expect(figures.spread.hubWritesAnObject).toBeGreaterThan(5);
    expect(figures.move?.absentMs).toBe(0);
    expect(figures.death!.recoveredSeconds).toBeGreaterThanOrEqual(figures.death!.noticedSeconds);
  });

  it('that is called off ends', async () => {
    const called = measureLive(
      inSmall(everyday, 0.001),
      { signal: AbortSignal.abort(), onProgress: () => {} },
      { muster: ['--import', 'tsx', CLI] },
    );
    await expect(called).rejects.toThrow('abort');
  });

  it('says what became of a fleet that does not start', async () => {
    const failed = measureLive(
      everyday,
      { signal: new AbortController().signal, onProgress: () => {} },
      { muster: ['--import', 'tsx', CLI], options: ['--profile', 'absent.yaml'] },
    );
    await expect(failed).rejects.toThrow('absent.yaml');
  });
});

describe('figures', () => {
  it('have the limits of their case, and in small none', async () => {
    const statistics = await loadStatistics();
    const limits = Object.fromEntries(
      figuresOf(everyday, MEASURED, statistics).map(({ figure, limit }) => [figure, limit]),
    );
    expect(limits).toMatchObject({
      'in every member': 20,
      'calls an object': 7,
      'idle hub CPU a minute': 1,
      'move of 500': 5,
      'absent from both': 0,
      'ready elsewhere': 60,
    });
    expect(inSmall(everyday, 0.1)).toMatchObject({ objects: 200, moved: 50, orphans: 2, idleSeconds: 3, limits: {} });
    const few = { ...MEASURED, idle: null, move: null, death: null };
    expect(figuresOf(everyday, few, statistics).map(({ figure }) => figure)).not.toContain('move of 500');
  });

  it('are rounded, and told as a part of their limit and of what they were', async () => {
    const figures = figuresOf(everyday, MEASURED, await loadStatistics());
    const report: Report = { bench: 'live', node: 'v1', cpu: 'one', isQuick: false, storage: 'memory', figures };
    const before: Report = { ...report, figures: figures.map((one) => ({ ...one, value: one.value * 2 })) };
    const table = printReport(report, before);
    expect(table).toMatch(/everyday +in every member +10\.0 +s +20 +0\.50 +19\.7x +0\.50\n/);
    expect(table).toMatch(/everyday +absent from both +0\.00 +ms +0 +kept +- +-\n/);
    expect(table).toMatch(/everyday +hub memory +200 +MiB +- +- +- +0\.50\n/);
    expect(table).not.toContain('another machine');
    const late = figures.map((one) => (one.figure === 'absent from both' ? { ...one, value: 5 } : one));
    expect(printReport({ ...report, figures: late }, null)).toMatch(/absent from both +5\.00 +ms +0 +over +15\.2x\n/);
  });

  it('are told as a table, beside those of an earlier run', async () => {
    const heard = listening();
    try {
      const earlier = join(folder, 'earlier.json');
      writeFileSync(
        earlier,
        JSON.stringify({ bench: 'live', node: '', cpu: '', isQuick: false, storage: 'memory', figures: [] }),
      );
      const csv = join(folder, 'figures.csv');
      expect(await command.run({ case: [], compare: earlier, csv } as never)).toBe(0);
      expect(heard.out).toMatch(/CASE +FIGURE .*TO EARLIER\n\nThe earlier run was on another machine/);
      expect(readFileSync(csv, 'utf8')).toBe('');
      writeFileSync(earlier, '{}');
      await expect(command.run({ case: [], compare: earlier } as never)).rejects.toThrow('is no output of');
    } finally {
      heard.end();
    }
  });
});
