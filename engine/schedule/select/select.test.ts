import { describe, expect, it } from 'vitest';
import { duplicated, dynamic, makeBinding, requestOf, spread, weighted } from '../../../test/builders/binding.ts';
import { makeCluster } from '../../../test/builders/cluster.ts';
import type { Placement } from '../../api/placement.ts';
import type { MUSTER_PROFILE } from '../../profile/profile.ts';
import { selectByCluster } from './by-cluster.ts';
import { selectByRegion } from './by-region.ts';
import { type Candidate, candidateOrder } from './candidate.ts';
import { groupScore } from './group-score.ts';
import { isSpreadIgnored, selectClusters } from './select.ts';

const candidate = (name: string, available: number, parts: Partial<Candidate> = {}, region?: string): Candidate => ({
  name,
  cluster: makeCluster(name, { spec: region === undefined ? {} : { region } }),
  tier: 0,
  score: 0,
  room: available,
  available,
  ...parts,
});

const inRegion = (region: string, name: string, available: number) => candidate(name, available, {}, region);

const names = (outcome: ReturnType<typeof selectClusters>) =>
  outcome.ok ? outcome.value.map(({ name }) => name).join(' ') : `${outcome.failure.code}/${outcome.failure.step}`;

describe('candidates', () => {
  it('stand by tier, then score, then room, then name', () => {
    const ordered = [
      candidate('e', 99, { tier: 1, score: 100 }),
      candidate('d', 5),
      candidate('c', 9),
      candidate('b', 9),
      candidate('a', 1, { score: 100 }),
    ].sort(candidateOrder);
    expect(ordered.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});

describe('selection under a cluster constraint', () => {
  const five = [9, 7, 5, 3, 1].map((available, at) => candidate(`m${at + 1}`, available));

  it('takes as many as it may, also where fewer would do', () => {
    expect(names(selectByCluster(five, spread('cluster', 1, 3), 1))).toBe('m1 m2 m3');
    expect(names(selectByCluster(five, spread('cluster', 1, 9), null))).toBe('m1 m2 m3 m4 m5');
  });

  it('exchanges from the back for the roomiest outside while room lacks, and does not sort again', () => {
    const scored = [
      candidate('a', 1, { score: 100 }),
      candidate('b', 2, { score: 100 }),
      candidate('c', 9),
      candidate('d', 8),
    ];
    expect(names(selectByCluster(scored, spread('cluster', 1, 2), 10))).toBe('a c');
    expect(names(selectByCluster(scored, spread('cluster', 1, 2), 17))).toBe('d c');
    expect(names(selectByCluster(scored, spread('cluster', 1, 2), 18))).toBe('InsufficientReplicas/select');
  });

  it('leaves in place whom nobody outside exceeds', () => {
    const level = [candidate('a', 5), candidate('b', 5), candidate('c', 5)];
    expect(names(selectByCluster(level, spread('cluster', 1, 2), 11))).toBe('InsufficientReplicas/select');
  });

  it('fails with fewer clusters than asked for, and selects none without maxGroups', () => {
    expect(names(selectByCluster(five, spread('cluster', 6, 9), 1))).toBe('SpreadUnsatisfiable/select');
    expect(names(selectByCluster(five, spread('cluster', 1), null))).toBe('');
    expect(names(selectByCluster(five, spread('cluster', 1), 1))).toBe('InsufficientReplicas/select');
    expect(names(selectByCluster(five, { spreadByField: 'cluster', maxGroups: 2 }, null))).toBe('m1 m2');
  });
});

describe('selection under a region constraint', () => {
  const fleet = [
    inRegion('eu', 'e1', 9),
    inRegion('us', 'u1', 8),
    inRegion('eu', 'e2', 7),
    inRegion('ap', 'a1', 6),
    inRegion('us', 'u2', 5),
    candidate('x', 99),
  ];
  const demand = { replicas: 10, duplicated: false };

  it('takes the best cluster of every chosen region first, then the roomiest of the rest', () => {
    const both = selectByRegion(fleet, spread('region', 2, 2), spread('cluster', 2, 3), demand);
    expect(names(both)).toBe('e1 u1 e2');
  });

  it('takes one a region, also past maxGroups of cluster or without it', () => {
    expect(names(selectByRegion(fleet, spread('region', 2, 2), spread('cluster', 1, 1), demand))).toBe('e1 u1');
    expect(names(selectByRegion(fleet, spread('region', 2, 2), undefined, demand))).toBe('e1 u1');
  });

  it('fails where regions, or clusters in as many regions as it may take, are too few', () => {
    expect(names(selectByRegion(fleet, spread('region', 4, 4), undefined, demand))).toBe('SpreadUnsatisfiable/select');
    expect(names(selectByRegion(fleet, spread('region', 1, 1), spread('cluster', 3, 3), demand))).toBe(
      'SpreadUnsatisfiable/select',
    );
    expect(names(selectByRegion([], { spreadByField: 'region' }, undefined, demand))).toBe(
      'SpreadUnsatisfiable/select',
    );
  });
});

describe('the score of a group', () => {
  const members = [
    { available: 6, score: 100 },
    { available: 4, score: 0 },
    { available: 2, score: 0 },
  ];

  it('counts the members that can carry a whole copy, then how they are liked', () => {
    expect(groupScore(members, { replicas: 4, duplicated: true }, 1, 1)).toBe(2050);
    expect(groupScore(members, { replicas: 7, duplicated: true }, 1, 1)).toBe(0);
  });

  it('counts how much of its share a group can carry, over as few members as will do', () => {
    expect(groupScore(members, { replicas: 6, duplicated: false }, 1, 1)).toBe(6100);
    expect(groupScore(members, { replicas: 6, duplicated: false }, 1, 2)).toBe(6050);
    expect(groupScore(members, { replicas: 20, duplicated: false }, 2, 1)).toBe(10_050);
    expect(groupScore(members, { replicas: 40, duplicated: false }, 2, 1)).toBe(12_033);
    expect(groupScore(members, { replicas: 6, duplicated: false }, 0, 0)).toBe(6100);
  });
});

describe('which rule selects', () => {
  const fleet = [inRegion('eu', 'e1', 9), inRegion('us', 'u1', 8), inRegion('eu', 'e2', 7)];
  const selected = (placement: Placement, profile?: typeof MUSTER_PROFILE) =>
    names(selectClusters(fleet, requestOf(makeBinding(placement), profile)));

  it('takes everybody without constraints, and with static weights whatever the constraints', () => {
    expect(selected({})).toBe('e1 u1 e2');
    expect(selected({ spreadConstraints: [spread('cluster', 1, 1)], replicaScheduling: weighted({ e1: 1 }) })).toBe(
      'e1 u1 e2',
    );
  });

  it('goes by region where there is such a constraint, else by cluster', () => {
    expect(selected({ spreadConstraints: [spread('cluster', 1, 2)], replicaScheduling: dynamic })).toBe('e1 u1');
    const both = [spread('cluster', 1, 2), spread('region', 1, 1)];
    expect(selected({ spreadConstraints: both, replicaScheduling: dynamic })).toBe('e1 e2');
  });

  it('does not look at room where everything is duplicated', () => {
    const placement = { spreadConstraints: [spread('cluster', 1, 1)], replicaScheduling: duplicated };
    const many = requestOf(makeBinding(placement, { replicas: 500 }));
    expect(names(selectClusters(fleet, many))).toBe('e1');
  });

  it('refuses to spread over zone, provider or label alone, as Karmada does', () => {
    expect(selected({ spreadConstraints: [spread('zone', 1), { spreadByLabel: 'rack' }] })).toBe(
      'SpreadUnsupported/select',
    );
  });

  it('heeds the constraints under weights that are present but empty', () => {
    const divided = { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Weighted' } as const;
    expect(isSpreadIgnored({ replicaScheduling: divided })).toBe(true);
    expect(isSpreadIgnored({ replicaScheduling: { ...divided, weightPreference: {} } })).toBe(false);
    expect(isSpreadIgnored({ replicaScheduling: weighted({ m1: 1 }) })).toBe(true);
    expect(isSpreadIgnored({ replicaScheduling: dynamic })).toBe(false);
    expect(isSpreadIgnored({ replicaScheduling: duplicated })).toBe(false);
    expect(isSpreadIgnored({})).toBe(false);
  });
});
