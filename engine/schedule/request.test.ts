import { describe, expect, it } from 'vitest';
import { aggregated, duplicated, dynamic, makeBinding, spread, weighted } from '../../test/builders/binding.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE } from '../profile/profile.ts';
import { isRescheduleTriggered, readRequest, strategyOf } from './request.ts';

describe('the strategy', () => {
  it('is read from type, preference and weights', () => {
    expect(strategyOf({})).toBe('Duplicated');
    expect(strategyOf({ replicaScheduling: duplicated })).toBe('Duplicated');
    expect(strategyOf({ replicaScheduling: aggregated })).toBe('Aggregated');
    expect(strategyOf({ replicaScheduling: dynamic })).toBe('DynamicWeight');
    expect(strategyOf({ replicaScheduling: weighted({ m1: 1 }) })).toBe('StaticWeight');
    expect(strategyOf({ replicaScheduling: { ...aggregated, replicaDivisionPreference: 'Weighted' } })).toBe(
      'StaticWeight',
    );
    expect(strategyOf({ replicaScheduling: { replicaSchedulingType: 'Divided' } })).toBe('Unsupported');
  });
});

describe('a triggered reschedule', () => {
  const at = (rescheduleTriggeredAt: string, lastScheduledTime?: string) =>
    isRescheduleTriggered({
      ...makeBinding({}, { rescheduleTriggeredAt }),
      ...(lastScheduledTime === undefined ? {} : { status: { lastScheduledTime } }),
    });

  it('counts when it is a whole second later than the last scheduling', () => {
    expect(at('2026-01-01T00:00:01Z', '2026-01-01T00:00:00Z')).toBe(true);
    expect(at('2026-01-01T00:00:00.9Z', '2026-01-01T00:00:00.1Z')).toBe(false);
    expect(at('2025-12-31T00:00:00Z', '2026-01-01T00:00:00Z')).toBe(false);
  });

  it('means nothing for what was never scheduled, or never triggered', () => {
    expect(at('2026-01-01T00:00:01Z')).toBe(false);
    expect(at('', '2026-01-01T00:00:00Z')).toBe(false);
  });
});

describe('a request', () => {
  const read = (parts: Parameters<typeof makeBinding>[1], placement = {}, profile = KARMADA_PROFILE) =>
    readRequest(makeBinding(placement, parts), profile, []);

  it('keeps the first entry of a cluster that is named twice', () => {
    const clusters = [
      { name: 'm1', replicas: 2 },
      { name: 'm1', replicas: 9 },
    ];
    expect(read({ clusters }).previous.get('m1')).toEqual({ name: 'm1', replicas: 2 });
  });

  it('takes for a workload what has replicas or requirements, and not several components', () => {
    expect(read({}).isWorkload).toBe(true);
    expect(read({ replicas: 0 }).isWorkload).toBe(true);
    expect(read({ replicas: 0, replicaRequirements: undefined }).isWorkload).toBe(false);
    const components = [{ name: 'a', replicas: 1 }];
    expect(read({ components }).isWorkload).toBe(true);
    expect(read({ components: [...components, { name: 'b', replicas: 1 }] }).isWorkload).toBe(false);
  });

  it('counts whole sets of components where the gate is on and one cluster is wanted', () => {
    const components = [
      { name: 'a', replicas: 1 },
      { name: 'b', replicas: 1 },
    ];
    const one = { spreadConstraints: [spread('cluster', 1, 1)] };
    expect(read({ components }, one)).toMatchObject({ countsComponentSets: false, recordsComponents: false });
    expect(read({ components }, one, MUSTER_PROFILE)).toMatchObject({
      countsComponentSets: true,
      recordsComponents: true,
    });
    expect(read({ components }, {}, MUSTER_PROFILE).countsComponentSets).toBe(false);
    expect(read({ components: components.slice(1) }, one, MUSTER_PROFILE)).toMatchObject({
      countsComponentSets: true,
      recordsComponents: false,
    });
    const groups = { ...one, clusterAffinities: [{ affinityName: 'a' }] };
    expect(read({ components }, groups, MUSTER_PROFILE).recordsComponents).toBe(false);
  });

  it('knows where the workload is leaving', () => {
    const gracefulEvictionTasks = [{ fromCluster: 'm1', reason: 'x', producer: 'y' }];
    expect([...read({ gracefulEvictionTasks }).evicting]).toEqual(['m1']);
  });

  it('reads a binding without a placement', () => {
    const { spec } = makeBinding();
    expect(readRequest({ spec: { ...spec, placement: undefined } }, KARMADA_PROFILE, []).strategy).toBe('Duplicated');
  });
});
