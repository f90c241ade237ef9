import { describe, expect, it } from 'vitest';
import type { ResourceBinding } from '../api/binding.ts';
import type { PropagationPolicy } from '../api/policy.ts';
import type { KubeObject } from '../kube/meta.ts';
import { bindingFor, renewBinding } from './bind.ts';
import { Interpreter, type InterpreterLayer } from './interpret/interpreter.ts';
import { nativeLayer } from './interpret/native/native.ts';

const interpreter = new Interpreter([nativeLayer]);
const deployment: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', uid: 'u-1', resourceVersion: '7', labels: { tier: 'front', bare: '' } },
  spec: {
    replicas: 3,
    template: { spec: { containers: [{ name: 'c', resources: { requests: { cpu: '250m' } } }] } },
  },
};
const policy: PropagationPolicy = {
  metadata: { name: 'p', namespace: 'shop', labels: { 'propagationpolicy.karmada.io/permanent-id': 'id-p' } },
  spec: {
    resourceSelectors: [],
    propagateDeps: true,
    schedulerName: 'default-scheduler',
    placement: { clusterAffinity: { clusterNames: ['m1'] } },
    conflictResolution: 'Overwrite',
    preserveResourcesOnDeletion: true,
    suspension: { dispatching: true },
  },
};
const clusterPolicy: PropagationPolicy = {
  metadata: { name: 'c', labels: { 'clusterpropagationpolicy.karmada.io/permanent-id': 'id-c' } },
  spec: { resourceSelectors: [] },
};

describe('binding of a template and its policy', () => {
  it('carries the object, its needs and all that the policy asks for', () => {
    expect(bindingFor(deployment, policy, interpreter)).toEqual({
      apiVersion: 'work.karmada.io/v1alpha2',
      kind: 'ResourceBinding',
      metadata: {
        name: 'web-deployment',
        namespace: 'shop',
        labels: { 'propagationpolicy.karmada.io/permanent-id': 'id-p' },
        annotations: { 'propagationpolicy.karmada.io/namespace': 'shop', 'propagationpolicy.karmada.io/name': 'p' },
        finalizers: ['karmada.io/binding-controller'],
        ownerReferences: [
          {
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            name: 'web',
            uid: 'u-1',
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      },
      spec: {
        resource: {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          namespace: 'shop',
          name: 'web',
          uid: 'u-1',
          resourceVersion: '7',
        },
        propagateDeps: true,
        replicas: 3,
        replicaRequirements: { resourceRequest: { cpu: '250m' } },
        placement: { clusterAffinity: { clusterNames: ['m1'] } },
        schedulerName: 'default-scheduler',
        conflictResolution: 'Overwrite',
        suspension: { dispatching: true },
        preserveResourcesOnDeletion: true,
      },
    });
  });

  it('is a ClusterResourceBinding with a plain name for an object without a namespace', () => {
    const role: KubeObject = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'system:Viewer', uid: 'u-2' },
    };
    const binding = bindingFor(role, clusterPolicy, interpreter);
    expect(binding.kind).toBe('ClusterResourceBinding');
    expect(binding.metadata.name).toBe('system.viewer-clusterrole');
    expect(binding.metadata).not.toHaveProperty('namespace');
    expect(binding.metadata.finalizers).toEqual(['karmada.io/cluster-resource-binding-controller']);
    expect(binding.spec).toEqual({
      resource: { apiVersion: role.apiVersion, kind: 'ClusterRole', name: 'system:Viewer', uid: 'u-2' },
      placement: {},
    });
  });

  it('has no owner while the template has no uid', () => {
    const draft = { ...deployment, metadata: { name: 'web', namespace: 'shop' } };
    expect(bindingFor(draft, policy, interpreter).metadata).not.toHaveProperty('ownerReferences');
  });

  it('counts components only where that is asked for and the kind has them', () => {
    const layer: InterpreterLayer = (_apiVersion, kind) =>
      kind === 'Flink'
        ? {
            replicas: () => ({ replicas: 9, requirements: null }),
            components: () => [{ name: 'job', replicas: 1 }],
          }
        : null;
    const flink = { ...deployment, kind: 'Flink' };
    const both = new Interpreter([layer, nativeLayer]);
    expect(bindingFor(flink, policy, both).spec.replicas).toBe(9);
    const counted = bindingFor(flink, policy, both, { components: true }).spec;
    expect(counted.components).toEqual([{ name: 'job', replicas: 1 }]);
    expect(counted).not.toHaveProperty('replicas');
    expect(bindingFor(deployment, policy, both, { components: true }).spec.replicas).toBe(3);
  });

  it('takes the priority from the caller', () => {
    expect(bindingFor(deployment, policy, interpreter, { priority: 0 }).spec.schedulePriority).toEqual({ priority: 0 });
    expect(bindingFor(deployment, policy, interpreter).spec).not.toHaveProperty('schedulePriority');
  });

  it('knows neither priority nor groups for an object without a namespace, and what it needs as its policy now says', () => {
    const role: KubeObject = {
      apiVersion: 'v1',
      kind: 'Role',
      metadata: { name: 'r', uid: 'u-2', labels: { tier: 'a' } },
    };
    const workloadAffinity = { affinity: { groupByLabelKey: 'tier' } };
    const asked = { ...clusterPolicy, spec: { ...clusterPolicy.spec, placement: { workloadAffinity } } };
    const options = { priority: 5, workloadAffinity: true };
    const { spec } = bindingFor(role, asked, interpreter, options);
    expect(spec).not.toHaveProperty('schedulePriority');
    expect(spec).not.toHaveProperty('workloadAffinityGroups');
    const needy = bindingFor(role, { ...asked, spec: { ...asked.spec, propagateDeps: true } }, interpreter, options);
    expect(renewBinding(bindingFor(role, asked, interpreter), needy).spec.propagateDeps).toBe(true);
  });

  it('groups workloads by the value of their own label, and only where they have one', () => {
    const grouped = (antiAffinityKey: string) => {
      const workloadAffinity = {
        affinity: { groupByLabelKey: 'tier' },
        antiAffinity: { groupByLabelKey: antiAffinityKey },
      };
      const asked = { ...policy, spec: { ...policy.spec, placement: { workloadAffinity } } };
      return bindingFor(deployment, asked, interpreter, { workloadAffinity: true }).spec.workloadAffinityGroups;
    };
    expect(grouped('tier')).toEqual({ affinityGroup: 'tier=front', antiAffinityGroup: 'tier=front' });
    expect(grouped('team')).toEqual({ affinityGroup: 'tier=front' });
    expect(grouped('bare')).toEqual({ affinityGroup: 'tier=front', antiAffinityGroup: 'bare=' });
    expect(bindingFor(deployment, policy, interpreter, { workloadAffinity: true }).spec).not.toHaveProperty(
      'workloadAffinityGroups',
    );
  });
});

describe('renewed binding', () => {
  const first = bindingFor(deployment, clusterPolicy, interpreter);
  const stored: ResourceBinding = {
    ...first,
    metadata: {
      ...first.metadata,
      uid: 'b-1',
      resourceVersion: '40',
      labels: { ...first.metadata.labels, 'resourcebinding.karmada.io/permanent-id': 'rb-id' },
      annotations: { ...first.metadata.annotations, 'policy.karmada.io/applied-placement': '{}' },
      finalizers: ['karmada.io/binding-dependencies-distributor'],
    },
    spec: {
      ...first.spec,
      clusters: [{ name: 'm1', replicas: 3 }],
      requiredBy: [{ namespace: 'shop', name: 'other' }],
      gracefulEvictionTasks: [{ fromCluster: 'm2', reason: 'TaintUntolerated', producer: 'TaintManager' }],
      rescheduleTriggeredAt: '2026-01-01T00:00:00Z',
      suspension: { scheduling: true, dispatching: false },
      failover: { cluster: { purgeMode: 'Directly' } },
    },
    status: { schedulerObservedGeneration: 4 },
  };

  it('asks for what the policy asks now and keeps what others decided', () => {
    const scaled = { ...deployment, spec: { ...(deployment.spec as object), replicas: 5 } };
    const wanted = bindingFor(scaled, policy, interpreter);
    const renewed = renewBinding(stored, wanted);
    expect(renewed.spec).toEqual({
      ...wanted.spec,
      clusters: stored.spec.clusters,
      requiredBy: stored.spec.requiredBy,
      gracefulEvictionTasks: stored.spec.gracefulEvictionTasks,
      rescheduleTriggeredAt: stored.spec.rescheduleTriggeredAt,
      suspension: { dispatching: true, scheduling: true },
    });
    expect(renewed.spec).not.toHaveProperty('failover');
    expect(renewed.status).toBe(stored.status);
  });

  it('belongs to the policy that claims it now, whichever kind that is', () => {
    const wanted = bindingFor(deployment, policy, interpreter);
    const claimed = renewBinding(stored, wanted);
    expect(claimed.metadata.labels).toEqual({
      'resourcebinding.karmada.io/permanent-id': 'rb-id',
      ...wanted.metadata.labels,
    });
    expect(claimed.metadata.annotations).toEqual({
      'policy.karmada.io/applied-placement': '{}',
      ...wanted.metadata.annotations,
    });
    const back = renewBinding(claimed, first);
    expect(back.metadata.labels).toEqual(stored.metadata.labels);
    expect(back.metadata.annotations).toEqual(stored.metadata.annotations);
  });

  it('keeps the finalizers of others, its uid and its version', () => {
    const { metadata } = renewBinding(stored, bindingFor(deployment, policy, interpreter));
    expect(metadata.finalizers).toEqual([
      'karmada.io/binding-dependencies-distributor',
      'karmada.io/binding-controller',
    ]);
    expect([metadata.uid, metadata.resourceVersion]).toEqual(['b-1', '40']);
  });

  it('is the same again when nothing has changed', () => {
    const wanted = bindingFor(deployment, policy, interpreter);
    const once = renewBinding(stored, wanted);
    expect(renewBinding(once, wanted)).toEqual(once);
  });

  it('has no suspension when neither policy nor scheduler wants one', () => {
    const wanted = bindingFor(deployment, clusterPolicy, interpreter);
    const { suspension: _, ...free } = stored.spec;
    expect(renewBinding({ ...stored, spec: free }, wanted).spec).not.toHaveProperty('suspension');
  });
});
