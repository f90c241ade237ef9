import { describe, expect, it } from 'vitest';
import { makeBinding, requestOf, spread, withSwitches } from '../../../test/builders/binding.ts';
import { makeCluster } from '../../../test/builders/cluster.ts';
import type { Cluster, ResourceSummary } from '../../api/cluster.ts';
import { addPromises, type Promises } from '../../fleet/ledger.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE } from '../../profile/profile.ts';
import { estimateRoom } from './estimate.ts';
import { generalEstimator } from './general.ts';
import { promiseOf } from './promises.ts';

const noModels = { ...KARMADA_PROFILE, gates: { ...KARMADA_PROFILE.gates, CustomizedClusterResourceModeling: false } };

function room(
  cluster: Cluster,
  request: Record<string, string> | null,
  { profile = KARMADA_PROFILE, promised }: { profile?: typeof KARMADA_PROFILE; promised?: Promises } = {},
): number | null {
  const parts =
    request === null ? { replicaRequirements: undefined } : { replicaRequirements: { resourceRequest: request } };
  const fleet = { clusters: [cluster], ...(promised === undefined ? {} : { promised }) };
  return generalEstimator.estimate(cluster, requestOf(makeBinding({}, parts), profile), fleet);
}

const summary = (parts: ResourceSummary): Cluster => makeCluster('m1', { summary: parts });

describe('the general estimator', () => {
  it('answers with the scarcest resource', () => {
    const cluster = summary({ allocatable: { cpu: '4', memory: '8Gi', pods: '110' } });
    expect(room(cluster, { cpu: '500m', memory: '1Gi' })).toBe(8);
    expect(room(cluster, { cpu: '1', memory: '1Gi' })).toBe(4);
    expect(room(cluster, { cpu: '1m' })).toBe(110);
  });

  it('takes off what is allocated and what is being allocated', () => {
    const taken = { allocated: { cpu: '1', pods: '10' }, allocating: { cpu: '500m', pods: '1' } };
    expect(room(summary({ allocatable: { cpu: '4', pods: '110' }, ...taken }), { cpu: '500m' })).toBe(5);
    expect(room(summary({ allocatable: { cpu: '4', pods: '11' }, ...taken }), { cpu: '500m' })).toBe(0);
  });

  it('has no room where the cluster reports nothing, no pods, or not the resource', () => {
    expect(room(makeCluster('m1', { summary: null }), { cpu: '1' })).toBe(0);
    expect(room(summary({ allocatable: { cpu: '4' } }), { cpu: '1' })).toBe(0);
    expect(room(summary({ allocatable: { cpu: '4', pods: '9' } }), { 'nvidia.com/gpu': '1' })).toBe(0);
    expect(room(summary({ allocatable: { cpu: '4', pods: '9' }, allocated: { cpu: '5' } }), { cpu: '1' })).toBe(0);
  });

  it('counts pods alone where a replica asks for nothing', () => {
    const cluster = summary({ allocatable: { cpu: '4', pods: '9' } });
    expect(room(cluster, null)).toBe(9);
    expect(room(cluster, {})).toBe(9);
    expect(room(cluster, { cpu: '0' })).toBe(9);
  });

  it('compares whole units of everything but CPU, rounded up', () => {
    expect(room(summary({ allocatable: { memory: '7', pods: '9' } }), { memory: '1500m' })).toBe(3);
  });

  it('cuts an estimate to 32 bits as Karmada does, unless told to saturate', () => {
    const cluster = summary({ allocatable: { pods: '4294967295' } });
    expect(room(cluster, null)).toBeNull();
    expect(room(summary({ allocatable: { pods: '2147483648' } }), null)).toBe(-2_147_483_648);
    expect(room(cluster, null, { profile: withSwitches({ estimatesSaturate: true }) })).toBe(2_147_483_647);
  });

  it('never gives away what was promised before', () => {
    const cluster = summary({ allocatable: { cpu: '4', pods: '110' } });
    const promise = addPromises(
      addPromises(undefined, promiseOf(2, { resourceRequest: { cpu: '500m' } })),
      promiseOf(1, { resourceRequest: { cpu: '1', memory: '1Gi' } }),
    );
    expect(promise).toEqual({
      pods: 3n,
      units: new Map([
        ['cpu', 2000n],
        ['memory', 1n << 30n],
      ]),
    });
    expect(room(cluster, { cpu: '500m' }, { promised: new Map([['m1', promise]]) })).toBe(4);
    expect(room(cluster, { cpu: '500m' }, { promised: new Map([['m2', promise]]) })).toBe(8);
    const all = promiseOf(110, undefined);
    expect(room(cluster, { cpu: '500m' }, { promised: new Map([['m1', all]]) })).toBe(0);
  });

  describe('with resource models', () => {
    const modelled = (counts: Readonly<Record<number, number>>): Cluster => ({
      ...makeCluster('m1', {
        spec: {
          resourceModels: [
            { grade: 0, ranges: [{ name: 'cpu', min: '0', max: '2' }] },
            {
              grade: 1,
              ranges: [
                { name: 'cpu', min: '2', max: '4' },
                { name: 'made-up', min: '1', max: '2' },
              ],
            },
          ],
        },
        summary: {
          allocatable: { cpu: '100', pods: '200' },
          allocatableModelings: Object.entries(counts).map(([grade, count]) => ({ grade: Number(grade), count })),
        },
      }),
    });

    it('counts what fits on each node at the least capacity of its grade', () => {
      expect(room(modelled({ 0: 9, 1: 3 }), { cpu: '500m' })).toBe(12);
      expect(room(modelled({ 0: 9 }), { cpu: '500m' })).toBe(0);
      expect(room(modelled({ 0: 1, 1: 1 }), {})).toBe(200);
    });

    it('ignores what no node counts', () => {
      expect(room(modelled({ 1: 3 }), { cpu: '500m', 'made-up': '9' })).toBe(12);
    });

    it('falls back to the summary where the models cannot be used, or the gate is off', () => {
      expect(room(modelled({ 1: -1 }), { cpu: '500m' })).toBe(200);
      expect(room(modelled({ 1: 3 }), { cpu: '500m' }, { profile: noModels })).toBe(200);
      const { spec, ...rest } = modelled({ 1: 3 });
      expect(room({ ...rest, spec: { ...spec, resourceModels: [] } }, { cpu: '500m' })).toBe(200);
    });

    it('takes promises off the nodes', () => {
      const promised = new Map([['m1', promiseOf(5, { resourceRequest: { cpu: '1' } })]]);
      expect(room(modelled({ 1: 3 }), { cpu: '500m' }, { promised })).toBe(2);
    });
  });

  describe('for sets of components', () => {
    const components = [
      { name: 'driver', replicas: 1, replicaRequirements: { resourceRequest: { cpu: '1' } } },
      { name: 'worker', replicas: 3, replicaRequirements: { resourceRequest: { cpu: '2' } } },
    ];
    const setsIn = (cluster: Cluster, parts = components, promised?: Promises, profile = MUSTER_PROFILE) => {
      const placement = { spreadConstraints: [spread('cluster', 1, 1)] };
      const request = requestOf(makeBinding(placement, { components: parts, replicas: 0 }), profile);
      return generalEstimator.estimate(cluster, request, { clusters: [cluster], ...(promised ? { promised } : {}) });
    };

    it('counts whole sets by pods and by every resource', () => {
      expect(setsIn(summary({ allocatable: { cpu: '21', pods: '110' } }))).toBe(3);
      expect(setsIn(summary({ allocatable: { cpu: '100', pods: '11' } }))).toBe(2);
      expect(setsIn(summary({ allocatable: { memory: '1Gi', pods: '11' } }))).toBe(0);
      expect(setsIn(makeCluster('m1', { summary: null }))).toBe(0);
      expect(setsIn(summary({ allocatable: { cpu: '9' } }))).toBe(0);
    });

    it('takes off what was promised', () => {
      const promised = new Map([['m1', promiseOf(2, { resourceRequest: { cpu: '7' } })]]);
      expect(setsIn(summary({ allocatable: { cpu: '21', pods: '110' } }), components, promised)).toBe(1);
    });

    it('counts pods alone for sets that hold none, and skips what is no quantity', () => {
      const empty = [{ name: 'a', replicas: 0 }];
      expect(setsIn(summary({ allocatable: { cpu: '1', pods: '7' } }), empty as typeof components)).toBe(7);
      const odd = [{ name: 'a', replicas: 1, replicaRequirements: { resourceRequest: { cpu: 'many' } } }];
      expect(setsIn(summary({ allocatable: { cpu: '1', pods: '7' } }), odd)).toBe(7);
    });

    it('places sets on modelled nodes, the largest components first', () => {
      const cluster = makeCluster('m1', {
        spec: { resourceModels: [{ grade: 1, ranges: [{ name: 'cpu', min: '4', max: '8' }] }] },
        summary: { allocatable: { cpu: '100', pods: '100' }, allocatableModelings: [{ grade: 1, count: 4 }] },
      });
      // Each set needs 1 + 3 * 2 CPU: two nodes of 4 hold a set with one CPU to spare.
      expect(setsIn(cluster)).toBe(2);
      const memoryTie = components.map((component) => ({
        ...component,
        replicaRequirements: { resourceRequest: { cpu: '2', memory: component.name === 'worker' ? '2' : '1' } },
      }));
      expect(setsIn(cluster, memoryTie)).toBe(0);
      const unusable = makeCluster('m1', {
        summary: { allocatable: { cpu: '21', pods: '100' }, allocatableModelings: [{ grade: 1, count: 4 }] },
      });
      expect(setsIn(unusable)).toBe(3);
    });
  });
});

describe('the estimate that counts', () => {
  const cluster = makeCluster('m1');
  const fleet = { clusters: [cluster] };
  const fixed = (name: string, answer: number | null) => ({ name, estimate: () => answer });

  it('is the smallest answer', () => {
    const request = requestOf(makeBinding());
    expect(estimateRoom(cluster, request, [fixed('a', 7), fixed('b', 5), fixed('c', null)], fleet)).toBe(5);
  });

  it('is the number that is wanted where no estimator sets a limit', () => {
    expect(estimateRoom(cluster, requestOf(makeBinding()), [fixed('a', null), fixed('b', 2_147_483_647)], fleet)).toBe(
      3,
    );
  });

  it('is without limit for what has no replicas', () => {
    const request = requestOf(makeBinding({}, { replicas: 0 }));
    expect(estimateRoom(cluster, request, [fixed('a', 1)], fleet)).toBe(2_147_483_647);
  });
});
