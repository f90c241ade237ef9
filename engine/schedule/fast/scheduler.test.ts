import { describe, expect, it } from 'vitest';
import type { ResourceBindingSpec } from '../../api/binding.ts';
import type { Cluster } from '../../api/cluster.ts';
import type { Placement } from '../../api/placement.ts';
import { Fleet } from '../../fleet/fleet.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE } from '../../profile/profile.ts';
import { Scheduler } from './scheduler.ts';

const cluster = (
  name: string,
  more: { labels?: Record<string, string>; spec?: Cluster['spec']; cpu?: string; serves?: boolean } = {},
): Cluster => ({
  metadata: { name, labels: more.labels ?? {} },
  spec: more.spec ?? {},
  status: {
    apiEnablements: more.serves === false ? [] : [{ groupVersion: 'apps/v1', resources: [{ kind: 'Deployment' }] }],
    resourceSummary: { allocatable: { cpu: more.cpu ?? '10', pods: '100' } },
  },
});
const binding = (placement: Placement, more: Partial<ResourceBindingSpec> = {}) => ({
  spec: {
    resource: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    replicas: 4,
    replicaRequirements: { resourceRequest: { cpu: '1' } },
    placement,
    ...more,
  },
});
const dynamic: Placement = {
  replicaScheduling: {
    replicaSchedulingType: 'Divided',
    replicaDivisionPreference: 'Weighted',
    weightPreference: { dynamicWeight: 'AvailableReplicas' },
  },
};
const names = (scheduler: Scheduler, given: ReturnType<typeof binding>) => {
  const verdict = scheduler.decide(given);
  return verdict.ok ? verdict.clusters.map(({ name }) => name) : verdict.code;
};

describe('the scheduler', () => {
  it('counts pods that a cluster says it has less than none of as room, as the readable path does', () => {
    const { status, ...rest } = cluster('a');
    const odd = { ...rest, status: { ...status, resourceSummary: { allocated: { pods: '-2' } } } };
    const scheduler = new Scheduler(new Fleet([odd]), KARMADA_PROFILE);
    const given = binding(dynamic, { replicas: 2, replicaRequirements: {} });
    expect(names(scheduler, given)).toEqual(['a']);
    expect(scheduler.explain(given).ok).toBe(true);
  });

  it('follows a fleet whose clusters come, change and go', () => {
    const fleet = new Fleet([cluster('a')]);
    const scheduler = new Scheduler(fleet, KARMADA_PROFILE);
    const everywhere = binding({ clusterTolerations: [{ key: 'soft', operator: 'Exists' }] });
    const kept = scheduler.decide(everywhere);
    fleet.upsert(
      cluster('b', {
        spec: {
          taints: [
            { key: 'soft', effect: 'NoSchedule' },
            { key: 'x', effect: 'PreferNoSchedule' },
          ],
        },
      }),
    );
    expect(names(scheduler, everywhere)).toEqual(['a', 'b']);
    fleet.upsert(cluster('b', { spec: { taints: [{ key: 'hard', effect: 'NoExecute' }] } }));
    expect(names(scheduler, everywhere)).toEqual(['a']);
    fleet.upsert(cluster('b', { serves: false }));
    expect(names(scheduler, everywhere)).toEqual(['a']);
    fleet.remove('a');
    fleet.upsert(cluster('c'));
    expect(names(scheduler, everywhere)).toEqual(['c']);
    // A slot has another name now; a decision made before keeps its own.
    expect(kept.ok && kept.clusters).toEqual([{ name: 'a', replicas: 4 }]);
    fleet.remove('b');
    fleet.remove('c');
    expect(names(scheduler, everywhere)).toBe('NoClusterFits');
  });

  it('starts over where more changed than it remembers', () => {
    const fleet = new Fleet([cluster('a'), cluster('b')]);
    const scheduler = new Scheduler(fleet, KARMADA_PROFILE);
    expect(names(scheduler, binding(dynamic))).toEqual(['a', 'b']);
    expect(names(scheduler, binding(dynamic))).toEqual(['a', 'b']);
    for (let change = 0; change < 1100; change += 1) fleet.upsert(cluster('b', { cpu: change < 1099 ? '10' : '0' }));
    expect(names(scheduler, binding(dynamic))).toEqual(['a']);
    fleet.upsert(cluster('a', { cpu: '0' }));
    fleet.upsert(cluster('b', { cpu: '50' }));
    expect(names(scheduler, binding(dynamic))).toEqual(['b']);
  });

  it('follows static weights through changes', () => {
    const fleet = new Fleet([cluster('a', { labels: { tier: 'gold' } }), cluster('b')]);
    const scheduler = new Scheduler(fleet, KARMADA_PROFILE);
    const gold: Placement = {
      replicaScheduling: {
        replicaSchedulingType: 'Divided',
        replicaDivisionPreference: 'Weighted',
        weightPreference: {
          staticWeightList: [{ targetCluster: { labelSelector: { matchLabels: { tier: 'gold' } } }, weight: 2 }],
        },
      },
    };
    expect(names(scheduler, binding(gold))).toEqual(['a']);
    fleet.upsert(cluster('a'));
    expect(names(scheduler, binding(gold))).toEqual(['a', 'b']);
    fleet.upsert(cluster('b', { labels: { tier: 'gold' } }));
    expect(names(scheduler, binding(gold))).toEqual(['b']);
    fleet.remove('b');
    expect(names(scheduler, binding(gold))).toEqual(['a']);
  });

  it('follows overflow tiers and label constraints through changes', () => {
    const fleet = new Fleet([
      cluster('a', { cpu: '1', labels: { rack: 'r1' } }),
      cluster('b', { labels: { rack: 'r2' } }),
    ]);
    const scheduler = new Scheduler(fleet, MUSTER_PROFILE);
    const overflowing = binding({
      ...dynamic,
      clusterAffinities: [
        { affinityName: 'g', clusterNames: ['a'], overflowAffinities: [{ affinityName: 'o', exclude: ['a'] }] },
      ],
    });
    expect(names(scheduler, overflowing)).toEqual(['a', 'b']);
    for (let at = 0; at < 70; at += 1) fleet.upsert(cluster(`n${at}`, { cpu: '0' }));
    expect(names(scheduler, overflowing)).toEqual(['a', 'b']);
    const racks = binding({ spreadConstraints: [{ spreadByLabel: 'rack', minGroups: 2 }] });
    expect(names(scheduler, racks)).toEqual(['a', 'b']);
    fleet.upsert(cluster('b'));
    expect(names(scheduler, racks)).toBe('SpreadUnsatisfiable');
    const copied = binding(overflowing.spec.placement, { replicas: 0 });
    expect(names(scheduler, { spec: { ...copied.spec, replicaRequirements: undefined } } as never)).toEqual(['a']);
  });

  it('asks the readable path about what is rare', () => {
    const scheduler = new Scheduler(new Fleet([cluster('a'), cluster('b')]), KARMADA_PROFILE);
    const twice = binding(dynamic, {
      clusters: [{ name: 'a', replicas: 1 }, { name: 'a', replicas: 1 }, { name: 'gone' }],
    });
    expect(names(scheduler, twice)).toEqual(['a', 'b']);
    expect(
      names(scheduler, binding(dynamic, { replicaRequirements: { resourceRequest: { cpu: '9007199254740993' } } })),
    ).toBe('InsufficientReplicas');
    expect(names(scheduler, binding({ replicaScheduling: { replicaSchedulingType: 'Divided' } }))).toBe(
      'StrategyUnsupported',
    );
    const odd = { ...dynamic.replicaScheduling!, weightPreference: { dynamicWeight: 'Moonlight' } };
    expect(names(scheduler, binding({ replicaScheduling: odd }))).toBe('StrategyUnsupported');
    expect(names(scheduler, binding({ clusterAffinities: [] }, { clusters: [{ name: 'b', replicas: 2 }] }))).toEqual([
      'b',
    ]);
    expect(
      names(scheduler, binding({ clusterAffinities: [{ affinityName: 'g', clusterNames: ['a'] }] }, twice.spec)),
    ).toEqual(['a', 'b']);
  });

  it('keeps a bounded memory of placements and sizes', () => {
    const scheduler = new Scheduler(new Fleet([cluster('a'), cluster('b')]), KARMADA_PROFILE);
    for (let at = 0; at < 4200; at += 1) {
      const given = binding(
        { ...dynamic, clusterAffinity: { exclude: [`x${at}`] } },
        { replicaRequirements: { resourceRequest: { cpu: `${at + 1}m` } } },
      );
      expect(names(scheduler, given)).toEqual(['a', 'b']);
    }
  });

  it('tells the same story as the decision it made', () => {
    const scheduler = new Scheduler(new Fleet([cluster('a'), cluster('b', { serves: false })]), KARMADA_PROFILE);
    const decision = scheduler.explain(binding(dynamic));
    expect(decision.attempts[0]!.rejected.get('b')).toMatchObject([{ filter: 'APIEnablement' }]);
  });
});
