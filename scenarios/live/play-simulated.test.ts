// Tests of the simulated half of a live scenario: it is played on the clusters that were found, and judged.
import { expect, it } from 'vitest';
import { readScenario } from '../load.ts';
import { compareFindings } from './expectations.ts';
import { playSimulated } from './play-simulated.ts';

const SCENARIO = `apiVersion: muster/v1alpha1
kind: Scenario
metadata: { name: found }
spec:
  duration: 1m
  fleet: { clusters: [{ name: paris, nodes: { count: 3, cpu: 8 } }] }
  behaviors: [{ start: { p50: 1s, p99: 2s } }]
  objects:
    - apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web }
      spec:
        replicas: 4
        selector: { matchLabels: { app: web } }
        template:
          metadata: { labels: { app: web } }
          spec: { containers: [{ name: web, image: web, resources: { requests: { cpu: 500m } } }] }
    - apiVersion: policy.karmada.io/v1alpha1
      kind: PropagationPolicy
      metadata: { name: web }
      spec:
        resourceSelectors: [{ apiVersion: apps/v1, kind: Deployment, name: web }]
        placement: { replicaScheduling: { replicaSchedulingType: Duplicated } }
  timeline:
    - { at: 20s, id: late, add: { name: rome, nodes: { count: 3, cpu: 8 } } }
  expect:
    - at 20s: ready("web", "paris") == 4
    - at 50s: ready("web", "rome") == 4
    - at end: quiet() > 0
`;

it('is played on the clusters that were found, also on those that joined later', async () => {
  const scenario = await readScenario(SCENARIO, 'found.yaml');
  const small = { name: 'only', count: 1, allocatable: { cpu: '1', memory: '8Gi', pods: 10 } };
  const [paris] = scenario.clusters;
  const found = new Map([
    ['paris', { ...paris!, nodes: [small] }],
    ['rome', { ...paris!, name: 'rome', nodes: [small] }],
  ]);
  const play = (clusters: typeof found) =>
    playSimulated(scenario, { untilMs: 60_000, everyMs: 7_000, found: clusters });
  const [written, real] = [play(new Map()), play(found)];
  expect(written.findings.map(({ ok }) => ok)).toEqual([true, true, true]);
  expect(real.findings.map(({ ok, values }) => [ok, values[0]?.value]).slice(0, 2)).toEqual([
    [false, 2],
    [false, 2],
  ]);
  const verdicts = compareFindings(scenario.expectations, written.findings, real.findings.slice(1));
  expect(verdicts.map(({ simulated, live }) => [simulated.verdict, live.verdict])).toEqual([
    ['held', 'open'],
    ['held', 'failed'],
    ['held', 'not judged'],
  ]);
});
