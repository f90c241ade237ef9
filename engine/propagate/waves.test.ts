import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterObject } from '../../test/builders/control-plane.ts';
import type { Cluster } from '../api/cluster.ts';
import { planWaves } from './waves.ts';

const cluster = (name: string, region = 'eu'): Cluster => clusterObject(name, {}, { region }) as unknown as Cluster;
const FLEET = [cluster('b'), cluster('a'), cluster('d', 'us'), cluster('c')];
const names = (waves: Parameters<typeof planWaves>[0]) =>
  planWaves(waves, FLEET).map(({ clusters }) => clusters.join(''));

describe('waves', () => {
  it('take clusters by name, each in the first that wants it, and leave the rest to the last', () => {
    expect(names([])).toEqual(['abcd']);
    expect(names([{ maxClusters: 1 }])).toEqual(['a', 'bcd']);
    expect(names([{ clusters: { labelSelector: { matchLabels: { region: 'us' } } } }, {}])).toEqual(['d', 'abc']);
    expect(names([{ clusters: { clusterNames: ['c'] } }, { maxPercent: 50 }, {}])).toEqual(['c', 'ab', 'd']);
    expect(names([{ maxPercent: 1 }, { maxPercent: 75, maxClusters: 1 }])).toEqual(['a', 'b', 'cd']);
    expect(names([{ clusters: { clusterNames: ['absent'] } }, {}])).toEqual(['', 'abcd']);
  });

  it('have every cluster once', () => {
    const wave = fc.record(
      {
        maxClusters: fc.integer({ min: 1, max: 5 }),
        maxPercent: fc.integer({ min: 1, max: 100 }),
        clusters: fc.record({ clusterNames: fc.subarray(['m1', 'm3', 'm5', 'm7']) }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(wave), fc.integer({ min: 0, max: 9 }), (waves, count) => {
        const fleet = Array.from({ length: count }, (_, at) => cluster(`m${at}`));
        const planned = planWaves(waves, fleet).flatMap(({ clusters }) => clusters);
        expect(planned.sort()).toEqual(fleet.map(({ metadata }) => metadata.name).sort());
      }),
    );
  });
});
