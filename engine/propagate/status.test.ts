import { describe, expect, it } from 'vitest';
import type { AggregatedStatusItem, ResourceBindingSpec } from '../api/binding.ts';
import type { ManifestStatus, Work } from '../api/work.ts';
import type { Condition, KubeObject } from '../kube/meta.ts';
import { PropagationError } from './errors.ts';
import { Interpreter } from './interpret/interpreter.ts';
import { nativeLayer } from './interpret/native/native.ts';
import {
  aggregatedStatusOf,
  appliedCondition,
  dispatchingCondition,
  fullyAppliedCondition,
  manifestStatusOf,
  withManifestStatus,
} from './status.ts';

const interpreter = new Interpreter([nativeLayer]);
const deployment = (status: unknown): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'web',
    namespace: 'shop',
    generation: 2,
    annotations: { 'resourcetemplate.karmada.io/generation': '5' },
  },
  spec: { replicas: 2 },
  status,
});
const resource = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
const identifier = { ordinal: 0, group: 'apps', version: 'v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
const applied = (status: Condition['status'], message = ''): Condition => ({
  type: 'Applied',
  status,
  reason: 'R',
  message,
  lastTransitionTime: '2026-01-01T00:00:00Z',
});
const workIn = (
  cluster: string,
  conditions: Condition[],
  manifestStatuses: ManifestStatus[] = [],
  manifests: KubeObject[] = [deployment(undefined)],
): Work => ({
  apiVersion: 'work.karmada.io/v1alpha1',
  kind: 'Work',
  metadata: { name: 'web-x', namespace: `karmada-es-${cluster}` },
  spec: { workload: { manifests } },
  status: { conditions, manifestStatuses },
});

describe('status of a manifest', () => {
  it('is what its kind reports, with its health', () => {
    const up = { observedGeneration: 2, replicas: 2, updatedReplicas: 2, availableReplicas: 2, readyReplicas: 2 };
    const { status, ...rest } = manifestStatusOf(deployment(up), 0, interpreter);
    expect(rest).toEqual({ identifier, health: 'Healthy' });
    expect(status).toMatchObject({ replicas: 2, readyReplicas: 2, resourceTemplateGeneration: 5 });
    expect(manifestStatusOf(deployment({ ...up, observedGeneration: 1 }), 3, interpreter)).toMatchObject({
      identifier: { ordinal: 3 },
      health: 'Unhealthy',
    });
  });

  it('has no group for the core kinds, and no status where there is none', () => {
    const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } };
    expect(manifestStatusOf(configMap, 1, interpreter)).toEqual({
      identifier: { ordinal: 1, version: 'v1', kind: 'ConfigMap', name: 'c' },
      health: 'Healthy',
    });
  });

  it('is of unknown health when that cannot be judged', () => {
    const layer = () => ({
      reflect: () => null,
      healthy: () => {
        throw new PropagationError('broken');
      },
    });
    expect(manifestStatusOf(deployment({}), 0, new Interpreter([layer])).health).toBe('Unknown');
    const buggy = () => ({
      reflect: () => null,
      healthy: () => {
        throw new TypeError('a bug');
      },
    });
    expect(() => manifestStatusOf(deployment({}), 0, new Interpreter([buggy]))).toThrow('a bug');
  });

  it('takes the place of the earlier one', () => {
    const other = { identifier: { ...identifier, ordinal: 1 }, health: 'Healthy' } as const;
    const before = [{ identifier, health: 'Unhealthy' } as const, other];
    const now = { identifier, health: 'Healthy' } as const;
    expect(withManifestStatus(before, now)).toEqual([now, other]);
    expect(withManifestStatus([other], now)).toEqual([other, now]);
  });
});

describe('aggregated status', () => {
  const reported = { identifier, status: { readyReplicas: 1 }, health: 'Unhealthy' } as const;

  it('has one item a Work, sorted by cluster', () => {
    const works = [
      workIn('m2', [applied('True')], [reported]),
      workIn('m10', [applied('False', 'no such namespace')], [reported]),
      workIn('m1', []),
    ];
    expect(aggregatedStatusOf(works, resource)).toEqual([
      { clusterName: 'm1', health: 'Unknown' },
      { clusterName: 'm10', appliedMessage: 'no such namespace', health: 'Unknown' },
      { clusterName: 'm2', applied: true, status: { readyReplicas: 1 }, health: 'Unhealthy' },
    ]);
  });

  it('leaves out Works that are being deleted', () => {
    const leaving = workIn('m1', [applied('True')], [reported]);
    leaving.metadata.deletionTimestamp = '2026-01-01T00:00:00Z';
    expect(aggregatedStatusOf([leaving], resource)).toEqual([]);
  });

  it('reads the status of the manifest at its place, among several', () => {
    const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web', namespace: 'shop' } };
    const manifests = [configMap, deployment(undefined)];
    const second = { ...reported, identifier: { ...identifier, ordinal: 1 } };
    const found = (statuses: ManifestStatus[]) =>
      aggregatedStatusOf([workIn('m1', [applied('True')], statuses, manifests)], resource)[0]?.health;
    expect(found([second])).toBe('Unhealthy');
    expect(found([reported])).toBe('Unknown');
    expect(found([])).toBe('Unknown');
  });

  it('knows nothing of the health of an object that the Work has under another name', () => {
    const renamed = { ...deployment(undefined), metadata: { name: 'other', namespace: 'shop' } };
    expect(aggregatedStatusOf([workIn('m1', [applied('True')], [reported], [renamed])], resource)).toEqual([
      { clusterName: 'm1', applied: true, health: 'Unknown' },
    ]);
  });

  it('cannot be told of a Work outside the namespaces of clusters', () => {
    const stray = workIn('m1', []);
    stray.metadata.namespace = 'shop';
    expect(() => aggregatedStatusOf([stray], resource)).toThrow(PropagationError);
  });
});

describe('FullyApplied', () => {
  const spec: ResourceBindingSpec = { resource, clusters: [{ name: 'm1' }], requiredBy: [] };
  const there = (clusterName: string): AggregatedStatusItem => ({ clusterName, applied: true, health: 'Unhealthy' });
  const stateOf = (changes: Partial<ResourceBindingSpec>, items: AggregatedStatusItem[]) => {
    const { type, status, reason } = fullyAppliedCondition({ ...spec, ...changes }, items);
    expect(type).toBe('FullyApplied');
    expect(reason).toBe(status === 'True' ? 'FullyAppliedSuccess' : 'FullyAppliedFailed');
    return status;
  };

  it('is true when the object is in every cluster, healthy or not', () => {
    expect(stateOf({}, [there('m1')])).toBe('True');
    expect(stateOf({ requiredBy: [{ name: 'r', clusters: [{ name: 'm2' }] }] }, [there('m1'), there('m2')])).toBe(
      'True',
    );
  });

  it('is false as long as it is missing somewhere, somewhere else, or has no cluster at all', () => {
    expect(stateOf({}, [{ clusterName: 'm1', health: 'Unknown' }])).toBe('False');
    expect(stateOf({}, [])).toBe('False');
    expect(stateOf({}, [there('m1'), there('m2')])).toBe('False');
    expect(stateOf({}, [there('m2')])).toBe('False');
    expect(stateOf({ clusters: [] }, [])).toBe('False');
  });

  it('counts clusters that are being left until they are purged', () => {
    const task = { fromCluster: 'm2', reason: 'r', producer: 'p' };
    expect(stateOf({ gracefulEvictionTasks: [task] }, [there('m1')])).toBe('False');
    expect(stateOf({ gracefulEvictionTasks: [{ ...task, purgeMode: 'Directly' }] }, [there('m1')])).toBe('True');
  });
});

describe('conditions of a Work', () => {
  it('tell whether every manifest was applied, and what kept the others', () => {
    expect(appliedCondition(2, [])).toMatchObject({ type: 'Applied', status: 'True', reason: 'AppliedSuccessful' });
    expect(appliedCondition(3, ['a: full', 'b: gone'])).toEqual({
      type: 'Applied',
      status: 'False',
      reason: 'AppliedFailed',
      message: '1 of 3 manifests have been applied: a: full; b: gone',
    });
  });

  it('tell whether manifests are sent', () => {
    const spec = { workload: {} };
    expect(dispatchingCondition({ spec })).toMatchObject({ status: 'True', reason: 'Dispatching' });
    expect(dispatchingCondition({ spec: { ...spec, suspendDispatching: true } })).toMatchObject({
      type: 'Dispatching',
      status: 'False',
      reason: 'SuspendDispatching',
    });
  });
});
