import { describe, expect, it } from 'vitest';
import { dynamic, makeSpec, spread } from '../../../test/builders/binding.ts';
import { makeCluster } from '../../../test/builders/cluster.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE } from '../../profile/profile.ts';
import { answerCase } from './answer-case.ts';
import type { ScheduleCase } from './read-case.ts';

const tainted = makeCluster('m3', { spec: { taints: [{ key: 'gpu', effect: 'NoSchedule' }] }, serves: [] });
const given = (parts: Partial<ScheduleCase> = {}): ScheduleCase => ({
  id: 'case-1',
  clusters: [makeCluster('m2'), tainted, makeCluster('m1')],
  spec: makeSpec({ placement: { replicaScheduling: dynamic }, replicas: 4 }),
  status: {},
  ...parts,
});
const plain = { profile: KARMADA_PROFILE, trace: false };

describe('the answer to a case', () => {
  it('lists the clusters by name, and every filter that rejects one', () => {
    expect(answerCase(given(), plain)).toEqual({
      id: 'case-1',
      clusters: [
        { name: 'm1', replicas: 2 },
        { name: 'm2', replicas: 2 },
      ],
      rejected: { m3: ['APIEnablement', 'TaintToleration'] },
    });
  });

  it('names no replicas where the resource has none, and no rejected cluster where there is none', () => {
    const spec = { resource: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } };
    expect(answerCase(given({ spec, clusters: [makeCluster('m1')] }), plain)).toEqual({
      id: 'case-1',
      clusters: [{ name: 'm1' }],
    });
  });

  it('names the affinity group that was used', () => {
    const clusterAffinities = [
      { affinityName: 'first', clusterNames: ['m9'] },
      { affinityName: 'second', clusterNames: ['m1'] },
    ];
    const spec = makeSpec({ placement: { clusterAffinities, replicaScheduling: dynamic } });
    expect(answerCase(given({ spec }), plain)).toMatchObject({
      affinity: 'second',
      clusters: [{ name: 'm1', replicas: 3 }],
      rejected: { m2: ['ClusterAffinity'], m3: ['APIEnablement', 'ClusterAffinity', 'TaintToleration'] },
    });
  });

  it('says what went wrong by one of few codes, and in a sentence', () => {
    const spec = makeSpec({ placement: { spreadConstraints: [spread('cluster', 3, 3)] } });
    expect(answerCase(given({ spec }), plain)).toEqual({
      id: 'case-1',
      error: 'SpreadUnsatisfiable',
      message: 'the spread over cluster needs at least 3, and the clusters that fit have 2',
      rejected: { m3: ['APIEnablement', 'TaintToleration'] },
    });
  });

  it('calls a division that does not exist a mistake of the placement', () => {
    const spec = makeSpec({ placement: { replicaScheduling: { replicaSchedulingType: 'Divided' } } });
    const answer = answerCase(given({ spec }), { profile: KARMADA_PROFILE, trace: true });
    expect(answer.error).toBe('InvalidPlacement');
    expect(answer.attempts?.[0]?.error).toBe('InvalidPlacement');
  });

  it('tells every attempt with its facts where a trace is asked for', () => {
    const clusterAffinities = [
      { affinityName: 'first', clusterNames: ['m9'] },
      { affinityName: 'second', clusterNames: ['m1'] },
    ];
    const spec = makeSpec({ placement: { clusterAffinities, replicaScheduling: dynamic } });
    const { attempts } = answerCase(given({ spec }), { profile: KARMADA_PROFILE, trace: true });
    expect(attempts?.map(({ affinity, error, step }) => [affinity, error, step])).toEqual([
      ['first', 'NoClusterFits', 'filter'],
      ['second', undefined, undefined],
    ]);
    expect(attempts?.[1]).toMatchObject({
      scores: { m1: 0 },
      selected: ['m1'],
      estimates: { m1: 100 },
      rejected: { m2: [{ filter: 'ClusterAffinity', fact: '"m2" is not among the cluster names' }] },
    });
  });

  it('heeds the gates and options of the case', () => {
    const components = [
      { name: 'a', replicas: 1 },
      { name: 'b', replicas: 2 },
    ];
    const spec = makeSpec({ components, placement: { spreadConstraints: [spread('cluster', 1, 1)] } });
    const gates = { MultiplePodTemplatesScheduling: true };
    expect(answerCase(given({ spec, gates }), plain).clusters).toEqual([{ name: 'm1', components }]);
    expect(answerCase(given({ spec }), plain).clusters).toEqual([{ name: 'm1' }]);
    const empty = makeSpec({ replicas: 0, placement: { replicaScheduling: dynamic } });
    const options = { enableEmptyWorkloadPropagation: true };
    expect(answerCase(given({ spec: empty, options }), plain).clusters).toEqual([
      { name: 'm1', replicas: 0 },
      { name: 'm2', replicas: 0 },
    ]);
    expect(answerCase(given({ spec: empty }), plain).clusters).toEqual([]);
  });

  it('follows the profile', () => {
    const spec = makeSpec({ placement: { spreadConstraints: [spread('cluster', 1)] } });
    expect(answerCase(given({ spec }), plain).error).toBe('NoClusterSelected');
    expect(answerCase(given({ spec }), { ...plain, profile: MUSTER_PROFILE }).clusters).toHaveLength(2);
  });

  it('reports success without clusters for a list of groups without a group', () => {
    const spec = makeSpec({ placement: { clusterAffinities: [] } });
    expect(answerCase(given({ spec }), plain)).toEqual({ id: 'case-1', clusters: [] });
  });
});
