import { describe, expect, it } from 'vitest';
import {
  clusterObject,
  controlPlane,
  deployment,
  type Fixture,
  policyFor,
  portsFor,
} from '../../../test/builders/control-plane.ts';
import type { Cluster } from '../../api/cluster.ts';
import type { View } from '../../control/controller.ts';
import type { JsonValue } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { formatMicroTime } from '../../kube/time.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE, type Profile } from '../../profile/profile.ts';
import { clusterMonitor } from './cluster-lease.ts';

const MINUTE = 60_000;

function running(plane: Fixture, web: KubeObject): Fixture {
  plane.simulation.runFor(5_000);
  plane.put(web);
  plane.put(policyFor(web));
  plane.simulation.runFor(MINUTE);
  return plane;
}

const totalOf = (places: string): number =>
  [...places.matchAll(/=(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);

/** The least number of replicas that serve at any second. */
function leastServing(plane: Fixture, name: string, ms: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let passed = 0; passed < ms; passed += 1_000) {
    plane.simulation.runFor(1_000);
    least = Math.min(least, totalOf(plane.serving(name)));
  }
  return least;
}

const taint = (plane: Fixture, name: string, ...taints: object[]) =>
  plane.change(clusterObject(name), (object) => ({ ...object, spec: { ...(object.spec as object), taints } }));

const DRAIN = { key: 'drain', effect: 'NoExecute' };

const withEviction = (profile: Profile): Profile => ({
  ...profile,
  gates: { ...profile.gates, Failover: true },
  timings: { ...profile.timings, enableNoExecuteTaintEviction: true },
});

describe('what has to leave a cluster and finds no other place', () => {
  const drained = (profile: Profile) => {
    const plane = running(controlPlane({ profile, clusters: ['m1', 'm2'] }), deployment('web', 40));
    taint(plane, 'm2', DRAIN);
    plane.simulation.runFor(30 * MINUTE);
    return plane;
  };

  it('stays until it has one, and is gone after ten minutes in Karmada', () => {
    expect(drained(MUSTER_PROFILE).serving('web')).toBe('m1=20 m2=20');
    expect(drained(withEviction(KARMADA_PROFILE)).serving('web')).toBe('m1=20');
  });

  it('never left where it is when it may stay after all', () => {
    const plane = drained(MUSTER_PROFILE);
    taint(plane, 'm2');
    expect(leastServing(plane, 'web', 10 * MINUTE)).toBe(40);
    expect([plane.places('web'), plane.serving('web')]).toEqual(['m1=20 m2=20', 'm1=20 m2=20']);
    expect(plane.binding('web-deployment')!.spec.gracefulEvictionTasks ?? []).toEqual([]);
  });

  it('leaves when there is room, once its successors are well', () => {
    const plane = drained(MUSTER_PROFILE);
    const nodes = [{ name: 'node', count: 2, allocatable: { cpu: '8', memory: '64Gi', pods: 110 } }];
    plane.simulation.addMember({ name: 'm3', nodes });
    plane.put(clusterObject('m3'));
    expect(leastServing(plane, 'web', 20 * MINUTE)).toBe(40);
    expect(plane.serving('web')).not.toContain('m2');
  });

  it('serves on through a cut that is longer than every patience', () => {
    const plane = running(controlPlane(), deployment('web', 90));
    plane.simulation.inject({ fault: 'partition', between: [['hub'], ['member/m2']] });
    plane.simulation.runFor(15 * MINUTE);
    plane.simulation.heal();
    expect(leastServing(plane, 'web', 10 * MINUTE)).toBe(90);
    expect(plane.places('web')).toBe('m1=30 m2=30 m3=30');
  });
});

describe('a taint policy with the taints of the conditions', () => {
  const policy = (operator: string): KubeObject => ({
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'ClusterTaintPolicy',
    metadata: { name: 'dead' },
    spec: {
      addOnConditions: [{ conditionType: 'Ready', operator, statusValues: ['True'] }],
      taints: [{ key: 'cluster.karmada.io/not-ready', effect: 'NoExecute' }],
    },
  });

  it.each(['NotIn', 'In'])('is not fought (%s)', (operator) => {
    const plane = running(controlPlane(), deployment('web', 6));
    let writes = 0;
    plane.simulation.onChange(({ collection, type, object, previous }, place) => {
      if (place !== 'hub' || !collection.endsWith('/clusters') || type !== 'MODIFIED') return;
      const [now, before] = [object, previous].map((one) => (one as unknown as Cluster).spec.taints ?? []);
      if (JSON.stringify(now) !== JSON.stringify(before)) writes += 1;
    });
    plane.put(policy(operator));
    plane.simulation.inject({ fault: 'power-off', cluster: 'm2' });
    plane.simulation.runFor(MINUTE);
    plane.simulation.heal();
    plane.simulation.runFor(2 * MINUTE);
    expect(writes).toBeLessThan(12);
  });
});

describe('a cluster that pulls', () => {
  it('is not taken for dead because the hub was', () => {
    const plane = running(controlPlane({ pull: ['m3'] }), deployment('web', 6));
    plane.simulation.inject({ fault: 'api-down', place: 'hub', forMs: 2 * MINUTE });
    for (let second = 0; second < 400; second += 1) {
      plane.simulation.runFor(1_000);
      expect(plane.places('web')).toBe('m1=2 m2=2 m3=2');
    }
  });

  it('has a lease that goes with it, and comes back with it', () => {
    const plane = running(controlPlane({ clusters: ['m1'], pull: ['m1'] }), deployment('web', 2));
    const lease = () => plane.get('coordination.k8s.io/v1', 'Lease', 'm1', 'karmada-cluster');
    const cluster = () => plane.get('cluster.karmada.io/v1alpha1', 'Cluster', 'm1', '');
    const owner = () => lease()?.metadata.ownerReferences;
    const first = cluster()!.metadata.uid;
    expect(owner()).toEqual([{ apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster', name: 'm1', uid: first }]);
    plane.remove(cluster()!);
    plane.simulation.runFor(2 * MINUTE);
    expect([cluster(), lease()]).toEqual([null, null]);
    plane.put(clusterObject('m1', { syncMode: 'Pull' }));
    plane.simulation.runFor(MINUTE);
    expect(owner()).toMatchObject([{ uid: cluster()!.metadata.uid }]);
    expect(cluster()!.metadata.uid).not.toBe(first);
  });

  describe('is judged by the clock of whoever listens', () => {
    const start = 1_767_225_600_000;
    const ready = (reason: string) => ({ type: 'Ready', status: 'True', reason, message: '', lastTransitionTime: '' });
    const clusterWith = (...conditions: object[]) => ({
      ...clusterObject('m', { syncMode: 'Pull' }),
      status: { conditions },
    });
    const monitor = clusterMonitor(portsFor(MUSTER_PROFILE));
    const looksAt = (
      renewedAt: number,
      remembered: JsonValue | undefined,
      now: number,
      cluster: object = clusterWith(ready('x')),
    ) => {
      const spec = { renewTime: formatMicroTime(renewedAt) };
      const metadata = { name: 'm', namespace: 'karmada-cluster' };
      const lease: KubeObject = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec };
      const get = (collection: string) => (collection.endsWith('/leases') ? lease : cluster);
      const view = { get, attempt: { failures: 0, results: [] }, remembered } as unknown as View;
      return monitor.reconcile('m', view, now);
    };
    /** Looks every five seconds; when it was found silent, in seconds, or null. */
    const silentAt = (
      seconds: readonly number[],
      renewedAt: (second: number) => number,
      clusterAt?: (second: number) => object,
    ): number | null => {
      let remembered: JsonValue | undefined;
      for (const second of seconds) {
        const now = start + second * 1000;
        const { commands, remember } = looksAt(renewedAt(second), remembered, now, clusterAt?.(second));
        if (commands.length > 0) return second;
        remembered = remember;
      }
      return null;
    };
    const every5 = (from: number, to: number) => Array.from({ length: (to - from) / 5 + 1 }, (_, at) => from + 5 * at);

    for (const off of [-7_200, 0, 7_200]) {
      it(`and not by the agent's, which is ${off} s off`, () => {
        const renewedAt = (second: number) => start + (off + (second < 35 ? 0 : 35)) * 1000;
        expect(silentAt(every5(0, 200), renewedAt)).toBe(80);
      });
    }

    it('and by what it says of itself, as by its lease', () => {
      const told = (second: number) => clusterWith(ready(second < 30 ? 'x' : 'y'));
      expect(silentAt(every5(0, 200), () => start, told)).toBe(75);
    });

    it('and has longer where it has said nothing of itself yet, and is said to be such a one', () => {
      expect(
        silentAt(
          every5(0, 200),
          () => start,
          () => clusterWith(),
        ),
      ).toBe(65);
      const reasons = [clusterWith(), clusterWith(ready('x'))].map((cluster) => {
        const { remember } = looksAt(start, undefined, start, cluster);
        const remembered = { ...(remember as object), looked: start + 99_000 };
        const [write] = looksAt(start, remembered, start + 100_000, cluster).commands;
        return JSON.stringify(write).match(/ClusterStatus\w+/)?.[0];
      });
      expect(reasons).toEqual(['ClusterStatusNeverUpdated', 'ClusterStatusUnknown']);
    });

    it('and not for a time in which that did not listen', () => {
      const asleep = [...every5(0, 30), ...every5(90, 200)];
      expect(silentAt(asleep, () => start)).toBe(135);
    });
  });
});
