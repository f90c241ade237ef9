import { describe, expect, it } from 'vitest';
import { Random } from '../../engine/index.ts';
import { generateClusters } from './fleet.ts';
import { readSelector } from './selector.ts';

const fleet = generateClusters({
  name: '{zone}-{i}',
  count: 8,
  region: ['eu', 'us'],
  zone: ['{region}-a', '{region}-b'],
  provider: ['aws', 'gcp'],
  labels: { tier: 'gold' },
});
const chosen = (value: unknown, seed = 'x') =>
  readSelector(value)
    .choose(fleet, new Random(seed))
    .map(({ name }) => name);

describe('a selector', () => {
  it('means a cluster, all of them, or those of zones, regions, providers and labels', () => {
    expect(chosen('eu-a-1')).toEqual(['eu-a-1']);
    expect(chosen('*')).toHaveLength(8);
    expect(chosen({ zone: 'eu-a' })).toEqual(['eu-a-1', 'eu-a-2']);
    expect(chosen({ zone: ['eu-a', 'us-b'] })).toHaveLength(4);
    expect(chosen({ region: 'us', provider: 'gcp' })).toEqual(['us-a-2', 'us-b-2']);
    expect(chosen({ labels: { tier: 'gold' } })).toHaveLength(8);
    expect(chosen({ labels: { tier: 'iron' } })).toEqual([]);
  });

  it('means some at random, the same for the same seed', () => {
    expect(chosen({ random: 'cluster', count: 3 })).toHaveLength(3);
    expect(chosen({ random: 'cluster', count: 3 })).toEqual(chosen({ random: 'cluster', count: 3 }));
    const zones = new Set(chosen({ random: 'zone' }).map((name) => name.slice(0, 4)));
    expect([zones.size, chosen({ random: 'zone' }).length]).toEqual([1, 2]);
    for (const seed of ['a', 'b', 'c']) {
      for (const name of chosen({ region: 'eu', random: 'cluster' }, seed)) expect(name).toMatch(/^eu/);
    }
  });

  it('is told as of one', () => {
    const text = (value: unknown) => readSelector(value).text;
    expect(text('*')).toBe('every cluster');
    expect(text('eu-a-1')).toBe('cluster eu-a-1');
    expect(text({ region: 'us', provider: 'gcp' })).toBe('region us, provider gcp');
    expect(text({ cluster: ['eu-a-1', 'us-a-1'] })).toBe('each of the clusters eu-a-1, us-a-1');
    expect(text({ cluster: ['eu-a-1'] })).toBe('cluster eu-a-1');
    expect(text({ zone: ['eu-a', 'us-a'], provider: 'gcp' })).toBe('each of the zones eu-a, us-a, provider gcp');
    expect(text({ labels: { tier: 'gold' } })).toBe('every cluster with tier=gold');
    expect(text({ region: 'eu', labels: { tier: 'gold' } })).toBe('region eu, with tier=gold');
    expect(text({ random: 'cluster', labels: { tier: 'gold' } })).toBe(
      'a random cluster of the clusters with tier=gold',
    );
    expect(text({ random: 'zone', zone: ['eu-a', 'us-a'] })).toBe('a random zone of the zones eu-a, us-a');
    expect(text({ random: 'zone' })).toBe('a random zone');
    expect(text({ random: 'cluster', count: 2, region: 'eu' })).toBe('each of 2 random clusters of region eu');
    const told = (value: unknown) => readSelector(value).told(fleet);
    expect(told({ zone: 'eu-a' })).toBe('zone eu-a');
    expect(told({ random: 'zone' })).toBe('a random zone (eu-a-1, us-a-1, eu-b-1, us-b-1, eu-a-2, us-a-2 and 2 more)');
    expect(readSelector({ random: 'zone' }).told([])).toBe('a random zone (no cluster)');
  });
});
