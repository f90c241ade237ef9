import { describe, expect, it } from 'vitest';
import { aggregated, dynamic, makeBinding, spread } from '../../test/builders/binding.ts';
import { inRegions, makeCluster } from '../../test/builders/cluster.ts';
import type { ResourceBindingSpec } from '../api/binding.ts';
import type { Cluster } from '../api/cluster.ts';
import type { Placement } from '../api/placement.ts';
import { Fleet } from '../fleet/fleet.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE } from '../profile/profile.ts';
import { DEFAULT_PLUGINS } from './default-plugins.ts';
import { Scheduler } from './fast/scheduler.ts';
import { extendPlugins } from './plugin.ts';
import { schedule } from './schedule.ts';

const decide = (clusters: readonly Cluster[], placement: Placement, parts: Partial<ResourceBindingSpec> = {}) =>
  schedule(makeBinding(placement, parts), { clusters }, KARMADA_PROFILE, DEFAULT_PLUGINS);

const placed = (decision: ReturnType<typeof decide>) =>
  decision.ok ? Object.fromEntries(decision.clusters.map(({ name, replicas }) => [name, replicas])) : decision.code;

describe('a decision', () => {
  it('goes from filters over selection to shares, in one line', () => {
    const clusters = inRegions({ eu: ['m1', 'm2'], us: ['m3'] });
    const placement = {
      spreadConstraints: [spread('region', 2, 2), spread('cluster', 2, 3)],
      replicaScheduling: dynamic,
    };
    expect(placed(decide(clusters, placement, { replicas: 6 }))).toEqual({ m1: 2, m2: 2, m3: 2 });
  });

  it('never places anything on a cluster that is being deleted', () => {
    const clusters = [makeCluster('m1', { deleting: true }), makeCluster('m2')];
    const decision = decide(clusters, {}, { clusters: [{ name: 'm1', replicas: 3 }] });
    expect(placed(decision)).toEqual({ m2: 3 });
    expect(decision.attempts[0]?.rejected.get('m1')).toEqual([
      { filter: 'Deleting', fact: 'the cluster is being deleted' },
    ]);
  });

  it('prefers where the workload is', () => {
    const clusters = [makeCluster('m1'), makeCluster('m2'), makeCluster('m3')];
    const placement = { spreadConstraints: [spread('cluster', 1, 1)] };
    expect(placed(decide(clusters, placement, { clusters: [{ name: 'm3', replicas: 1 }] }))).toEqual({ m3: 3 });
  });

  it('says which filter rejects how many where none fits, and that a fleet is empty', () => {
    const tainted = { spec: { taints: [{ key: 'a', effect: 'NoSchedule' as const }] } };
    const decision = decide([makeCluster('m1', tainted), makeCluster('m2', { ...tainted, serves: [] })], {});
    expect(decision).toMatchObject({
      ok: false,
      code: 'NoClusterFits',
      message: 'none of 2 clusters fits: TaintToleration rejects 2, APIEnablement rejects 1',
    });
    expect(decide([], {})).toMatchObject({ code: 'NoClusterFits', message: 'the fleet has no clusters' });
  });

  it('adds up the scores of all plugins', () => {
    const plugins = extendPlugins(DEFAULT_PLUGINS, {
      scores: [{ name: 'Likes', score: ({ metadata }) => (metadata.name === 'm2' ? 50 : 0) }],
    });
    const fleet = { clusters: [makeCluster('m1'), makeCluster('m2')] };
    const binding = makeBinding({ spreadConstraints: [spread('cluster', 1, 1)] });
    const decision = schedule(binding, fleet, KARMADA_PROFILE, plugins);
    expect(placed(decision)).toEqual({ m2: 3 });
    expect([...decision.attempts[0]!.scores]).toEqual([
      ['m1', 0],
      ['m2', 50],
    ]);
  });
});

describe('affinity groups', () => {
  const clusters = [makeCluster('m1', { allocatable: { cpu: '2', pods: '9' } }), makeCluster('m2'), makeCluster('m3')];
  const group = (affinityName: string, ...clusterNames: readonly string[]) => ({
    affinityName,
    clusterNames: [...clusterNames],
  });
  const placement = {
    clusterAffinities: [group('a', 'm1'), group('b', 'm2'), group('c', 'm3')],
    replicaScheduling: dynamic,
  };
  const observing = (schedulerObservingAffinityName: string, parts: Partial<ResourceBindingSpec> = {}) =>
    schedule(
      {
        ...makeBinding(placement, parts),
        status: { schedulerObservingAffinityName, lastScheduledTime: '2026-01-01T00:00:00Z' },
      },
      { clusters },
      KARMADA_PROFILE,
      DEFAULT_PLUGINS,
    );

  it('are tried in order, and the first that schedules wins', () => {
    const decision = decide(clusters, placement);
    expect(decision).toMatchObject({ ok: true, affinity: 'b', clusters: [{ name: 'm2', replicas: 3 }] });
    expect(decision.attempts.map(({ affinity, failure }) => [affinity, failure?.code])).toEqual([
      ['a', 'InsufficientReplicas'],
      ['b', undefined],
    ]);
  });

  it('are tried from the observed one on, unless a reschedule was triggered', () => {
    expect(observing('c')).toMatchObject({ ok: true, affinity: 'c' });
    expect(observing('gone')).toMatchObject({ ok: true, affinity: 'b' });
    expect(observing('c', { rescheduleTriggeredAt: '2026-01-02T00:00:00Z' })).toMatchObject({
      ok: true,
      affinity: 'b',
    });
  });

  it('fail with the error of the first that was tried', () => {
    expect(placed(decide(clusters, placement, { replicas: 9999 }))).toBe('InsufficientReplicas');
    const none = { clusterAffinities: [group('a', 'm9'), group('b', 'm1')], replicaScheduling: dynamic };
    expect(placed(decide(clusters, none, { replicas: 9999 }))).toBe('NoClusterFits');
  });

  it('fail for want of room where a later one is only full, unless the profile goes by the first alone', () => {
    const affinities = { clusterAffinities: [group('a', 'm9'), group('b', 'm1')], replicaScheduling: dynamic };
    const binding = makeBinding(affinities, { replicas: 9999 });
    for (const [profile, code] of [
      [MUSTER_PROFILE, 'InsufficientReplicas'],
      [KARMADA_PROFILE, 'NoClusterFits'],
    ] as const) {
      const fleet = new Fleet(clusters);
      expect(schedule(binding, { clusters }, profile, DEFAULT_PLUGINS)).toMatchObject({ ok: false, code });
      expect(new Scheduler(fleet, profile).decide(binding)).toMatchObject({ ok: false, code });
    }
  });

  it('leave everything as it is where there is none in the list', () => {
    const decision = decide(clusters, { clusterAffinities: [] }, { clusters: [{ name: 'x', replicas: 1 }] });
    expect(decision).toEqual({ ok: true, clusters: [{ name: 'x', replicas: 1 }], affinity: null, attempts: [] });
    expect(decide(clusters, { clusterAffinities: [] })).toMatchObject({ ok: true, clusters: [] });
  });

  it('overflow into their further tiers', () => {
    const tiers = { ...group('a', 'm1'), overflowAffinities: [group('more', 'm3')] };
    expect(
      placed(decide(clusters, { clusterAffinities: [tiers], replicaScheduling: aggregated }, { replicas: 5 })),
    ).toEqual({ m1: 2, m3: 3 });
  });
});
