import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../api/cluster.ts';
import { KARMADA_PROFILE } from '../../profile/profile.ts';
import { pluginsFor } from '../default-plugins.ts';
import { extendPlugins } from '../plugin.ts';
import { readRequest } from '../request.ts';
import { schedule } from '../schedule.ts';
import { expressionScore, type ScoreExpression } from './expression.ts';
import { COST_KEY, FACTS, factsOf } from './facts.ts';

const resource = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
const full: Cluster = {
  metadata: { name: 'm1', labels: { tier: 'gold', [COST_KEY]: '2.5' } },
  spec: { region: 'eu', provider: 'aws', zones: ['z1', 'z2'], taints: [{ key: 'a', effect: 'PreferNoSchedule' }] },
  status: {
    apiEnablements: [{ groupVersion: 'apps/v1', resources: [{ kind: 'Deployment' }] }],
    conditions: [{ type: 'Ready', status: 'True', reason: '', message: '', lastTransitionTime: '' }],
    resourceSummary: { allocatable: { cpu: '4', pods: '10' }, allocated: { cpu: '1500m' } },
  },
};
const bare: Cluster = { metadata: { name: 'm2' }, spec: {}, status: { ...full.status, conditions: [] } };

const request = readRequest(
  { spec: { resource, replicas: 7, clusters: [{ name: 'm1', replicas: 3 }, { name: 'm3' }] } },
  KARMADA_PROFILE,
  [],
);
const fact = (cluster: Cluster, ...path: string[]) => factsOf(cluster, request)(path);

describe('facts', () => {
  it('are what a cluster says of itself', () => {
    expect(fact(full, 'free', 'cpu')).toBe(2.5);
    expect(fact(full, 'allocatable', 'cpu')).toBe(4);
    expect(fact(full, 'allocated', 'cpu')).toBe(1.5);
    expect(fact(full, 'labels', 'tier')).toBe('gold');
    expect(fact(full, 'cost')).toBe(2.5);
    expect(fact(full, 'region')).toBe('eu');
    expect(fact(full, 'provider')).toBe('aws');
    expect(fact(full, 'zones')).toBe(2);
    expect(fact(full, 'taints')).toBe(1);
    expect(fact(full, 'previous')).toBe(3);
    expect(fact(full, 'replicas')).toBe(7);
    expect(fact(full, 'ready')).toBe(true);
  });

  it('are empty or nothing where a cluster says nothing', () => {
    expect(fact(bare, 'free', 'memory')).toBe(0);
    expect(fact(bare, 'allocated', 'memory')).toBe(0);
    expect(fact({ metadata: { name: 'x' }, spec: {} }, 'free', 'cpu')).toBe(0);
    expect(fact({ metadata: { name: 'x' }, spec: {} }, 'ready')).toBe(false);
    expect(fact(bare, 'labels', 'tier')).toBe('');
    expect(fact({ ...bare, metadata: { name: 'x', annotations: { [COST_KEY]: 'much' } } }, 'cost')).toBe(0);
    for (const name of ['cost', 'zones', 'taints', 'previous']) expect(fact(bare, name)).toBe(0);
    for (const name of ['region', 'provider']) expect(fact(bare, name)).toBe('');
    expect(fact(bare, 'ready')).toBe(false);
  });

  it('are undefined where there is no such fact', () => {
    for (const name of ['free', 'labels', 'weather']) expect(fact(full, name)).toBeUndefined();
    expect(Object.keys(FACTS)).not.toContain('weather');
  });
});

describe('a score by expression', () => {
  const scored = (value: number): number => {
    const expression: ScoreExpression = { text: String(value), evaluate: () => value };
    return expressionScore('own', expression).score(full, request, { clusters: [full] });
  };

  it('is held between 0 and 100, and nothing where it is no number', () => {
    expect([scored(40), scored(-3), scored(1000), scored(Number.NaN), scored(Number.POSITIVE_INFINITY)]).toEqual([
      40, 0, 100, 0, 100,
    ]);
  });

  it('adds to the other scores and moves a decision', () => {
    const preferSecond: ScoreExpression = { text: '', evaluate: (facts) => (facts(['region']) === '' ? 100 : 0) };
    const plugins = extendPlugins(pluginsFor(KARMADA_PROFILE), { scores: [expressionScore('own', preferSecond)] });
    const spec = {
      resource,
      placement: { spreadConstraints: [{ spreadByField: 'cluster' as const, minGroups: 1, maxGroups: 1 }] },
    };
    const view = { clusters: [full, bare] };
    const plain = schedule({ spec }, view, KARMADA_PROFILE, pluginsFor(KARMADA_PROFILE));
    const moved = schedule({ spec }, view, KARMADA_PROFILE, plugins);
    expect(plain.ok && plain.clusters).toEqual([{ name: 'm1' }]);
    expect(moved.ok && moved.clusters).toEqual([{ name: 'm2' }]);
  });
});
