import { describe, expect, it } from 'vitest';
import {
  clusterObject,
  controlPlane,
  DYNAMIC,
  deployment,
  type Fixture,
  policyFor,
} from '../../test/builders/control-plane.ts';
import type { KubeObject } from '../kube/meta.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE } from '../profile/profile.ts';

const web = deployment('web', 6);

function running(plane: Fixture = controlPlane(), policy = policyFor(web)): Fixture {
  plane.simulation.runFor(5_000);
  plane.put(web);
  plane.put(policy);
  plane.simulation.runFor(60_000);
  return plane;
}

const totalOf = (places: string): number =>
  [...places.matchAll(/=(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);

const withSpec =
  (change: object) =>
  (object: KubeObject): KubeObject => ({
    ...object,
    spec: { ...(object.spec as object), ...change },
  });

describe('the control plane', () => {
  it('carries a workload to its clusters and its status back', () => {
    const plane = running();
    expect(plane.places('web')).toBe('m1=2 m2=2 m3=2');
    expect(plane.serving('web')).toBe('m1=2 m2=2 m3=2');
    expect(plane.get('apps/v1', 'Deployment', 'web')!.status).toMatchObject({ replicas: 6, readyReplicas: 6 });
    const conditions = plane.binding('web-deployment')!.status?.conditions ?? [];
    expect(conditions.map(({ type, status }) => `${type}=${status}`).sort()).toEqual([
      'FullyApplied=True',
      'Scheduled=True',
    ]);
  });

  it('scales, follows its policy and lets go of clusters that it leaves', () => {
    const plane = running();
    plane.change(web, withSpec({ replicas: 9 }));
    plane.simulation.runFor(60_000);
    expect(plane.serving('web')).toBe('m1=3 m2=3 m3=3');
    plane.change(
      policyFor(web),
      withSpec({ placement: { ...DYNAMIC, clusterAffinity: { clusterNames: ['m1', 'm2'] } } }),
    );
    plane.simulation.runFor(120_000);
    expect(plane.serving('web')).toMatch(/^m1=\d m2=\d$/);
    expect(plane.simulation.world.member('m3')!.api.store.list('apps/deployments')).toEqual([]);
  });

  it('sends each cluster what the overrides make of it', () => {
    const plane = running();
    plane.put({
      apiVersion: 'policy.karmada.io/v1alpha1',
      kind: 'OverridePolicy',
      metadata: { name: 'mirror', namespace: 'default' },
      spec: {
        resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }],
        overrideRules: [
          {
            targetCluster: { clusterNames: ['m2'] },
            overriders: { imageOverrider: [{ component: 'Tag', operator: 'replace', value: '2' }] },
          },
        ],
      },
    });
    plane.simulation.runFor(60_000);
    const imageIn = (cluster: string) => {
      const object = plane.simulation.world.member(cluster)!.api.store.get('apps/deployments', 'default', 'web');
      return JSON.stringify(object!.spec).match(/shop\/app:\d/)![0];
    };
    expect(['m1', 'm2', 'm3'].map(imageIn)).toEqual(['shop/app:1', 'shop/app:2', 'shop/app:1']);
  });

  it('mends what somebody changes or deletes in a member', () => {
    const plane = running();
    const { api } = plane.simulation.world.member('m1')!;
    const key = { collection: 'apps/deployments', namespace: 'default', name: 'web' };
    api.writer.patch(key, withSpec({ replicas: 5 }));
    plane.simulation.runFor(60_000);
    expect(plane.serving('web')).toBe('m1=2 m2=2 m3=2');
    api.writer.delete(key, api.now);
    plane.simulation.runFor(60_000);
    expect(plane.serving('web')).toBe('m1=2 m2=2 m3=2');
  });

  it('leaves alone what a member had already, unless it is told to overwrite', () => {
    for (const [conflictResolution, serving] of [
      ['Abort', 'm1=1 m2=2 m3=2'],
      ['Overwrite', 'm1=2 m2=2 m3=2'],
    ] as const) {
      const plane = controlPlane();
      plane.simulation.world.member('m1')!.api.create('apps/deployments', deployment('web', 1));
      running(plane, policyFor(web, DYNAMIC, { conflictResolution }));
      expect([conflictResolution, plane.serving('web')]).toEqual([conflictResolution, serving]);
    }
  });

  it('takes everything away with the template, or leaves it where the policy preserves it', () => {
    const gone = running();
    gone.remove(web);
    gone.simulation.runFor(60_000);
    expect([gone.serving('web'), gone.binding('web-deployment')]).toEqual(['', null]);
    const kept = running(controlPlane(), policyFor(web, DYNAMIC, { preserveResourcesOnDeletion: true }));
    kept.remove(web);
    kept.simulation.runFor(60_000);
    expect([kept.serving('web'), kept.binding('web-deployment')]).toEqual(['m1=2 m2=2 m3=2', null]);
  });

  it('sends nothing while dispatching is suspended', () => {
    const plane = running();
    plane.change(policyFor(web), withSpec({ suspension: { dispatching: true } }));
    plane.simulation.runFor(10_000);
    plane.change(web, withSpec({ replicas: 9 }));
    plane.simulation.runFor(60_000);
    expect([plane.places('web'), plane.serving('web')]).toEqual(['m1=3 m2=3 m3=3', 'm1=2 m2=2 m3=2']);
    plane.change(policyFor(web), withSpec({ suspension: undefined }));
    plane.simulation.runFor(60_000);
    expect(plane.serving('web')).toBe('m1=3 m2=3 m3=3');
  });

  it('leaves a cluster that is removed, and cleans up there', () => {
    const plane = running();
    plane.remove(clusterObject('m3'));
    plane.simulation.runFor(120_000);
    expect(plane.serving('web')).toBe('m1=3 m2=3');
    expect(plane.get('cluster.karmada.io/v1alpha1', 'Cluster', 'm3', '')).toBeNull();
    expect(plane.get('v1', 'Namespace', 'karmada-es-m3', '')).toBeNull();
  });

  it('lets a policy go when it is deleted, and what runs goes on', () => {
    const plane = running();
    plane.remove(policyFor(web));
    plane.simulation.runFor(30_000);
    expect(plane.get('policy.karmada.io/v1alpha1', 'PropagationPolicy', 'web')).toBeNull();
    plane.change(web, withSpec({ replicas: 9 }));
    plane.simulation.runFor(60_000);
    expect(plane.places('web')).toBe('m1=2 m2=2 m3=2');
  });
});

describe('a cluster that loses its power', () => {
  const losing = (plane: Fixture) => {
    running(plane);
    plane.simulation.inject({ fault: 'power-off', cluster: 'm2' });
    return plane;
  };

  it('is left in little more than a minute, and gets its share back in time', () => {
    const plane = losing(controlPlane());
    plane.simulation.runFor(75_000);
    expect(plane.serving('web')).toBe('m1=3 m3=3');
    plane.simulation.heal();
    plane.simulation.runFor(3_600_000);
    expect(plane.serving('web')).toMatch(/m2=[23]/);
    expect([plane.places('web'), totalOf(plane.serving('web'))]).toEqual([plane.serving('web'), 6]);
  });

  it('keeps its replicas in Karmada, where nobody asked for anything else', () => {
    const plane = losing(controlPlane({ profile: KARMADA_PROFILE }));
    plane.simulation.runFor(600_000);
    expect([plane.places('web'), plane.serving('web')]).toEqual(['m1=2 m2=2 m3=2', 'm1=2 m3=2']);
  });

  it('is left in Karmada where all four things were asked for', () => {
    const profile = {
      ...KARMADA_PROFILE,
      gates: { ...KARMADA_PROFILE.gates, Failover: true },
      timings: { ...KARMADA_PROFILE.timings, enableNoExecuteTaintEviction: true },
    };
    const plane = losing(controlPlane({ profile }));
    plane.simulation.runFor(60_000);
    plane.change(clusterObject('m2'), (object) => ({
      ...object,
      spec: {
        ...(object.spec as object),
        taints: [
          ...((object.spec as { taints?: object[] }).taints ?? []),
          { key: 'cluster.karmada.io/not-ready', effect: 'NoExecute' },
        ],
      },
    }));
    plane.simulation.runFor(60_000);
    expect(plane.serving('web')).toBe('m1=3 m3=3');
    plane.simulation.heal();
    plane.simulation.runFor(3_600_000);
    // Nothing comes back.
    expect(plane.places('web')).toBe('m1=3 m3=3');
  });

  it('is not waited for where it is to be purged directly, unlike in Karmada', () => {
    const direct = policyFor(web, DYNAMIC, { failover: { cluster: { purgeMode: 'Directly' } } });
    const switches = { ...MUSTER_PROFILE.switches, purgeSkipsDeadClusters: false };
    for (const [profile, serving] of [
      [MUSTER_PROFILE, 'm1=3 m3=3'],
      [{ ...MUSTER_PROFILE, switches }, 'm1=2 m3=2'],
    ] as const) {
      const plane = running(controlPlane({ profile }), direct);
      plane.simulation.inject({ fault: 'power-off', cluster: 'm2' });
      plane.simulation.runFor(120_000);
      expect(plane.serving('web')).toBe(serving);
    }
  });
});

describe('a hub that is cut off', () => {
  it('from one cluster moves its replicas, and has exactly the wanted number again afterwards', () => {
    const plane = running();
    plane.simulation.inject({ fault: 'partition', between: [['hub'], ['member/m2']] });
    plane.simulation.runFor(90_000);
    expect(plane.serving('web')).toBe('m1=3 m2=2 m3=3');
    plane.simulation.heal();
    plane.simulation.runFor(3_600_000);
    expect([plane.places('web'), totalOf(plane.serving('web'))]).toEqual([plane.serving('web'), 6]);
  });

  it('from most of the fleet leaves everything where it is', () => {
    const plane = running();
    plane.simulation.inject({ fault: 'partition', between: [['hub'], ['member/m1', 'member/m2', 'member/m3']] });
    plane.simulation.runFor(600_000);
    expect(plane.places('web')).toBe('m1=2 m2=2 m3=2');
  });
});
