import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Command, type Controller, HUB, type KubeObject, memberPlace, NOTHING_TO_DO } from '../../engine/index.ts';
import { type LoadOptions, loadScenario } from '../load.ts';
import type { ControlPlane } from './processes.ts';
import { findingText, Run, type RunOutcome } from './run.ts';

const folder = mkdtempSync(join(tmpdir(), 'run-'));
afterAll(() => rmSync(folder, { recursive: true }));

const DEPLOYMENTS = 'apps/deployments';

/** The smallest control plane: a Deployment goes to the clusters that its annotation names, as often as it has replicas. */
const spreader: Controller = {
  name: 'spreader',
  watches: [{ on: 'hub', collection: DEPLOYMENTS, keysOf: ({ object }) => [object.metadata.name] }],
  reconcile: (name, view) => {
    const found = view.get(DEPLOYMENTS, 'default', name);
    if (found === null) return NOTHING_TO_DO;
    const commands: Command[] = [];
    for (const cluster of (found.metadata.annotations?.clusters ?? '').split(' ').filter(Boolean)) {
      const on = memberPlace(cluster);
      const member = view.member(cluster);
      if (!member.isWatched(DEPLOYMENTS))
        commands.push({ on, verb: 'watch', collection: DEPLOYMENTS, isIndependent: true });
      if (!member.isSynced(DEPLOYMENTS)) continue;
      const key = { collection: DEPLOYMENTS, namespace: 'default', name };
      const there = member.get(DEPLOYMENTS, 'default', name);
      const { replicas } = found.spec as { replicas: number };
      if (there === null) {
        const object = { ...found, metadata: { name, namespace: 'default' } } as KubeObject;
        commands.push({ on, verb: 'create', key, object, isIndependent: true });
      } else if ((there.spec as { replicas: number }).replicas !== replicas) {
        commands.push({
          on,
          verb: 'patch',
          key,
          patch: { spec: { replicas } },
          precondition: null,
          isIndependent: true,
        });
      }
    }
    const isWaiting = commands.length > 0 ? { afterMs: 1_000 } : ('await-change' as const);
    return { commands, requeue: isWaiting, events: [] };
  },
};

const SPREADER: ControlPlane = {
  indexesOf: () => [],
  start: (simulation, _, listening) =>
    void simulation.addProcess({ name: 'spreader', at: HUB, controllers: [spreader], ...listening }),
  startAgent() {},
  controllersOf: () => [spreader],
};

const play = async (spec: string, options: LoadOptions = {}): Promise<RunOutcome & { readonly trace: string }> => {
  const file = join(folder, 'scenario.yaml');
  writeFileSync(
    file,
    `apiVersion: muster/v1alpha1
kind: Scenario
metadata: { name: small }
spec:
  duration: 20m
  fleet:
    clusters:
      - { name: "{zone}", count: 3, region: eu, zone: [a, b, c] }
  behaviors: [{ start: 2s, stop: 1s }]
  objects:
    apiVersion: apps/v1
    kind: Deployment
    metadata: { name: web, annotations: { clusters: "a b" } }
    spec:
      replicas: 2
      selector: { matchLabels: { app: web } }
      template:
        metadata: { labels: { app: web } }
        spec: { containers: [{ name: web, image: "web:1" }] }
${spec}`,
  );
  const hash = createHash('sha256');
  const run = new Run(await loadScenario(file, options), { onTrace: (line) => hash.update(`${line}\n`) }, SPREADER);
  run.advance(Number.POSITIVE_INFINITY);
  return { ...run.finish(), trace: hash.digest('hex') };
};

const verdicts = ({ findings }: RunOutcome) => findings.map(({ expectation, ok, at }) => [expectation.name, ok, at]);

describe('a run', () => {
  it('plays the timeline and judges each expectation at its moment', async () => {
    const outcome = await play(`
  timeline:
    - { at: 5m, id: outage, fail: { zone: a }, for: 3m }
    - { at: 12m, scale: web, replicas: 3 }
  expect:
    - at 4m: ready("web") == 4
    - at outage: ready("web") == 2
    - at 1m after outage: ready("web", "zone:a") == 0 and ready("web", "b") == 2
    - within 4m of outage: ready("web") == 4
    - always from 1m: ready("web") >= 2
    - never: ready("web") > 6
    - sometimes from outage: clusters("web") == 1
    - at end: ready("web") == 6 and field("web", "spec.replicas", "b") == 3
`);
    expect(verdicts(outcome).every(([, ok]) => ok)).toBe(true);
    expect(outcome.story.filter(({ sort }) => sort === 'event').map(({ at, text }) => [at, text])).toEqual([
      [300_000, 'zone a fails for 3m (a)'],
      [720_000, 'web is scaled to 3'],
    ]);
    expect(outcome.ok).toBe(true);
  });

  it('finds what does not hold, when, and with which values', async () => {
    const outcome = await play(`
  timeline:
    - { at: 5m, id: outage, fail: a, for: 3m }
    - { when: { write: Deployment, cluster: c, occurrence: 1 }, id: never, restart: "*" }
  expect:
    - always from 1m: ready("web") >= 3
      because: three bear the load
    - within 2m of outage: ready("web") == 4
    - sometimes: clusters("web") == 3
    - at never: ready("web") > 0
    - at end: ready("web") == 5
`);
    expect(verdicts(outcome)).toEqual([
      ['always from 1m: ready("web") >= 3', false, 300_000],
      ['within 2m of outage: ready("web") == 4', false, 420_000],
      ['sometimes: clusters("web") == 3', false, 1_200_000],
      ['at never: ready("web") > 0', false, 1_200_000],
      ['at end: ready("web") == 5', false, 1_200_000],
    ]);
    expect(outcome.findings[0]!.values).toEqual([{ text: 'ready("web")', value: 2 }]);
    expect(outcome.findings[3]!.why).toBe('never never came');
    expect(outcome.around.get(outcome.findings[0]!)!.steps.length).toBeGreaterThan(0);
    expect(outcome.ok).toBe(false);
  });

  it('waits at a step until nothing changes any more, and counts times from there', async () => {
    const outcome = await play(`
  timeline:
    - { at: 10s, scale: web, replicas: 4 }
    - { until: quiescent, for: 1m, id: calm }
    - { at: 30s, scale: web, replicas: 1 }
  expect:
    - at calm: ready("web") == 8 and quiet() >= 60
    - at end: ready("web") == 2
`);
    expect(outcome.ok).toBe(true);
    const [first, calm, second] = outcome.story.filter(({ sort }) => sort === 'event').map(({ at }) => at);
    expect(first).toBe(10_000);
    expect(calm).toBeGreaterThan(70_000);
    expect(second).toBe(calm! + 30_000);
  });

  it('strikes at the n-th write of a kind', async () => {
    const outcome = await play(`
  timeline:
    - { when: { write: Deployment, cluster: b, occurrence: 1 }, id: hit, restart: "*", for: 10m }
    - { at: 1m, scale: web, replicas: 5 }
  expect:
    - at 5m after hit: field("web", "spec.replicas", "b") == 2
    - at end: field("web", "spec.replicas", "b") == 5
`);
    expect(outcome.story.find(({ id }) => id === 'hit')!.text).toBe('spreader restarts after 10m');
    expect(verdicts(outcome).map(([, ok]) => ok)).toEqual([true, true]);
  });

  it('ends outages, follows traffic, lets clusters and objects come and go', async () => {
    const outcome = await play(`
  timeline:
    - { at: 1m, id: down, partition: "*" }
    - { at: 2m, id: up, recover: { region: eu } }
    - { at: 3m, add: { name: d, region: us } }
    - { at: 4m, resize: d, nodes: { count: 1 } }
    - { at: 5m, cordon: d }
    - { at: 6m, drain: d }
    - { at: 7m, uncordon: d }
    - { at: 8m, traffic: web, curve: { 0m: 100, 2m: 500 }, perReplica: 100 }
    - { at: 12m, patch: web, with: { metadata: { labels: { tier: gold } } } }
    - { at: 13m, rollout: web, image: "web:2" }
    - { every: 1m, from: 14m, times: 3, lifetime: 1m, arrive: { apiVersion: v1, kind: ConfigMap, metadata: { name: job } } }
    - { at: 19m, delete: web }
  expect:
    - at 1m after down: quiet() > 0
    - at 4m: field("web", "spec.replicas") == 2
    - at 11m: field("web", "spec.replicas") == 5
    - at 14m: field("web", "spec.template.spec.containers[0].image") == "web:2" and field("web", "metadata.labels.tier") == "gold"
    - at end: desired("web") == 0
`);
    expect(outcome.story.filter(({ ok }) => !ok)).toEqual([]);
    expect(outcome.story.filter(({ text }) => text.startsWith('ConfigMap')).map(({ text }) => text)).toEqual([
      'ConfigMap job-1 arrives',
      'ConfigMap job-2 arrives',
      'ConfigMap job-3 arrives',
    ]);
  });

  it('has metrics of the run, of workloads, of faults and of requests, that expectations may hold to numbers', async () => {
    const outcome = await play(`
  timeline:
    - { at: 5m, id: outage, fail: { zone: [a, b] }, for: 3m }
    - { at: 12m, id: cut, partition: { zone: b }, for: 1m }
    - { at: 15m, id: again, restart: "*" }
  expect:
    - at 4m: calls("Deployment", "create", "members") == 2 and calls("Deployment", "create", "hub") == 0
    - at end: metric("lastedSeconds", "fault:outage") == 180 and metric("recoverSeconds", "web", "fault:outage") >= 180
    - at end: metric("detectSeconds", "fault:outage") == 0 and metric("evictSeconds", "web", "fault:outage") == 0
    - at end: metric("downSeconds", "web") >= 180 and metric("cost") == 0
    - at end: metric("recoverSeconds", "fault:cut") == 0 and metric("lostReplicaSeconds", "fault:again") == 0
    - at end: metric("lostReplicaSeconds", "web") == metric("lostReplicaSeconds", "fault:outage")
    - at end: metric("calls") > 2 and metric("recoverSeconds") == metric("recoverSeconds", "fault:outage")
`);
    expect(outcome.findings.filter(({ ok }) => !ok).map(findingText)).toEqual([]);
    expect(outcome.figures.faults.map(({ id, clusters }) => [id, clusters])).toEqual([
      ['outage', ['a', 'b']],
      ['cut', ['b']],
      ['again', []],
    ]);
  });

  it('is the same from the same seed, byte for byte, and another from another', async () => {
    const spec = `
  timeline:
    - { rate: 1/m, fail: { random: cluster }, for: 30s }
    - { every: 2m, jitter: 30s, scale: web, replicas: 3 }
  swarm: { faults: 5 }
`;
    const [first, second, other] = [await play(spec), await play(spec), await play(spec, { seed: 'other' })];
    expect(first.trace).toBe(second.trace);
    expect(first.trace).not.toBe(other.trace);
  });

  it('draws each event from a stream of its own: another line does not shift the others', async () => {
    const base = '\n  timeline:\n    - { rate: 1/m, fail: { random: cluster }, for: 30s }\n';
    const more = `${base}    - { rate: 2/m, slow: { random: cluster }, factor: 2, for: 1s }\n`;
    const fails = ({ story }: RunOutcome) =>
      story.filter(({ text }) => text.includes('fails')).map(({ at, text }) => [at, text]);
    expect(fails(await play(more))).toEqual(fails(await play(base)));
  });
});
