import { describe, expect, it } from 'vitest';
import { aggregated, dynamic, makeBinding, requestOf } from '../../../test/builders/binding.ts';
import { makeCluster } from '../../../test/builders/cluster.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE } from '../../profile/profile.ts';
import { readRequest } from '../request.ts';
import type { Candidate } from '../select/candidate.ts';
import { assignReplicas } from './assign.ts';
import { shareOverTiers } from './tiers.ts';

const candidate = (name: string, room: number, tier = 0): Candidate => ({
  name,
  cluster: makeCluster(name),
  tier,
  score: 0,
  room,
  available: room,
});

const clustersOf = (outcome: ReturnType<typeof assignReplicas>) => (outcome.ok ? outcome.value : outcome.failure.code);

describe('assignment', () => {
  it('fails where nothing is selected', () => {
    expect(clustersOf(assignReplicas([], requestOf(makeBinding())))).toBe('NoClusterSelected');
  });

  it('copies what is no workload to every cluster, without replicas', () => {
    const request = requestOf({ spec: { resource: { apiVersion: 'v1', kind: 'ConfigMap', name: 'c' } } });
    expect(clustersOf(assignReplicas([candidate('m2', 0), candidate('m1', 0)], request))).toEqual([
      { name: 'm2' },
      { name: 'm1' },
    ]);
  });

  it('names the components where they all go to one cluster', () => {
    const components = [
      { name: 'driver', replicas: 1 },
      { name: 'worker', replicas: 4 },
    ];
    const placement = { spreadConstraints: [{ spreadByField: 'cluster' as const, minGroups: 1, maxGroups: 1 }] };
    const request = requestOf(makeBinding(placement, { components }), MUSTER_PROFILE);
    expect(clustersOf(assignReplicas([candidate('m1', 9)], request))).toEqual([{ name: 'm1', components }]);
  });

  it('leaves out clusters that get nothing, unless empty workloads are to be propagated', () => {
    const binding = makeBinding({ replicaScheduling: aggregated });
    const selected = [candidate('m1', 5), candidate('m2', 50)];
    expect(clustersOf(assignReplicas(selected, requestOf(binding)))).toEqual([{ name: 'm2', replicas: 3 }]);
    const everywhere = requestOf(binding, { ...KARMADA_PROFILE, enableEmptyWorkloadPropagation: true });
    expect(clustersOf(assignReplicas(selected, everywhere))).toEqual([
      { name: 'm2', replicas: 3 },
      { name: 'm1', replicas: 0 },
    ]);
  });
});

describe('overflow', () => {
  const tiers = [{ clusterNames: ['m1'] }, { clusterNames: ['m2'] }, { clusterNames: ['m3'] }];
  const tiered = (replicas: number) =>
    readRequest(makeBinding({ replicaScheduling: dynamic }, { replicas }), KARMADA_PROFILE, tiers);
  const selected = [candidate('m1', 4, 0), candidate('m2', 5, 1), candidate('m3', 9, 2)];

  it('fills each tier before the next', () => {
    expect(clustersOf(assignReplicas(selected, tiered(7)))).toEqual([
      { name: 'm1', replicas: 4 },
      { name: 'm2', replicas: 3 },
    ]);
    expect(shareOverTiers(selected, tiered(7)).shares.map(({ tier, replicas }) => [tier, replicas])).toEqual([
      [0, 4],
      [1, 3],
    ]);
  });

  it('passes over a tier without clusters or room', () => {
    const gap = [candidate('m1', 0, 0), candidate('m3', 9, 2)];
    expect(clustersOf(assignReplicas(gap, tiered(7)))).toEqual([{ name: 'm3', replicas: 7 }]);
  });

  it('fails where all tiers together have too little room', () => {
    expect(clustersOf(assignReplicas(selected, tiered(19)))).toBe('InsufficientReplicas');
  });

  it('fails where a tier cannot be divided', () => {
    const placement = { replicaScheduling: { replicaSchedulingType: 'Divided' as const } };
    const request = readRequest(makeBinding(placement), KARMADA_PROFILE, tiers);
    expect(clustersOf(assignReplicas(selected, request))).toBe('StrategyUnsupported');
  });
});
