import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeCluster } from '../../test/builders/cluster.ts';
import type { Cluster } from '../api/cluster.ts';
import { clusterMatches } from '../api/cluster-affinity.ts';
import type { Placement } from '../api/placement.ts';
import { clonedPlacement, movedPlacement } from './relocate.ts';

const cluster = (name: string, labels: Record<string, string> = {}): Cluster => {
  const made = makeCluster(name);
  return { ...made, metadata: { ...made.metadata, labels } };
};

const [m1, m2, m3] = [cluster('m1', { env: 'prod' }), cluster('m2', { env: 'prod' }), cluster('m3', { env: 'test' })];
const PROD = { labelSelector: { matchLabels: { env: 'prod' } } };

describe('a placement that moves', () => {
  const moved = (placement: Placement, to = m3!, targets = ['m1']) =>
    movedPlacement(placement, { from: m1!, to, targets });

  it('names the other cluster where it named the one', () => {
    expect(moved({ clusterAffinity: { clusterNames: ['m1', 'm2'] } })).toEqual({
      clusterAffinity: { clusterNames: ['m2', 'm3'] },
    });
    expect(moved({ clusterAffinity: { clusterNames: ['m1', 'm3'] } })).toEqual({
      clusterAffinity: { clusterNames: ['m3'] },
    });
  });

  it('leaves one out where its selector means the other already, and names clusters where it does not', () => {
    expect(moved({ clusterAffinity: PROD }, m2)).toEqual({ clusterAffinity: { ...PROD, exclude: ['m1'] } });
    expect(moved({ clusterAffinity: PROD }, m3, ['m1', 'm2'])).toEqual({
      clusterAffinity: { clusterNames: ['m2', 'm3'] },
    });
    expect(moved({ clusterAffinity: { exclude: ['m3', 'm4'] } })).toEqual({
      clusterAffinity: { exclude: ['m4', 'm1'] },
    });
    expect(moved({})).toEqual({ clusterAffinity: { exclude: ['m1'] } });
  });

  it('changes only those terms that mean the cluster', () => {
    const terms = [
      {
        affinityName: 'a',
        clusterNames: ['m1'],
        overflowAffinities: [{ affinityName: 'o', clusterNames: ['m1', 'm2'] }],
      },
      { affinityName: 'b', clusterNames: ['m2'] },
    ];
    expect(moved({ clusterAffinities: terms })).toEqual({
      clusterAffinities: [
        {
          affinityName: 'a',
          clusterNames: ['m3'],
          overflowAffinities: [{ affinityName: 'o', clusterNames: ['m2', 'm3'] }],
        },
        { affinityName: 'b', clusterNames: ['m2'] },
      ],
    });
  });

  it('takes the weight along', () => {
    const byName = (name: string, weight: number) => ({ targetCluster: { clusterNames: [name] }, weight });
    const weighed = (list: { targetCluster: object; weight: number }[]): Placement => ({
      clusterAffinity: { clusterNames: ['m1', 'm2'] },
      replicaScheduling: { replicaSchedulingType: 'Divided', weightPreference: { staticWeightList: list } },
    });
    const weightsOf = (placement: Placement) => placement.replicaScheduling?.weightPreference?.staticWeightList;
    expect(weightsOf(moved(weighed([byName('m1', 3), byName('m2', 1)])))).toEqual([byName('m3', 3), byName('m2', 1)]);
    const prod = { targetCluster: PROD, weight: 2 };
    expect(weightsOf(moved(weighed([prod])))).toEqual([prod, byName('m3', 2)]);
    expect(weightsOf(moved(weighed([prod]), m2))).toEqual([prod]);
  });
});

describe('a placement with a copy more', () => {
  it('means one more cluster', () => {
    expect(clonedPlacement({ clusterAffinity: { clusterNames: ['m1'] } }, m2!, ['m1'])).toEqual({
      ok: true,
      placement: { clusterAffinity: { clusterNames: ['m1', 'm2'] } },
    });
    expect(clonedPlacement({ clusterAffinity: PROD }, m3!, ['m1', 'm2'])).toEqual({
      ok: true,
      placement: { clusterAffinity: { clusterNames: ['m1', 'm2', 'm3'] } },
    });
    expect(clonedPlacement({}, m3!, ['m1'])).toEqual({ ok: true, placement: {} });
  });

  it('has whole copies everywhere, and none of what is divided', () => {
    const divided: Placement = {
      clusterAffinity: { clusterNames: ['m1'] },
      replicaScheduling: { replicaSchedulingType: 'Divided' },
    };
    expect(clonedPlacement(divided, m2!, ['m1'])).toEqual({
      ok: true,
      placement: {
        clusterAffinity: { clusterNames: ['m1', 'm2'] },
        replicaScheduling: { replicaSchedulingType: 'Duplicated' },
      },
    });
    const elsewhere: Placement = { ...divided, clusterAffinity: { clusterNames: ['m1', 'm3'] } };
    const anywhere: Placement = {
      clusterAffinities: [{ affinityName: 'a' }],
      replicaScheduling: divided.replicaScheduling!,
    };
    for (const wider of [elsewhere, anywhere]) {
      expect(clonedPlacement(wider, m2!, ['m1'])).toEqual(clonedPlacement(divided, m2!, ['m1']));
    }
    expect(clonedPlacement(divided, m3!, ['m2', 'm1'])).toMatchObject({
      ok: false,
      problem: expect.stringContaining('divided over m1, m2'),
    });
  });
});

describe('any placement that moves', () => {
  const names = ['m1', 'm2', 'm3', 'm4'];
  const clusters = names.map((name, at) => cluster(name, { env: at % 2 === 0 ? 'prod' : 'test' }));
  const some = fc.subarray(names);
  const affinity = fc.record(
    {
      clusterNames: some,
      exclude: some,
      labelSelector: fc.constantFrom({ matchLabels: { env: 'prod' } }, { matchLabels: { env: 'test' } }),
    },
    { requiredKeys: [] },
  );

  it('means the new cluster and not the old one, and every other as before, unless no selector can say so', () => {
    fc.assert(
      fc.property(
        affinity,
        fc.subarray(clusters, { minLength: 2, maxLength: 2 }),
        fc.boolean(),
        (given, pair, isTurned) => {
          const [from, to] = (isTurned ? pair.toReversed() : pair) as [Cluster, Cluster];
          fc.pre(clusterMatches(from, given));
          const targets = clusters
            .filter((one) => one !== from && clusterMatches(one, given))
            .map(({ metadata }) => metadata.name);
          const moved = movedPlacement({ clusterAffinity: given }, { from, to, targets }).clusterAffinity!;
          expect([clusterMatches(from, moved), clusterMatches(to, moved)]).toEqual([false, true]);
          for (const other of clusters.filter((one) => one !== from && one !== to)) {
            // What is named where nothing was may be more than a selector meant; nothing that it meant is lost.
            if (clusterMatches(other, given)) expect(clusterMatches(other, moved)).toBe(true);
          }
          const cloned = clonedPlacement({ clusterAffinity: given }, to, [...targets, from.metadata.name]);
          if (!cloned.ok) throw new Error(cloned.problem);
          const wider = cloned.placement.clusterAffinity!;
          for (const one of clusters.filter((other) => other === to || clusterMatches(other, given))) {
            expect(clusterMatches(one, wider)).toBe(true);
          }
        },
      ),
    );
  });
});
