import { describe, expect, it } from 'vitest';
import { aggregated, dynamic, makeBinding, spread, weighted, withSwitches } from '../../test/builders/binding.ts';
import { inRegions, makeCluster } from '../../test/builders/cluster.ts';
import type { ResourceBindingSpec } from '../api/binding.ts';
import type { Cluster } from '../api/cluster.ts';
import type { Placement } from '../api/placement.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE } from '../profile/profile.ts';
import { DEFAULT_PLUGINS, pluginsFor } from './default-plugins.ts';
import { extendPlugins } from './plugin.ts';
import { nearestThat } from './relax/situation.ts';
import { relax, relaxLimits } from './relax.ts';

const cpus = (name: string, cpu: string, parts: Parameters<typeof makeCluster>[1] = {}) =>
  makeCluster(name, { allocatable: { cpu, pods: '110' }, ...parts });

function remedies(
  clusters: readonly Cluster[],
  placement: Placement,
  parts: Partial<ResourceBindingSpec> = {},
  profile = KARMADA_PROFILE,
): string[] {
  const situation = { binding: makeBinding(placement, parts), fleet: { clusters }, profile, plugins: DEFAULT_PLUGINS };
  return relax(situation).map(({ changes }) => changes.map(({ what }) => what).join(' + '));
}

describe('what would make it fit', () => {
  it('is nothing where it fits already, and where nothing helps', () => {
    expect(remedies([cpus('m1', '9')], {})).toEqual([]);
    expect(remedies([], {})).toEqual([]);
    expect(remedies([cpus('m1', '9', { deleting: true })], {})).toEqual([]);
  });

  it('is a toleration, for each taint that stands in the way', () => {
    const taint = { key: 'dedicated', value: 'gpu', effect: 'NoSchedule' as const };
    const soft = { key: 'slow', effect: 'PreferNoSchedule' as const };
    expect(remedies([cpus('m1', '9', { spec: { taints: [taint, soft] } })], {})).toEqual([
      'tolerate dedicated=gpu:NoSchedule',
    ]);
    const two = [taint, { key: 'maintenance', effect: 'NoExecute' as const }];
    expect(remedies([cpus('m1', '9', { spec: { taints: two } })], {})).toEqual([
      'tolerate dedicated=gpu:NoSchedule + tolerate maintenance:NoExecute',
    ]);
  });

  it('is an API, the end of an eviction, or a constraint less', () => {
    expect(remedies([cpus('m2', '9', { serves: [] })], {})).toEqual(['serve apps/v1 Deployment on m2']);
    const gracefulEvictionTasks = [{ fromCluster: 'm1', reason: 'x', producer: 'y' }];
    expect(remedies([cpus('m1', '9')], {}, { gracefulEvictionTasks })).toEqual(['end the eviction from m1']);
    const constraints = { spreadConstraints: [spread('provider', 1, 2), spread('cluster', 1, 2)] };
    expect(remedies([cpus('m1', '9')], constraints)).toEqual(['drop the spread over provider']);
  });

  it('is a wider affinity, also of a group', () => {
    expect(remedies([cpus('m3', '9')], { clusterAffinity: { exclude: ['m3'] } })).toEqual([
      'drop cluster m3 from exclude',
    ]);
    const clusterAffinities = [{ affinityName: 'near', clusterNames: ['m1'] }];
    expect(remedies([cpus('m3', '9')], { clusterAffinities })).toEqual(['add cluster m3 to clusterNames (group near)']);
  });

  it('is a group of workloads to leave', () => {
    const peer = { namespace: 'default', kind: 'Deployment', name: 'api', clusters: ['m1'] };
    const left = (groups: { affinityGroup?: string; antiAffinityGroup?: string }, clusters: readonly Cluster[]) =>
      relax({
        binding: makeBinding({}, { workloadAffinityGroups: groups }),
        fleet: { clusters, peers: [{ ...peer, groups }] },
        profile: MUSTER_PROFILE,
        plugins: pluginsFor(MUSTER_PROFILE),
      }).map(({ changes }) => changes.map(({ what }) => what).join(' + '));
    expect(left({ antiAffinityGroup: 'team=a' }, [cpus('m1', '9')])).toEqual(['leave the anti-affinity group team=a']);
    expect(left({ affinityGroup: 'team=a' }, [cpus('m2', '9')])).toEqual(['leave the affinity group team=a']);
  });

  it('is not what would only be the same again', () => {
    // Only the affinity itself can be widened, and a cluster that no part of it rejects cannot be let in by it.
    const unusable = { clusterAffinity: { labelSelector: { matchExpressions: [{ key: 'a', operator: '?' }] } } };
    expect(remedies([cpus('m1', '9')], unusable)).toEqual(['drop "a ?" from the label selector']);
    const both = {
      clusterAffinities: [
        { affinityName: 'a', clusterNames: ['m2'] },
        { affinityName: 'b', exclude: ['m1'] },
      ],
    };
    expect(remedies([cpus('m1', '9')], both)).toEqual([
      'add cluster m1 to clusterNames (group a)',
      'drop cluster m1 from exclude (group b)',
    ]);
  });

  it('counts no groups but those of clusters that fit', () => {
    const clusters = [cpus('m1', '9'), cpus('m2', '9', { serves: [] })];
    const placement = { spreadConstraints: [{ spreadByField: 'cluster' as const, minGroups: 2, maxGroups: 2 }] };
    expect(remedies(clusters, placement)).toEqual([
      'lower cluster minGroups from 2 to 1',
      'serve apps/v1 Deployment on m2',
    ]);
    const many = [cpus('m1', '2'), cpus('m2', '2'), cpus('m3', '2')];
    const two = { spreadConstraints: [spread('cluster', 2, 2)], replicaScheduling: dynamic };
    expect(remedies(many, two, { replicas: 5 }, MUSTER_PROFILE)).toEqual([
      'raise maxGroups of cluster from 2 to 3',
      'add room for 1 more replica of 1 cpu on m1',
      'lower replicas from 5 to 4',
    ]);
  });

  it('is fewer groups at least', () => {
    const regions = inRegions({ eu: ['m1'], us: ['m2'] });
    const placement = { spreadConstraints: [spread('region', 3, 3), spread('cluster', 2, 3)] };
    expect(remedies(regions, placement)).toEqual(['lower region minGroups from 3 to 2']);
  });

  it('is more groups at most, no more than needed', () => {
    const five = [1, 2, 3, 4, 5].map((at) => cpus(`m${at}`, '10'));
    const placement = { spreadConstraints: [spread('cluster', 1, 2)], replicaScheduling: dynamic };
    expect(remedies(five, placement, { replicas: 31 })).toEqual([
      'raise maxGroups of cluster from 2 to 4',
      'add room for 11 more replicas of 1 cpu on m1',
      'lower replicas from 31 to 20',
    ]);
    const unset = { spreadConstraints: [spread('cluster', 1)] };
    expect(remedies(five, unset)).toEqual(['set maxGroups of cluster to 1']);
  });

  it('is room, with what a replica asks for', () => {
    const request = { resourceRequest: { cpu: '500m', memory: '1Gi', 'nvidia.com/gpu': '1' } };
    const allocatable = { cpu: '9', memory: '9Gi', 'nvidia.com/gpu': '1', pods: '110' };
    const parts = { replicas: 15, replicaRequirements: request };
    expect(remedies([makeCluster('m1', { allocatable })], { replicaScheduling: aggregated }, parts)).toEqual([
      'add room for 14 more replicas of 500m/1Gi, 1 nvidia.com/gpu on m1',
      'lower replicas from 15 to 1',
    ]);
    const pods = { replicas: 3, replicaRequirements: undefined };
    expect(
      remedies([makeCluster('m1', { allocatable: { pods: '2' } })], { replicaScheduling: aggregated }, pods),
    ).toEqual(['add room for 1 more replica on m1', 'lower replicas from 3 to 2']);
  });

  it('is room on each cluster that a spread lacks, where the spread holds for the replicas', () => {
    const zones = ['a', 'b', 'c'].map((zone, at) =>
      cpus(`m${at + 1}`, at === 0 ? '9' : '0', { spec: { zones: [zone] } }),
    );
    const placement = { spreadConstraints: [spread('zone', 3)], replicaScheduling: dynamic };
    expect(
      remedies(zones.slice(0, 2), { ...placement, spreadConstraints: [spread('zone', 2)] }, {}, MUSTER_PROFILE),
    ).toEqual(['lower zone minGroups from 2 to 1', 'add room for 1 more replica of 1 cpu on m2']);
    expect(remedies(zones, placement, {}, MUSTER_PROFILE)).toContain('lower zone minGroups from 3 to 1');
    const fixed = { ...placement, spreadConstraints: [{ ...spread('zone', 1), spreadByField: 'zone' as const }] };
    expect(remedies(zones, fixed, {}, MUSTER_PROFILE)).toEqual([]);
  });

  it('is a scheduler that spreads by zone, or no such spread', () => {
    const zoned = cpus('m1', '9', { spec: { zones: ['a'] } });
    expect(remedies([zoned], { spreadConstraints: [spread('zone', 1, 1)] })).toEqual([
      'drop the spread over zone',
      'decide with spreadByAnyTopology (the muster profile), which spreads over zone',
    ]);
  });

  it('is a scheduler that does not overflow', () => {
    const vast = makeCluster('m1', { allocatable: { cpu: '3000000k', pods: '3000000k' } });
    expect(remedies([vast], { replicaScheduling: dynamic })).toEqual([
      'decide with estimatesSaturate (the muster profile), which does not overflow 32 bits',
    ]);
  });

  it('is a division that exists', () => {
    expect(remedies([cpus('m1', '9')], { replicaScheduling: { replicaSchedulingType: 'Divided' } })).toEqual([
      'set replicaDivisionPreference to Weighted',
      'set replicaDivisionPreference to Aggregated',
    ]);
    const factor = { ...dynamic, weightPreference: { dynamicWeight: 'Distance' } };
    expect(remedies([cpus('m1', '9')], { replicaScheduling: factor })).toEqual([
      'set dynamicWeight to AvailableReplicas',
    ]);
  });

  it('combines changes only where no single one helps, the gentlest numbers first', () => {
    const tainted = { spec: { region: 'us', taints: [{ key: 'gpu', effect: 'NoSchedule' as const }] } };
    const clusters = [cpus('m1', '9', { spec: { region: 'eu' } }), cpus('m2', '9', tainted)];
    const placement = { spreadConstraints: [spread('region', 2, 2), spread('cluster', 3, 3)] };
    expect(remedies(clusters, placement)).toEqual([
      'lower region minGroups from 2 to 1 + lower cluster minGroups from 3 to 1',
      'tolerate gpu:NoSchedule + lower cluster minGroups from 3 to 2',
    ]);
  });

  it('says whose hand each change takes, and where the workload would go', () => {
    const situation = {
      binding: makeBinding({ replicaScheduling: aggregated }, { replicas: 9 }),
      fleet: { clusters: [cpus('m2', '4'), cpus('m1', '4')] },
      profile: KARMADA_PROFILE,
      plugins: DEFAULT_PLUGINS,
    };
    expect(relax(situation)).toEqual([
      {
        changes: [
          { on: 'fleet', what: 'add room for 1 more replica of 1 cpu on m1', number: { name: 'room on m1', by: 1 } },
        ],
        clusters: [
          { name: 'm1', replicas: 5 },
          { name: 'm2', replicas: 4 },
        ],
      },
      {
        changes: [{ on: 'workload', what: 'lower replicas from 9 to 8', number: { name: 'replicas', by: 1 } }],
        clusters: [
          { name: 'm1', replicas: 4 },
          { name: 'm2', replicas: 4 },
        ],
      },
    ]);
  });

  it('can do without a placement', () => {
    const binding = { spec: { resource: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } } };
    const clusters = [{ metadata: { name: 'm1' }, spec: { taints: [{ key: 'gpu', effect: 'NoSchedule' as const }] } }];
    const situation = { binding, fleet: { clusters }, profile: KARMADA_PROFILE, plugins: DEFAULT_PLUGINS };
    expect(relax(situation).map(({ changes }) => changes.map(({ what }) => what))).toEqual([
      ['serve apps/v1 Deployment on m1', 'tolerate gpu:NoSchedule'],
    ]);
  });

  it('does not offer a way past a filter that nobody can change', () => {
    const plugins = extendPlugins(DEFAULT_PLUGINS, { filters: [{ name: 'Law', reject: () => 'not allowed there' }] });
    const situation = {
      binding: makeBinding(),
      fleet: { clusters: [cpus('m1', '9')] },
      profile: KARMADA_PROFILE,
      plugins,
    };
    expect(relax(situation)).toEqual([]);
  });

  it('finds room for static weights where they are held to capacity', () => {
    const profile = withSwitches({ staticWeightsRespectCapacity: true });
    const placement = { replicaScheduling: weighted({ m1: 1, m2: 3 }) };
    expect(remedies([cpus('m1', '2'), cpus('m2', '2')], placement, { replicas: 5 }, profile)).toEqual([
      'add room for 1 more replica of 1 cpu on m1',
      'lower replicas from 5 to 4',
    ]);
  });

  it('stops after as many decisions as it may take', () => {
    const clusters = Array.from({ length: 30 }, (_, at) => cpus(`m${at}`, '1', { serves: [] }));
    const situation = {
      binding: makeBinding({ replicaScheduling: aggregated }, { replicas: 40 }),
      fleet: { clusters },
      profile: KARMADA_PROFILE,
      plugins: DEFAULT_PLUGINS,
    };
    expect(relax(situation, { changesMax: 4, remediesMax: 3, decisionsMax: 20 })).toEqual([]);
    expect(relaxLimits(5000).decisionsMax).toBe(250);
    expect(relaxLimits(0).decisionsMax).toBe(2000);
  });
});

describe('the nearest value that helps', () => {
  it('is found in either direction without trying every one', () => {
    let asked = 0;
    const atLeast = (least: number) => (value: number) => {
      asked += 1;
      return value >= least;
    };
    expect(nearestThat(1, 1_000_000, atLeast(777_777))).toBe(777_777);
    expect(asked).toBeLessThan(60);
    expect(nearestThat(100, 1, (value) => value <= 37)).toBe(37);
    expect(nearestThat(5, 9, atLeast(5))).toBe(5);
    expect(nearestThat(5, 9, atLeast(9))).toBe(9);
    expect(nearestThat(5, 9, atLeast(10))).toBeNull();
    expect(nearestThat(5, 5, atLeast(6))).toBeNull();
  });
});
