import { describe, expect, it } from 'vitest';
import {
  clusterObject,
  controlPlane,
  deployment,
  evenlyIn,
  type Fixture,
  policyFor,
  started,
  withSpec,
} from '../../../test/builders/control-plane.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import type { FederatedResourceQuota } from '../../api/quota.ts';
import { HUB } from '../../control/place.ts';
import type { TraceLine } from '../../control/trace.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE } from '../../profile/profile.ts';

const MINUTE = 60_000;

const quota = (overall: object, staticAssignments?: readonly object[], name = 'team'): KubeObject => ({
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'FederatedResourceQuota',
  metadata: { name, namespace: 'default' },
  spec: { overall, ...(staticAssignments !== undefined && { staticAssignments }) },
});
const assigned = (clusterName: string, cpu: string) => ({ clusterName, hard: { cpu } });
const twoWays = (name: string, replicas: number) => {
  const app = deployment(name, replicas);
  return [app, policyFor(app, evenlyIn('m1', 'm2'))];
};

const statusOf = (plane: Fixture, name = 'team') =>
  plane.get('policy.karmada.io/v1alpha1', 'FederatedResourceQuota', name)?.status as FederatedResourceQuota['status'];
const inMember = (plane: Fixture, cluster: string) =>
  plane.simulation.world.member(cluster)!.api.store.get('/resourcequotas', 'default', 'team');
const worksOf = (plane: Fixture) =>
  plane.simulation.world.hub.store
    .list('work.karmada.io/works')
    .filter(({ metadata: { labels = {} } }) => Object.hasOwn(labels, 'federatedresourcequota.karmada.io/name'));
const scheduled = (plane: Fixture, name: string) =>
  plane.binding(`${name}-deployment`)?.status?.conditions?.find(({ type }) => type === 'Scheduled');

describe('what a quota assigns to clusters', () => {
  const assignments = [assigned('m1', '3'), assigned('m2', '2'), assigned('m9', '1')];
  const running = () =>
    started(controlPlane({ clusters: ['m1', 'm2'] }), quota({ cpu: '8' }, assignments), ...twoWays('web', 4));

  it('is a ResourceQuota there, by a Work with its name', () => {
    const plane = running();
    expect(inMember(plane, 'm1')).toMatchObject({
      metadata: {
        labels: { 'karmada.io/managed': 'true' },
        annotations: { 'work.karmada.io/namespace': 'karmada-es-m1' },
      },
      spec: { hard: { cpu: '3' } },
    });
    expect(worksOf(plane).map(({ metadata }) => [metadata.namespace, metadata.labels, metadata.finalizers])).toEqual(
      ['m1', 'm2'].map((name) => [
        `karmada-es-${name}`,
        {
          'federatedresourcequota.karmada.io/namespace': 'default',
          'federatedresourcequota.karmada.io/name': 'team',
          'work.karmada.io/permanent-id': expect.any(String),
        },
        ['karmada.io/execution-controller'],
      ]),
    );
    const annotations = inMember(plane, 'm1')!.metadata.annotations ?? {};
    expect(annotations).not.toHaveProperty('work.karmada.io/conflict-resolution');
  });

  it('is told in its status, with what is used', () => {
    expect(statusOf(running())).toEqual({
      overall: { cpu: '8' },
      overallUsed: { cpu: '2' },
      aggregatedStatus: [
        { clusterName: 'm1', hard: { cpu: '3' }, used: { cpu: '1' } },
        { clusterName: 'm2', hard: { cpu: '2' }, used: { cpu: '1' } },
      ],
    });
  });

  it('follows the assignment, and goes with it, with the quota and with the cluster', () => {
    const plane = running();
    plane.put(quota({ cpu: '8' }, [assigned('m1', '4')]));
    plane.simulation.runFor(MINUTE);
    expect([inMember(plane, 'm1')!.spec, inMember(plane, 'm2')]).toEqual([{ hard: { cpu: '4' } }, null]);
    expect(statusOf(plane)?.aggregatedStatus?.map(({ clusterName }) => clusterName)).toEqual(['m1']);
    plane.remove(quota({}));
    plane.simulation.runFor(MINUTE);
    expect([inMember(plane, 'm1'), worksOf(plane)]).toEqual([null, []]);
    plane.put(quota({ cpu: '8' }, assignments));
    plane.simulation.runFor(MINUTE);
    plane.remove(clusterObject('m2'));
    plane.simulation.runFor(2 * MINUTE);
    expect(plane.get('cluster.karmada.io/v1alpha1', 'Cluster', 'm2', '')).toBeNull();
    expect(worksOf(plane).map(({ metadata }) => metadata.namespace)).toEqual(['karmada-es-m1']);
    expect(inMember(plane, 'm2')).toBeNull();
  });

  it('goes to a cluster that joins later, and comes back where somebody takes it away', () => {
    const plane = running();
    plane.simulation.addMember({ name: 'm9', nodes: [{ name: 'n', count: 1, allocatable: { cpu: '8', pods: 10 } }] });
    plane.put(clusterObject('m9'));
    plane.simulation.runFor(MINUTE);
    expect(inMember(plane, 'm9')!.spec).toEqual({ hard: { cpu: '1' } });
    const [work] = worksOf(plane);
    plane.remove(work!);
    plane.simulation.runFor(MINUTE);
    expect([worksOf(plane).length, inMember(plane, 'm1')!.spec]).toEqual([3, { hard: { cpu: '3' } }]);
  });

  it('is taken away although its quota went while nobody looked', () => {
    const plane = running();
    plane.simulation.inject({ fault: 'restart', name: 'controller-manager', forMs: 20_000 });
    plane.simulation.runFor(1_000);
    plane.remove(quota({}));
    plane.simulation.runFor(2 * MINUTE);
    expect([worksOf(plane), inMember(plane, 'm1'), inMember(plane, 'm2')]).toEqual([[], null, null]);
  });

  it('is summed up from the clusters where quotas are not enforced', () => {
    const plane = controlPlane({ clusters: ['m1', 'm2'], profile: KARMADA_PROFILE });
    started(plane, quota({ cpu: '1', memory: '1' }, [assigned('m1', '1')]), ...twoWays('web', 4));
    expect(plane.serving('web')).toBe('m1=2 m2=2');
    expect(statusOf(plane)?.overallUsed).toEqual({ cpu: '1' });
  });
});

describe('what exceeds a quota', () => {
  const running = () => started(controlPlane({ clusters: ['m1', 'm2'] }), quota({ cpu: '3' }), ...twoWays('web', 4));

  it('goes nowhere, is told, and is not tried again and again', () => {
    const steps: string[] = [];
    const trace = (line: TraceLine) => {
      if (line.type === 'step' && line.controller === 'scheduler' && line.commands.length > 0) steps.push(line.key);
    };
    const plane = controlPlane({ clusters: ['m1', 'm2'], trace });
    started(plane, quota({ cpu: '3' }), ...twoWays('web', 4));
    for (const object of twoWays('more', 4)) plane.put(object);
    plane.simulation.runFor(MINUTE);
    expect([plane.serving('web'), plane.serving('more')]).toEqual(['m1=2 m2=2', '']);
    expect(scheduled(plane, 'more')).toMatchObject({
      status: 'False',
      reason: 'QuotaExceeded',
      message: 'FederatedResourceQuota(default/team) exceeded for resource cpu: requested sum 4, limit 3.',
    });
    expect(steps.filter((key) => key === 'default/more-deployment').length).toBe(2);
    steps.length = 0;
    plane.simulation.runFor(30 * MINUTE);
    expect(steps).toEqual([]);
  });

  it('keeps what it had, and grows when the quota does', () => {
    const plane = running();
    plane.change(deployment('web', 4), withSpec({ replicas: 8 }));
    plane.simulation.runFor(MINUTE);
    expect([plane.places('web'), plane.serving('web')]).toEqual(['m1=2 m2=2', 'm1=2 m2=2']);
    expect(scheduled(plane, 'web')?.reason).toBe('QuotaExceeded');
    plane.put(quota({ cpu: '4' }));
    plane.simulation.runFor(MINUTE);
    expect([plane.serving('web'), scheduled(plane, 'web')?.status]).toEqual(['m1=4 m2=4', 'True']);
    expect(statusOf(plane)).toEqual({ overall: { cpu: '4' }, overallUsed: { cpu: '4' } });
  });

  it('comes in when another one gives back, or goes, or the quota does', () => {
    for (const giveBack of [
      (plane: Fixture) => plane.change(deployment('web', 4), withSpec({ replicas: 2 })),
      (plane: Fixture) => plane.remove(deployment('web', 4)),
      (plane: Fixture) => plane.remove(quota({})),
    ]) {
      const plane = running();
      for (const object of twoWays('more', 4)) plane.put(object);
      plane.simulation.runFor(MINUTE);
      expect(plane.places('more')).toBe('');
      giveBack(plane);
      plane.simulation.runFor(MINUTE);
      expect([plane.places('more'), scheduled(plane, 'more')?.status]).toEqual(['m1=2 m2=2', 'True']);
    }
  });

  it('may give back what it has though the quota is less than that by now', () => {
    const plane = running();
    plane.put(quota({ cpu: '500m' }));
    plane.change(deployment('web', 4), withSpec({ replicas: 2 }));
    plane.simulation.runFor(MINUTE);
    expect(plane.serving('web')).toBe('m1=1 m2=1');
  });

  it('does not come in by asking for more in each replica', () => {
    const told: string[] = [];
    const trace = (line: TraceLine) => {
      if (line.type === 'step') told.push(...line.events.map(({ reason, message }) => `${reason}: ${message}`));
    };
    const plane = controlPlane({ clusters: ['m1', 'm2'], trace });
    started(plane, quota({ cpu: '3' }), ...twoWays('web', 4));
    const greedy = (cpu: string) =>
      plane.change(deployment('web', 4), (object) => {
        const text = JSON.stringify(object.spec).replace(/"cpu":"\w+"/, `"cpu":"${cpu}"`);
        return { ...object, spec: JSON.parse(text) };
      });
    const asked = () =>
      JSON.stringify(
        plane.simulation.world.member('m1')!.api.store.get('apps/deployments', 'default', 'web')!.spec,
      ).match(/"cpu":"(\w+)"/)![1];
    greedy('1');
    plane.simulation.runFor(2 * MINUTE);
    expect([asked(), statusOf(plane)?.overallUsed]).toEqual(['500m', { cpu: '2' }]);
    expect(told.filter((one) => one.startsWith('ApplyPolicyFailed: FederatedResourceQuota'))).toHaveLength(1);
    greedy('700m');
    plane.simulation.runFor(2 * MINUTE);
    expect([asked(), statusOf(plane)?.overallUsed]).toEqual(['700m', { cpu: '2800m' }]);
    greedy('1');
    plane.simulation.runFor(2 * MINUTE);
    plane.put(quota({ cpu: '4' }));
    plane.simulation.runFor(2 * MINUTE);
    expect([asked(), statusOf(plane)?.overallUsed]).toEqual(['1', { cpu: '4' }]);
  });

  it.each(['before', 'after'] as const)('is as it should be wherever the scheduler ends, %s a write', (moment) => {
    for (let occurrence = 1; occurrence <= 5; occurrence += 1) {
      const plane = running();
      plane.simulation.addTrigger({
        place: HUB,
        verbs: ['patch', 'patch-status'],
        collections: [COLLECTIONS.bindings],
        occurrence,
        moment,
        fault: { fault: 'restart', name: 'scheduler', forMs: 2_000 },
      });
      for (const object of twoWays('more', 4)) plane.put(object);
      plane.simulation.runFor(MINUTE);
      expect([occurrence, plane.places('more'), scheduled(plane, 'more')?.reason]).toEqual([
        occurrence,
        '',
        'QuotaExceeded',
      ]);
      plane.put(quota({ cpu: '4' }));
      plane.simulation.runFor(2 * MINUTE);
      expect([occurrence, plane.serving('more')]).toEqual([occurrence, 'm1=2 m2=2']);
    }
  });

  it('is not missed though the quota is raised in the moment of the refusal', () => {
    for (let afterMs = 0; afterMs <= 120; afterMs += 15) {
      const plane = running();
      for (const object of twoWays('more', 4)) plane.put(object);
      plane.simulation.runFor(afterMs);
      plane.put(quota({ cpu: '4' }));
      plane.simulation.runFor(MINUTE);
      expect([afterMs, plane.places('more')]).toEqual([afterMs, 'm1=2 m2=2']);
    }
  });

  it('counts for nobody where quotas are not enforced', () => {
    const plane = controlPlane({ clusters: ['m1', 'm2'], profile: KARMADA_PROFILE });
    started(plane, quota({ cpu: '1' }), ...twoWays('web', 4));
    expect([plane.serving('web'), scheduled(plane, 'web')?.status]).toEqual(['m1=2 m2=2', 'True']);
    const enforced = { ...MUSTER_PROFILE, gates: { ...MUSTER_PROFILE.gates, FederatedQuotaEnforcement: false } };
    expect(started(controlPlane({ profile: enforced }), quota({ cpu: '1' }), ...twoWays('web', 4)).serving('web')).toBe(
      'm1=2 m2=2',
    );
  });
});
