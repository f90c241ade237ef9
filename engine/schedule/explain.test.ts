import { describe, expect, it } from 'vitest';
import { aggregated, dynamic, makeBinding, spread, weighted } from '../../test/builders/binding.ts';
import { inRegions, makeCluster } from '../../test/builders/cluster.ts';
import type { ResourceBindingSpec } from '../api/binding.ts';
import type { Cluster } from '../api/cluster.ts';
import type { Placement } from '../api/placement.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE } from '../profile/profile.ts';
import { DEFAULT_PLUGINS } from './default-plugins.ts';
import { explain } from './explain.ts';
import type { AttemptStory, CandidateStory } from './story/story.ts';

const tell = (
  clusters: readonly Cluster[],
  placement: Placement,
  parts: Partial<ResourceBindingSpec> = {},
  profile = KARMADA_PROFILE,
) => explain(makeBinding(placement, parts), { clusters }, profile, DEFAULT_PLUGINS);

const cpus = (name: string, cpu: string, parts: Parameters<typeof makeCluster>[1] = {}) =>
  makeCluster(name, { allocatable: { cpu, pods: '110' }, ...parts });

const candidates = (attempt: AttemptStory | undefined): Record<string, CandidateStory> =>
  Object.fromEntries(
    (attempt?.clusters ?? []).flatMap(({ name, candidate }) => (candidate === null ? [] : [[name, candidate]])),
  );

describe('an explanation', () => {
  it('tells what was asked for', () => {
    const placement = { spreadConstraints: [spread('region', 1, 2), spread('cluster', 2)], replicaScheduling: dynamic };
    const { workload, profile } = tell([cpus('m1', '4')], placement, { clusters: [{ name: 'm1', replicas: 1 }] });
    expect(profile).toBe('karmada');
    expect(workload).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: 'default',
      name: 'web',
      replicas: 3,
      divisible: true,
      request: { cpu: '1' },
      components: [],
      strategy: 'DynamicWeight',
      fresh: false,
      previous: [{ name: 'm1', replicas: 1 }],
      constraints: [
        { over: 'region', minGroups: 1, maxGroups: 2 },
        { over: 'cluster', minGroups: 2, maxGroups: null },
      ],
    });
  });

  it('tells every filter’s verdict on every cluster, with the fact it saw', () => {
    const far = cpus('m2', '4', { serves: [], spec: { taints: [{ key: 'gpu', effect: 'NoSchedule' }] } });
    const { attempts } = tell([far, cpus('m1', '4'), cpus('m0', '4', { deleting: true })], {});
    expect(attempts[0]?.clusters.map(({ name }) => name)).toEqual(['m1', 'm0', 'm2']);
    expect(attempts[0]?.clusters[2]?.verdicts).toEqual([
      { filter: 'APIEnablement', fact: 'the cluster does not list apps/v1 Deployment among its APIs' },
      { filter: 'TaintToleration', fact: 'no toleration for gpu:NoSchedule' },
      { filter: 'ClusterAffinity', fact: null },
      { filter: 'SpreadConstraint', fact: null },
      { filter: 'ClusterEviction', fact: null },
    ]);
    expect(attempts[0]?.clusters[1]?.verdicts[0]).toEqual({
      filter: 'Deleting',
      fact: 'the cluster is being deleted',
    });
  });

  it('tells scores, estimates with their bounds, rank and previous replicas', () => {
    const { attempts } = tell(
      [cpus('m1', '4'), cpus('m2', '8')],
      { replicaScheduling: dynamic },
      {
        replicas: 9,
        clusters: [{ name: 'm1', replicas: 3 }],
      },
    );
    expect(candidates(attempts[0])).toMatchObject({
      m1: {
        rank: 1,
        scores: [{ plugin: 'ClusterLocality', score: 100 }],
        score: 100,
        room: 4,
        previous: 3,
        replicas: 5,
      },
      m2: {
        rank: 2,
        score: 0,
        room: 8,
        previous: null,
        replicas: 4,
        estimates: expect.arrayContaining([
          {
            estimator: 'general-estimator',
            room: 8,
            bounds: [
              { by: 'cpu', fits: 8, detail: '8 free, 1 each' },
              { by: 'pods', fits: 110, detail: '110 of 110 pods free' },
            ],
          },
        ]),
      },
    });
  });

  it('tells the arithmetic of the shares', () => {
    const { attempts } = tell([cpus('m1', '10'), cpus('m2', '20')], { replicaScheduling: dynamic }, { replicas: 7 });
    expect(attempts[0]?.divisions).toEqual([
      {
        tier: 0,
        basis: 'room',
        seats: 7,
        ties: 'ascending',
        rows: [
          {
            name: 'm2',
            weight: 20,
            quota: 140 / 30,
            given: 5,
            kept: 0,
            moved: 0,
            replicas: 5,
            lastQuotient: 20 / 9,
            nextQuotient: 20 / 11,
            most: null,
          },
          {
            name: 'm1',
            weight: 10,
            quota: 70 / 30,
            given: 2,
            kept: 0,
            moved: 0,
            replicas: 2,
            lastQuotient: 10 / 3,
            nextQuotient: 2,
            most: null,
          },
        ],
      },
    ]);
  });

  it('tells what is kept where a workload grows, and copies where it is duplicated', () => {
    const grown = tell(
      [cpus('m1', '10'), cpus('m2', '20')],
      { replicaScheduling: aggregated },
      {
        replicas: 7,
        clusters: [
          { name: 'm1', replicas: 2 },
          { name: 'm2', replicas: 1 },
        ],
      },
    );
    expect(grown.attempts[0]?.divisions[0]?.rows.map(({ name, given, kept }) => [name, given, kept])).toEqual([
      ['m2', 4, 1],
      ['m1', 0, 2],
    ]);
    const copied = tell([cpus('m1', '10')], {});
    expect(copied.attempts[0]?.divisions[0]).toMatchObject({
      basis: 'copies',
      seats: 3,
      rows: [{ quota: 3, given: 3 }],
    });
  });

  it('gives equal parts where nobody has a weight', () => {
    const { attempts } = tell([cpus('m1', '0'), cpus('m2', '0')], { replicaScheduling: dynamic }, { replicas: 0 });
    expect(attempts[0]?.divisions).toHaveLength(1);
    const even = tell([cpus('m1', '1'), cpus('m2', '1')], { replicaScheduling: weighted({ x: 9 }) }, { replicas: 4 });
    expect(even.attempts[0]?.divisions[0]?.rows.map(({ quota }) => quota)).toEqual([2, 2]);
  });

  it('tells why a candidate was left out', () => {
    const three = [cpus('m1', '9'), cpus('m2', '5'), cpus('m3', '3')];
    const placement = { spreadConstraints: [spread('cluster', 1, 2)], replicaScheduling: dynamic };
    expect(candidates(tell(three, placement).attempts[0]).m3?.leftOut).toBe(
      'rank 3, and the spread over clusters takes 2 (maxGroups 2)',
    );
    const held = tell(three, placement, { replicas: 13, clusters: [{ name: 'm3', replicas: 0 }] });
    expect(candidates(held.attempts[0]).m3?.leftOut).toBe('gave way to m2, which has more room');
  });

  it('tells why a selected cluster got nothing', () => {
    const idle = (
      clusters: readonly Cluster[],
      placement: Placement,
      parts: Partial<ResourceBindingSpec> = {},
      profile = KARMADA_PROFILE,
    ) => candidates(tell(clusters, placement, parts, profile).attempts[0]);
    const two = [cpus('m1', '9'), cpus('m2', '1')];
    expect(idle(two, { replicaScheduling: aggregated }).m2?.idle).toBe('fewer clusters have room for all');
    expect(idle(two, { replicaScheduling: dynamic }).m2?.idle).toBe('its share does not come to a replica');
    expect(idle(two, { replicaScheduling: dynamic }).m1?.idle).toBeNull();
    expect(idle([cpus('m1', '9'), cpus('m2', '0')], { replicaScheduling: dynamic }).m2?.idle).toBe('it has no room');
    const runs = { clusters: [{ name: 'm1', replicas: 5 }] };
    expect(idle(two, { replicaScheduling: dynamic }, runs).m2?.idle).toBe(
      'there are fewer replicas now, and only clusters that run some keep any',
    );
    const all = { clusters: [{ name: 'm1', replicas: 3 }] };
    expect(idle(two, { replicaScheduling: dynamic }, all).m2?.idle).toBe(
      'as many replicas run as are wanted, and all stay where they are',
    );
    const none = { clusters: [{ name: 'm2', replicas: 0 }] };
    expect(idle(two, { replicaScheduling: aggregated }, { ...none, replicas: 2 }).m2?.idle).toBe(
      'fewer clusters have room for all',
    );
    const weights = { replicaScheduling: weighted({ m1: 1 }) };
    expect(idle(two, weights).m2?.idle).toBe('no weight is for it, and others have one');
    const both = { replicaScheduling: weighted({ m1: 1, m2: 1 }) };
    expect(idle([cpus('m1', '9'), cpus('m2', '0')], both, {}, MUSTER_PROFILE).m2?.idle).toBe('it has no room');
    const tiered = (name: string, other: string) => ({
      clusterAffinities: [
        {
          affinityName: 'a',
          clusterNames: [name],
          overflowAffinities: [{ affinityName: 'more', clusterNames: [other] }],
        },
      ],
      replicaScheduling: dynamic,
    });
    expect(idle(two, tiered('m1', 'm2')).m2?.idle).toBe('its overflow tier was not needed');
    expect(idle([cpus('m1', '0'), cpus('m2', '9')], tiered('m1', 'm2')).m1?.idle).toBe('its tier has no room');
  });

  it('tells the regions with their weights, and which were chosen', () => {
    const clusters = inRegions({ eu: ['m1', 'm2'], us: ['m3'], ap: ['m4'] });
    const placement = {
      spreadConstraints: [spread('region', 1, 1), spread('cluster', 1, 1)],
      replicaScheduling: dynamic,
    };
    const { attempts } = tell(clusters, placement);
    expect(attempts[0]?.groups).toEqual([
      { over: 'region', name: 'eu', candidates: 2, selected: 1, weight: 3000 },
      { over: 'region', name: 'us', candidates: 1, selected: 0, weight: 3000 },
      { over: 'region', name: 'ap', candidates: 1, selected: 0, weight: 3000 },
    ]);
    expect(candidates(attempts[0]).m3?.leftOut).toBe('region us was not chosen');
    expect(candidates(attempts[0]).m2?.leftOut).toBe('rank 2, and the spread over clusters takes 1 (maxGroups 1)');
    const lone = tell(clusters, { spreadConstraints: [spread('region', 1, 1)], replicaScheduling: dynamic });
    expect(candidates(lone.attempts[0]).m2?.leftOut).toBe('another cluster of its group was taken');
  });

  it('tells what was moved so that the replicas themselves hold the spread', () => {
    const clusters = [cpus('m1', '100', { spec: { zones: ['a'] } }), cpus('m2', '10', { spec: { zones: ['b'] } })];
    const placement = { spreadConstraints: [spread('zone', 2)], replicaScheduling: aggregated };
    const { attempts, outcome } = tell(clusters, placement, {}, MUSTER_PROFILE);
    expect(outcome).toMatchObject({
      ok: true,
      clusters: [
        { name: 'm1', replicas: 2 },
        { name: 'm2', replicas: 1 },
      ],
    });
    expect(
      attempts[0]?.divisions[0]?.rows.map(({ name, given, moved, replicas }) => [name, given, moved, replicas]),
    ).toEqual([
      ['m1', 3, -1, 2],
      ['m2', 0, 1, 1],
    ]);
  });

  it('tells a failure, and every group that was tried', () => {
    const clusterAffinities = [
      { affinityName: 'a', clusterNames: ['m1'] },
      { affinityName: 'b', clusterNames: ['m9'] },
    ];
    const { attempts, outcome } = tell([cpus('m1', '2')], { clusterAffinities, replicaScheduling: dynamic });
    expect(outcome).toEqual({
      ok: false,
      code: 'InsufficientReplicas',
      step: 'assign',
      message: 'the selected clusters have room for 2 replicas, and 3 are wanted',
      part: [],
    });
    expect(attempts.map(({ affinity, failure, divisions }) => [affinity, failure?.code, divisions])).toEqual([
      ['a', 'InsufficientReplicas', []],
      ['b', 'NoClusterFits', []],
    ]);
    expect(candidates(attempts[0]).m1).toMatchObject({ selected: true, leftOut: null, replicas: null });
  });

  it('tells where as many as there is room for are placed meanwhile', () => {
    const profile = { ...KARMADA_PROFILE, switches: { ...KARMADA_PROFILE.switches, placesWhatFits: true } };
    const { outcome } = tell([cpus('m1', '2')], { replicaScheduling: dynamic }, {}, profile);
    expect(outcome).toMatchObject({ ok: false, part: [{ name: 'm1', replicas: 2 }] });
  });

  it('estimates and divides nothing for what has no replicas', () => {
    const config = { spec: { resource: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } } };
    const { attempts, workload } = explain(config, { clusters: [cpus('m1', '2')] }, KARMADA_PROFILE, DEFAULT_PLUGINS);
    expect(workload).toMatchObject({ namespace: null, divisible: false, request: {} });
    expect(attempts[0]).toMatchObject({ divisions: [], groups: [] });
    expect(candidates(attempts[0]).m1).toMatchObject({ estimates: [], replicas: null, selected: true });
  });

  it('tells what a copy is made of that has several kinds of pods', () => {
    const resource = { apiVersion: 'ray.io/v1', kind: 'RayCluster', name: 'ray' };
    const components = [
      { name: 'ray-head', replicas: 1, replicaRequirements: { resourceRequest: { cpu: '2' } } },
      { name: 'small', replicas: 5 },
    ];
    const fleet = { clusters: [cpus('m1', '2')] };
    const { workload } = explain({ spec: { resource, components } }, fleet, KARMADA_PROFILE, DEFAULT_PLUGINS);
    expect(workload).toMatchObject({
      divisible: false,
      components: [
        { name: 'ray-head', replicas: 1, request: { cpu: '2' } },
        { name: 'small', replicas: 5, request: {} },
      ],
    });
  });

  it('tells each overflow tier by itself', () => {
    const clusterAffinities = [
      {
        affinityName: 'a',
        clusterNames: ['m1'],
        overflowAffinities: [{ affinityName: 'more', clusterNames: ['m2'] }],
      },
    ];
    const { attempts } = tell([cpus('m1', '2'), cpus('m2', '9')], { clusterAffinities, replicaScheduling: dynamic });
    expect(attempts[0]?.divisions.map(({ tier, seats, rows }) => [tier, seats, rows.map(({ name }) => name)])).toEqual([
      [0, 2, ['m1']],
      [1, 1, ['m2']],
    ]);
  });
});
