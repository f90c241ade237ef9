import { describe, expect, it } from 'vitest';
import { makeBinding, requestOf } from '../../test/builders/binding.ts';
import { makeCluster } from '../../test/builders/cluster.ts';
import { DEFAULT_PLUGINS } from './default-plugins.ts';
import { extendPlugins, rejectionsOf } from './plugin.ts';

const filter = (name: string, fact: string | null) => ({ name, reject: () => fact });

describe('plugins', () => {
  it('are told in their order, and every one that rejects is told', () => {
    const cluster = makeCluster('m1');
    const filters = [filter('A', 'too small'), filter('B', null), filter('C', 'too far')];
    expect(rejectionsOf(filters, cluster, requestOf(makeBinding()), { clusters: [cluster] })).toEqual([
      { filter: 'A', fact: 'too small' },
      { filter: 'C', fact: 'too far' },
    ]);
  });

  it('are added behind those that are there', () => {
    const extended = extendPlugins(DEFAULT_PLUGINS, {
      filters: [filter('Mine', null)],
      scores: [{ name: 'Distance', score: () => 1 }],
      estimators: [{ name: 'mine', estimate: () => 1 }],
    });
    expect(extended.filters.at(-1)?.name).toBe('Mine');
    expect(extended.scores.map(({ name }) => name)).toEqual(['ClusterLocality', 'Distance']);
    expect(extended.estimators.at(-1)?.name).toBe('mine');
    expect(extendPlugins(DEFAULT_PLUGINS, {})).toEqual(DEFAULT_PLUGINS);
  });

  it('have names of their own', () => {
    expect(() => extendPlugins(DEFAULT_PLUGINS, { filters: [filter('TaintToleration', null)] })).toThrow(
      'a plugin named "TaintToleration" is registered once',
    );
  });
});
