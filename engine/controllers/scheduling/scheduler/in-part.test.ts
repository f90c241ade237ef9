import { describe, expect, it } from 'vitest';
import { aggregated, duplicated, spread } from '../../../../test/builders/binding.ts';
import {
  clusterObject,
  controlPlane,
  DYNAMIC,
  deployment,
  type Fixture,
  type FixtureOptions,
  policyFor,
  started,
  weighedIn,
  withSpec,
} from '../../../../test/builders/control-plane.ts';
import { findCondition } from '../../../kube/conditions.ts';
import type { KubeObject } from '../../../kube/meta.ts';
import { KARMADA_PROFILE } from '../../../profile/profile.ts';

const MINUTE = 60_000;

/** Each cluster has room for 32 of its pods. */
const shop = (replicas: number, placement: object = DYNAMIC, options: FixtureOptions = {}): Fixture =>
  started(
    controlPlane({ clusters: ['m1', 'm2'], ...options }),
    deployment('web', replicas),
    policyFor(deployment('web', replicas), placement),
  );

const scheduled = ({ binding }: Fixture, name = 'web-deployment') =>
  findCondition(binding(name)?.status?.conditions, 'Scheduled');

const close = (plane: Fixture, cluster: string, effect: string | null) =>
  plane.change(clusterObject(cluster), withSpec({ taints: effect === null ? [] : [{ key: 'closed', effect }] }));

describe('a service for which there is too little room', () => {
  it.each([
    ['by room', DYNAMIC],
    ['into few clusters', { replicaScheduling: aggregated }],
    ['by weights', weighedIn({ m1: 1, m2: 1 })],
    ['and spread', { ...DYNAMIC, spreadConstraints: [spread('cluster', 2, 2)] }],
  ])('is placed as far as there is room, divided %s, and that is told', (_, placement) => {
    const plane = shop(80, placement);
    expect([plane.places('web'), plane.serving('web')]).toEqual(['m1=32 m2=32', 'm1=32 m2=32']);
    expect(scheduled(plane)).toMatchObject({ status: 'False', message: expect.stringMatching(/room/) });
  });

  it('gets the rest when there is room, and keeps what it has when it wants more', () => {
    const plane = shop(16);
    plane.change(deployment('web', 16), withSpec({ replicas: 80 }));
    plane.simulation.runFor(2 * MINUTE);
    expect(plane.serving('web')).toBe('m1=32 m2=32');
    plane.simulation.addMember({
      name: 'm3',
      nodes: [{ name: 'node', count: 2, allocatable: { cpu: '8', memory: '64Gi', pods: 110 } }],
    });
    plane.put(clusterObject('m3'));
    plane.simulation.runFor(2 * MINUTE);
    expect([plane.places('web'), plane.serving('web')]).toEqual(['m1=32 m2=32 m3=16', 'm1=32 m2=32 m3=16']);
    expect(scheduled(plane)).toMatchObject({ status: 'True' });
  });

  it('leaves a dead cluster as far as others have room, and comes back with the rest alone', () => {
    const plane = shop(48);
    expect(plane.places('web')).toBe('m1=24 m2=24');
    plane.simulation.inject({ fault: 'power-off', cluster: 'm1', forMs: 30 * MINUTE });
    plane.simulation.runFor(10 * MINUTE);
    expect([plane.places('web'), plane.serving('web')]).toEqual(['m2=32', 'm2=32']);
    plane.simulation.runFor(30 * MINUTE);
    expect([plane.places('web'), plane.serving('web')]).toEqual(['m1=16 m2=32', 'm1=16 m2=32']);
    expect(plane.binding('web-deployment')!.spec.gracefulEvictionTasks ?? []).toEqual([]);
  });

  it('is not begun a second time while its old copy goes on until all have room elsewhere', () => {
    const plane = shop(40);
    close(plane, 'm2', 'NoExecute');
    plane.simulation.runFor(10 * MINUTE);
    expect([plane.places('web'), plane.serving('web')]).toEqual(['m1=20', 'm1=20 m2=20']);
  });

  it('is begun as far as there is room where its old copy does not serve any more', () => {
    const plane = shop(40);
    const nodes = [{ name: 'node', count: 2, allocatable: { cpu: '8', memory: '64Gi', pods: 110 } }];
    plane.simulation.world.member('m2')!.resize(nodes, []);
    plane.simulation.runFor(MINUTE);
    close(plane, 'm2', 'NoExecute');
    plane.simulation.runFor(5 * MINUTE);
    expect([plane.places('web'), plane.serving('web')]).toEqual(['m1=32', 'm1=32']);
  });

  it('is all or nothing of copies, and in Karmada', () => {
    expect(shop(80, { replicaScheduling: duplicated }).places('web')).toBe('m1=80 m2=80');
    expect(shop(80, DYNAMIC, { profile: KARMADA_PROFILE }).places('web')).toBe('');
  });

  it('goes to the group of clusters that has room for most, and back to the first when that has room for all', () => {
    const clusterAffinities = [
      { affinityName: 'first', clusterNames: ['m1'] },
      { affinityName: 'second', clusterNames: ['m2', 'm3'] },
    ];
    const plane = shop(20, { ...DYNAMIC, clusterAffinities }, { clusters: ['m1', 'm2', 'm3'] });
    const nodes = (count: number) => [{ name: 'node', count, allocatable: { cpu: '8', memory: '64Gi', pods: 110 } }];
    expect(plane.serving('web')).toBe('m1=20');
    plane.simulation.world.member('m2')!.resize(nodes(2), []);
    plane.simulation.world.member('m3')!.resize(nodes(2), nodes(1));
    plane.simulation.runFor(MINUTE);
    plane.simulation.inject({ fault: 'power-off', cluster: 'm1', forMs: 30 * MINUTE });
    plane.simulation.runFor(10 * MINUTE);
    expect([plane.places('web'), plane.serving('web')]).toEqual(['m3=16', 'm3=16']);
    plane.simulation.runFor(60 * MINUTE);
    expect([plane.places('web'), plane.serving('web')]).toEqual(['m1=20', 'm1=20']);
  });

  it('fills its only group of clusters', () => {
    const clusterAffinities = [{ affinityName: 'only', clusterNames: ['m1'] }];
    const plane = shop(40, { ...DYNAMIC, clusterAffinities });
    expect(plane.serving('web')).toBe('m1=32');
    close(plane, 'm1', 'NoSchedule');
    plane.simulation.runFor(5 * MINUTE);
    expect(plane.serving('web')).toBe('m1=32');
  });
});

it('places a Job whole or not at all', () => {
  const job = (parallelism: number): KubeObject => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'count', namespace: 'default' },
    spec: {
      parallelism,
      completions: parallelism,
      template: { spec: { containers: [{ name: 'main', image: 'count', resources: { requests: { cpu: '500m' } } }] } },
    },
  });
  for (const [parallelism, clusters] of [
    [80, 0],
    [40, 2],
  ] as const) {
    const plane = started(controlPlane({ clusters: ['m1', 'm2'] }), job(parallelism), policyFor(job(parallelism)));
    expect(plane.binding('count-job')?.spec.clusters ?? []).toHaveLength(clusters);
  }
});
