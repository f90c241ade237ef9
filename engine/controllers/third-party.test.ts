import { describe, expect, it } from 'vitest';
import { controlPlane, DYNAMIC, policyFor } from '../../test/builders/control-plane.ts';
import type { ResourceBinding } from '../api/binding.ts';
import { COLLECTIONS } from '../api/kinds.ts';
import type { KubeObject } from '../kube/meta.ts';

const CLONE_SETS = 'apps.kruise.io/clonesets';
const KEY = { collection: CLONE_SETS, namespace: 'default', name: 'web' };
const definition: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'clonesets.apps.kruise.io' },
  spec: {
    group: 'apps.kruise.io',
    scope: 'Namespaced',
    names: { plural: 'clonesets', kind: 'CloneSet' },
    versions: [{ name: 'v1alpha1', served: true, storage: true, subresources: { status: {} } }],
  },
};
const definitionPolicy: KubeObject = {
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'ClusterPropagationPolicy',
  metadata: { name: 'definitions' },
  spec: { resourceSelectors: [{ apiVersion: definition.apiVersion, kind: definition.kind }], placement: {} },
};
const cloneSet: KubeObject = {
  apiVersion: 'apps.kruise.io/v1alpha1',
  kind: 'CloneSet',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas: 6,
    template: {
      spec: {
        containers: [
          {
            name: 'main',
            resources: { requests: { cpu: '500m' } },
            envFrom: [{ configMapRef: { name: 'settings' } }],
          },
        ],
      },
    },
  },
};
const settings: KubeObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: 'default' },
};

/** What its own controller would write, as soon as all replicas run. */
const rolledOut = (object: KubeObject): KubeObject => {
  const { replicas } = object.spec as { replicas: number };
  const counters = { replicas, readyReplicas: replicas, updatedReplicas: replicas, availableReplicas: replicas };
  return { ...object, status: { ...counters, observedGeneration: object.metadata.generation } };
};

describe('a workload of another project', () => {
  const plane = controlPlane();
  const { hub } = plane.simulation.world;
  const member = (name: string) => plane.simulation.world.member(name)!.api;
  const inHub = () => hub.store.get(CLONE_SETS, 'default', 'web')!;
  const binding = () => hub.store.get(COLLECTIONS.bindings, 'default', 'web-cloneset') as unknown as ResourceBinding;
  const clusters = ['m1', 'm2', 'm3'];

  it('is divided by what its pods ask for, and takes along what they need', () => {
    plane.simulation.runFor(5_000);
    for (const object of [definition, definitionPolicy, settings]) plane.put(object);
    plane.simulation.runFor(60_000);
    expect(hub.create(CLONE_SETS, cloneSet).ok).toBe(true);
    plane.put(policyFor(cloneSet, DYNAMIC, { propagateDeps: true }));
    plane.simulation.runFor(60_000);
    expect(binding().spec.replicaRequirements).toEqual({ resourceRequest: { cpu: '500m' } });
    const there = clusters.map((name) => member(name).store.get(CLONE_SETS, 'default', 'web')!.spec);
    expect(there).toEqual(clusters.map(() => ({ ...(cloneSet.spec as object), replicas: 2 })));
    expect(clusters.every((name) => member(name).store.get('/configmaps', 'default', 'settings'))).toBe(true);
  });

  it('is well once its own controllers say so, and counted in the hub', () => {
    const health = () => binding().status?.aggregatedStatus?.map((item) => item.health);
    expect(health()).toEqual(['Unknown', 'Unknown', 'Unknown']);
    for (const name of clusters) member(name).writer.patch(KEY, rolledOut, 'status');
    plane.simulation.runFor(60_000);
    expect(health()).toEqual(['Healthy', 'Healthy', 'Healthy']);
    expect(inHub().status).toMatchObject({ replicas: 6, availableReplicas: 6, observedGeneration: 1 });
  });

  it('has its latest generation observed only when every cluster has acted on it', () => {
    const observed = () => (inHub().status as { observedGeneration: number }).observedGeneration;
    hub.writer.patch(KEY, (object) => ({ ...object, spec: { ...(object.spec as object), minReadySeconds: 5 } }));
    plane.simulation.runFor(60_000);
    expect(observed()).toBe(1);
    for (const name of ['m1', 'm2']) member(name).writer.patch(KEY, rolledOut, 'status');
    plane.simulation.runFor(60_000);
    expect(observed()).toBe(1);
    member('m3').writer.patch(KEY, rolledOut, 'status');
    plane.simulation.runFor(60_000);
    expect(observed()).toBe(2);
  });
});
