import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Random } from '../engine/index.ts';
import { FileProblems, formatFileProblem } from '../executor/files/file-problem.ts';
import { scenarioSchema } from './format/json-schema.ts';
import { momentsOf } from './format/timing.ts';
import { loadScenario } from './load.ts';

const folder = mkdtempSync(join(tmpdir(), 'scenario-'));
afterAll(() => rmSync(folder, { recursive: true }));

const WEB = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  replicas: 4
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "web:1" }] }
`;
writeFileSync(join(folder, 'web.yaml'), WEB);

const write = (text: string): string => {
  const file = join(folder, 'scenario.yaml');
  writeFileSync(file, text);
  return file;
};

const scenario = (spec: string): string =>
  write(`apiVersion: muster/v1alpha1
kind: Scenario
metadata: { name: small }
spec:
  duration: 30m
  fleet:
    clusters:
      - { name: "{zone}-{n}", count: 4, region: [eu, us], zone: ["{region}-a", "{region}-b"], provider: aws }
  objects: web.yaml
${spec}`);

const problemsIn = async (spec: string): Promise<string[]> => {
  const error = await loadScenario(scenario(spec)).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(FileProblems);
  return (error as FileProblems).problems.map((problem) => formatFileProblem(problem).replace(`${folder}/`, ''));
};

describe('a scenario file', () => {
  it('is loaded with its fleet dealt round, its objects and its defaults', async () => {
    const loaded = await loadScenario(scenario(''));
    expect(loaded.clusters.map(({ name, region, zones }) => [name, region, ...zones])).toEqual([
      ['eu-a-1', 'eu', 'eu-a'],
      ['us-a-2', 'us', 'us-a'],
      ['eu-b-3', 'eu', 'eu-b'],
      ['us-b-4', 'us', 'us-b'],
    ]);
    expect(loaded.objects.map(({ key }) => key)).toEqual([
      { collection: 'apps/deployments', namespace: 'shop', name: 'web' },
    ]);
    expect([loaded.seed, loaded.profile.name, loaded.durationMs, loaded.warmupMs]).toEqual([
      'small',
      'muster',
      1_800_000,
      120_000,
    ]);
  });

  it('fills parameters in, and takes others from outside', async () => {
    const spec = `  params: { replicas: 6, zone: eu-a, minutes: 5 }
  timeline:
    - { at: "\${minutes}m", scale: web, replicas: "\${replicas * 2}" }
    - { at: 6m, id: outage, fail: { zone: "\${zone}" } }
  expect:
    - at end: ready("web") >= replicas
`;
    const entries = (await loadScenario(scenario(spec), { set: { replicas: '7' } })).steps[0]!.entries;
    expect(entries[0]!.timed).toEqual({ at: '5m', scale: 'web', replicas: 14 });
    await expect(loadScenario(scenario(spec), { set: { replicas: 'x' } })).rejects.toThrow('is a number');
    await expect(loadScenario(scenario(spec), { set: { other: '1' } })).rejects.toThrow(
      'there are replicas, zone, minutes',
    );
  });

  it('tells every mistake at once, with line and column', async () => {
    const problems = await problemsIn(`  timeline:
    - { at: 10m, fial: { zone: eu-a } }
    - { at: ten, fail: { zone: eu-a } }
    - { at: 1m, every: 2m, scale: web, replicas: 3 }
    - { at: 1m, scale: web, replicas: -1, factor: 2 }
  expect:
    - someday: ready("web") > 1
    - { id: x }
  extra: 1
`);
    expect(problems).toEqual([
      expect.stringMatching(
        /^scenario.yaml:11:18: spec.timeline\[0\].fial is unknown: did you mean "fail"\? Known are fail, recover/,
      ),
      'scenario.yaml:12:13: spec.timeline[1].at is "ten", and should be a duration such as 90s, 10m or 1h30m',
      expect.stringMatching(
        /^scenario.yaml:13:24: spec.timeline\[2\].every has at and every, and should have one of at/,
      ),
      'scenario.yaml:14:39: spec.timeline[3].replicas is -1, and should be a whole number from 0 to 1000000',
      expect.stringMatching(/^scenario.yaml:14:\d+: spec.timeline\[3\].factor is unknown here; known are at, scale/),
      expect.stringMatching(/^scenario.yaml:16:\d+: spec.expect\[0\].someday should be one of: at 10m/),
      expect.stringMatching(/^scenario.yaml:17:7: spec.expect\[1\] has no moment, and should be one of/),
      expect.stringMatching(/^scenario.yaml:18:10: spec.extra is unknown here; known are duration, fleet/),
    ]);
  });

  it('tells mistakes of form and of meaning together', async () => {
    const problems = await problemsIn(`  timeline:
    - { at: ten, id: outage, fail: { zone: eu-a } }
    - { at: 11m, fail: { labels: { tier: gold } } }
  expect:
    - within 2m of outage: recovered("wbe")
    - someday: ready("web") > 1
    - at end: metric("recoverSeconds", "fault:outage") < 60 and metric("speed") > 1
    - always: ready("web") > 1 and metric("cost") < 2
    - at end: calls("Wrok") == 0
    - at end: ready("web") = 3
`);
    expect(problems).toEqual([
      expect.stringContaining('spec.timeline[0].at is "ten", and should be a duration'),
      expect.stringMatching(/spec.timeline\[1\].fail matches no cluster: .*; labels none; clusters /),
      expect.stringContaining('there is no "wbe": there are Deployment shop/web'),
      expect.stringContaining('spec.expect[1].someday should be one of: at 10m'),
      expect.stringContaining('there is no metric "speed": there are availability, '),
      expect.stringContaining('metrics are known at the end alone: say "at end"'),
      expect.stringContaining('there is no kind "Wrok": say one such as Work'),
      expect.stringContaining('an expression only computes, and == compares'),
    ]);
  });

  it('may ask for the binding of an object, and of no other', async () => {
    const asking = (name: string) => `  expect:\n    - at end: field("${name}", "spec.replicas") == 4\n`;
    await loadScenario(scenario(asking('ResourceBinding/shop/web-deployment')));
    expect(await problemsIn(asking('ResourceBinding/web-deployment'))).toEqual([
      expect.stringContaining('there is no "ResourceBinding/web-deployment"'),
    ]);
  });

  it('refuses clusters, workloads, events and facts that there are not, and tells those there are', async () => {
    const problems = await problemsIn(`  timeline:
    - { at: 10m, id: outage, fail: { zone: eu-z } }
    - { at: 11m, scale: wbe, replicas: 3 }
    - { every: 1m, scale: web, replicas: 3 }
    - until: quiescent
  expect:
    - always: ready("wbe") >= 1
    - within 2m of outge: recovered("web")
    - at end: raedy("web") > 1
    - at end: ready("web", "region:ap") > 1
    - at end: 1 > 0
`);
    expect(problems).toEqual([
      expect.stringContaining(
        'spec.timeline[0].fail matches no cluster: there are the zones eu-a, eu-b, us-a, us-b; regions eu, us',
      ),
      expect.stringContaining('spec.timeline[1].scale there is no "wbe": there are Deployment shop/web'),
      expect.stringContaining('goes on for ever, and a step waits for its end'),
      expect.stringContaining('there is no "wbe": there are Deployment shop/web'),
      expect.stringContaining('there is no event "outge": there are outage'),
      expect.stringContaining('the function "raedy" is not allowed: use ready, assigned'),
      expect.stringContaining('there is no region "ap": there are eu, us'),
      expect.stringContaining('names no fact'),
    ]);
  });

  it('checks what is right although fields besides it are wrong', async () => {
    const problems = await problemsIn(`  durration: 3m
  network: { wide: { p50: soon, p99: 1s } }
  profile: nobody.yaml
  timeline:
    - { at: 1m, scale: wbe, replicas: 3 }
    - { at: 1m, apply: nowhere.yaml }
    - { at: 1m, fail: { zone: eu-z } }
  expect:
    - at end: raedy("web") > 1
`);
    expect(problems).toEqual([
      expect.stringMatching(/^scenario.yaml:10:14: spec.durration is unknown here/),
      expect.stringMatching(/^scenario.yaml:11:\d+: spec.network.wide.p50 is "soon"/),
      expect.stringMatching(/^scenario.yaml:12:12: spec.profile the profile ".*nobody.yaml" is neither/),
      expect.stringMatching(/^scenario.yaml:14:\d+: spec.timeline\[0\].scale there is no "wbe"/),
      expect.stringMatching(/^scenario.yaml:15:\d+: spec.timeline\[1\].apply .*nowhere.yaml/),
      expect.stringMatching(/^scenario.yaml:16:\d+: spec.timeline\[2\].fail matches no cluster/),
      expect.stringContaining('the function "raedy" is not allowed'),
    ]);
  });

  it('knows what a line applies that is wrong elsewhere', async () => {
    writeFileSync(join(folder, 'api.yaml'), WEB.replaceAll('web', 'api'));
    const problems = await problemsIn(`  timeline:
    - { at: ten, apply: api.yaml }
    - { at: 11m, apply: 3 }
    - { at: 12m, scale: api, replicas: 3 }
`);
    expect(problems).toEqual([
      expect.stringContaining('spec.timeline[0].at is "ten"'),
      expect.stringContaining('spec.timeline[1].apply is 3'),
    ]);
  });

  it('says nothing of clusters that a wrong fleet may have', async () => {
    const text = (fleet: string, objects: string) => `apiVersion: muster/v1alpha1
kind: Scenario
metadata: { nmae: small }
spec:
  duration: soon
  fleet: ${fleet}
  objects: ${objects}
  timeline:
    - { at: 1h, fail: paris }
    - { at: 1h, scale: web, replicas: 3 }
  expect:
    - at end: ready("wbe", "region:ap") > 1
`;
    const told = async (fleet: string, objects: string) =>
      String((await loadScenario(write(text(fleet, objects))).catch((error: unknown) => error)) as Error)
        .replaceAll(`${folder}/`, '')
        .split('\n')
        .map((line) => line.replace(/^FileProblems: |CommandError: /, ''));
    const besides = [
      expect.stringContaining('metadata.name is missing'),
      expect.stringContaining('metadata.nmae is unknown here'),
      expect.stringContaining('spec.duration is "soon"'),
    ];
    expect(await told('{ clusters: [{ name: paris, count: three }] }', '[web.yaml, 3, nowhere.yaml]')).toEqual([
      ...besides,
      expect.stringContaining('spec.fleet.clusters[0].count is "three"'),
      expect.stringContaining('spec.objects[1] is 3'),
      expect.stringContaining('spec.objects[2] '),
      expect.stringContaining('there is no "wbe"'),
    ]);
    expect(await told('{ files: [none.yaml, nor-this.yaml] }', 'web.yaml')).toEqual([
      ...besides,
      expect.stringContaining('spec.fleet.files[0] '),
      expect.stringContaining('spec.fleet.files[1] '),
      expect.stringContaining('there is no "wbe"'),
    ]);
  });

  it('counts all mistakes, and shows the first fifty by line', async () => {
    const lines = (count: number) => `    - { at: ten, scale: web, replicas: 3 }\n`.repeat(count);
    const many = `  extra: 1\n  timeline:\n${lines(120)}`;
    const message = async (spec: string) =>
      String((await loadScenario(scenario(spec)).catch((error: unknown) => error)) as Error).split('\n');
    const shown = await message(many);
    expect([shown.length, shown.at(-1)]).toEqual([51, 'and 71 more']);
    expect(shown[0]).toContain('scenario.yaml:10:10: spec.extra');
    expect(shown[49]).toContain('spec.timeline[48].at');
    expect((await message(`  timeline:\n${lines(1500)}`)).at(-1)).toBe('and 1450 more');
  });

  it('asks for two times in order, for more than nothing, and for fields that mean something', async () => {
    const problems = await problemsIn(`  network: { wide: { p50: 200ms, p99: 40ms } }
  timeline:
    - { between: [5m], fail: eu-a-1 }
    - { between: 5m, fail: eu-a-1 }
    - { between: [5m, soon], fail: eu-a-1 }
    - { between: [5m, 2m], fail: eu-a-1 }
    - { every: { uniform: [5m, 1m] }, fail: eu-a-1 }
    - { every: { uniform: [0s, 0s] }, fail: eu-a-1 }
    - { every: 0s, fail: eu-a-1 }
    - { every: { exponential: 0s }, fail: eu-a-1 }
    - { every: { lognormal: { median: 0s } }, fail: eu-a-1 }
    - { every: { p50: 0s, p99: 1m }, fail: eu-a-1 }
    - { every: 1ms, times: 1, fail: eu-a-1 }
    - { at: 9m, from: 2m, fail: eu-a-1 }
    - { between: [1m, 2m], jitter: 2m, fail: eu-a-1 }
    - { rate: 1/h, jitter: 2m, fail: eu-a-1 }
    - { when: { write: Work }, times: 2, fail: eu-a-1 }
    - { every: 1m, from: 1m, to: 2m, times: 3, jitter: 1s, fail: eu-a-1 }
    - { at: 1m, traffic: web, curve: { 0m: 3 }, perReplica: 10, min: 5, max: 2 }
`);
    expect(problems.map((line) => line.replace(/^\S+ spec.(timeline)?/, ''))).toEqual([
      'network.wide.p99 is 40ms, and should not be below p50, which is 200ms',
      '[0].between should be two durations, the first and the last: [5m, 10m]',
      '[1].between should be two durations, the first and the last: [5m, 10m]',
      '[2].between[1] is "soon", and should be a duration such as 90s, 10m or 1h30m',
      '[3].between goes from 5m to 2m: turn them round',
      '[4].every.uniform goes from 5m to 1m: turn them round',
      expect.stringContaining('[5].every.uniform[1] is "0s", and should be a duration of more than nothing'),
      expect.stringContaining('[6].every is "0s", and should be a duration of more than nothing'),
      expect.stringContaining('[7].every.exponential is "0s", and should be a duration of more than nothing'),
      expect.stringContaining('[8].every.lognormal.median is "0s", and should be a duration of more than nothing'),
      expect.stringContaining('[9].every.p50 is "0s", and should be a duration of more than nothing'),
      '[11].from is unknown here; known are at, fail, jitter, for, id',
      '[12].jitter is unknown here; known are between, fail, times, for, id',
      '[13].jitter is unknown here; known are rate, fail, from, to, times, for, id',
      '[14].times is unknown here; known are when, fail, for, id',
      '[16].min is 5, and should not be above max, which is 2',
    ]);
  });

  it('refuses times that never come', async () => {
    const problems = await problemsIn(`  swarm: { faults: 3, from: 8m, to: 2m }
  timeline:
    - { at: 31m, id: late, fail: eu-a-1 }
    - { at: 30m, id: last, fail: eu-a-1 }
    - { every: 1m, from: 8m, to: 2m, fail: eu-a-1 }
    - { rate: 4/h, from: 40m, fail: eu-a-1 }
    - { every: 31m, fail: eu-a-1 }
    - { every: 31m, from: 1m, fail: eu-a-1 }
    - { between: [8m, 40m], fail: eu-a-1 }
    - { between: [8m, 8m], fail: eu-a-1 }
  expect:
    - always from 5m until 2m: ready("web") > 0
    - always from 40m: ready("web") > 0
    - never until 40m: ready("web") > 0
    - within 40m: ready("web") > 0
    - within 29m of 2m: ready("web") > 0
    - within 40m of last: ready("web") > 0
    - at 40m after last: ready("web") > 0
    - at 31m: ready("web") > 0
    - always from 2m until last: ready("web") > 0
    - sometimes from 5m after last until 2m: ready("web") > 0
    - within 30m: ready("web") > 0
    - always until 30m: ready("web") > 0
`);
    expect(problems.map((line) => line.replace(/^\S+ spec\.(timeline|expect)?/, ''))).toEqual([
      'swarm.from is 8m, and should not be after to, which is 2m',
      '[0].at is after the end of the scenario',
      '[2].from is 8m, and should not be after to, which is 2m',
      '[3].from is after the end of the scenario',
      '[4].every is longer than the scenario, and so never happens',
      '[6].between[1] is after the end of the scenario',
      '[0]["always from 5m until 2m"] begins after its end: turn the two times round',
      '[1]["always from 40m"] is after the end of the scenario',
      '[2]["never until 40m"] is after the end of the scenario',
      '[3]["within 40m"] waits until after the end of the scenario',
      '[4]["within 29m of 2m"] waits until after the end of the scenario',
      '[5]["within 40m of last"] waits until after the end of the scenario',
      '[6]["at 40m after last"] is after the end of the scenario',
      '[7]["at 31m"] is after the end of the scenario',
    ]);
  });

  it('refuses to take a choice of nothing for every cluster, whatever is done to it', async () => {
    const problems = await problemsIn(`  timeline:
    - { at: 1m, fail: {} }
    - { at: 1m, drain: { labels: {} } }
    - { at: 1m, failNodes: { zone: [] }, nodes: 1 }
    - { at: 1m, resize: { region: null }, nodes: { count: 1 } }
    - { at: 1m, recover: { count: 2 } }
    - { at: 1m, fail: { region: eu, count: 2 } }
    - { at: 1m, fail: { random: cluster, count: 2 } }
    - { at: 1m, fail: "*" }
    - { at: 1m, fail: { labels: {}, region: eu } }
`);
    const nothing = 'chooses by nothing: say "*" for every cluster';
    expect(problems.map((line) => line.replace(/^\S+ spec\.timeline/, ''))).toEqual([
      `[0].fail ${nothing}`,
      `[1].drain ${nothing}`,
      `[2].failNodes ${nothing}`,
      `[3].resize ${nothing}`,
      `[4].recover ${nothing}`,
      '[5].fail.count is said of a random choice alone: add "random"',
    ]);
  });

  it('names the unknown word and the nearest known one, and a wrong parameter once', async () => {
    const problems = await problemsIn(`  params: { replicas: 6 }
  timeline:
    - { att: 1m, fail: eu-a-1 }
    - { att: 1m, fial: eu-a-1 }
    - { at: soon, explode: eu-a-1 }
    - { at: 1m }
    - { att: 1m, fail: 7 }
    - { at: 1m, scale: web, replicas: "\${replcias}" }
    - { at: "\${minuts}m", scale: web, replicas: 3 }
`);
    expect(problems.map((line) => line.replace(/^scenario.yaml:(\d+:\d+): spec\.timeline/, '$1 '))).toEqual([
      '12:14 [0].att is unknown: did you mean "at"? Known are at, every, between, rate, when, until',
      '13:14 [1].att is unknown: did you mean "at"? Known are at, every, between, rate, when, until',
      expect.stringContaining('13:24 [1].fial is unknown: did you mean "fail"? Known are fail, recover'),
      expect.stringContaining('14:7 [2] has no action (what is "explode"?), and should have one of fail, recover'),
      '14:13 [2].at is "soon", and should be a duration such as 90s, 10m or 1h30m',
      expect.stringContaining('15:7 [3] has no action, and should have one of fail'),
      '16:14 [4].att is unknown: did you mean "at"? Known are at, every, between, rate, when, until',
      expect.stringContaining('16:24 [4].fail is 7, and should be a name of a cluster'),
      expect.stringMatching(/^17:39 \[5\].replicas ".{11}": there is no parameter "replcias"/),
      expect.stringMatching(/^18:13 \[6\].at ".{9}": there is no parameter "minuts"/),
    ]);
  });

  it('names the file, line and column of a wrong object in a file beside it', async () => {
    writeFileSync(
      join(folder, 'policy.yaml'),
      'apiVersion: policy.karmada.io/v1alpha1\nkind: PropagationPolicy\nmetadata: { name: p }\nspec:\n  placement: {}\n',
    );
    const problems = await problemsIn('  timeline:\n    - { at: 1m, apply: policy.yaml }\n');
    expect(problems).toEqual([expect.stringMatching(/^policy.yaml:4:1: spec.resourceSelectors is missing/)]);
  });
});

describe('moments', () => {
  const HOUR = 3_600_000;
  it('come at times, again and again, between two times or at a rate', () => {
    const of = (entry: object) => momentsOf(entry as never, HOUR, new Random('x'));
    expect(of({ at: '10m' })).toEqual([600_000]);
    expect(of({ at: '2h' })).toEqual([]);
    expect(of({ every: '20m' })).toEqual([1_200_000, 2_400_000, 3_600_000]);
    expect(of({ every: '10m', from: '0s', times: 2 })).toEqual([0, 600_000]);
    expect(of({ every: { uniform: ['20m', '20m'] } })).toEqual([1_200_000, 2_400_000, 3_600_000]);
    const drawn = of({ every: { exponential: '5m' }, from: '1m' });
    expect(drawn[0]).toBe(60_000);
    expect(new Set(drawn.map((time, at) => time - (drawn[at - 1] ?? 0))).size).toBe(drawn.length);
    expect(drawn).toEqual(of({ every: { exponential: '5m' }, from: '1m' }));
    const [between] = of({ between: ['10m', '20m'] });
    expect(between).toBeGreaterThanOrEqual(600_000);
    expect(between).toBeLessThanOrEqual(1_200_000);
    const counts = Array.from(
      { length: 200 },
      (_, seed) => momentsOf({ rate: '6/h' }, HOUR, new Random(`${seed}`)).length,
    );
    const mean = counts.reduce((sum, one) => sum + one, 0) / counts.length;
    expect(Math.abs(mean - 6)).toBeLessThan(0.6);
  });
});

describe('the JSON Schema', () => {
  it('is that of the forms which check the files', () => {
    // "npx muster scenario-schema > scenarios/scenario.schema.json" makes it anew.
    expect(readFileSync(new URL('scenario.schema.json', import.meta.url), 'utf8')).toBe(scenarioSchema());
  });

  it('accepts every shipped story, and refuses what has not the form', () => {
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(scenarioSchema()));
    const folder = fileURLToPath(new URL('.', import.meta.url));
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.yaml'))) {
      expect([file, validate(parse(readFileSync(join(folder, file), 'utf8'))), validate.errors]).toEqual([
        file,
        true,
        null,
      ]);
    }
    const story = parse(readFileSync(join(folder, 'az-outage.yaml'), 'utf8'));
    for (const wrong of [
      { duration: '30 minutes' },
      { extra: 1 },
      { fleet: { clusters: [{ nodez: 1 }] } },
      { fleet: { clusters: [{ name: 'a', nodes: { count: 1, cpu: 'lots' } }] } },
      { fleet: { clusters: [{ name: 'a', nodes: { count: 1, memory: '8GB' } }] } },
      { fleet: { clusters: [{ name: 'a', nodes: { count: 1, cpu: -1 } }] } },
      { start: 'yesterday' },
      { timeline: [{ at: '5m', explode: '*' }] },
      { timeline: [{ at: '5m', fail: {} }] },
      { timeline: [{ between: ['5m'], fail: '*' }] },
      { timeline: [{ at: '5m', every: '1m', fail: '*' }] },
      { expect: [{ someday: 'ready("web")' }] },
    ]) {
      expect([wrong, validate({ ...story, spec: { ...story.spec, ...wrong } })]).toEqual([wrong, false]);
    }
  });
});
