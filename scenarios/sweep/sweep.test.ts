import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { Random } from '../../engine/index.ts';
import { runCommandLine } from '../../executor/terminal/command-line.ts';
import { listening } from '../../test/builders/listening.ts';
import { loadScenario } from '../load.ts';
import { gridParams, jobsOf, parseSeeds, parseShard } from './job.ts';
import { indexedJob } from './manifest.ts';
import { quantileOf, shareOf } from './quantile.ts';
import { runJob } from './run-job.ts';
import { sweepSummary } from './summary.ts';

vi.mock('./run-job.ts', { spy: true });

const folder = mkdtempSync(join(tmpdir(), 'sweep-'));
afterAll(() => rmSync(folder, { recursive: true }));

const FILE = join(folder, 'few.yaml');
writeFileSync(
  FILE,
  `apiVersion: muster/v1alpha1
kind: Scenario
metadata: { name: few }
spec:
  duration: 10m
  params: { maps: 3 }
  matrix: { maps: [1, 3] }
  fleet: { clusters: [{ name: a }] }
  timeline:
    - { rate: "\${maps}/m", arrive: { apiVersion: v1, kind: ConfigMap, metadata: { name: some } }, times: 40 }
  objects: { apiVersion: v1, kind: ConfigMap, metadata: { name: some }, data: { n: "1" } }
  expect:
    - at end: quiet() < 10
`,
);

describe('percentiles', () => {
  it('have the middle of many values between their bounds in about 95 of 100 samples', () => {
    const random = new Random('x');
    let hits = 0;
    for (let sample = 0; sample < 400; sample += 1) {
      const values = Array.from({ length: 60 }, () => random.integer(0, 1_000_000)).sort((a, b) => a - b);
      const { low, high } = quantileOf(values, 0.5);
      if (low! <= 500_000 && 500_000 <= high!) hits += 1;
    }
    expect(hits / 400).toBeGreaterThan(0.92);
    expect(hits / 400).toBeLessThan(0.99);
  });

  it('say nothing where there are too few values', () => {
    expect(quantileOf([1, 2, 3], 0.5)).toEqual({ value: 2, low: null, high: null });
    expect(quantileOf([7], 0.99)).toEqual({ value: 7, low: 7, high: null });
    const { low, high } = quantileOf(
      Array.from({ length: 20 }, (_, at) => at + 1),
      0.5,
    );
    // The ranks that tables of the sign test give for 20 values.
    expect([low, high]).toEqual([6, 15]);
  });

  it('of shares are those of Wilson', () => {
    const { share, low, high } = shareOf(1, 10);
    expect([share, Math.round(low * 1e4), Math.round(high * 1e4)]).toEqual([0.1, 179, 4042]);
  });
});

describe('a sweep', () => {
  it('has a job for each seed and mix of values, in one order, and shards that share them out', async () => {
    const scenario = await loadScenario(FILE);
    const params = gridParams(scenario, []);
    const jobs = jobsOf(FILE, { seeds: parseSeeds('3'), profiles: [null], params });
    expect(jobs.map(({ number, seed, set }) => [number, seed, set.maps])).toEqual([
      [0, '1', '1'],
      [1, '2', '1'],
      [2, '3', '1'],
      [3, '1', '3'],
      [4, '2', '3'],
      [5, '3', '3'],
    ]);
    const { index, of } = parseShard('1/4');
    expect(jobs.filter(({ number }) => number % of === index).map(({ number }) => number)).toEqual([1, 5]);
    expect(parseSeeds('5..7')).toEqual(['5', '6', '7']);
    expect(parseSeeds('a,b')).toEqual(['a', 'b']);
    expect(parseSeeds('a,b,,a')).toEqual(['a', 'b']);
    for (const wrong of ['4/4', '-1/2', 'x']) expect(() => parseShard(wrong)).toThrow('I from 0 to N-1');
    for (const wrong of ['0', '9..1', '', '1000000000', '1..1000001'])
      expect(() => parseSeeds(wrong)).toThrow('--seeds');
    expect(() => gridParams(scenario, ['other=1'])).toThrow('there is no parameter "other": there are maps');
  });

  it('tells shares, percentiles and the worst runs with their commands', async () => {
    const jobs = jobsOf(FILE, { seeds: parseSeeds('8'), profiles: [null], params: { maps: ['1'] } });
    const results = await Promise.all(jobs.map(runJob));
    const header = { type: 'sweep', format: 1, scenario: 'few', file: FILE, runs: 9, mix: 'x' } as const;
    const summary = sweepSummary(header, results);
    const failed = results.filter(({ ok }) => !ok);
    expect(failed.length).toBeGreaterThan(0);
    expect(summary).toContain(`few: 8 runs, 1 are missing, ${failed.length} with something not as expected`);
    expect(summary).toContain('maps=1');
    expect(summary).toMatch(/FIGURE +RUNS +LEAST +P50 /);
    expect(summary).toMatch(/at end: quiet\(\) +8 /);
    expect(summary.match(/failed, .* replica-seconds lost: muster replay/g)).toHaveLength(5);
    expect(summary).toContain(`muster replay ${FILE} --seed ${failed[0]!.seed} --set maps=1\n`);
  });

  it('counts what never came about as later than all that did, and says so', async () => {
    const file = join(folder, 'lost.yaml');
    writeFileSync(
      file,
      `apiVersion: muster/v1alpha1
kind: Scenario
metadata: { name: lost }
spec:
  duration: 10m
  params: { minutes: 3 }
  fleet: { clusters: [{ name: a }] }
  objects:
    - apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web }
      spec:
        replicas: 1
        selector: { matchLabels: { app: web } }
        template:
          metadata: { labels: { app: web } }
          spec: { containers: [{ name: web, image: "web:1" }] }
    - apiVersion: policy.karmada.io/v1alpha1
      kind: PropagationPolicy
      metadata: { name: web }
      spec: { resourceSelectors: [{ apiVersion: apps/v1, kind: Deployment }], placement: {} }
  timeline:
    - { at: 1m, id: loss, fail: a, for: "\${minutes}m" }
  expect:
    - within 5m of loss: recovered("web")
`,
    );
    const params = { minutes: ['2', '60'] };
    const jobs = jobsOf(file, { seeds: ['1', '2'], profiles: ['karmada'], params });
    const results = (await Promise.all(jobs.map(runJob))).map((result) => ({ ...result, set: {} }));
    expect(results.map(({ figures }) => figures.recoverSeconds === null)).toEqual([false, false, true, true]);
    const name = 'seconds: within 5m of loss: recovered("web")';
    expect(results.map(({ figures }) => figures[name] === null)).toEqual([false, false, true, true]);
    const header = { type: 'sweep', format: 1, scenario: 'lost', file, runs: 4, mix: 'x' } as const;
    const line = sweepSummary(header, results)
      .split('\n')
      .find((one) => one.startsWith('recoverSeconds'));
    expect(line).toMatch(/^recoverSeconds +4 +\d+(\.\d+)? +\d+(\.\d+)? \(\S+ to \S+\) +never \(\S+ to \?\).* never$/);
  });

  it('keeps profiles apart that have one name, and finds each again by its file', async () => {
    const profiles = ['one', 'other'].map((name) => join(folder, `${name} profile.yaml`));
    for (const [at, path] of profiles.entries()) {
      writeFileSync(path, `name: karmada\nbase: karmada\ngates: { Failover: ${at === 0} }\n`);
    }
    const jobs = jobsOf(FILE, { seeds: ['1'], profiles, params: {} });
    const header = { type: 'sweep', format: 1, scenario: 'few', file: FILE, runs: 2, mix: 'x' } as const;
    const summary = sweepSummary(header, await Promise.all(jobs.map(runJob)));
    for (const path of profiles) {
      expect(summary).toContain(`\nprofile ${path}\n`);
      expect(summary).toContain(`muster replay ${FILE} --seed 1 --profile '${path}'\n`);
    }
  });

  it('can be a Kubernetes Job of shards', async () => {
    const text = await indexedJob({ file: FILE, shards: 4, image: 'muster:1', workers: 1, words: ['--seeds=8'] });
    expect(text).toContain('completionMode: Indexed');
    expect(text).toContain('--shard=$(JOB_COMPLETION_INDEX)/4');
    expect(text).toContain('kind: ConfigMap');
    expect(text).toContain('name: sweep-few');
    expect(text).toMatch(/- few.yaml\n +- --json\n +- --workers=1\n/);
  });

  it('has a name that a Job may have, and its file under the name that it has here', async () => {
    const below = relative('.', join(folder, 'below'));
    const mine = 'reports/sweep-manifest';
    for (const path of [below, mine]) mkdirSync(path, { recursive: true });
    const named = async (path: string) => {
      writeFileSync(path, readFileSync(FILE));
      const text = await indexedJob({ file: path, shards: 1_000, image: 'muster:1', workers: 2, words: [] });
      return { text, name: /^ {2}name: (.*)$/m.exec(text)![1]! };
    };
    try {
      for (const odd of ['Some_.yaml', `${'long-'.repeat(20)}.yaml`, 'ü.yaml', '__.yaml']) {
        const { name } = await named(join(below, odd));
        expect(name).toMatch(/^sweep(-[a-z0-9]+)*$/);
        expect(`${name}-999-abcde`.length).toBeLessThanOrEqual(63);
      }
      const { text } = await named(join(mine, 'few.yaml'));
      expect(text).toMatch(/- reports\/sweep-manifest\/few.yaml\n +- --json\n +- --workers=2\n/);
      expect(text).toContain('path: reports/sweep-manifest/few.yaml');
      expect(text).toContain('workingDir: /scenario');
    } finally {
      rmSync(mine, { recursive: true });
    }
  });

  it('takes every file along that the scenario names, and refuses those that a pod would not find', async () => {
    mkdirSync(join(folder, 'apps'));
    writeFileSync(join(folder, 'apps', 'map.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: map }\n');
    writeFileSync(
      join(folder, 'fleet.yaml'),
      'apiVersion: cluster.karmada.io/v1alpha1\nkind: Cluster\nmetadata: { name: b }\nspec: { syncMode: Push }\n',
    );
    const naming = (objects: string) => {
      const file = join(folder, 'Some_Files.yaml');
      const text = `apiVersion: muster/v1alpha1\nkind: Scenario\nmetadata: { name: files }\nspec:\n  duration: 1m\n`;
      writeFileSync(file, `${text}  fleet: { files: fleet.yaml }\n  objects: ${objects}\n`);
      return indexedJob({ file, shards: 2, image: 'muster:1', workers: 1, words: [] });
    };
    const text = await naming('apps/');
    for (const path of ['Some_Files.yaml', 'apps/map.yaml', 'fleet.yaml']) expect(text).toContain(`path: ${path}`);
    expect(text).toContain('name: sweep-some-files');
    const elsewhere = mkdtempSync(join(tmpdir(), 'sweep-elsewhere-'));
    writeFileSync(join(elsewhere, 'map.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: map }\n');
    await expect(naming(join(elsewhere, 'map.yaml'))).rejects.toThrow('a pod would not find it');
    rmSync(elsewhere, { recursive: true });
  });
});

describe('what a sweep cannot run', () => {
  const entries = [{ usage: 'sweep <scenario>', describe: 'sweep', load: () => import('./command.ts') }];
  const told = async (...words: string[]) => {
    const heard = listening();
    try {
      return { code: await runCommandLine(entries, ['sweep', ...words]), out: heard.out, err: heard.notes };
    } finally {
      heard.end();
    }
  };

  it('is told before anything runs, with its place where it is of the file', async () => {
    vi.mocked(runJob).mockClear();
    expect(await told(FILE, '--grid', 'maps=1,many')).toEqual({
      code: 1,
      out: '',
      err: expect.stringContaining('the parameter maps is a number, and "many" is not'),
    });
    const outOfForm = await told(FILE, '--seeds', '2', '--grid', 'maps=1,-1');
    expect([outOfForm.code, outOfForm.out]).toEqual([1, '']);
    expect(outOfForm.err).toMatch(/few.yaml:10:\d+: spec.timeline\[0\].rate is "-1\/m"/);
    const manifest = await told(FILE, '--manifest', '2', '--image', 'muster:1', '--grid', 'maps=1,-1');
    expect([manifest.code, manifest.out]).toEqual([1, '']);
    expect(manifest.err).toMatch(/few.yaml:10:\d+: spec.timeline\[0\].rate is "-1\/m"/);
    expect(runJob).not.toHaveBeenCalled();
  });
});

describe('muster sweep and muster merge', () => {
  const entries = [
    { usage: 'sweep <scenario>', describe: 'sweep', load: () => import('./command.ts') },
    { usage: 'merge [runs..]', describe: 'merge', load: () => import('./merge-command.ts') },
  ];

  it('come to the same, whether in one piece or in shards', async () => {
    const heard = listening();
    const muster = async (...words: string[]) => {
      heard.out = '';
      const code = await runCommandLine(entries, words);
      return { code, out: heard.out };
    };
    try {
      const whole = await muster('sweep', FILE, '--seeds', '6', '--grid', 'maps=2');
      const parts = [0, 1, 2].map((shard) => join(folder, `part-${shard}`));
      for (const [shard, part] of parts.entries()) {
        await muster('sweep', FILE, '--seeds', '6', '--grid', 'maps=2', '--shard', `${shard}/3`, '--out', part);
      }
      const runs = parts.map((part) => join(part, 'runs.jsonl'));
      expect(await muster('merge', ...runs)).toEqual(whole);
      expect(await muster('merge', ...parts)).toEqual(whole);
      const some = await muster('merge', ...runs.slice(1));
      expect([some.code, some.out]).toEqual([99, expect.stringContaining('2 are missing')]);
      await muster('sweep', FILE, '--seeds', '7..12', '--grid', 'maps=2', '--shard', '1/3', '--out', parts[1]!);
      expect((await muster('merge', ...runs)).code).toBe(1);
      expect(heard.notes).toContain('runs.jsonl:1: is a shard of another sweep');
      const odd = join(folder, 'odd.jsonl');
      for (const line of ['{"type":"sweep"}', '{"number":1,"failed":[]}', '{"number":1', '[]']) {
        writeFileSync(odd, `${line}\n`);
        expect((await muster('merge', odd)).code).toBe(1);
        expect(heard.notes).toMatch(/odd.jsonl:1: is (the beginning of no sweep|no run of a sweep|no JSON)/);
      }
      const [first, run] = readFileSync(runs[0]!, 'utf8').split('\n');
      const twisted: readonly (readonly [string, string, string])[] = [
        ['"ok":', '"failed":[1],"ok":', 'is no run of a sweep: failed[0] is 1, and should be a text'],
        ['"seed":"1"', '"seed":null', 'is no run of a sweep: seed is null, and should be a text'],
        ['"number":0', '"number":9', 'is run 9 of a sweep whose runs go from 0 to 5'],
      ];
      for (const [right, wrong, told] of twisted) {
        writeFileSync(odd, `${first}\n${run!.replace(right, wrong)}\n`);
        expect((await muster('merge', odd)).code).toBe(1);
        expect(heard.notes).toContain(`odd.jsonl:2: ${told}`);
      }
      const none = await muster('sweep', FILE, '--seeds', '2', '--grid', 'maps=2', '--shard', '3/4', '--json');
      expect([none.code, none.out.trim().split('\n').length]).toEqual([0, 1]);
    } finally {
      heard.end();
    }
  });
});
