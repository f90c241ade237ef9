import { describe, expect, it } from 'vitest';
import { aggregated } from '../../../test/builders/binding.ts';
import {
  controlPlane,
  DYNAMIC,
  deployment,
  type Fixture,
  type FixtureOptions,
  onlyIn,
  policyFor,
  started,
  weighedIn,
  withSpec,
} from '../../../test/builders/control-plane.ts';
import type { TraceLine } from '../../control/trace.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE, type Profile } from '../../profile/profile.ts';

const MINUTE = 60_000;
const NODES = (count: number) => [{ name: 'node', count, allocatable: { cpu: '8', memory: '64Gi', pods: 110 } }];

/** Each of its pods takes half a CPU: a cluster of two nodes has room for 32 of them. */
const shop = (replicas = 40, placement: object = DYNAMIC, options: FixtureOptions = {}): Fixture =>
  started(
    controlPlane({ clusters: ['m1', 'm2'], ...options }),
    deployment('web', replicas),
    policyFor(deployment('web', replicas), placement),
  );

/** From two nodes to so many, or back. */
function resize({ simulation }: Fixture, cluster: string, before: number, after: number): void {
  simulation.world.member(cluster)!.resize(NODES(before), NODES(after));
}

describe('replicas that wait for a node', () => {
  it('go where there is one when they have waited for long, and none that serves is missed meanwhile', () => {
    const plane = shop();
    expect([plane.places('web'), plane.serving('web')]).toEqual(['m1=20 m2=20', 'm1=20 m2=20']);
    resize(plane, 'm1', 2, 1);
    plane.simulation.runFor(1.5 * MINUTE);
    expect([plane.places('web'), plane.serving('web')]).toEqual(['m1=20 m2=20', 'm1=16 m2=20']);
    plane.simulation.runFor(1.5 * MINUTE);
    expect([plane.places('web'), plane.serving('web')]).toEqual(['m1=16 m2=24', 'm1=16 m2=24']);
  });

  it('stay where a node comes in time', () => {
    const plane = shop();
    resize(plane, 'm1', 2, 1);
    plane.simulation.runFor(1.5 * MINUTE);
    resize(plane, 'm1', 1, 2);
    plane.simulation.runFor(10 * MINUTE);
    expect([plane.places('web'), plane.serving('web')]).toEqual(['m1=20 m2=20', 'm1=20 m2=20']);
  });

  it('go as many as there is room for, and the others when there is more', () => {
    const plane = shop(48);
    resize(plane, 'm1', 2, 0);
    plane.simulation.runFor(5 * MINUTE);
    expect([plane.places('web'), plane.serving('web')]).toEqual(['m1=16 m2=32', 'm2=32']);
    resize(plane, 'm2', 2, 4);
    plane.simulation.runFor(10 * MINUTE);
    expect([plane.places('web'), plane.serving('web')]).toEqual(['m2=48', 'm2=48']);
  });

  describe('of what may be on certain nodes only, which clusters do not tell', () => {
    const labelled = (count: number) => NODES(count).map((pool) => ({ ...pool, labels: { disk: 'ssd' } }));
    const web = deployment('web', 20);
    const { template } = web.spec as { template: { spec: object } };
    const picky = withSpec({ template: { ...template, spec: { ...template.spec, nodeSelector: { disk: 'ssd' } } } })(
      web,
    );

    /** Only the nodes of m1 will do, and those of m2 come later. */
    function pickyShop(profile: Profile): Fixture {
      const plane = controlPlane({ clusters: ['m1', 'm2'], profile });
      plane.simulation.world.member('m1')!.resize(NODES(2), labelled(2));
      resize(plane, 'm2', 2, 0);
      started(plane, picky, policyFor(web));
      expect(plane.serving('web')).toBe('m1=20');
      resize(plane, 'm2', 0, 2);
      return plane;
    }

    it('stay where no other cluster has such a node', () => {
      const switches = { ...MUSTER_PROFILE.switches, followsFleetChanges: false };
      const plane = pickyShop({ ...MUSTER_PROFILE, switches });
      plane.simulation.world.member('m1')!.resize(labelled(2), labelled(1));
      plane.simulation.runFor(20 * MINUTE);
      expect([plane.places('web'), plane.serving('web')]).toEqual(['m1=20', 'm1=16']);
    });

    it('come back from where the fleet was followed to in vain, before any that serves is missed', () => {
      const plane = pickyShop(MUSTER_PROFILE);
      const places = new Set<string>();
      for (let minute = 0; minute < 60; minute += 1) {
        plane.simulation.runFor(MINUTE);
        places.add(plane.places('web'));
        expect(plane.serving('web')).toBe('m1=20');
      }
      expect([...places]).toEqual(['m1=20', 'm1=10 m2=10']);
      expect(plane.places('web')).toBe('m1=20');
    });
  });

  it('leave a cluster that has no node left, and its copy goes when all are well elsewhere', () => {
    const plane = shop(20, { replicaScheduling: aggregated });
    const [from, to] = plane.places('web') === 'm1=20' ? (['m1', 'm2'] as const) : (['m2', 'm1'] as const);
    resize(plane, from, 2, 0);
    plane.simulation.runFor(5 * MINUTE);
    expect([plane.places('web'), plane.serving('web')]).toEqual([`${to}=20`, `${to}=20`]);
    expect(plane.binding('web-deployment')!.spec.gracefulEvictionTasks ?? []).toEqual([]);
    const { store } = plane.simulation.world.member(from)!.api;
    expect(store.get('apps/deployments', 'default', 'web')).toBeNull();
  });

  it('are told of', () => {
    const told: string[] = [];
    const trace = (line: TraceLine): void => {
      if (line.type !== 'step' || line.controller !== 'descheduler') return;
      for (const { about, reason, message } of line.events) told.push(`${about.kind}: ${reason}: ${message}`);
    };
    const plane = shop(40, DYNAMIC, { trace });
    resize(plane, 'm1', 2, 1);
    plane.simulation.runFor(5 * MINUTE);
    const what = 'DescheduleBindingSucceed: 4 replicas that wait for a node in m1 go to m2';
    expect(told).toEqual([`ResourceBinding: ${what}`, `Deployment: ${what}`]);
  });

  it.each([
    ['that somebody has weighed', weighedIn({ m1: 1, m2: 1 })],
    ['that are copies', {}],
    ['that may be nowhere else', { ...DYNAMIC, ...onlyIn('m1') }],
  ])('stay, of what has replicas %s', (_, placement) => {
    const plane = shop(20, placement);
    const places = plane.places('web');
    resize(plane, 'm1', 2, 0);
    plane.simulation.runFor(20 * MINUTE);
    expect(plane.places('web')).toBe(places);
  });

  it('stay as long as scheduling is suspended', () => {
    const plane = shop();
    const suspended = (scheduling: boolean) =>
      plane.change(
        {
          apiVersion: 'work.karmada.io/v1alpha2',
          kind: 'ResourceBinding',
          metadata: { name: 'web-deployment', namespace: 'default' },
        },
        withSpec({ suspension: { scheduling } }),
      );
    suspended(true);
    resize(plane, 'm1', 2, 1);
    plane.simulation.runFor(10 * MINUTE);
    expect(plane.places('web')).toBe('m1=20 m2=20');
    suspended(false);
    plane.simulation.runFor(10 * MINUTE);
    expect(plane.places('web')).toBe('m1=16 m2=24');
  });

  it('stay in Karmada, where nobody looks after them', () => {
    const plane = shop(40, DYNAMIC, { profile: KARMADA_PROFILE });
    resize(plane, 'm1', 2, 1);
    plane.simulation.runFor(30 * MINUTE);
    expect([plane.places('web'), plane.serving('web')]).toEqual(['m1=20 m2=20', 'm1=16 m2=20']);
  });

  it('go in Karmada where its descheduler is asked for, after its five minutes', () => {
    const profile = { ...KARMADA_PROFILE, switches: { ...KARMADA_PROFILE.switches, leavesFullClusters: true } };
    const plane = shop(40, DYNAMIC, { profile });
    resize(plane, 'm1', 2, 1);
    plane.simulation.runFor(4.5 * MINUTE);
    expect(plane.places('web')).toBe('m1=20 m2=20');
    plane.simulation.runFor(4 * MINUTE);
    expect([plane.places('web'), plane.serving('web')]).toEqual(['m1=16 m2=24', 'm1=16 m2=24']);
  });

  it('go whatever restarts in between', () => {
    for (let atMs = 100_000; atMs < 180_000; atMs += 7_000) {
      const plane = shop(40, DYNAMIC, { seed: `restart-${atMs}` });
      resize(plane, 'm1', 2, 1);
      plane.simulation.runFor(atMs);
      plane.simulation.inject({ fault: 'restart', name: 'scheduler', forMs: 1_000 });
      plane.simulation.runFor(5 * MINUTE);
      expect([plane.places('web'), plane.serving('web')]).toEqual(['m1=16 m2=24', 'm1=16 m2=24']);
    }
  });
});

it('is off and on by one switch', () => {
  expect([KARMADA_PROFILE.switches.leavesFullClusters, MUSTER_PROFILE.switches.leavesFullClusters]).toEqual([
    false,
    true,
  ]);
});
