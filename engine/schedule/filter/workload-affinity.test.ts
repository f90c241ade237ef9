import { describe, expect, it } from 'vitest';
import type { ResourceBindingSpec } from '../../api/binding.ts';
import type { Cluster } from '../../api/cluster.ts';
import { Fleet } from '../../fleet/fleet.ts';
import { KARMADA_PROFILE } from '../../profile/profile.ts';
import { scheduleAll } from '../batch.ts';
import { Scheduler } from '../fast/scheduler.ts';

const gated = { ...KARMADA_PROFILE, gates: { ...KARMADA_PROFILE.gates, WorkloadAffinity: true } };
const cluster = (name: string): Cluster => ({
  metadata: { name },
  spec: {},
  status: { apiEnablements: [{ groupVersion: 'apps/v1', resources: [{ kind: 'Deployment' }] }] },
});
const workload = (
  name: string,
  groups: ResourceBindingSpec['workloadAffinityGroups'],
  more: Partial<ResourceBindingSpec> = {},
) => ({
  spec: {
    resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name },
    replicas: 1,
    workloadAffinityGroups: groups,
    placement: { spreadConstraints: [{ spreadByField: 'cluster' as const, minGroups: 1, maxGroups: 1 }] },
    ...more,
  },
});
const fresh = (profile = gated) => new Scheduler(new Fleet([cluster('m1'), cluster('m2')]), profile);
const placed = (scheduler: Scheduler, ...bindings: ReturnType<typeof workload>[]) =>
  scheduleAll(bindings, scheduler).map(({ verdict }) =>
    verdict.ok ? verdict.clusters.map(({ name }) => name) : verdict.code,
  );

describe('workload groups', () => {
  const apart = { antiAffinityGroup: 'app=db' };
  const together = { affinityGroup: 'app=web' };

  it('keeps workloads of an anti-affinity group apart, until no cluster is left', () => {
    const decided = placed(fresh(), workload('a', apart), workload('b', apart), workload('c', apart));
    expect(decided).toEqual([['m1'], ['m2'], 'NoClusterFits']);
  });

  it('keeps workloads of an affinity group together, and lets the first one go anywhere', () => {
    const there = { clusterNames: ['m2'] };
    const first = workload('a', together, { placement: { clusterAffinity: there } });
    expect(placed(fresh(), first, workload('b', together))).toEqual([['m2'], ['m2']]);
  });

  it('counts groups within a namespace, and never a workload against itself', () => {
    const scheduler = fresh();
    placed(scheduler, workload('a', apart), workload('b', apart));
    const resource = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'bank', name: 'c' };
    expect(placed(scheduler, workload('c', apart, { resource }))).toEqual([['m1']]);
    expect(placed(scheduler, workload('a', apart, { clusters: [{ name: 'm1', replicas: 1 }] }))).toEqual([['m1']]);
  });

  it('tells who stands in the way', () => {
    const scheduler = fresh();
    placed(scheduler, workload('a', apart), workload('b', apart));
    const decision = scheduler.explain(workload('c', apart));
    expect(decision.ok).toBe(false);
    if (!decision.ok) {
      expect(decision.rejected.get('m1')).toEqual([
        { filter: 'WorkloadAntiAffinity', fact: 'Deployment a of the anti-affinity group app=db is on this cluster' },
      ]);
    }
    const stranded = scheduler.explain(workload('d', { affinityGroup: 'app=web', antiAffinityGroup: 'app=db' }));
    expect(stranded.ok).toBe(false);
  });

  it('does nothing behind a closed gate', () => {
    expect(placed(fresh(KARMADA_PROFILE), workload('a', apart), workload('b', apart))).toEqual([['m1'], ['m1']]);
  });

  it('forgets a workload that left its groups', () => {
    const scheduler = fresh();
    placed(scheduler, workload('a', apart), workload('a', undefined));
    expect(scheduler.peers.peers).toEqual([]);
  });
});
