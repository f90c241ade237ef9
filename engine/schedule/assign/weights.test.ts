import { describe, expect, it } from 'vitest';
import { makeCluster } from '../../../test/builders/cluster.ts';
import { staticWeights } from './weights.ts';

const clusters = [makeCluster('m1', { labels: { env: 'prod' } }), makeCluster('m2'), makeCluster('m3')];

describe('static weights', () => {
  it('are the greatest of the rules that match, not the first and not the sum', () => {
    const staticWeightList = [
      { targetCluster: { clusterNames: ['m1', 'm2'] }, weight: 2 },
      { targetCluster: { labelSelector: { matchLabels: { env: 'prod' } } }, weight: 5 },
      { targetCluster: { clusterNames: ['m1'] }, weight: 3 },
    ];
    expect(staticWeights(clusters, { staticWeightList })).toEqual([5, 2, 0]);
  });

  it('are all alike where no rule matches any cluster, or there is none', () => {
    expect(staticWeights(clusters, undefined)).toEqual([1, 1, 1]);
    expect(
      staticWeights(clusters, { staticWeightList: [{ targetCluster: { clusterNames: ['x'] }, weight: 9 }] }),
    ).toEqual([1, 1, 1]);
  });
});
