import { describe, expect, it } from 'vitest';
import { clusterObject, controlPlane, type Fixture, started, withSpec } from '../../../test/builders/control-plane.ts';
import {
  carrying,
  endpointsIn,
  endpointsInHub,
  serviceExport,
  serviceImport,
  serving,
  slicesInHub,
  withServiceKinds,
  worksIn,
} from '../../../test/builders/services.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE, type Profile } from '../../profile/profile.ts';

const EXPORT = serviceExport('web');
const IMPORT = serviceImport('web', { ips: ['10.7.0.1'] });

const shared = (): readonly KubeObject[] => [
  ...serving('web', 2, ['m1', 'm2']),
  EXPORT,
  ...carrying([EXPORT], ['m1', 'm2']),
  IMPORT,
  ...carrying([IMPORT], ['m3'], { propagateDeps: true }),
];

function running(profile: Profile = MUSTER_PROFILE, pull: readonly string[] = []): Fixture {
  return started(withServiceKinds(controlPlane({ profile, pull })), ...shared());
}

const derived = (plane: Fixture) => plane.get('v1', 'Service', 'derived-web');

describe('a service that two clusters export and a third imports', () => {
  it('has its endpoints in the hub and in the third, beside a Service of its own', () => {
    const plane = running();
    expect(derived(plane)).toMatchObject({
      spec: { type: 'ClusterIP', ports: [{ name: 'http', port: 80, protocol: 'TCP' }] },
      status: { loadBalancer: { ingress: [{ ip: '10.7.0.1' }] } },
    });
    expect([endpointsInHub(plane, 'derived-web'), endpointsIn(plane, 'm3', 'derived-web')]).toEqual([4, 4]);
    const { store } = plane.simulation.world.member('m3')!.api;
    expect(store.get('/services', 'default', 'derived-web')).toMatchObject({ spec: { ports: [{ port: 80 }] } });
    expect(slicesInHub(plane).map(({ metadata }) => metadata.name)).toEqual([
      expect.stringMatching(/^imported-m1-web-/),
      expect.stringMatching(/^imported-m2-web-/),
    ]);
  });

  it('bears Karmada’s names and labels on its way', () => {
    const plane = running();
    const collected = plane.simulation.world.hub.store
      .list('work.karmada.io/works', 'karmada-es-m1')
      .find(({ metadata }) => metadata.labels?.['endpointslice.karmada.io/name'] === 'web')!;
    expect(collected).toMatchObject({
      metadata: {
        labels: {
          'endpointslice.karmada.io/namespace': 'default',
          'endpointslice.karmada.io/managed-by': 'ServiceExport',
        },
        finalizers: ['karmada.io/endpointslice-controller'],
      },
      spec: { suspendDispatching: true },
      status: { conditions: [{ type: 'Dispatching', status: 'False' }] },
    });
    expect(slicesInHub(plane)[0]!.metadata).toMatchObject({
      labels: { 'work.karmada.io/permanent-id': collected.metadata.labels!['work.karmada.io/permanent-id'] },
      annotations: { 'work.karmada.io/namespace': 'karmada-es-m1', 'work.karmada.io/name': collected.metadata.name },
    });
  });

  it('is followed as it grows, and as its pods die', () => {
    const plane = running();
    plane.change(shared()[0]!, withSpec({ replicas: 3 }));
    plane.simulation.runFor(60_000);
    expect(endpointsIn(plane, 'm3', 'derived-web')).toBe(6);
    plane.change(shared()[0]!, withSpec({ replicas: 1 }));
    plane.simulation.runFor(60_000);
    expect(endpointsIn(plane, 'm3', 'derived-web')).toBe(2);
  });

  it('is known by what one exports when the other no longer does', () => {
    const plane = running();
    plane.change(
      carrying([EXPORT], ['m1'])[0]!,
      withSpec({ placement: { clusterAffinity: { clusterNames: ['m2'] } } }),
    );
    plane.simulation.runFor(60_000);
    expect(endpointsIn(plane, 'm3', 'derived-web')).toBe(2);
    expect(worksIn(plane, 'm1')).not.toContainEqual(expect.stringMatching(/^EndpointSlice/));
  });

  it('leaves nothing behind when nobody exports or imports it any more', () => {
    const plane = running();
    for (const object of shared()) plane.remove(object);
    plane.simulation.runFor(120_000);
    expect([derived(plane), slicesInHub(plane)]).toEqual([null, []]);
    expect(['m1', 'm2', 'm3'].flatMap((name) => worksIn(plane, name))).toEqual([]);
    expect(plane.simulation.world.member('m3')!.api.store.list('/services')).toEqual([]);
    expect(endpointsIn(plane, 'm3', 'derived-web')).toBe(0);
  });

  it('takes its Service along when the import goes, and the endpoints stay for other importers', () => {
    const plane = running();
    plane.remove(IMPORT);
    plane.simulation.runFor(60_000);
    expect([derived(plane), endpointsIn(plane, 'm3', 'derived-web')]).toEqual([null, 0]);
    expect(endpointsInHub(plane, 'derived-web')).toBe(4);
  });

  it('is told by agents where clusters have them', () => {
    const plane = running(MUSTER_PROFILE, ['m1', 'm3']);
    expect(endpointsIn(plane, 'm3', 'derived-web')).toBe(4);
  });

  it('is put right where somebody lays hands on it', () => {
    const plane = running();
    const { hub } = plane.simulation.world;
    for (const { metadata } of slicesInHub(plane)) {
      const key = { collection: 'discovery.k8s.io/endpointslices', namespace: 'default', name: metadata.name };
      hub.writer.delete(key, hub.now);
    }
    plane.change(derived(plane)!, withSpec({ ports: [{ name: 'http', port: 81 }] }));
    for (const { metadata } of hub.store.list('work.karmada.io/works', 'karmada-es-m1')) {
      if (metadata.labels?.['endpointslice.karmada.io/name'] === undefined) continue;
      hub.writer.delete(
        { collection: 'work.karmada.io/works', namespace: 'karmada-es-m1', name: metadata.name },
        hub.now,
      );
    }
    plane.simulation.runFor(60_000);
    expect(derived(plane)).toMatchObject({ spec: { ports: [{ name: 'http', port: 80 }] } });
    expect(endpointsIn(plane, 'm3', 'derived-web')).toBe(4);
  });

  it('keeps the slices of its own clusters, which bear the marks of their Service', () => {
    const plane = running();
    const own = () => plane.simulation.world.member('m1')!.api.store.list('discovery.k8s.io/endpointslices');
    const before = own().map(({ metadata }) => metadata.uid);
    expect(own()[0]!.metadata.labels).toMatchObject({ 'karmada.io/managed': 'true' });
    plane.simulation.runFor(600_000);
    expect(own().map(({ metadata }) => metadata.uid)).toEqual(before);
  });

  it('is not taken away by a control plane that has just begun', () => {
    const plane = running();
    plane.simulation.inject({ fault: 'restart', name: 'controller-manager', forMs: 5_000 });
    let least = 4;
    for (let at = 0; at < 60; at += 1) {
      plane.simulation.runFor(1_000);
      least = Math.min(least, endpointsIn(plane, 'm3', 'derived-web'));
    }
    expect(least).toBe(4);
  });

  it('forgets what ceased while it was down', () => {
    const plane = running();
    plane.simulation.inject({ fault: 'restart', name: 'controller-manager', forMs: 30_000 });
    plane.simulation.runFor(1_000);
    const { api } = plane.simulation.world.member('m1')!;
    api.writer.delete(
      { collection: 'multicluster.x-k8s.io/serviceexports', namespace: 'default', name: 'web' },
      api.now,
    );
    plane.remove(carrying([EXPORT], [])[0]!);
    plane.remove(EXPORT);
    plane.simulation.runFor(120_000);
    expect([endpointsInHub(plane, 'derived-web'), endpointsIn(plane, 'm3', 'derived-web')]).toEqual([0, 0]);
  });
});

describe('an exporting cluster', () => {
  const outage = { fault: 'power-off', cluster: 'm2' } as const;

  it('that is out of sight is no longer told of, until it is back', () => {
    const plane = running();
    plane.simulation.inject(outage);
    plane.simulation.runFor(120_000);
    expect(endpointsIn(plane, 'm3', 'derived-web')).toBe(2);
    plane.simulation.heal();
    plane.simulation.runFor(900_000);
    expect(endpointsIn(plane, 'm3', 'derived-web')).toBe(4);
  });

  it('that is out of sight stays in Karmada', () => {
    const plane = running(KARMADA_PROFILE);
    plane.simulation.inject(outage);
    plane.simulation.runFor(600_000);
    expect(endpointsIn(plane, 'm3', 'derived-web')).toBe(4);
  });

  it('that leaves takes its endpoints along', () => {
    const plane = running();
    plane.remove(clusterObject('m2'));
    plane.simulation.runFor(120_000);
    expect(plane.get('cluster.karmada.io/v1alpha1', 'Cluster', 'm2', '')).toBeNull();
    expect(endpointsIn(plane, 'm3', 'derived-web')).toBe(2);
  });
});

describe('where nothing is exported', () => {
  it('no member is asked for its endpoints', () => {
    const plane = started(withServiceKinds(controlPlane()), ...serving('web', 2, ['m1', 'm2']));
    for (const { api } of plane.simulation.world.members) {
      expect(api.store.list('discovery.k8s.io/endpointslices')).toEqual([]);
    }
  });
});
