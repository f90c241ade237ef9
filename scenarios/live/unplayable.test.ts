// Tests of what cannot be played live, which depends on the sort of members.
import { describe, expect, it } from 'vitest';
import { readScenario } from '../load.ts';
import { fleetNotes } from './fleet-notes.ts';
import type { MemberSort } from './live-members.ts';
import { unplayable } from './unplayable.ts';

const HEAD = `apiVersion: muster/v1alpha1
kind: Scenario
metadata: { name: odd }
spec:
  duration: 1m
  behaviors: [{ start: { p50: 1s, p99: 3s } }]
  fleet: { clusters: [{ name: paris, nodes: { count: 2, cpu: 8 }, latency: { p50: 1ms, p99: 2ms } }] }
  timeline:
`;

async function told(sort: MemberSort, ...lines: readonly string[]): Promise<readonly string[]> {
  const text = HEAD + lines.map((line) => `    - ${line}\n`).join('');
  return unplayable(await readScenario(text, 'odd.yaml'), sort);
}

describe('what cannot be played live', () => {
  it.each<[string, MemberSort[]]>([
    ['{ at: 1s, fail: paris, for: 5s }', ['embedded', 'kind']],
    ['{ at: 1s, failNodes: paris, nodes: 1 }', ['embedded']],
    ['{ at: 1s, behave: paris, broken: true }', ['embedded']],
    ['{ at: 1s, resize: paris, nodes: { count: 1 } }', ['embedded']],
    ['{ at: 1s, partition: paris }', ['embedded', 'kind', 'kubeconfig']],
    ['{ at: 1s, flap: paris, for: 10s }', ['embedded', 'kind', 'kubeconfig']],
    ['{ at: 1s, slow: paris, factor: 9 }', ['embedded', 'kind', 'kubeconfig']],
    ['{ at: 1s, apiDown: paris }', ['embedded', 'kind', 'kubeconfig']],
    ['{ at: 1s, cordon: paris }', ['embedded', 'kind', 'kubeconfig']],
    ['{ at: 1s, restart: "*" }', ['embedded', 'kind', 'kubeconfig']],
    ['{ at: 1s, restart: scheduler }', []],
    ['{ at: 1s, hubDown: true }', []],
    ['{ at: 1s, lose: paris, percent: 5 }', []],
    ['{ at: 1s, partition: paris, oneWay: to-members }', []],
    ['{ when: { write: Work, occurrence: 2 }, cordon: paris }', []],
  ])('is said with its line: %s', async (line, playable) => {
    for (const sort of ['embedded', 'kind', 'kubeconfig'] as const) {
      const problems = await told(sort, line);
      if (playable.includes(sort)) expect([sort, problems]).toEqual([sort, []]);
      else expect([sort, problems]).toEqual([sort, [expect.stringMatching(/^line 9: /)]]);
    }
  });

  it('is work that pods share', async () => {
    const web = '{ at: 1s, apply: { apiVersion: apps/v1, kind: Deployment, metadata: { name: web } } }';
    expect(await told('embedded', web, '{ at: 2s, demand: web, curve: { 0s: 1 } }')).toEqual([
      'line 10: work that pods share is for virtual time alone',
    ]);
  });

  it('is told all at once, each with its reason', async () => {
    const problems = await told(
      'kubeconfig',
      '{ at: 1s, fail: "*" }',
      '{ until: quiescent }',
      '{ at: 2s, hubDown: true }',
    );
    expect(problems).toEqual([
      'line 9: a fault of the sort power-off cannot be had of a cluster of your own, to which nothing is done but on the way to its API',
      'line 10: "until: quiescent" is for virtual time alone',
      'line 11: a fault of the sort api-down can be had of clusters alone, live',
    ]);
  });
});

describe('clusters of the user', () => {
  it.each([
    ['conflictResolution: Overwrite', 'PropagationPolicy odd takes over what has its name'],
    ['preserveResourcesOnDeletion: true', 'PropagationPolicy odd leaves things where they were sent'],
  ])('lose nothing and keep nothing: %s', async (field, why) => {
    const policy = `{ apiVersion: policy.karmada.io/v1alpha1, kind: PropagationPolicy, metadata: { name: odd }, spec: { ${field}, resourceSelectors: [{ apiVersion: v1, kind: ConfigMap }], placement: {} } }`;
    const line = `{ at: 1s, apply: ${policy} }`;
    const own = [`line 9: ${why}: that is not done in clusters of your own`];
    expect(await told('kubeconfig', line)).toEqual(own);
    expect(await told('kind', line)).toEqual([]);
    const text = HEAD.replace('  timeline:\n', `  objects: [${policy}]\n`);
    expect(unplayable(await readScenario(text, 'odd.yaml'), 'kubeconfig')).toEqual([
      `${why}: that is not done in clusters of your own`,
    ]);
  });
});

describe('clusters that are not what a scenario says', () => {
  it('are told apart by nodes, what runs there, and how fast they are', async () => {
    const scenario = await readScenario(HEAD.replace('  timeline:\n', ''), 'odd.yaml');
    const [paris] = scenario.clusters;
    const nodes = ['a', 'b'].map((name) => ({ name, count: 1, allocatable: { cpu: '4', memory: '8Gi', pods: '110' } }));
    const real = { ...paris!, nodes, load: { cpu: '100m', pods: '9' }, latency: null };
    expect(fleetNotes(scenario, 'kind', scenario.clusters, new Map([['paris', real]]))).toEqual([
      'paris has 2 nodes (cpu 4, memory 8Gi, pods 110), and not 2 nodes (cpu 8, memory 64Gi, pods 110)',
      'on each node of paris cpu 100m, pods 9 runs besides, and not nothing',
      'messages to paris take as long as they do, and not what the scenario says',
      'pods start, stop and work as fast as they do: the behaviors of the scenario are simulated alone',
    ]);
    const same = { ...paris!, latency: null };
    const calm = { ...scenario, clusters: [same] };
    expect(fleetNotes(calm, 'embedded', calm.clusters, new Map([['paris', same]]))).toEqual([]);
    expect(fleetNotes(calm, 'embedded', calm.clusters, new Map())).toEqual(['paris never joined']);
  });
});
