import { describe, expect, it } from 'vitest';
import {
  clusterObject,
  controlPlane,
  DYNAMIC,
  deployment,
  type Fixture,
  onlyIn,
  policyFor,
  started,
  withSpec,
} from '../../test/builders/control-plane.ts';
import type { ResourceBinding } from '../api/binding.ts';
import type { KubeObject } from '../kube/meta.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE } from '../profile/profile.ts';

const web = deployment('web', 6);

describe('what a workload needs', () => {
  const settings: KubeObject = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'settings', namespace: 'default' },
    data: { a: '1' },
  };
  const needy = (name: string) => {
    const object = deployment(name, 2);
    const spec = object.spec as { template: { spec: object } };
    const volumes = [{ name: 'v', configMap: { name: 'settings' } }];
    return { ...object, spec: { ...spec, template: { ...spec.template, spec: { ...spec.template.spec, volumes } } } };
  };
  const having = (plane: Fixture) =>
    plane.simulation.world.members
      .filter(({ api }) => api.store.get('/configmaps', 'default', 'settings') !== null)
      .map(({ name }) => name);

  it('goes along to wherever any of those goes that need it, and leaves with the last', () => {
    const [a, b] = [needy('a'), needy('b')];
    const policy = (object: KubeObject, ...clusters: string[]) =>
      policyFor(object, onlyIn(...clusters), { propagateDeps: true });
    const plane = started(controlPlane(), settings, a, policy(a, 'm1'), b, policy(b, 'm2'));
    expect(having(plane)).toEqual(['m1', 'm2']);
    plane.change(policy(a, 'm1'), withSpec({ placement: onlyIn('m3') }));
    plane.simulation.runFor(60_000);
    expect(having(plane)).toEqual(['m2', 'm3']);
    plane.remove(a);
    plane.remove(b);
    plane.simulation.runFor(60_000);
    expect([having(plane), plane.binding('settings-configmap')]).toEqual([[], null]);
  });
});

describe('a policy', () => {
  it('that is lazy changes nothing until its object changes', () => {
    const lazy = policyFor(web, onlyIn('m1'), { activationPreference: 'Lazy' });
    const plane = started(controlPlane(), lazy, web);
    expect(plane.places('web')).toBe('m1=6');
    plane.change(lazy, withSpec({ placement: onlyIn('m2') }));
    plane.simulation.runFor(60_000);
    expect(plane.places('web')).toBe('m1=6');
    plane.change(web, withSpec({ replicas: 5 }));
    plane.simulation.runFor(60_000);
    expect(plane.places('web')).toBe('m2=5');
  });

  it('that comes later does not act on an object before it if it is lazy', () => {
    const plane = started(controlPlane(), web, policyFor(web, onlyIn('m1'), { activationPreference: 'Lazy' }));
    expect(plane.binding('web-deployment')).toBeNull();
    plane.change(web, withSpec({ replicas: 5 }));
    plane.simulation.runFor(60_000);
    expect(plane.places('web')).toBe('m1=5');
  });

  it('keeps what it has claimed, unless a better one preempts it and the gate is open', () => {
    const better = {
      ...policyFor(web, onlyIn('m2'), { priority: 10, preemption: 'Always' }),
      metadata: { name: 'better', namespace: 'default' },
    };
    for (const [profile, places] of [
      [MUSTER_PROFILE, 'm2=6'],
      [KARMADA_PROFILE, 'm1=6'],
    ] as const) {
      const plane = started(controlPlane({ profile }), web, policyFor(web, onlyIn('m1')));
      plane.put(better);
      plane.simulation.runFor(60_000);
      expect([profile.name, plane.places('web')]).toEqual([profile.name, places]);
    }
  });

  it('hands over to another when it no longer selects the object', () => {
    const first = policyFor(web, onlyIn('m1'));
    const second = { ...policyFor(web, onlyIn('m2')), metadata: { name: 'z-second', namespace: 'default' } };
    const plane = started(controlPlane(), web, first, second);
    expect(plane.places('web')).toBe('m1=6');
    plane.change(first, withSpec({ resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'x' }] }));
    plane.simulation.runFor(60_000);
    expect(plane.places('web')).toBe('m2=6');
  });
});

describe('a rebalancer', () => {
  it('has a workload placed anew, once, and goes when its time is up', () => {
    const plane = started(controlPlane({ profile: KARMADA_PROFILE, clusters: ['m1', 'm2'] }), web, policyFor(web));
    plane.simulation.addMember({
      name: 'm3',
      nodes: [{ name: 'node', count: 2, allocatable: { cpu: '8', memory: '64Gi', pods: 110 } }],
    });
    plane.put(clusterObject('m3'));
    plane.simulation.runFor(120_000);
    expect(plane.places('web')).toBe('m1=3 m2=3');
    plane.put({
      apiVersion: 'apps.karmada.io/v1alpha1',
      kind: 'WorkloadRebalancer',
      metadata: { name: 'again' },
      spec: {
        workloads: [
          { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' },
          { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'none' },
        ],
        ttlSecondsAfterFinished: 60,
      },
    });
    plane.simulation.runFor(30_000);
    expect(plane.places('web')).toMatch(/m3=\d/);
    const rebalancer = () => plane.get('apps.karmada.io/v1alpha1', 'WorkloadRebalancer', 'again', '');
    expect((rebalancer()!.status as { observedWorkloads: object[] }).observedWorkloads).toMatchObject([
      { result: 'Failed', reason: 'ReferencedBindingNotFound' },
      { result: 'Successful' },
    ]);
    plane.simulation.runFor(60_000);
    expect(rebalancer()).toBeNull();
  });
});

describe('a taint policy', () => {
  it('puts its taints on clusters by their conditions, and takes them away again', () => {
    const plane = started();
    plane.put({
      apiVersion: 'policy.karmada.io/v1alpha1',
      kind: 'ClusterTaintPolicy',
      metadata: { name: 'dead' },
      spec: {
        targetClusters: { clusterNames: ['m2'] },
        addOnConditions: [{ conditionType: 'Ready', operator: 'NotIn', statusValues: ['True'] }],
        removeOnConditions: [{ conditionType: 'Ready', operator: 'In', statusValues: ['True'] }],
        taints: [{ key: 'dead', effect: 'NoSchedule' }],
      },
    });
    const taints = (name: string) =>
      (
        (plane.get('cluster.karmada.io/v1alpha1', 'Cluster', name, '')!.spec as { taints?: { key: string }[] })
          .taints ?? []
      )
        .map(({ key }) => key)
        .filter((key) => key === 'dead');
    plane.simulation.inject({ fault: 'power-off', cluster: 'm2' });
    plane.simulation.runFor(60_000);
    expect([taints('m2'), taints('m1')]).toEqual([['dead'], []]);
    // What somebody takes away by hand stays away until a condition changes.
    plane.change(clusterObject('m2'), withSpec({ taints: [] }));
    plane.change(clusterObject('m2'), (object) => ({
      ...object,
      metadata: { ...object.metadata, labels: { looked: 'at' } },
    }));
    plane.simulation.runFor(60_000);
    expect(taints('m2')).toEqual([]);
    plane.simulation.heal();
    plane.simulation.runFor(120_000);
    plane.simulation.inject({ fault: 'power-off', cluster: 'm2' });
    plane.simulation.runFor(60_000);
    expect(taints('m2')).toEqual(['dead']);
    plane.simulation.heal();
    plane.simulation.runFor(120_000);
    expect(taints('m2')).toEqual([]);
  });
});

describe('an application that stays unwell', () => {
  const failover = (purgeMode: string) => ({
    propagateDeps: true,
    failover: { application: { decisionConditions: { tolerationSeconds: 30 }, purgeMode } },
  });
  const failing = (purgeMode: string) => {
    const one = { spreadConstraints: [{ spreadByField: 'cluster', minGroups: 1, maxGroups: 1 }] };
    const plane = started(controlPlane(), web, policyFor(web, { ...DYNAMIC, ...one }, failover(purgeMode)));
    const home = plane.places('web').split('=')[0]!;
    const isBroken = { match: { name: 'web' }, behavior: { isBroken: true } };
    plane.simulation.inject({ fault: 'behavior', cluster: home, rule: isBroken });
    plane.simulation.world.member(home)!.silenceNode('node-0');
    plane.simulation.world.member(home)!.silenceNode('node-1');
    plane.simulation.runFor(900_000);
    return { plane, home };
  };

  it('is taken elsewhere when its patience is over', () => {
    const { plane, home } = failing('Gracefully');
    expect(plane.places('web')).not.toContain(home);
    expect(plane.serving('web')).toMatch(/=6$/);
  });

  it('leaves its old copy where it is if it is never to be purged', () => {
    const { plane, home } = failing('Never');
    const tasks = (plane.binding('web-deployment') as ResourceBinding).spec.gracefulEvictionTasks ?? [];
    expect(tasks).toMatchObject([{ fromCluster: home, reason: 'ApplicationFailure', suppressDeletion: true }]);
    expect(plane.simulation.world.member(home)!.api.store.get('apps/deployments', 'default', 'web')).not.toBeNull();
  });
});

describe('a cluster that pulls', () => {
  it('is served by its own agent, and is left when nothing is heard of it', () => {
    const plane = started(controlPlane({ pull: ['m3'] }), web, policyFor(web));
    expect(plane.serving('web')).toBe('m1=2 m2=2 m3=2');
    plane.simulation.inject({ fault: 'power-off', cluster: 'm3' });
    plane.simulation.inject({ fault: 'pause', name: 'agent/m3', forMs: 600_000 });
    plane.simulation.runFor(120_000);
    expect(plane.serving('web')).toBe('m1=3 m2=3');
  });
});

describe('state that is preserved', () => {
  it('goes with an application to its next cluster', () => {
    const one = { spreadConstraints: [{ spreadByField: 'cluster', minGroups: 1, maxGroups: 1 }] };
    const failover = {
      cluster: {
        purgeMode: 'Directly',
        statePreservation: { rules: [{ aliasLabelName: 'reached', jsonPath: '{.readyReplicas}' }] },
      },
    };
    const plane = started(controlPlane(), web, policyFor(web, { ...DYNAMIC, ...one }, { failover }));
    const home = plane.places('web').split('=')[0]!;
    const made: unknown[] = [];
    plane.simulation.onChange(({ type, collection, object }, place) => {
      if (place !== 'hub' && type === 'ADDED' && collection === 'apps/deployments') made.push(object.metadata.labels);
    });
    plane.simulation.inject({ fault: 'power-off', cluster: home });
    plane.simulation.runFor(120_000);
    expect(plane.places('web')).not.toContain(home);
    expect(made).toMatchObject([{ reached: '6' }]);
  });
});

describe('a workload that had to leave its first choice', () => {
  const groups = {
    ...DYNAMIC,
    clusterAffinities: [
      { affinityName: 'first', clusterNames: ['m1'] },
      { affinityName: 'second', clusterNames: ['m2'] },
    ],
  };

  it('comes back whole, every time, and says where it is', () => {
    for (const replicas of [3, 4, 5]) {
      const object = deployment('web', replicas);
      const plane = started(controlPlane(), object, policyFor(object, groups));
      const affinity = () => plane.binding('web-deployment')!.status!.schedulerObservingAffinityName;
      for (let outage = 1; outage <= 2; outage += 1) {
        expect([plane.places('web'), affinity()]).toEqual([`m1=${replicas}`, 'first']);
        plane.simulation.inject({ fault: 'power-off', cluster: 'm1' });
        plane.simulation.runFor(120_000);
        expect([plane.serving('web'), affinity()]).toEqual([`m2=${replicas}`, 'second']);
        plane.simulation.heal();
        plane.simulation.runFor(3 * 3_600_000);
      }
      expect(plane.serving('web')).toBe(`m1=${replicas}`);
    }
  });

  it('stays where it is in Karmada', () => {
    const gates = { ...KARMADA_PROFILE.gates, Failover: true };
    const switches = { ...KARMADA_PROFILE.switches, leavesDeadClusters: true };
    const timings = { ...KARMADA_PROFILE.timings, enableNoExecuteTaintEviction: true };
    const profile = { ...KARMADA_PROFILE, gates, switches, timings };
    const plane = started(controlPlane({ profile }), web, policyFor(web, groups));
    plane.simulation.inject({ fault: 'power-off', cluster: 'm1' });
    plane.simulation.runFor(120_000);
    plane.simulation.heal();
    plane.simulation.runFor(3 * 3_600_000);
    expect(plane.serving('web')).toBe('m2=6');
  });
});

describe('an annotation that somebody has spoilt', () => {
  it('says nothing, and ends nothing', () => {
    const plane = started(controlPlane(), web, policyFor(web, DYNAMIC, { propagateDeps: true }));
    const binding = plane.binding('web-deployment') as unknown as KubeObject;
    plane.change(binding, (object) => ({
      ...object,
      metadata: {
        ...object.metadata,
        annotations: {
          ...object.metadata.annotations,
          'policy.karmada.io/applied-placement': '{oops',
          'resourcebinding.karmada.io/dependencies': '{oops',
        },
      },
    }));
    plane.simulation.runFor(60_000);
    expect(plane.serving('web')).toBe('m1=2 m2=2 m3=2');
    const { annotations } = plane.binding('web-deployment')!.metadata;
    expect(annotations!['resourcebinding.karmada.io/dependencies']).toBe('[]');
  });
});
