// Works that nobody's binding made: what they bring is made, kept and taken away as all else.
import { describe, expect, it } from 'vitest';
import { controlPlane, type Fixture } from '../../../test/builders/control-plane.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import { executionSpaceOf, FINALIZERS, LABELS, SUPPRESSED } from '../../api/names.ts';
import { WORK_CONDITIONS, type Work } from '../../api/work.ts';
import { findCondition } from '../../kube/conditions.ts';
import type { KubeObject } from '../../kube/meta.ts';

const settings = (data: object, labels: unknown = { app: 'web' }): KubeObject =>
  ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'settings', namespace: 'default', labels },
    data,
  }) as never;

const workOf = (manifest: KubeObject): KubeObject => ({
  apiVersion: 'work.karmada.io/v1alpha1',
  kind: 'Work',
  metadata: { name: 'mine', namespace: executionSpaceOf('m1') },
  spec: { workload: { manifests: [manifest] } },
});

function brought(manifest: KubeObject): Fixture {
  const plane = controlPlane();
  plane.simulation.runFor(5_000);
  plane.put(workOf(manifest));
  plane.simulation.runFor(10_000);
  return plane;
}

const there = ({ simulation }: Fixture) =>
  simulation.world.member('m1')!.api.store.get('/configmaps', 'default', 'settings');

const applied = ({ simulation }: Fixture) => {
  const work = simulation.world.hub.store.get(COLLECTIONS.works, executionSpaceOf('m1'), 'mine');
  return findCondition((work as unknown as Work | null)?.status?.conditions, WORK_CONDITIONS.applied);
};

describe('a Work by hand', () => {
  it('brings what is in it, changes it and takes it away', () => {
    const plane = brought(settings({ a: '1' }));
    expect(applied(plane)).toMatchObject({ status: 'True' });
    expect(there(plane)).toMatchObject({ data: { a: '1' }, metadata: { labels: { app: 'web' } } });
    plane.change(workOf(settings({})), (work) => ({ ...work, spec: workOf(settings({ a: '2' })).spec }));
    plane.simulation.runFor(10_000);
    expect(there(plane)).toMatchObject({ data: { a: '2' } });
    expect(applied(plane)).toMatchObject({ status: 'True' });
    plane.remove(workOf(settings({})));
    plane.simulation.runFor(10_000);
    expect(there(plane)).toBeNull();
  });

  it('brings what was copied from a server, too', () => {
    const copied = settings({ a: '1' });
    const metadata = {
      ...copied.metadata,
      uid: 'abc',
      resourceVersion: '5',
      creationTimestamp: '2026-01-01T00:00:00Z',
    };
    const plane = brought({ ...copied, metadata, status: {} });
    expect(applied(plane)).toMatchObject({ status: 'True' });
    expect(there(plane)).toMatchObject({ data: { a: '1' } });
  });

  it('leaves behind what it is to leave behind, without a mark', () => {
    const plane = brought(settings({ a: '1' }));
    plane.change(workOf(settings({})), ({ spec, ...work }) => ({
      ...work,
      spec: { ...(spec as object), preserveResourcesOnDeletion: true },
    }));
    plane.remove(workOf(settings({})));
    plane.simulation.runFor(300_000);
    expect(there(plane)?.metadata).toMatchObject({ labels: { app: 'web' } });
    expect(there(plane)?.metadata.annotations).toBeUndefined();
  });

  it('that is suspended from the beginning is held by nobody, and brings what it has to when it no longer is', () => {
    const plane = controlPlane();
    plane.simulation.runFor(5_000);
    const work = workOf(settings({ a: '1' }));
    plane.put({ ...work, spec: { ...(work.spec as object), suspendDispatching: true } });
    plane.simulation.runFor(10_000);
    const stored = () => plane.simulation.world.hub.store.get(COLLECTIONS.works, executionSpaceOf('m1'), 'mine');
    expect(stored()).toMatchObject({ status: { conditions: [{ type: 'Dispatching', status: 'False' }] } });
    expect([stored()!.metadata.finalizers, there(plane)]).toEqual([undefined, null]);
    plane.change(work, ({ spec, ...rest }) => ({ ...rest, spec: { ...(spec as object), suspendDispatching: false } }));
    plane.simulation.runFor(10_000);
    expect([stored()!.metadata.finalizers, there(plane)?.data]).toEqual([[FINALIZERS.execution], { a: '1' }]);
  });

  it('that is suspended later stays as it is in its cluster, and goes with it', () => {
    const plane = brought(settings({ a: '1' }));
    const suspended = { ...(workOf(settings({ a: '2' })).spec as object), suspendDispatching: true };
    plane.change(workOf(settings({})), (work) => ({ ...work, spec: suspended }));
    plane.simulation.runFor(10_000);
    expect(there(plane)).toMatchObject({ data: { a: '1' } });
    plane.remove(workOf(settings({})));
    plane.simulation.runFor(10_000);
    expect(there(plane)).toBeNull();
  });

  it('that is suppressed is left alone, and takes along what it brought before', () => {
    const suppressed = (work: KubeObject): KubeObject => ({
      ...work,
      metadata: { ...work.metadata, labels: { ...work.metadata.labels, [LABELS.propagationInstruction]: SUPPRESSED } },
    });
    const plane = controlPlane();
    plane.simulation.runFor(5_000);
    plane.put(suppressed(workOf(settings({ a: '1' }))));
    plane.simulation.runFor(10_000);
    const stored = plane.simulation.world.hub.store.get(COLLECTIONS.works, executionSpaceOf('m1'), 'mine')!;
    expect([there(plane), stored.status, stored.metadata.finalizers]).toEqual([null, undefined, undefined]);
    const earlier = brought(settings({ a: '1' }));
    earlier.change(workOf(settings({})), suppressed);
    earlier.change(workOf(settings({})), (work) => ({ ...work, spec: workOf(settings({ a: '2' })).spec }));
    earlier.simulation.runFor(10_000);
    expect(there(earlier)).toMatchObject({ data: { a: '1' } });
    earlier.remove(workOf(settings({})));
    earlier.simulation.runFor(10_000);
    expect(there(earlier)).toBeNull();
  });

  it('tells what cannot be read', () => {
    const plane = brought(settings({ a: '1' }, 5));
    expect(applied(plane)).toMatchObject({ status: 'False' });
    expect(applied(plane)?.message).toContain('ConfigMap settings cannot be read: metadata.labels');
    expect(there(plane)).toBeNull();
  });
});
