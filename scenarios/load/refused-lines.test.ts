import { describe, expect, it } from 'vitest';
import { FileProblems, formatFileProblem } from '../../executor/files/file-problem.ts';
import type { Scenario } from '../format/scenario.ts';
import { readScenario } from '../load.ts';
import { Run } from '../run/run.ts';

const DEPLOYMENT = `apiVersion: apps/v1, kind: Deployment, metadata: { name: web, namespace: shop, labels: { app: web } }, spec: { replicas: 4, selector: { matchLabels: { app: web } }, template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: server, image: "web:1" }, { name: proxy, image: "proxy:1" }] } } }`;

const fleet = 'fleet: { clusters: [{ name: "a-{n}", count: 2 }, { name: b, mode: Pull }] }';
const objects = `objects: { ${DEPLOYMENT} }`;

function scenarioOf(spec: string): Promise<Scenario> {
  const own = (name: string, line: string) => (spec.includes(`  ${name}:`) ? '' : `  ${line}\n`);
  const text = `apiVersion: muster/v1alpha1
kind: Scenario
metadata: { name: small }
spec:
  duration: 30m
${own('fleet', fleet)}${own('objects', objects)}${spec}`;
  return readScenario(text, 'small.yaml');
}

/** All that is wrong with a scenario of these lines, with line and column. */
async function problemsIn(spec: string): Promise<readonly string[]> {
  const error = await scenarioOf(spec).then(
    () => null,
    (caught: unknown) => caught,
  );
  if (error === null) return [];
  if (!(error instanceof FileProblems)) throw error;
  return error.problems.map(formatFileProblem);
}

const timeline = (...lines: readonly string[]) => `  timeline:\n${lines.map((line) => `    - { ${line} }\n`).join('')}`;

describe('a fleet', () => {
  it('has clusters that a hub takes, each under a name of its own, and says it once', async () => {
    expect(
      await problemsIn('  fleet: { clusters: [{ name: "c-{region}", count: 8, region: [a, b, c, d] }] }\n'),
    ).toEqual([
      'small.yaml:7:3: spec.fleet has two clusters that are called c-a, c-b, c-c and 1 more: give them names with {n}',
    ]);
    expect(await problemsIn('  fleet: { clusters: [{ name: "C-{n}", count: 90 }, { name: b }] }\n')).toEqual([
      'small.yaml:7:3: spec.fleet has the cluster C-1: metadata.name is "C-1", and should be a name of at most 48 lower case letters, digits and "-"; and 89 more like it',
    ]);
    expect(await problemsIn(timeline('at: 1m, add: { name: d_1 }'))).toEqual([
      expect.stringContaining('spec.timeline[0].add has the cluster d_1: metadata.name is "d_1", and should be'),
    ]);
  });
});

describe('a restart', () => {
  it('is of a process that there is', async () => {
    const right = ['*', 'scheduler', 'controller-manager', 'agent/b', 'agent/late'];
    const lines = right.map((name) => `at: 2m, restart: "${name}"`);
    expect(await problemsIn(timeline('at: 1m, add: { name: late, mode: Pull }', ...lines))).toEqual([]);
    expect(await problemsIn(timeline('at: 1m, restart: shceduler', 'at: 1m, restart: agent/a-1'))).toEqual([
      'small.yaml:9:26: spec.timeline[0].restart there is no process "shceduler": there are controller-manager, scheduler, agent/b, and "*" for all; did you mean "scheduler"?',
      expect.stringContaining('there is no process "agent/a-1"'),
    ]);
  });
});

describe('a fault of processes', () => {
  const named = ['restart', 'pause', 'disorder', 'second-leader', 'resync'];
  const watching = ['watch-broken', 'watch-held', 'watch-missed', 'watch-expired', 'stale-list', 'watch-drops'];
  const all = (fields: (name: string) => string, names: readonly string[], faults: readonly string[]) =>
    faults.flatMap((fault) => names.map((name) => `at: 2m, fault: { fault: ${fault}, ${fields(name)} }`));
  const ofNames = (...names: readonly string[]) => all((name) => `name: "${name}", forMs: 5000`, names, named);
  const byNames = (...names: readonly string[]) =>
    all((name) => `by: ${name}, place: null, collection: null, forMs: 5000, revisions: 1`, names, watching);

  it('is of those that there are, or will be', async () => {
    const joins = 'at: 1m, add: { name: late, mode: Pull }';
    const right = ['scheduler', 'controller-manager', 'agent/b', 'agent/late'];
    expect(await problemsIn(timeline(joins, ...ofNames(...right), ...byNames(...right, 'null')))).toEqual([]);
    const wrong = [...ofNames('schedulr'), ...byNames('agent/a-1')];
    expect(await problemsIn(timeline(...wrong))).toEqual([
      ...named.map(
        (_, at) =>
          `small.yaml:${9 + at}:${41 + named[at]!.length}: spec.timeline[${at}].fault.name there is no process "schedulr": there are controller-manager, scheduler, agent/b; did you mean "scheduler"?`,
      ),
      ...watching.map(() => expect.stringContaining('.fault.by there is no process "agent/a-1": ')),
    ]);
  });

  it('says whose it is', async () => {
    const lines = [
      'at: 1m, fault: { fault: pause, forMs: 5000 }',
      'at: 1m, fault: { fault: watch-broken, place: null }',
    ];
    expect(await problemsIn(timeline(...lines))).toEqual([
      expect.stringContaining(
        'fault.name is not there, and should be the name of a process: controller-manager, scheduler, agent/b',
      ),
      expect.stringContaining('fault.by is not there, and should be the name of a process: '),
    ]);
  });

  it('may be of an agent that nobody knows of, where the fleet cannot be read', async () => {
    const spec = `  fleet: { clusters: [{ name: b, mode: Pul }] }\n`;
    const found = await problemsIn(spec + timeline(...ofNames('agent/x'), 'at: 1m, restart: agent/x'));
    expect(found).toEqual([expect.stringContaining('spec.fleet.clusters[0].mode')]);
  });
});

describe('a fault of places', () => {
  it('is of those that there are, or will be', async () => {
    const right = [
      'fault: power-off, cluster: a-1',
      'fault: power-off, cluster: late',
      'fault: api-down, place: hub',
      'fault: api-down, place: member/b',
      'fault: partition, between: [hub, member/late]',
      'fault: watch-broken, by: null, place: null, collection: null',
    ].map((fields) => `at: 2m, fault: { ${fields} }`);
    expect(await problemsIn(timeline('at: 1m, add: { name: late }', ...right))).toEqual([]);
  });

  it('is refused where nobody has that name', async () => {
    const wrong = [
      'fault: power-off, cluster: a-11',
      'fault: api-down, place: b',
      'fault: partition, between: [hub, member/c]',
    ].map((fields) => `at: 2m, fault: { ${fields} }`);
    expect(await problemsIn(timeline(...wrong))).toEqual([
      expect.stringContaining('[0].fault.cluster there is no cluster "a-11"; did you mean "a-1"?'),
      expect.stringContaining('[1].fault.place is "b", and should be "hub" or "member/NAME"'),
      expect.stringContaining('[2].fault.between[1] there is no cluster "c"'),
    ]);
  });
});

describe('a line that happens again and again', () => {
  const beat = (when: string) => `${when}, scale: web, replicas: 3`;

  it('happens no more than a million times', async () => {
    const right = [
      'every: 2ms',
      'every: 1ms, times: 1000',
      'every: 1ms, from: 20m',
      'rate: 500/s',
      'every: 1ms, to: 10m',
    ];
    expect(await problemsIn(timeline(...right.map(beat)))).toEqual([]);
    const wrong = ['every: 1ms', 'every: { uniform: [0s, 2ms] }', 'every: { exponential: 1ms }', 'rate: 600/s'];
    const often = 'should not happen more than 1000000 times';
    const otherwise = 'or say how often by "times", or until when by "to"';
    expect(await problemsIn(timeline(...wrong.map(beat), 'at: 1m, fail: b, for: 10s'))).toEqual([
      `small.yaml:9:16: spec.timeline[0].every would happen about 1800000 times, and ${often}: let it be 2ms or more apart, ${otherwise}`,
      `small.yaml:10:9: spec.timeline[1].every would happen about 1800000 times, and ${often}: let it be 2ms or more apart, ${otherwise}`,
      `small.yaml:11:9: spec.timeline[2].every would happen about 1800000 times, and ${often}: let it be 2ms or more apart, ${otherwise}`,
      `small.yaml:12:15: spec.timeline[3].rate would happen about 1080000 times, and ${often}: let it be 2ms or more apart, ${otherwise}`,
    ]);
  });

  it('neither does a flapping', async () => {
    const flap = (down: string, up: string, lasts: string) =>
      `at: 1m, flap: b, down: ${down}, up: ${up}, for: ${lasts}`;
    const lines = [
      flap('1ms', '1ms', '25m'),
      flap('1ms', '0s', '9h'),
      flap('0s', '0s', '9h'),
      flap('1ms', '0s', '15m'),
    ];
    expect(await problemsIn(timeline(...lines))).toEqual([
      expect.stringContaining(
        'timeline[1].flap would happen about 1800000 times, and should not happen more than 1000000 times: let "down" and "up" be 2ms or more together, or "for" be shorter',
      ),
    ]);
  });
});

describe('an id', () => {
  it('is a name that expectations can speak of', async () => {
    for (const wrong of ['end', '5m', 'x y', '']) {
      expect(await problemsIn(timeline(`at: 1m, id: "${wrong}", fail: b`))).toEqual([
        expect.stringMatching(/timeline\[0\].id is ".*", and should be a name of letters, .* and is not "end"$/),
      ]);
    }
    expect(await problemsIn(timeline('at: 1m, id: the-end_2, fail: b'))).toEqual([]);
  });
});

describe('a workload', () => {
  it('wants one replica where it does not say how many', async () => {
    const policy =
      '{ apiVersion: policy.karmada.io/v1alpha1, kind: PropagationPolicy, metadata: { name: web, namespace: shop }, spec: { resourceSelectors: [{ apiVersion: apps/v1, kind: Deployment }], placement: { clusterAffinity: { clusterNames: [b] } } } }';
    const own = `  objects: [{ ${DEPLOYMENT.replace('replicas: 4, ', '')} }, ${policy}]\n`;
    const expected = '  expect:\n    - at end: desired("web") == 1 and ready("web", "b") == 1\n';
    const run = new Run(await scenarioOf(own + expected));
    run.advance(Number.POSITIVE_INFINITY);
    expect(run.finish().findings.map(({ ok, values }) => [ok, values.map(({ value }) => value)])).toEqual([
      [true, [1, 1]],
    ]);
  });

  it('wants a whole number of replicas', async () => {
    for (const wrong of ['nine', '-1', '1.5', '"3"']) {
      const own = `  objects: { ${DEPLOYMENT.replace('replicas: 4', `replicas: ${wrong}`)} }\n`;
      expect(await problemsIn(own)).toEqual([
        expect.stringMatching(/^small.yaml:7:\d+: spec.replicas is \S+, and should be a whole number from 0 on$/),
      ]);
    }
  });
});

describe('an object', () => {
  it('says only what an API server could read', async () => {
    const own = `  objects: { ${DEPLOYMENT.replace('replicas: 4', 'replicas: 4, paused: "no", minReadySeconds: soon')} }\n`;
    expect(await problemsIn(own)).toEqual([
      expect.stringMatching(/^small.yaml:7:\d+: spec.paused is "no", and should be true or false$/),
      expect.stringMatching(/^small.yaml:7:\d+: spec.minReadySeconds is "soon", and should be a whole number from /),
    ]);
  });

  it('of a kind of its own has at least the metadata that all have', async () => {
    const own = '  objects: { apiVersion: x.io/v1, kind: Thing, metadata: { name: a, namespace: true, labels: "" } }\n';
    expect(await problemsIn(own)).toEqual([
      'small.yaml:7:80: spec.objects.metadata.namespace is true, and should be a text',
      'small.yaml:7:86: spec.objects.metadata.labels is "", and should be an object',
    ]);
  });

  it('may have empty fields, which say nothing', async () => {
    const blank = DEPLOYMENT.replace('replicas: 4', 'replicas: null, strategy: null').replace(
      'labels: { app: web } }, spec',
      'labels: null }, spec',
    );
    expect(await problemsIn(`  objects: { ${blank} }\n`)).toEqual([]);
  });

  it('is patched with what an API server could read', async () => {
    const wrong = ['{ spec: { replicas: "9" } }', '{ metadata: null }', '{ metadata: { labels: { app: 1 } } }'];
    const right = '{ spec: { paused: null }, metadata: { labels: { app: null } } }';
    const lines = [right, ...wrong].map((change) => `at: 1m, patch: web, with: ${change}`);
    expect(await problemsIn(timeline(...lines))).toEqual([
      expect.stringMatching(/: spec.timeline\[1\].with.spec.replicas is "9", and should be a whole number from /),
      expect.stringMatching(/: spec.timeline\[2\].with.metadata is null, and should be an object$/),
      expect.stringMatching(/: spec.timeline\[3\].with.metadata.labels.app is 1, and should be a text$/),
    ]);
  });
});

describe('a rollout', () => {
  it('is of a container that the workload has, where nothing patches another into it', async () => {
    const wrong = ['at: 1m, rollout: web, image: "x:1", container: nope', 'at: 1m, rollout: settings, image: "x:1"'];
    const map = '{ apiVersion: v1, kind: ConfigMap, metadata: { name: settings } }';
    const own = `  objects: [{ ${DEPLOYMENT} }, ${map}]\n`;
    expect(await problemsIn(own + timeline('at: 1m, rollout: web, image: "x:1", container: proxy', ...wrong))).toEqual([
      'small.yaml:10:56: spec.timeline[1].container Deployment shop/web has no container "nope": there are server, proxy',
      'small.yaml:11:26: spec.timeline[2].rollout ConfigMap settings has no containers in a pod template, and so no image to roll out',
    ]);
    const patch = 'at: 30s, patch: web, with: { spec: { template: { spec: { containers: [{ name: nope }] } } } }';
    expect(await problemsIn(timeline(patch, wrong[0]!))).toEqual([]);
  });

  it('of a container that is not there when its time comes is refused in the story', async () => {
    const scenario = await scenarioOf(
      timeline(
        'at: 1m, patch: web, with: { metadata: { labels: { a: b } } }',
        'at: 2m, rollout: web, image: x, container: nope',
      ),
    );
    const run = new Run(scenario);
    run.advance(240_000);
    expect(run.finish().story.filter(({ sort }) => sort === 'refusal')).toMatchObject([
      { text: expect.stringContaining('has no container "nope": there are server, proxy') },
    ]);
  });
});

describe('a deletion', () => {
  it('of what is protected is refused in the story, until the label is taken off', async () => {
    const label = (value: string) =>
      `patch: web, with: { metadata: { labels: { resourcetemplate.karmada.io/deletion-protected: ${value} } } }`;
    const entries = [label('Always'), 'delete: web', label('null'), 'delete: web'];
    const run = new Run(await scenarioOf(timeline(...entries.map((entry, at) => `at: ${at + 1}m, ${entry}`))));
    run.advance(240_000);
    expect(run.finish().story.filter(({ sort }) => sort === 'refusal')).toMatchObject([
      { at: 120_000, text: expect.stringMatching(/web is protected from deletion: take the label .* off it first/) },
    ]);
  });
});

describe('a quantity', () => {
  it('is one that Kubernetes reads', async () => {
    const nodes = (text: string) => `  fleet: { clusters: [{ name: a, nodes: { ${text} } }] }\n`;
    expect(await problemsIn(nodes('cpu: 500m, memory: 8Gi, pods: 110, resources: { disk: 8G }'))).toEqual([]);
    expect(await problemsIn(nodes('memory: 8Gb, cpu: -1, resources: { disk: 1.5.2 }'))).toEqual([
      expect.stringMatching(/^small.yaml:7:51: .*nodes.memory is "8Gb", and should be a quantity, such as 500m, 8Gi/),
      expect.stringContaining('nodes.cpu is -1, and should be a quantity'),
      expect.stringContaining('nodes.resources.disk is "1.5.2", and should be a quantity'),
    ]);
  });
});

describe('an expectation', () => {
  const wrong: readonly (readonly [text: string, why: string])[] = [
    [
      'ready("web") > "many"',
      '"many" is a text, and > takes a number: a number stands without quotes (at character 16)',
    ],
    [
      '"a" and ready("web") > 1',
      '"a" is a text, and "and" takes true or false: compare it, as in "a" == "..." (at character 1)',
    ],
    [
      'recovered("web") or ready("web")',
      'ready("web") is a number, and "or" takes true or false: compare it, as in ready("web") > 0 (at character 21)',
    ],
    [
      'not ready("web")',
      'ready("web") is a number, and "not" takes true or false: compare it, as in ready("web") > 0 (at character 5)',
    ],
    [
      'ready("web")',
      'ready("web") is a number, and a condition is true or false: compare it, as in ready("web") > 0 (at character 1)',
    ],
    [
      'recovered("web") + 1 > 1',
      'recovered("web") is true or false, and + takes a number: join it with "and", "or" and "not" (at character 1)',
    ],
    [
      'available("web") == 1',
      'available("web") is true or false and 1 is a number, which are never the same: compare it with true or false (at character 21)',
    ],
    [
      'ready("web") == kind',
      'ready("web") is a number and kind is a text, which are never the same: compare it with a number (at character 17)',
    ],
    [
      '1 < recovered("web") < 3',
      'recovered("web") is true or false, and a chain of comparisons takes a number: join it with "and", "or" and "not" (at character 5)',
    ],
    [
      'max(recovered("web"), 2) > 1',
      'recovered("web") is true or false, and "max" takes a number: join it with "and", "or" and "not" (at character 5)',
    ],
    [
      '(ready("web") ? 1 : 2) > 1',
      'ready("web") is a number, and "?" asks for true or false: compare it, as in ready("web") > 0 (at character 2)',
    ],
  ];
  const given = (texts: readonly string[]) =>
    `  params: { many: 4, kind: big, strict: true }\n  expect:\n${texts.map((text) => `    - { at end: '${text}' }\n`).join('')}`;

  it('compares like with like, and is true or false', async () => {
    expect(await problemsIn(given(wrong.map(([text]) => text)))).toEqual(
      wrong.map(([, why], at) => `small.yaml:${10 + at}:17: spec.expect[${at}]["at end"] ${why}`),
    );
  });

  it('may be of whatever a field of an object holds, of numbers, of texts and of truth', async () => {
    const right = [
      'field("web", "spec.replicas") == 4',
      'field("web", "metadata.name") == "web" and field("web", "spec.paused")',
      'field("web", "spec.replicas") > many or not recovered("web")',
      '(strict ? ready("web") : assigned("web")) >= max(many, 2)',
      'recovered("web") == strict and kind == "big" and available("web")',
      'strict ? ready("web") > 1 : ready("web") > 0',
      '0 <= metric("moves") <= number(field("web", "spec.replicas"))',
    ];
    expect(await problemsIn(given(right))).toEqual([]);
  });
});

describe('a matrix', () => {
  it('is of values that the parameters of the scenario can have', async () => {
    const wrong = '{ replicsa: [1, 2], replicas: [3, a], strict: [], zone: [eu] }';
    const spec = `  params: { replicas: 6, strict: true, zone: us }\n  matrix: ${wrong}\n`;
    expect(await problemsIn(spec)).toEqual([
      'small.yaml:9:13: spec.matrix.replicsa there is no parameter "replicsa": there are replicas, strict, zone',
      'small.yaml:9:45: spec.matrix.replicas[1] is "a", and the parameter replicas is a number',
      'small.yaml:9:49: spec.matrix.strict has no values, and so a sweep would run nothing',
    ]);
  });
});

describe('a cluster that joins', () => {
  it('has a name that is free, at least when another has been removed', async () => {
    const add = (names: string, count = 1) => `at: 5m, add: { name: "${names}", count: ${count} }`;
    expect(await problemsIn(timeline(add('a-1'), add('c'), add('a-{n}', 3)))).toEqual([
      'small.yaml:9:17: spec.timeline[0].add is of a-1, which is in the fleet from the start and never removed: give a name that is free',
      'small.yaml:11:17: spec.timeline[2].add is of a-1, a-2, which are in the fleet from the start and never removed: give a name that is free',
    ]);
    expect(await problemsIn(timeline('at: 1m, remove: a-1', add('a-1')))).toEqual([]);
    expect(await problemsIn(timeline('at: 1m, remove: { random: cluster }', add('a-1')))).toEqual([]);
  });
});

describe('a behavior', () => {
  const arrive = (name: string) =>
    `at: 1m, arrive: { apiVersion: batch/v1, kind: Job, metadata: { name: "${name}" }, spec: { template: { spec: { restartPolicy: Never, containers: [{ name: a, image: a }] } } } }`;

  it('is of a workload that the scenario applies', async () => {
    const matches = ['{ name: wbe }', '{ kind: Job }', '{ name: web, namespace: default }', '{ name: job-x }'];
    const spec = `  behaviors:\n${matches.map((match) => `    - { match: ${match}, broken: true }\n`).join('')}`;
    expect(await problemsIn(`${spec}${timeline('at: 1m, behave: "*", match: { name: weeb }, broken: true')}`)).toEqual([
      'small.yaml:9:9: spec.behaviors[0].match matches nothing that the scenario applies (wbe): there are Deployment shop/web',
      expect.stringContaining('spec.behaviors[1].match matches nothing that the scenario applies (Job): '),
      expect.stringContaining('(in namespace default web): '),
      expect.stringContaining('(job-x): '),
      expect.stringMatching(/^small.yaml:14:30: spec.timeline\[0\].match matches nothing .* \(weeb\)/),
    ]);
  });

  it('may be of one that arrives, by its number, and of any by image or labels', async () => {
    const matches = [
      '{ name: job-2 }',
      '{ name: n-7-s }',
      '{ kind: Job }',
      '{ image: "web:9" }',
      '{ labels: { a: b } }',
      '{}',
    ];
    const spec = `  behaviors:\n${matches.map((match) => `    - { match: ${match}, broken: true }\n`).join('')}`;
    expect(await problemsIn(spec + timeline(arrive('job'), arrive('n-{n}-s')))).toEqual([]);
  });
});

describe('what arrives', () => {
  it('has its number where {n} stands in the name, or at its end', async () => {
    const of = (name: string) =>
      `every: 1m, times: 2, arrive: { apiVersion: v1, kind: ConfigMap, metadata: { name: "${name}" } }`;
    const run = new Run(await scenarioOf(timeline(of('map-{n}-x'), of('map'))));
    run.advance(200_000);
    expect(run.finish().story.flatMap(({ sort, text }) => (sort === 'event' ? [text] : []))).toEqual([
      'ConfigMap map-1-x arrives',
      'ConfigMap map-1 arrives',
      'ConfigMap map-2-x arrives',
      'ConfigMap map-2 arrives',
    ]);
  });
});
