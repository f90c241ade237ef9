import { describe, expect, it } from 'vitest';
import { makeBinding, requestOf, spread } from '../../../test/builders/binding.ts';
import { makeCluster } from '../../../test/builders/cluster.ts';
import type { ResourceBindingSpec } from '../../api/binding.ts';
import type { Cluster } from '../../api/cluster.ts';
import type { Placement } from '../../api/placement.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE } from '../../profile/profile.ts';
import type { FilterPlugin } from '../plugin.ts';
import { readRequest } from '../request.ts';
import { apiEnablement, servesKind } from './api-enablement.ts';
import { whyNoMore } from './closed.ts';
import { clusterAffinity, tierOf } from './cluster-affinity.ts';
import { clusterEviction } from './cluster-eviction.ts';
import { spreadProperty } from './spread-property.ts';
import { taintToleration } from './taint-toleration.ts';

function fact(
  filter: FilterPlugin,
  cluster: Cluster,
  placement: Placement = {},
  parts: Partial<ResourceBindingSpec> = {},
  profile = KARMADA_PROFILE,
): string | null {
  return filter.reject(cluster, requestOf(makeBinding(placement, parts), profile), { clusters: [cluster] });
}

const runsOnM1 = { clusters: [{ name: 'm1', replicas: 0 }] };

describe('a cluster that takes nothing new', () => {
  const cordoned = makeCluster('m1', { spec: { taints: [{ key: 'upgrade', effect: 'NoSchedule' }] } });
  const why = (
    cluster: Cluster,
    parts: Partial<ResourceBindingSpec>,
    placement: Placement = {},
    profile = MUSTER_PROFILE,
  ) => whyNoMore(cluster, requestOf(makeBinding(placement, parts), profile));

  it('keeps what it has and gets no more', () => {
    expect(why(cordoned, runsOnM1)).toBe('no toleration for upgrade:NoSchedule: it keeps what it has');
    const without = makeCluster('m1', { serves: ['batch/v1 Job'] });
    expect(why(without, runsOnM1)).toBe('no API for apps/v1 Deployment: it keeps what it has');
  });

  it('may get more where nothing runs, where it is tolerated, where all is placed anew, and by the rules of Karmada', () => {
    expect(why(cordoned, {})).toBeNull();
    expect(why(cordoned, runsOnM1, { clusterTolerations: [{ operator: 'Exists' }] })).toBeNull();
    expect(why(cordoned, runsOnM1, {}, KARMADA_PROFILE)).toBeNull();
    expect(why(makeCluster('m1'), runsOnM1)).toBeNull();
    const again = makeBinding({}, { ...runsOnM1, rescheduleTriggeredAt: '2026-01-01T00:00:00Z' });
    const status = { lastScheduledTime: '2025-01-01T00:00:00Z' };
    expect(whyNoMore(cordoned, requestOf({ ...again, status }, MUSTER_PROFILE))).toBeNull();
  });
});

describe('APIEnablement', () => {
  const without = makeCluster('m1', { serves: ['apps/v1 StatefulSet', 'batch/v1 Deployment'] });

  it('rejects a cluster that does not list the kind in its very version', () => {
    expect(fact(apiEnablement, makeCluster('m1'))).toBeNull();
    expect(fact(apiEnablement, without)).toBe('the cluster does not list apps/v1 Deployment among its APIs');
  });

  it('lets a cluster pass that has the workload already, even with no replicas', () => {
    expect(fact(apiEnablement, without, {}, runsOnM1)).toBeNull();
  });

  it('takes a cluster that says nothing for one that serves nothing', () => {
    expect(servesKind({ metadata: { name: 'm1' }, spec: {} }, 'v1', 'Pod')).toBe(false);
    const listed = { apiEnablements: [{ groupVersion: 'v1' }] };
    expect(servesKind({ metadata: { name: 'm1' }, spec: {}, status: listed }, 'v1', 'Pod')).toBe(false);
  });
});

describe('TaintToleration', () => {
  const tainted = makeCluster('m1', {
    spec: {
      taints: [
        { key: 'dedicated', value: 'gpu', effect: 'NoSchedule' },
        { key: 'maintenance', effect: 'NoExecute' },
        { key: 'slow', effect: 'PreferNoSchedule' },
      ],
    },
  });

  it('names every taint without a toleration', () => {
    expect(fact(taintToleration, tainted)).toBe('no toleration for dedicated=gpu:NoSchedule, maintenance:NoExecute');
    expect(fact(taintToleration, tainted, { clusterTolerations: [{ key: 'maintenance', operator: 'Exists' }] })).toBe(
      'no toleration for dedicated=gpu:NoSchedule',
    );
  });

  it('lets pass who tolerates all, who runs there already, and what is not tainted', () => {
    expect(fact(taintToleration, tainted, { clusterTolerations: [{ operator: 'Exists' }] })).toBeNull();
    expect(fact(taintToleration, tainted, {}, runsOnM1)).toBeNull();
    expect(fact(taintToleration, makeCluster('m1'))).toBeNull();
  });
});

describe('ClusterAffinity', () => {
  it('says which part of the affinity the cluster fails', () => {
    expect(fact(clusterAffinity, makeCluster('m1'), { clusterAffinity: { clusterNames: ['m2'] } })).toBe(
      '"m1" is not among the cluster names',
    );
    expect(fact(clusterAffinity, makeCluster('m1'), { clusterAffinity: {} })).toBeNull();
    expect(fact(clusterAffinity, makeCluster('m1'))).toBeNull();
  });

  it('lets workloads, and only workloads, overflow into later tiers', () => {
    const tiers = [{ clusterNames: ['m1'] }, { clusterNames: ['m2'] }];
    const workload = readRequest(makeBinding(), KARMADA_PROFILE, tiers);
    expect(tierOf(makeCluster('m2'), workload)).toBe(1);
    expect(tierOf(makeCluster('m3'), workload)).toBeNull();
    const copied = { spec: { resource: { apiVersion: 'v1', kind: 'ConfigMap', name: 'c' } } };
    expect(tierOf(makeCluster('m2'), readRequest(copied, KARMADA_PROFILE, tiers))).toBeNull();
  });
});

describe('SpreadConstraint', () => {
  const bare = makeCluster('m1');
  const placed = makeCluster('m1', {
    labels: { rack: 'a' },
    spec: { provider: 'p', region: 'r', zones: ['z'], zone: 'z' },
  });
  const all: Placement = {
    spreadConstraints: [spread('cluster', 1), spread('provider', 1), spread('region', 1), spread('zone', 1)],
  };

  it('names every property that the cluster lacks', () => {
    expect(fact(spreadProperty, bare, all)).toBe('the cluster has no provider and no region and no zone');
    expect(fact(spreadProperty, placed, all)).toBeNull();
  });

  it('never reads the deprecated zone', () => {
    const old = makeCluster('m1', { spec: { zone: 'z' } });
    expect(fact(spreadProperty, old, { spreadConstraints: [spread('zone', 1)] })).toBe('the cluster has no zone');
  });

  it('asks for labels only where they shape the spread', () => {
    const byRack: Placement = { spreadConstraints: [{ spreadByLabel: 'rack', minGroups: 1 }] };
    expect(fact(spreadProperty, bare, byRack)).toBeNull();
    expect(fact(spreadProperty, bare, byRack, {}, MUSTER_PROFILE)).toBe('the cluster has no label rack');
    expect(fact(spreadProperty, placed, byRack, {}, MUSTER_PROFILE)).toBeNull();
    expect(fact(spreadProperty, bare, { spreadConstraints: [{ minGroups: 1 }] }, {}, MUSTER_PROFILE)).toBeNull();
  });
});

describe('ClusterEviction', () => {
  it('rejects what the workload is leaving', () => {
    const gracefulEvictionTasks = [{ fromCluster: 'm1', reason: 'x', producer: 'y' }];
    expect(fact(clusterEviction, makeCluster('m1'), {}, { gracefulEvictionTasks })).toBe(
      'the workload is being evicted from this cluster',
    );
    expect(fact(clusterEviction, makeCluster('m2'), {}, { gracefulEvictionTasks })).toBeNull();
  });
});
