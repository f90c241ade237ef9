import { describe, expect, it } from 'vitest';
import type { ResourceBinding, ResourceBindingSpec } from '../api/binding.ts';
import { dependedByLabelOf } from '../api/names.ts';
import type { KubeObject } from '../kube/meta.ts';
import { attachedBinding, conflictingWishes, dependencyRecord, isDependency } from './dependencies.ts';
import { PropagationError } from './errors.ts';

const secret: KubeObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'Keys', namespace: 'shop', uid: 's-1', resourceVersion: '4', labels: { app: 'web' } },
};
const referrer = (name: string, changes: Partial<ResourceBindingSpec> = {}): ResourceBinding => ({
  metadata: { name, namespace: 'shop', labels: { 'resourcebinding.karmada.io/permanent-id': `id-${name}` } },
  spec: {
    resource: { apiVersion: 'apps/v1', kind: 'Deployment', name },
    clusters: [{ name: `m-${name}` }],
    ...changes,
  },
});
const a = referrer('a');
const b = referrer('b', { conflictResolution: 'Overwrite', preserveResourcesOnDeletion: true });

describe('dependencies of an object', () => {
  it('are recorded as the same text in whatever order they come', () => {
    const one = { apiVersion: 'v1', kind: 'Secret', name: 's' };
    const two = { kind: 'ConfigMap', apiVersion: 'v1', name: 'c' };
    const text = '[{"apiVersion":"v1","kind":"ConfigMap","name":"c"},{"apiVersion":"v1","kind":"Secret","name":"s"}]';
    expect(dependencyRecord([one, two])).toEqual({ 'resourcebinding.karmada.io/dependencies': text });
    expect(dependencyRecord([two, one])).toEqual(dependencyRecord([one, two]));
  });

  it('are found by name or by labels', () => {
    const reference = { apiVersion: 'v1', kind: 'Secret', namespace: 'shop' };
    const labelSelector = { matchLabels: { app: 'web' } };
    expect(isDependency(secret, { ...reference, name: 'Keys' })).toBe(true);
    expect(isDependency(secret, { ...reference, name: 'Other', labelSelector })).toBe(false);
    expect(isDependency(secret, { ...reference, labelSelector })).toBe(true);
    expect(isDependency(secret, { ...reference, labelSelector: { matchLabels: { app: 'api' } } })).toBe(false);
    expect(isDependency(secret, { ...reference, namespace: 'other', name: 'Keys' })).toBe(false);
    expect(isDependency(secret, { ...reference, kind: 'ConfigMap', name: 'Keys' })).toBe(false);
    expect(isDependency(secret, reference)).toBe(false);
  });
});

describe('binding of a dependency', () => {
  it('follows its referrers, and has no placement of its own', () => {
    expect(attachedBinding(secret, [b, a], null)).toEqual({
      apiVersion: 'work.karmada.io/v1alpha2',
      kind: 'ResourceBinding',
      metadata: {
        name: 'keys-secret',
        namespace: 'shop',
        labels: { [dependedByLabelOf('shop', 'a')]: 'id-a', [dependedByLabelOf('shop', 'b')]: 'id-b' },
        finalizers: ['karmada.io/binding-controller'],
        ownerReferences: [
          { apiVersion: 'v1', kind: 'Secret', name: 'Keys', uid: 's-1', controller: true, blockOwnerDeletion: true },
        ],
      },
      spec: {
        resource: {
          apiVersion: 'v1',
          kind: 'Secret',
          namespace: 'shop',
          name: 'Keys',
          uid: 's-1',
          resourceVersion: '4',
        },
        requiredBy: [
          { namespace: 'shop', name: 'a', clusters: [{ name: 'm-a' }] },
          { namespace: 'shop', name: 'b', clusters: [{ name: 'm-b' }] },
        ],
        conflictResolution: 'Overwrite',
        preserveResourcesOnDeletion: true,
      },
    });
  });

  it('forgets a referrer that is gone, and what only that one wanted', () => {
    const both = attachedBinding(secret, [a, b], null);
    expect(attachedBinding(secret, [a], both)).toEqual(attachedBinding(secret, [a], null));
    const alone = attachedBinding(secret, [], both);
    expect(alone.spec).not.toHaveProperty('requiredBy');
    expect(alone.spec).not.toHaveProperty('conflictResolution');
    expect(alone.metadata.labels).toEqual({});
  });

  it('leaves to a policy of its own what that decides, and adds only clusters', () => {
    const placed: ResourceBinding = {
      metadata: { name: 'keys-secret', namespace: 'shop', labels: { own: 'yes' } },
      spec: {
        resource: { apiVersion: 'v1', kind: 'Secret', name: 'Keys' },
        placement: {},
        conflictResolution: 'Abort',
        clusters: [{ name: 'm0' }],
      },
    };
    const { metadata, spec } = attachedBinding(secret, [b], placed);
    expect(metadata.labels).toEqual({ own: 'yes', [dependedByLabelOf('shop', 'b')]: 'id-b' });
    expect(spec).toMatchObject({ conflictResolution: 'Abort', clusters: [{ name: 'm0' }], placement: {} });
    expect(spec).not.toHaveProperty('preserveResourcesOnDeletion');
    expect(spec.requiredBy).toHaveLength(1);
  });

  it('waits until the binding of an earlier object of that name has been collected', () => {
    const old = attachedBinding({ ...secret, metadata: { ...secret.metadata, uid: 's-0' } }, [a], null);
    expect(() => attachedBinding(secret, [a], old)).toThrow(PropagationError);
  });
});

describe('wishes of referrers', () => {
  it('conflict where some have them and some have not', () => {
    expect(conflictingWishes([a, b])).toEqual(['conflictResolution', 'preserveResourcesOnDeletion']);
    expect(conflictingWishes([b, b])).toEqual([]);
    expect(conflictingWishes([a, referrer('c', { conflictResolution: 'Abort' })])).toEqual([]);
    expect(conflictingWishes([])).toEqual([]);
  });
});
