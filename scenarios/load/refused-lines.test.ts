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

describe('a restart', () => {
  it('is of a process that there is', async () => {
    const right = ['*', 'scheduler', 'controller-manager', 'agent/b', 'agent/late'];
    const lines = right.map((name) => `at: 2m, restart: "${name}"`);
    expect(await problemsIn(timeline('at: 1m, add: { name: late, mode: Pull }', ...lines))).toEqual([]);
    expect(await problemsIn(timeline('at: 1m, restart: shceduler', 'at: 1m, restart: agent/a-1'))).toEqual([
      'small.yaml:9:26: spec.timeline[0].restart there is no process "shceduler": there are controller-manager, scheduler, agent/b, and "*" for all',
      expect.stringContaining('there is no process "agent/a-1"'),
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
