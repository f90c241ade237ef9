import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExitCode } from '../../executor/terminal/command.ts';
import { runCommandLine } from '../../executor/terminal/command-line.ts';
import { type Listening, listening } from '../../test/builders/listening.ts';

const folder = mkdtempSync(join(tmpdir(), 'replay-'));
afterAll(() => rmSync(folder, { recursive: true }));

const FILE = join(folder, 'small.yaml');
const scenario = (wanted: number) => `apiVersion: muster/v1alpha1
kind: Scenario
metadata: { name: small }
spec:
  duration: 10m
  params: { at: 5 }
  fleet: { clusters: [{ name: "c{n}", count: 2 }] }
  objects:
    - apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web }
      spec:
        replicas: 2
        selector: { matchLabels: { app: web } }
        template:
          metadata: { labels: { app: web } }
          spec: { containers: [{ name: web, image: "web:1" }] }
    - apiVersion: policy.karmada.io/v1alpha1
      kind: PropagationPolicy
      metadata: { name: web }
      spec:
        resourceSelectors: [{ apiVersion: apps/v1, kind: Deployment, name: web }]
        placement: { clusterAffinity: { clusterNames: [c1] } }
  timeline:
    - { at: "\${at}m", id: grows, scale: web, replicas: 3 }
  expect:
    - within 2m of grows: ready("web") == ${wanted}
      because: three are wanted
    - at end: metric("availability") > 0.9
`;
writeFileSync(FILE, scenario(3));

let heard: Listening;
beforeEach(() => {
  heard = listening();
});
afterEach(() => heard.end());

const muster = (...words: string[]): Promise<ExitCode> =>
  runCommandLine(
    [{ usage: 'replay [scenario]', describe: 'play', load: () => import('./command.ts') }],
    ['replay', ...words],
  );

describe('muster replay', () => {
  it('prints nothing of a run that it cannot make', async () => {
    expect(await muster(FILE, '--until', '3x')).toBe(1);
    expect([heard.out, heard.notes]).toEqual(['', expect.stringContaining('--until "3x" should be a duration')]);
    expect(await muster(FILE, '--profile', join(folder, 'absent.yaml'))).toBe(1);
    expect(heard.notes).toMatch(/absent.yaml" is neither .* that can be read: it does not exist\n/);
  });

  it('tells what happens, judges it, and leaves its files', async () => {
    const reports = join(folder, 'reports');
    expect(await muster(FILE, '--out', reports)).toBe(0);
    expect(heard.out).toMatch(/ {2}5m {2}web is scaled to 3\n/);
    expect(heard.out).toMatch(/ok {3}within 2m of grows: ready\("web"\) == 3 +after \d+s/);
    expect(heard.out).toContain('all as expected');
    expect(heard.notes).toMatch(/again: muster replay .*small.yaml --seed small\n$/);
    const files = ['metrics.csv', 'metrics.json', 'outcome.json', 'summary.md', 'trace.jsonl'];
    expect(readdirSync(reports).filter((name) => files.includes(name))).toEqual(files);
    expect(JSON.parse(readFileSync(join(reports, 'metrics.json'), 'utf8')).all.availability).toBeGreaterThan(0.9);
    expect(readFileSync(join(reports, 'summary.md'), 'utf8')).toContain('# small: all as expected');
    expect(readFileSync(join(reports, 'summary.md'), 'utf8')).toContain('== 3`, because three are wanted |');
    expect(readFileSync(join(reports, 'report.html'), 'utf8')).toContain('<small>because three are wanted</small>');
    heard.out = '';
    expect(await muster(FILE, '--from', join(reports, 'trace.jsonl'))).toBe(0);
    expect(heard.out).toContain('the same as');
    heard.out = '';
    expect(await muster(FILE, '--from', join(reports, 'trace.jsonl'), '--set', 'at=6')).toBe(99);
    expect(heard.out).toContain('here they first differ');
  });

  it('leaves metrics of every scope, and says never of what never came about', async () => {
    const file = join(folder, 'fails.yaml');
    const fails = '    - { at: 7m, id: loss, fail: c1 }\n    - { at: 8m, drain: c2 }\n  expect:';
    writeFileSync(file, scenario(3).replace('  expect:', fails).replace('> 0.9', '> 0.5'));
    const reports = join(folder, 'fails');
    expect(await muster(file, '--out', reports, '--profile', 'karmada')).toBe(0);
    expect(heard.out).toMatch(
      /\nloss at 7m: noticed after \d+s, not left by everything, not overcome; \d+ replica-seconds lost\n/,
    );
    expect(heard.out).toContain('\ncluster c2 is drained at 8m: noticed after 0s, nothing went down by it; ');
    const read = (name: string) => readFileSync(join(reports, name), 'utf8');
    const { faults, balance, calls } = JSON.parse(read('metrics.json'));
    expect(faults).toMatchObject([
      {
        id: 'loss',
        clusters: ['c1'],
        evictSeconds: null,
        recoverSeconds: null,
        lostReplicaSeconds: 180,
        lastedSeconds: 180,
      },
      { id: null, clusters: ['c2'], detectSeconds: 0, recoverSeconds: 0 },
    ]);
    const made = calls.hub['work.karmada.io/works'].create;
    expect([balance.zone, made > 0]).toEqual([{}, true]);
    const rows = read('metrics.csv').split('\n');
    expect(rows[0]).toBe('scope,name,workload,metric,value');
    expect(rows).toContain('fault,loss,,recoverSeconds,never');
    expect(rows).toContain('fault,loss,apps/deployments/default/web,recoverSeconds,never');
    expect(rows).toContain(`hub,work.karmada.io/works,,create,${made}`);
    const summary = read('summary.md');
    expect(summary).toMatch(/\| loss \| 7m \| cluster c1 fails \(c1\) \| \d+s \| never \| never \| /);
    for (const title of ['What was expected', 'Workloads', 'All together', 'Requests', 'What happened']) {
      expect(summary).toContain(`\n## ${title}\n`);
    }
  });

  it('ends with 99 where something is not as expected, with the place, the moment, the values and the steps around it', async () => {
    const file = join(folder, 'wrong.yaml');
    writeFileSync(file, scenario(4));
    expect(await muster(file)).toBe(99);
    expect(heard.out).toContain(`${file}:`);
    expect(heard.out).toMatch(
      /it did not hold in time at 7m, with ready\("web"\) = 3\n {2}because: three are wanted\n {2}what the controllers did/,
    );
    expect(heard.out).toMatch(/\n +-1m\S+ {2}binding-status default\/web-deployment: patch-status resourcebindings /);
    expect(heard.out).toContain('ready("web") = 3');
    expect(heard.out).toContain('1 not as expected');
  });

  it('does not write over the trace that it is to compare with', async () => {
    const reports = join(folder, 'kept');
    const trace = join(reports, 'trace.jsonl');
    expect(await muster(FILE, '--out', reports)).toBe(0);
    const recorded = readFileSync(trace, 'utf8');
    expect(await muster(FILE, '--from', trace, '--out', reports, '--seed', '5')).toBe(1);
    expect(heard.notes).toContain('--from and --out do not go together');
    expect(readFileSync(trace, 'utf8')).toBe(recorded);
  });

  it('gives a command that plays it again, whatever it was called with, and finds the profile of a trace', async () => {
    const profile = join(folder, 'mine.yaml');
    writeFileSync(profile, 'name: mine\nbase: muster\nswitches: { leavesDeadClusters: false }\n');
    expect(await muster(FILE, '--seed', "it's one", '--profile', profile)).toBe(0);
    expect(heard.notes).toContain(`again: muster replay ${FILE} --seed 'it'\\''s one' --profile ${profile}\n`);
    const named = join(folder, 'named.yaml');
    const reports = join(folder, 'own-profile');
    writeFileSync(named, scenario(3).replace('duration: 10m', 'duration: 10m\n  profile: mine.yaml'));
    expect(await muster(named, '--out', reports, '--trace', 'full')).toBe(0);
    expect(heard.notes).toMatch(/again: muster replay \S+named.yaml --seed small\n$/);
    const trace = join(reports, 'trace.jsonl');
    expect(heard.out).toContain('all as expected\n');
    expect(await muster(named, '--from', trace)).toBe(0);
    for (const words of [[FILE], []]) {
      heard.notes = '';
      expect(await muster(...words, '--from', trace)).toBe(1);
      expect(heard.notes).toContain('was recorded with the profile "mine": name its file by --profile');
      expect(await muster(...words, '--from', trace, '--profile', profile)).toBe(0);
    }
  });

  it("tells what a profile of one's own is not judged by", async () => {
    const profile = join(folder, 'mine.yaml');
    const file = join(folder, 'sides.yaml');
    writeFileSync(profile, 'name: mine\nbase: muster\n');
    writeFileSync(file, `${scenario(3)}      profile: muster\n`);
    expect(await muster(file, '--profile', profile)).toBe(0);
    expect(heard.out).toContain('all as expected; 1 more is of other profiles than mine\n');
    heard.out = '';
    expect(await muster(file, '--profile', 'karmada')).toBe(0);
    expect(heard.out).toContain('all as expected\n');
  });

  it('does not say that all is as expected where nothing was', async () => {
    const file = join(folder, 'nothing.yaml');
    writeFileSync(file, scenario(3).split('  expect:')[0]!);
    const reports = join(folder, 'nothing');
    expect(await muster(file, '--out', reports)).toBe(0);
    expect(heard.out).toContain('nothing was expected');
    for (const name of ['summary.md', 'report.html']) {
      const text = readFileSync(join(reports, name), 'utf8');
      expect([name, text.includes('nothing was expected'), text.includes('all as expected')]).toEqual([
        name,
        true,
        false,
      ]);
    }
    expect(heard.out).not.toContain('all as expected');
    writeFileSync(file, readFileSync(file, 'utf8').replace('replicas: 2', 'replicas: 0'));
    expect(await muster(file, '--until', '4m')).toBe(0);
    expect(heard.out).toContain('no replicas were wanted\n');
  });

  it('prints one JSON document where it is asked to', async () => {
    expect(await muster(FILE, '-o', 'json', '--seed', '7', '--profile', 'karmada')).toBe(0);
    expect(JSON.parse(heard.out)).toMatchObject({
      scenario: 'small',
      seed: '7',
      profile: 'karmada',
      params: { at: 5 },
      ok: true,
    });
  });

  it('ends early and leaves open what did not come up', async () => {
    expect(await muster(FILE, '--until', '4m')).toBe(0);
    expect(heard.out).not.toContain('within 2m of grows');
    expect(heard.out).toContain('all as expected; 2 more could not be judged so early');
  });

  it('says what is wrong with what it was given', async () => {
    expect(await muster(FILE, '--set', 'other=1')).toBe(1);
    expect(await muster(FILE, '--set', 'at')).toBe(1);
    expect(await muster(FILE, '--until', 'soon')).toBe(1);
    expect(await muster(join(folder, 'absent.yaml'))).toBe(1);
    expect(await muster(FILE, '--out', FILE)).toBe(1);
    expect(heard.notes).toContain(`error: the folder ${FILE} cannot be made: there is a file of that name\n`);
    expect(await muster()).toBe(1);
    expect(heard.notes).toContain('there is no parameter "other" to set: there are at');
    expect(heard.notes).toContain('--set "at" should be NAME=VALUE');
    expect(heard.notes).toContain('which scenario?');
  });

  it('decides a full trace again without its scenario', async () => {
    const reports = join(folder, 'full');
    expect(await muster(FILE, '--out', reports, '--trace', 'full')).toBe(0);
    heard.out = '';
    expect(await muster('--from', join(reports, 'trace.jsonl'))).toBe(0);
    expect(heard.out).toMatch(/\d+ steps of .* decided again, all the same\n/);
    const trace = join(reports, 'trace.jsonl');
    const lines = readFileSync(trace, 'utf8').split('\n');
    const placing = lines.findIndex((line) => line.includes('"type":"step"') && line.includes('"clusters":[{"name"'));
    writeFileSync(trace, lines.with(placing, lines[placing]!.replace('{"name":"c1"', '{"name":"c2"')).join('\n'));
    heard.out = '';
    expect(await muster('--from', trace)).toBe(99);
    expect(heard.out).toContain(`trace.jsonl:${placing + 1}: another step was taken at `);
    expect(heard.out).toMatch(/they part here\n {2}recorded: .*"name":"c2".*\n {2}now: {6}.*"name":"c1".*\n$/);
  });

  it('decides again what a killed process could still write, and names a line that is broken', async () => {
    const reports = join(folder, 'killed');
    const trace = join(reports, 'trace.jsonl');
    expect(await muster(FILE, '--out', reports, '--trace', 'full')).toBe(0);
    const lines = readFileSync(trace, 'utf8').split('\n').slice(0, 100);
    writeFileSync(trace, [...lines, '{"type":"st'].join('\n'));
    heard.out = '';
    expect(await muster('--from', trace)).toBe(0);
    expect(heard.out).toMatch(/decided again, all the same, up to line 101, which is cut off\n/);
    writeFileSync(trace, [...lines, '{"type":"st', ''].join('\n') + lines[99]);
    expect(await muster('--from', trace)).toBe(1);
    expect(heard.notes).toContain('trace.jsonl:101: the line is no JSON object');
  });
});
