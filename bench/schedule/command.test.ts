import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

const bench = (...args: readonly string[]): Run => {
  try {
    const stdout = execFileSync('node', [cli, 'bench', 'schedule', ...args], { encoding: 'utf8', stdio: 'pipe' });
    return { status: 0, stdout, stderr: '' };
  } catch (error) {
    const { status, stdout, stderr } = error as Run;
    return { status, stdout, stderr };
  }
};
const small = ['--clusters', '20', '--bindings', '30', '--repeat', '2'];

describe('muster bench schedule', () => {
  it('prints one object with the figures that scripts read', () => {
    const { status, stdout } = bench(...small, '--json');
    const figures = JSON.parse(stdout) as Record<string, unknown>;
    expect(status).toBe(0);
    for (const key of ['decisionsPerSecond', 'p50us', 'p99us', 'peakRssMiB']) expect(figures[key]).toBeTypeOf('number');
  });

  it('reads a fleet and bindings from a file', () => {
    const file = join(folder, 'input.jsonl');
    const spec = { resource: { apiVersion: 'v1', kind: 'ConfigMap', name: 'c' }, placement: {} };
    writeFileSync(
      file,
      `${JSON.stringify({ clusters: [{ metadata: { name: 'a' }, spec: {} }] })}\n${JSON.stringify({ spec })}\n`,
    );
    expect(JSON.parse(bench('--input', file, '--repeat', '1', '--json').stdout)).toMatchObject({
      clusters: 1,
      bindings: 1,
      workload: null,
    });
    writeFileSync(file, `${JSON.stringify({ spec })}\n`);
    expect(bench('--input', file)).toMatchObject({ status: 1, stderr: expect.stringContaining('line 1 of') });
  });

  it('compares with an earlier run and ends with 99 past the regression allowed', () => {
    const file = join(folder, 'before.json');
    bench(...small, '--save', file);
    const before = JSON.parse(readFileSync(file, 'utf8')) as { samples: number[] }[];
    writeFileSync(
      file,
      JSON.stringify(before.map((each) => ({ ...each, samples: each.samples.map((speed) => speed * 100) }))),
    );
    expect(bench(...small, '--compare', file)).toMatchObject({
      status: 99,
      stdout: expect.stringContaining('regression'),
    });
    expect(bench(...small, '--compare', file, '--max-regression', '1').status).toBe(0);
    writeFileSync(file, '{}');
    expect(bench(...small, '--compare', file)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('holds no figures'),
    });
  });

  it('draws a sweep, and decides the same with several workers', () => {
    const sweep = (out: string, workers: string) =>
      bench(
        '--sweep',
        '--sizes',
        '10',
        '20',
        '--bindings',
        '30',
        '--repeat',
        '1',
        '--workers',
        workers,
        '--out',
        join(folder, out),
        '--json',
      );
    const decided = ({ stdout }: Run) =>
      (JSON.parse(stdout) as { points: Record<string, unknown>[] }).points.map(
        ({ clusters, balance, movedReplicas, unschedulableShare }) => ({
          clusters,
          balance,
          movedReplicas,
          unschedulableShare,
        }),
      );
    expect(decided(sweep('two', '2'))).toEqual(decided(sweep('one', '1')));
    expect(readdirSync(join(folder, 'one')).sort()).toEqual([
      'index.html',
      'latency.svg',
      'sweep.csv',
      'sweep.json',
      'throughput.svg',
    ]);
    expect(readFileSync(join(folder, 'one', 'throughput.svg'), 'utf8')).toContain('<svg');
  });

  it("races a profile of one's own", () => {
    const file = join(folder, 'mine.yaml');
    writeFileSync(file, 'name: mine\nscores:\n- name: near\n  expression: max(0, 100 - free.cpu)\n');
    const { stdout } = bench(...small, '--profile', 'karmada', '--profile', file, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ profile: 'karmada', raced: [{ profile: 'mine' }] });
  });

  it('refuses what it does not know', () => {
    expect(bench('--profile', 'nobody')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('neither karmada nor muster'),
    });
    expect(bench('--repeat', '0', ...small.slice(0, 4))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('--repeat'),
    });
    expect(bench('--workload', 'chess').status).toBe(1);
  });
});
