import { describe, expect, it } from 'vitest';
import { makeBinding, requestOf, spread } from '../../../test/builders/binding.ts';
import { makeCluster } from '../../../test/builders/cluster.ts';
import type { Component } from '../../api/binding.ts';
import type { Cluster } from '../../api/cluster.ts';
import { MUSTER_PROFILE } from '../../profile/profile.ts';
import { generalBounds } from './bounds.ts';
import { promiseOf } from './promises.ts';

const told = (cluster: Cluster, request: Record<string, string> | null, promised?: ReturnType<typeof promiseOf>) => {
  const parts =
    request === null ? { replicaRequirements: undefined } : { replicaRequirements: { resourceRequest: request } };
  return generalBounds(cluster, requestOf(makeBinding({}, parts)), promised).map(
    ({ by, fits, detail }) => `${by} ${fits}: ${detail}`,
  );
};

const cluster = makeCluster('m1', {
  summary: { allocatable: { cpu: '4', memory: '8Gi', pods: '110' }, allocated: { cpu: '500m', pods: '10' } },
});

describe('the bounds of an estimate', () => {
  it('tell each resource in its own words, the tightest first', () => {
    expect(told(cluster, { cpu: '500m', memory: '1Gi', 'nvidia.com/gpu': '1' })).toEqual([
      'nvidia.com/gpu 0: not among the allocatable resources',
      'cpu 7: 3500m free, 500m each',
      'memory 8: 8Gi free, 1Gi each',
      'pods 100: 100 of 110 pods free',
    ]);
  });

  it('are pods alone where a replica asks for nothing', () => {
    expect(told(cluster, null)).toEqual(['pods 100: 100 of 110 pods free']);
    expect(told(makeCluster('m1', { summary: { allocatable: {} } }), null)).toEqual(['pods 0: 0 of 0 pods free']);
  });

  it('say that a cluster reports nothing', () => {
    expect(told(makeCluster('m1', { summary: null }), { cpu: '1' })).toEqual([
      'summary 0: the cluster reports no resource summary',
    ]);
  });

  it('are after what was promised', () => {
    expect(told(cluster, { cpu: '500m' }, promiseOf(2, { resourceRequest: { cpu: '1' } }))).toEqual([
      'cpu 3: 1500m free, 500m each',
      'pods 98: 98 of 110 pods free',
    ]);
    expect(told(cluster, { cpu: '500m' }, promiseOf(200, { resourceRequest: { cpu: '1' } }))).toEqual([
      'pods 0: 0 of 110 pods free',
      'cpu 0: 0 free, 500m each',
    ]);
  });

  it('tell the modelled nodes by grade', () => {
    const modelled = makeCluster('m1', {
      spec: {
        resourceModels: [
          { grade: 0, ranges: [{ name: 'cpu', min: '0', max: '2' }] },
          { grade: 1, ranges: [{ name: 'cpu', min: '2', max: '4' }] },
        ],
      },
      summary: {
        allocatable: { cpu: '100', pods: '200' },
        allocatableModelings: [
          { grade: 0, count: 2 },
          { grade: 1, count: 3 },
        ],
      },
    });
    expect(told(modelled, { cpu: '500m' })).toEqual([
      'models 12: nodes 2 of grade 0 hold 0 each, 3 of grade 1 hold 4 each',
      'pods 200: 200 of 200 pods free',
    ]);
    const empty = { ...modelled.status!.resourceSummary!, allocatableModelings: [{ grade: 1, count: 0 }] };
    expect(told({ ...modelled, status: { ...modelled.status, resourceSummary: empty } }, { cpu: '500m' })[0]).toBe(
      'models 0: no modelled nodes',
    );
  });

  it('tell modelled nodes after what was promised, and the summary beside them', () => {
    const modelled = makeCluster('m1', {
      spec: { resourceModels: [{ grade: 0, ranges: [{ name: 'cpu', min: '2', max: '4' }] }] },
      summary: { allocatable: { cpu: '100', pods: '200' }, allocatableModelings: [{ grade: 0, count: 3 }] },
    });
    expect(told(modelled, { cpu: '500m' }, promiseOf(1, { resourceRequest: { cpu: '3' } }))).toEqual([
      'models 6: nodes 1 of grade 0 hold 0 each, 1 of grade 0 hold 2 each, 1 of grade 0 hold 4 each',
      'cpu 194: 97 free, 500m each',
      'pods 199: 199 of 200 pods free',
    ]);
  });

  it('count whole sets of components', () => {
    const components: Component[] = [
      { name: 'driver', replicas: 1, replicaRequirements: { resourceRequest: { cpu: '500m' } } },
      { name: 'worker', replicas: 2, replicaRequirements: { resourceRequest: { cpu: '500m', gpu: '1' } } },
      { name: 'idle', replicas: 0 },
    ];
    const placement = { spreadConstraints: [spread('cluster', 1, 1)] };
    const sets = (parts: Component[], where: Cluster = cluster) =>
      generalBounds(where, requestOf(makeBinding(placement, { components: parts }), MUSTER_PROFILE), undefined);
    expect(sets(components)).toEqual([
      { by: 'gpu', fits: 0, detail: 'not among the allocatable resources' },
      { by: 'cpu', fits: 2, detail: '3500m free, 1500m a set' },
      { by: 'pods', fits: 33, detail: '100 of 110 pods free, 3 a set' },
    ]);
    expect(sets(components.slice(2))).toEqual([{ by: 'pods', fits: 100, detail: '100 of 110 pods free' }]);
    const modelled = makeCluster('m1', {
      spec: { resourceModels: [{ grade: 1, ranges: [{ name: 'cpu', min: '1', max: '4' }] }] },
      summary: { allocatable: { cpu: '100', pods: '200' }, allocatableModelings: [{ grade: 1, count: 3 }] },
    });
    expect(sets(components.slice(0, 1), modelled)[0]).toEqual({
      by: 'models',
      fits: 6,
      detail: 'sets placed on the modelled nodes',
    });
  });
});
