import { describe, expect, it } from 'vitest';
import { type Cluster, KARMADA_PROFILE, type Placement, type TargetCluster } from '../../../engine/index.ts';
import type { Part } from './application.ts';
import type { Move } from './plan-moves.ts';
import { preflight } from './preflight.ts';

const cluster = (name: string): Cluster =>
  ({
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name },
    spec: { syncMode: 'Push' },
    status: {
      conditions: [{ type: 'Ready', status: 'True' }],
      apiEnablements: [{ groupVersion: 'apps/v1', resources: [{ kind: 'Deployment', name: 'deployments' }] }],
    },
  }) as unknown as Cluster;

const HALVES: Placement = {
  clusterAffinity: { clusterNames: ['m1', 'm2'] },
  replicaScheduling: {
    replicaSchedulingType: 'Divided',
    replicaDivisionPreference: 'Weighted',
    weightPreference: {
      staticWeightList: [
        { targetCluster: { clusterNames: ['m1'] }, weight: 1 },
        { targetCluster: { clusterNames: ['m2'] }, weight: 1 },
      ],
    },
  },
};

function backTo(placement: Placement, clusters: TargetCluster[]): Move {
  const resource = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
  const now: TargetCluster[] = [{ name: 'm3', replicas: 2 }];
  const binding = { metadata: { name: 'web' }, spec: { resource, replicas: 2, clusters: now, placement: {} } };
  return {
    part: { title: 'Deployment shop/web', binding } as unknown as Part,
    before: { placement: {}, propagateDeps: false, clusters: now },
    goal: { placement, propagateDeps: false, clusters },
    leaves: ['m3'],
    arrives: [],
    record: null,
  };
}

describe('what is known before a move', () => {
  const clusters = ['m1', 'm2', 'm3'].map(cluster);

  it('is nothing where the scheduler would leave it there', () => {
    const goal = [
      { name: 'm1', replicas: 1 },
      { name: 'm2', replicas: 1 },
    ];
    expect(preflight([backTo(HALVES, goal)], clusters, KARMADA_PROFILE)).toEqual([]);
  });

  it('is where the scheduler would take it instead', () => {
    expect(preflight([backTo(HALVES, [{ name: 'm2', replicas: 2 }])], clusters, KARMADA_PROFILE)).toEqual([
      'by its policy Deployment shop/web then goes to m1: 1, m2: 1',
    ]);
  });
});
