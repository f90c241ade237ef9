import { describe, expect, it } from 'vitest';
import { formatProblem } from '../../base/shape.ts';
import { readCase } from './read-case.ts';

const resource = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };

function problems(document: unknown): readonly string[] {
  const reading = readCase(document);
  return reading.ok ? [] : reading.problems.map(formatProblem);
}

describe('reading a case', () => {
  it('takes what is there and fills in what may be absent', () => {
    const reading = readCase({ id: 'a', clusters: [{ metadata: { name: 'm1' } }], spec: { resource }, extra: 1 });
    expect(reading).toEqual({
      ok: true,
      value: { id: 'a', clusters: [{ metadata: { name: 'm1' }, spec: {} }], spec: { resource }, status: {}, extra: 1 },
    });
  });

  it('takes a grade of nodes that says nothing for an empty one', () => {
    const spec = { resourceModels: [{}, { grade: 1, ranges: null }] };
    const reading = readCase({ id: 'a', clusters: [{ metadata: { name: 'm1' }, spec }], spec: { resource } });
    expect(reading.ok && reading.value.clusters[0]?.spec.resourceModels).toEqual([
      { grade: 0, ranges: [] },
      { grade: 1, ranges: [] },
    ]);
  });

  it('takes null for absent', () => {
    const reading = readCase({
      id: 'a',
      clusters: [{ metadata: { name: 'm1', labels: null }, spec: { taints: null }, status: null }],
      spec: { resource, replicas: null, placement: { spreadConstraints: [{ maxGroups: null }] } },
      status: null,
    });
    expect(reading.ok && reading.value).toEqual({
      id: 'a',
      clusters: [{ metadata: { name: 'm1' }, spec: {} }],
      spec: { resource, placement: { spreadConstraints: [{}] } },
      status: {},
    });
  });

  it('keeps the id of a case that it cannot read, where there is one', () => {
    expect(readCase({ id: 'a' })).toMatchObject({ ok: false, id: 'a' });
    expect(readCase({ id: 7 })).toMatchObject({ ok: false, id: null });
    expect(readCase('a')).toMatchObject({ ok: false, id: null });
  });

  it('says what is missing', () => {
    expect(problems({})).toEqual(['id is missing', 'clusters is missing', 'spec is missing']);
    expect(problems({ id: 'a', clusters: [{}], spec: {} })).toEqual([
      'clusters[0].metadata is missing',
      'spec.resource is missing',
    ]);
  });

  it('names quantities, times, numbers and types that are none, by their path', () => {
    const document = {
      id: 'a',
      clusters: [
        {
          metadata: { name: 'm1', labels: { env: 1 }, deletionTimestamp: 'soon' },
          spec: { taints: [{ key: 'a' }], resourceModels: [{ grade: 0, ranges: [{ name: 'cpu', min: '1x' }] }] },
          status: { resourceSummary: { allocatable: { cpu: 'lots' } } },
        },
      ],
      spec: {
        resource,
        replicas: -1,
        replicaRequirements: { resourceRequest: { memory: true } },
        rescheduleTriggeredAt: 'yesterday',
        placement: {
          clusterAffinity: { clusterNames: 'm1' },
          replicaScheduling: { weightPreference: { staticWeightList: [{ weight: 1.5 }] } },
        },
      },
      gates: { WorkloadAffinity: 'yes' },
    };
    expect(problems(document)).toEqual([
      'clusters[0].metadata.labels.env is 1, and should be a text',
      'clusters[0].metadata.deletionTimestamp is "soon", and should be a time such as 2026-01-31T12:00:00Z',
      'clusters[0].spec.taints[0].effect is missing',
      'clusters[0].spec.resourceModels[0].ranges[0].min is "1x", and should be a quantity such as 500m, 2 or 4Gi',
      'clusters[0].status.resourceSummary.allocatable.cpu is "lots", and should be a quantity such as 500m, 2 or 4Gi',
      'spec.replicas is -1, and should be a whole number from 0 to 2147483647',
      'spec.replicaRequirements.resourceRequest.memory is true, and should be a quantity such as 500m, 2 or 4Gi',
      'spec.placement.clusterAffinity.clusterNames is "m1", and should be a list',
      'spec.placement.replicaScheduling.weightPreference.staticWeightList[0].targetCluster is missing',
      'spec.placement.replicaScheduling.weightPreference.staticWeightList[0].weight is 1.5, and should be a whole number from -9007199254740991 to 9007199254740991',
      'spec.rescheduleTriggeredAt is "yesterday", and should be a time such as 2026-01-31T12:00:00Z',
      'gates.WorkloadAffinity is "yes", and should be true or false',
    ]);
  });

  it('wants a name for every cluster, and each its own', () => {
    const named = (...names: readonly string[]) => ({
      id: 'a',
      clusters: names.map((name) => ({ metadata: { name } })),
      spec: { resource },
    });
    expect(problems(named('m1', 'm2', 'm1'))).toEqual([
      'clusters[2].metadata.name repeats "m1" of clusters[0]; every cluster needs its own name',
    ]);
    expect(problems(named(''))).toEqual(['clusters[0].metadata.name is "", and should be a text that is not empty']);
  });

  it('lets words pass that only admission would refuse', () => {
    const placement = {
      replicaScheduling: { replicaSchedulingType: 'Sideways' },
      clusterTolerations: [{ operator: '?' }],
    };
    expect(problems({ id: 'a', clusters: [], spec: { resource, placement } })).toEqual([]);
  });
});
