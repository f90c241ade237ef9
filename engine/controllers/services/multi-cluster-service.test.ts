import { describe, expect, it } from 'vitest';
import {
  clusterObject,
  controlPlane,
  deployment,
  type Fixture,
  onlyIn,
  policyFor,
  started,
  withSpec,
} from '../../../test/builders/control-plane.ts';
import {
  carrying,
  endpointsIn,
  exposure,
  service,
  serviceExport,
  withServiceKinds,
  worksIn,
} from '../../../test/builders/services.ts';
import type { TraceLine } from '../../control/trace.ts';
import { findCondition } from '../../kube/conditions.ts';
import type { Condition, KubeObject } from '../../kube/meta.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE, type Profile } from '../../profile/profile.ts';

const WEB = deployment('web', 2);
const EXPOSED = exposure('web', ['m1', 'm2'], ['m3']);

const shared = (exposed: KubeObject = EXPOSED): readonly KubeObject[] => [
  WEB,
  ...carrying([WEB], ['m1', 'm2']),
  service('web'),
  exposed,
];

const running = (exposed = EXPOSED, profile: Profile = MUSTER_PROFILE): Fixture =>
  started(controlPlane({ profile }), ...shared(exposed));

const exposed = (plane: Fixture) => plane.get('networking.karmada.io/v1alpha1', 'MultiClusterService', 'web');

const said = (plane: Fixture, type: string): Condition | undefined =>
  findCondition((exposed(plane)?.status as { conditions?: Condition[] } | undefined)?.conditions, type);

const placed = (plane: Fixture) => plane.binding('web-service')?.spec.clusters?.map(({ name }) => name);

const asked = (providers: readonly string[], consumers: readonly string[]) =>
  withSpec((exposure('web', providers, consumers).spec as object) ?? {});

describe('a service of two clusters that a third may ask for', () => {
  it('is in all of them, and its endpoints are where they are asked for', () => {
    const plane = running();
    expect(placed(plane)).toEqual(['m1', 'm2', 'm3']);
    expect(['m1', 'm2', 'm3'].map((name) => endpointsIn(plane, name, 'web'))).toEqual([2, 2, 4]);
    expect(said(plane, 'ServiceApplied')).toMatchObject({ status: 'True', reason: 'ServiceAppliedSucceed' });
    expect(said(plane, 'EndpointSliceDispatched')).toMatchObject({
      status: 'True',
      reason: 'EndpointSliceDispatchedSucceed',
    });
  });

  it('bears Karmada’s names and labels', () => {
    const plane = running();
    const id = exposed(plane)!.metadata.labels!['multiclusterservice.karmada.io/permanent-id'];
    expect(id).toMatch(/^id-/);
    expect(exposed(plane)!.metadata.finalizers).toEqual(['karmada.io/multiclusterservice-controller']);
    const marks = {
      'multiclusterservice.karmada.io/namespace': 'default',
      'multiclusterservice.karmada.io/name': 'web',
    };
    expect(plane.get('v1', 'Service', 'web')!.metadata).toMatchObject({
      labels: {
        'resourcetemplate.karmada.io/claimed-by': 'MultiClusterService',
        'multiclusterservice.karmada.io/permanent-id': id,
      },
      annotations: marks,
    });
    expect(plane.binding('web-service')).toMatchObject({
      metadata: {
        labels: {
          'binding.karmada.io/managed-by': 'MultiClusterService',
          'multiclusterservice.karmada.io/permanent-id': id,
        },
        annotations: marks,
      },
      spec: { conflictResolution: 'Overwrite', placement: { clusterAffinity: { clusterNames: ['m1', 'm2', 'm3'] } } },
    });
    const { hub } = plane.simulation.world;
    const works = (cluster: string) => hub.store.list('work.karmada.io/works', `karmada-es-${cluster}`);
    const note = works('m1').find(
      ({ metadata }) => metadata.labels?.['multiclusterservice.karmada.io/permanent-id'] === id,
    );
    expect(note).toMatchObject({ metadata: { labels: marks }, spec: { suspendDispatching: true } });
    expect(note!.metadata.finalizers ?? []).toEqual([]);
    const collected = works('m1').find(({ metadata }) => metadata.labels?.['endpointslice.karmada.io/managed-by']);
    expect(collected).toMatchObject({
      metadata: {
        labels: { ...marks, 'endpointslice.karmada.io/managed-by': 'MultiClusterService' },
        finalizers: ['karmada.io/mcs-endpointslice-dispatch-controller'],
      },
      spec: { suspendDispatching: true },
    });
    const sent = plane.simulation.world
      .member('m3')!
      .api.store.list('discovery.k8s.io/endpointslices')
      .filter(({ metadata }) => metadata.annotations?.['endpointslice.karmada.io/provision-cluster'] === 'm1');
    expect(sent).toMatchObject([
      {
        metadata: {
          name: expect.stringMatching(/^m1-web-/),
          labels: {
            'kubernetes.io/service-name': 'web',
            'endpointslice.kubernetes.io/managed-by': 'endpointslice-dispatch-controller.karmada.io',
          },
        },
      },
    ]);
  });

  it('follows who provides it and who may ask for it', () => {
    const plane = running();
    plane.change(EXPOSED, asked(['m1'], ['m3']));
    plane.simulation.runFor(60_000);
    expect(endpointsIn(plane, 'm3', 'web')).toBe(2);
    expect(worksIn(plane, 'm2').filter((text) => !text.startsWith('Deployment'))).toEqual([]);
    plane.change(EXPOSED, asked(['m1', 'm2'], ['m2']));
    plane.simulation.runFor(60_000);
    expect([endpointsIn(plane, 'm2', 'web'), placed(plane)]).toEqual([4, ['m1', 'm2']]);
    expect(worksIn(plane, 'm3')).toEqual([]);
  });

  it('is everywhere where nobody is named, and with whoever joins', () => {
    const plane = running(exposure('web', [], []));
    expect(['m1', 'm2', 'm3'].map((name) => endpointsIn(plane, name, 'web'))).toEqual([4, 4, 4]);
    plane.simulation.addMember({
      name: 'm4',
      nodes: [{ name: 'node', count: 1, allocatable: { cpu: '8', memory: '64Gi', pods: 110 } }],
    });
    plane.put(clusterObject('m4'));
    plane.simulation.runFor(120_000);
    expect([endpointsIn(plane, 'm4', 'web'), placed(plane)]).toEqual([4, ['m1', 'm2', 'm3', 'm4']]);
    expect(worksIn(plane, 'm4')).toEqual(expect.arrayContaining(['MultiClusterService web', 'Service web']));
  });

  it('asks no member for what only the hub knows', () => {
    const followed = new Set<string>();
    const trace = (line: TraceLine) => {
      if (line.type !== 'step') return;
      for (const command of line.commands) if (command.verb === 'watch') followed.add(command.collection);
    };
    started(controlPlane({ trace }), ...shared());
    expect([...followed].sort()).toEqual(['/services', 'apps/deployments', 'discovery.k8s.io/endpointslices']);
  });

  it('keeps what a consumer has that does not serve slices for a moment', () => {
    const plane = running();
    const { apis } = plane.simulation.world.member('m3')!;
    const served = apis.list();
    apis.replace(served.filter(({ groupVersion }) => groupVersion !== 'discovery.k8s.io/v1'));
    plane.simulation.runFor(120_000);
    const sent = () => worksIn(plane, 'm3').filter((text) => text.startsWith('EndpointSlice'));
    expect(sent()).toHaveLength(2);
    plane.change(WEB, withSpec({ replicas: 3 }));
    plane.simulation.runFor(30_000);
    apis.replace(served);
    plane.simulation.runFor(120_000);
    expect([sent().length, endpointsIn(plane, 'm3', 'web')]).toEqual([2, 6]);
  });

  it('has to have a Service, and says so', () => {
    const plane = started(controlPlane(), ...shared().filter(({ kind }) => kind !== 'Service'));
    expect(said(plane, 'ServiceApplied')).toMatchObject({
      status: 'False',
      reason: 'ServiceAppliedFailed',
      message: 'services "web" not found',
    });
    plane.put(service('web'));
    plane.simulation.runFor(60_000);
    expect([said(plane, 'ServiceApplied')?.status, endpointsIn(plane, 'm3', 'web')]).toEqual(['True', 4]);
  });

  it('is taken from its policy, which has no say in it until it is given back', () => {
    const policy = policyFor(service('web'), onlyIn('m1'));
    const plane = started(controlPlane(), ...shared().filter(({ kind }) => kind !== 'MultiClusterService'), policy);
    // That of its Deployment has another name.
    expect(placed(plane)).toEqual(['m1']);
    plane.put(EXPOSED);
    plane.simulation.runFor(60_000);
    expect(placed(plane)).toEqual(['m1', 'm2', 'm3']);
    expect(plane.binding('web-service')!.metadata.labels).not.toHaveProperty(
      'propagationpolicy.karmada.io/permanent-id',
    );
    plane.change(policy, withSpec({ placement: onlyIn('m2') }));
    plane.simulation.runFor(60_000);
    expect(placed(plane)).toEqual(['m1', 'm2', 'm3']);
    plane.remove(EXPOSED);
    plane.simulation.runFor(120_000);
    expect(placed(plane)).toEqual(['m2']);
  });

  it('is put right where somebody lays hands on it', () => {
    const plane = running();
    const { hub } = plane.simulation.world;
    for (const name of ['m1', 'm3']) {
      for (const { metadata } of hub.store.list('work.karmada.io/works', `karmada-es-${name}`)) {
        if (metadata.labels?.['multiclusterservice.karmada.io/name'] === undefined) continue;
        const key = { collection: 'work.karmada.io/works', namespace: metadata.namespace!, name: metadata.name };
        hub.writer.delete(key, hub.now);
      }
    }
    plane.change(service('web'), (object) => ({ ...object, metadata: { ...object.metadata, labels: {} } }));
    const bound = { apiVersion: 'work.karmada.io/v1alpha2', kind: 'ResourceBinding' };
    const metadata = { name: 'web-service', namespace: 'default' };
    plane.change({ ...bound, metadata }, withSpec({ placement: onlyIn('m1') }));
    plane.simulation.runFor(60_000);
    expect(endpointsIn(plane, 'm3', 'web')).toBe(4);
    expect(worksIn(plane, 'm1')).toContain('MultiClusterService web');
    expect([placed(plane), plane.get('v1', 'Service', 'web')!.metadata.labels]).toMatchObject([
      ['m1', 'm2', 'm3'],
      { 'resourcetemplate.karmada.io/claimed-by': 'MultiClusterService' },
    ]);
    plane.remove({ ...bound, metadata });
    plane.simulation.runFor(60_000);
    expect(placed(plane)).toEqual(['m1', 'm2', 'm3']);
    const note = hub.store
      .list('work.karmada.io/works', 'karmada-es-m1')
      .find(({ metadata: { labels } }) => labels?.['multiclusterservice.karmada.io/permanent-id'] !== undefined)!;
    hub.writer.delete(
      { collection: 'work.karmada.io/works', namespace: 'karmada-es-m1', name: note.metadata.name },
      hub.now,
    );
    plane.simulation.runFor(60_000);
    expect(worksIn(plane, 'm1')).toContain('MultiClusterService web');
    expect(endpointsIn(plane, 'm3', 'web')).toBe(4);
  });

  it('leaves the Service where it is when it is taken back, and nothing else', () => {
    const plane = running();
    plane.remove(EXPOSED);
    plane.simulation.runFor(120_000);
    expect([exposed(plane), placed(plane)]).toEqual([null, ['m1', 'm2', 'm3']]);
    expect(['m1', 'm2', 'm3'].map((name) => worksIn(plane, name))).toEqual([
      ['Service web', 'Deployment web'],
      ['Service web', 'Deployment web'],
      ['Service web'],
    ]);
    expect(endpointsIn(plane, 'm3', 'web')).toBe(0);
    expect(plane.get('v1', 'Service', 'web')!.metadata).toMatchObject({ labels: {}, annotations: {} });
  });

  it('leaves nothing behind when all of it goes', () => {
    const plane = running();
    for (const object of shared()) plane.remove(object);
    plane.simulation.runFor(120_000);
    expect(['m1', 'm2', 'm3'].flatMap((name) => worksIn(plane, name))).toEqual([]);
    expect(plane.simulation.world.member('m3')!.api.store.list('discovery.k8s.io/endpointslices')).toEqual([]);
  });

  it('is exported at the same time, and stays so when one of the two ends', () => {
    const EXPORT = serviceExport('web');
    const plane = withServiceKinds(controlPlane());
    started(plane, ...shared(), EXPORT, ...carrying([EXPORT], ['m1', 'm2']));
    const collectors = () =>
      plane.simulation.world.hub.store
        .list('work.karmada.io/works', 'karmada-es-m1')
        .flatMap(({ metadata }) => metadata.labels?.['endpointslice.karmada.io/managed-by'] ?? []);
    expect(collectors()).toEqual(['MultiClusterService.ServiceExport']);
    plane.remove(EXPOSED);
    plane.simulation.runFor(120_000);
    expect([collectors(), endpointsIn(plane, 'm3', 'web')]).toEqual([['ServiceExport'], 0]);
    plane.put(EXPOSED);
    plane.simulation.runFor(60_000);
    plane.remove(EXPORT);
    plane.simulation.runFor(120_000);
    expect([collectors(), endpointsIn(plane, 'm3', 'web')]).toEqual([['MultiClusterService'], 4]);
  });

  it('is collected by agents where clusters have them', () => {
    const byHub = new Set<string>();
    const trace = (line: TraceLine) => {
      if (line.type !== 'step' || line.by !== 'controller-manager') return;
      for (const { on, verb } of line.commands) if (verb === 'watch') byHub.add(on);
    };
    const plane = started(controlPlane({ pull: ['m1', 'm3'], trace }), ...shared());
    expect([endpointsIn(plane, 'm3', 'web'), [...byHub]]).toEqual([4, ['member/m2']]);
  });

  it('is not carried out where the gate is closed, as it is in Karmada', () => {
    const plane = running(EXPOSED, KARMADA_PROFILE);
    expect([placed(plane), exposed(plane)!.metadata.finalizers]).toEqual([undefined, undefined]);
  });
});

describe('a provider that is out of sight', () => {
  const lost = (profile: Profile): Fixture => {
    const plane = running(EXPOSED, profile);
    plane.simulation.inject({ fault: 'power-off', cluster: 'm2' });
    plane.simulation.runFor(120_000);
    return plane;
  };

  it('is asked no more until it is back', () => {
    const plane = lost(MUSTER_PROFILE);
    expect(endpointsIn(plane, 'm3', 'web')).toBe(2);
    plane.simulation.heal();
    plane.simulation.runFor(900_000);
    expect(endpointsIn(plane, 'm3', 'web')).toBe(4);
  });

  it('is asked all the same in Karmada', () => {
    const gates = { ...KARMADA_PROFILE.gates, MultiClusterService: true };
    expect(endpointsIn(lost({ ...KARMADA_PROFILE, gates }), 'm3', 'web')).toBe(4);
  });

  it('does not hold back who takes the service away', () => {
    const plane = lost(MUSTER_PROFILE);
    plane.remove(EXPOSED);
    plane.simulation.runFor(120_000);
    expect([exposed(plane), endpointsIn(plane, 'm3', 'web')]).toEqual([null, 0]);
    expect(worksIn(plane, 'm2').filter((text) => text.startsWith('EndpointSlice'))).toEqual([]);
  });

  it('is followed again by a control plane that has begun meanwhile', () => {
    const plane = running(exposure('web', ['m2'], ['m3']));
    plane.simulation.inject({ fault: 'power-off', cluster: 'm2' });
    plane.simulation.runFor(60_000);
    plane.simulation.inject({ fault: 'restart', name: 'controller-manager', forMs: 1_000 });
    plane.simulation.runFor(30_000);
    plane.simulation.heal();
    plane.simulation.runFor(300_000);
    plane.change(WEB, withSpec({ replicas: 3 }));
    plane.simulation.runFor(60_000);
    expect(endpointsIn(plane, 'm3', 'web')).toBe(3);
  });

  it('is better than nobody', () => {
    const plane = running(exposure('web', ['m2'], ['m3']));
    plane.simulation.inject({ fault: 'power-off', cluster: 'm2' });
    plane.simulation.runFor(120_000);
    expect(endpointsIn(plane, 'm3', 'web')).toBe(2);
  });
});

describe('a control plane that ends at any write', () => {
  it.each([500, 1_500, 2_500, 5_000, 8_000, 13_000])('goes on after %i ms, and takes everything back', (afterMs) => {
    const plane = controlPlane();
    plane.simulation.runFor(5_000);
    const restart = () => plane.simulation.inject({ fault: 'restart', name: 'controller-manager', forMs: 1_000 });
    for (const object of shared()) plane.put(object);
    plane.simulation.runFor(afterMs);
    restart();
    plane.simulation.runFor(60_000);
    expect(endpointsIn(plane, 'm3', 'web')).toBe(4);
    for (const object of shared()) plane.remove(object);
    plane.simulation.runFor(Math.floor(afterMs / 10));
    restart();
    plane.simulation.runFor(240_000);
    expect(['m1', 'm2', 'm3'].flatMap((name) => worksIn(plane, name))).toEqual([]);
    expect([exposed(plane), endpointsIn(plane, 'm3', 'web')]).toEqual([null, 0]);
  });
});

describe('two providers whose slices have one name', () => {
  it('do not take each other’s place', () => {
    const plane = controlPlane();
    const slice = (address: string): KubeObject => ({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'by-hand', namespace: 'default', labels: { 'kubernetes.io/service-name': 'web' } },
      addressType: 'IPv4',
      endpoints: [{ addresses: [address] }],
      ports: [],
    });
    for (const [name, address] of [
      ['m1', '10.9.0.1'],
      ['m2', '10.9.0.2'],
    ] as const) {
      plane.simulation.world.member(name)!.api.create('discovery.k8s.io/endpointslices', slice(address));
    }
    started(plane, service('web', { selector: undefined }), EXPOSED);
    expect(endpointsIn(plane, 'm3', 'web')).toBe(2);
  });
});
