import { describe, expect, it } from 'vitest';
import {
  controlPlane,
  deployment,
  type Fixture,
  policyFor,
  started,
  withSpec,
} from '../../../test/builders/control-plane.ts';
import type { KubeObject } from '../../kube/meta.ts';

const workload = (name: string) => ({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name });

const rebalancer = (names: readonly string[], spec: object = {}): KubeObject => ({
  apiVersion: 'apps.karmada.io/v1alpha1',
  kind: 'WorkloadRebalancer',
  metadata: { name: 'now' },
  spec: { workloads: names.map(workload), ...spec },
});
const list = (plane: Fixture, names: readonly string[]) => {
  plane.change(rebalancer([]), withSpec({ workloads: names.map(workload) }));
  plane.simulation.runFor(10_000);
};
const stored = (plane: Fixture) => plane.get('apps.karmada.io/v1alpha1', 'WorkloadRebalancer', 'now', '');
const statusOf = (plane: Fixture) => {
  const { observedWorkloads, ...rest } = stored(plane)!.status as {
    observedWorkloads: { workload: { name: string }; result: string; reason?: string }[];
    observedGeneration: number;
    finishTime: string;
  };
  return { told: observedWorkloads.map(({ workload: { name }, result }) => `${name} ${result}`), ...rest };
};
const triggered = (plane: Fixture, name: string) => plane.binding(`${name}-deployment`)!.spec.rescheduleTriggeredAt;

describe('a rebalancer', () => {
  const running = (...names: string[]) => {
    const policies = ['a', 'b', 'c'].map((name) => policyFor(deployment(name, 3)));
    const plane = started(controlPlane(), ...['a', 'b'].map((name) => deployment(name, 3)), ...policies);
    plane.put(rebalancer(names));
    plane.simulation.runFor(10_000);
    return plane;
  };

  it('tells of each workload once, in the order of their names', () => {
    const plane = running('b', 'c', 'a', 'b');
    expect(statusOf(plane)).toMatchObject({
      told: ['a Successful', 'b Successful', 'c Failed'],
      observedGeneration: 1,
    });
    expect(stored(plane)!.status).toMatchObject({
      observedWorkloads: [{}, {}, { workload: workload('c'), reason: 'ReferencedBindingNotFound' }],
    });
    const { creationTimestamp } = stored(plane)!.metadata;
    expect([triggered(plane, 'a'), triggered(plane, 'b')]).toEqual([creationTimestamp, creationTimestamp]);
  });

  it('keeps what has come of them, and looks at those alone that are new', () => {
    const plane = running('a', 'c');
    const { finishTime } = statusOf(plane);
    plane.change({ ...plane.binding('a-deployment') } as KubeObject, withSpec({ rescheduleTriggeredAt: undefined }));
    plane.put(deployment('c', 3));
    plane.simulation.runFor(60_000);
    list(plane, ['c', 'b', 'a']);
    expect(statusOf(plane)).toMatchObject({
      told: ['a Successful', 'b Successful', 'c Failed'],
      observedGeneration: 2,
    });
    expect(statusOf(plane).finishTime > finishTime).toBe(true);
    expect([triggered(plane, 'a'), triggered(plane, 'c')]).toEqual([undefined, undefined]);
    expect(triggered(plane, 'b')).toBeDefined();
  });

  it('forgets what failed when it is listed no more, and tries it again when it is listed again', () => {
    const plane = running('a', 'c');
    list(plane, ['b']);
    expect(statusOf(plane).told).toEqual(['a Successful', 'b Successful']);
    plane.put(deployment('c', 3));
    plane.simulation.runFor(60_000);
    list(plane, ['b', 'c']);
    expect(statusOf(plane).told).toEqual(['a Successful', 'b Successful', 'c Successful']);
    expect(triggered(plane, 'c')).toBeDefined();
  });

  it('writes nothing once that is told, and goes when its time is up', () => {
    const plane = running('a');
    const { resourceVersion } = stored(plane)!.metadata;
    plane.simulation.inject({ fault: 'restart', name: 'controller-manager' });
    plane.simulation.runFor(600_000);
    expect(stored(plane)!.metadata.resourceVersion).toBe(resourceVersion);
    plane.change(rebalancer([]), withSpec({ ttlSecondsAfterFinished: 60 }));
    plane.simulation.runFor(50_000);
    expect(stored(plane)).not.toBeNull();
    plane.simulation.runFor(30_000);
    expect(stored(plane)).toBeNull();
  });
});
