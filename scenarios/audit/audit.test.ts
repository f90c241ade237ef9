import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../executor/terminal/command-line.ts';
import { listening } from '../../test/builders/listening.ts';
import { command } from './command.ts';
import { type AuditReport, amountsText } from './report.ts';

const path = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const GIVEN = ['-f', path('scenarios/first-look/shop.yaml'), '--fleet', path('scenarios/first-look/fleet.yaml')];

async function audit(...args: string[]): Promise<{ code: number; out: string; notes: string }> {
  const heard = listening();
  try {
    const entry = { usage: 'audit', describe: '', load: async () => ({ command }) };
    const code = await runCommandLine([entry], ['audit', ...GIVEN, ...args]);
    return { code, out: heard.out, notes: heard.notes };
  } finally {
    heard.end();
  }
}

const reportOf = ({ out }: { out: string }) => JSON.parse(out) as AuditReport;

describe('muster audit', () => {
  it('tells for how long each loss hurts, the same every time', async () => {
    const first = await audit('-o', 'json', '--by', 'region,provider');
    expect(first.code).toBe(0);
    expect((await audit('-o', 'json', '--by', 'region,provider')).out).toBe(first.out);
    const report = reportOf(first);
    expect(report.unplaced).toEqual(['Deployment shop/trainer']);
    const eu = report.losses.find(({ name }) => name === 'eu')!;
    expect(eu.workloads[0]).toMatchObject({
      before: 12,
      lost: 11,
      missing: 0,
      times: { downMs: 0, hasRecovered: true },
    });
    expect(eu.workloads[0]!.times!.shortMs).toBeGreaterThan(15_000);
    expect(eu.workloads[0]!.times!.shortMs).toBeLessThan(180_000);
  });

  it('shows that with the other profile nothing comes back', async () => {
    const report = reportOf(await audit('-o', 'json', '--by', 'cluster', '--profile', 'karmada', '--horizon', '5m'));
    const hit = report.losses.flatMap(({ workloads }) => workloads);
    expect(hit.length).toBeGreaterThan(0);
    expect(hit.every(({ times }) => times?.hasRecovered === false)).toBe(true);
  });

  it('ends with 99 where more is lost than may be', async () => {
    const strict = await audit('--by', 'zone', '--max-lost', '50', '--max-short', '10s', '--max-down', '1m');
    expect(strict.code).toBe(99);
    expect(strict.notes).toContain(
      'not as demanded: zone eu-a: Deployment shop/web loses 11 of 12 replicas, of at most 50%',
    );
    expect(strict.notes).toMatch(/zone eu-a: Deployment shop\/web serves too little for .*, of at most 10s/);
    expect(strict.out).toMatch(/zone eu-a +1 +Deployment shop\/web +11 of 12 +0s/);
    expect((await audit('--by', 'zone', '--max-lost', '95', '--max-missing', '0', '--no-play')).code).toBe(0);
  });

  it('refuses what it cannot read', async () => {
    expect(await audit('--horizon', 'soon')).toMatchObject({ code: 1, notes: expect.stringContaining('--horizon') });
    expect(await audit('--max-down', 'never')).toMatchObject({ code: 1, notes: expect.stringContaining('--max-down') });
  });

  it('runs as its users start it', async () => {
    const run = promisify(execFile)(process.execPath, [
      '--import',
      'tsx',
      path('cli.ts'),
      'audit',
      ...GIVEN,
      '--by',
      'region',
      '--max-lost',
      '10',
    ]);
    await expect(run).rejects.toMatchObject({ code: 99, stdout: expect.stringContaining('region eu') });
  });
});

describe('missing amounts', () => {
  it('are written as people write them', () => {
    expect(amountsText({ cpu: 2500, memory: 3 * 1024 ** 3, pods: 5 })).toBe('2.5 cpu, 3Gi memory, 5 pods');
    expect(amountsText({ memory: 200 * 1024 ** 2 })).toBe('200Mi memory');
  });
});
