import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../kube/meta.ts';
import { PropagationError } from './errors.ts';
import { Interpreter } from './interpret/interpreter.ts';
import { nativeLayer } from './interpret/native/native.ts';
import { retainMemberFields } from './retain.ts';

const interpreter = new Interpreter([nativeLayer]);
const configMap = (metadata: object, more: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'c', namespace: 'shop', ...metadata },
  ...more,
});
const owners = [{ apiVersion: 'v1', kind: 'Thing', name: 't', uid: 'u' }];

describe('what a member keeps of an updated object', () => {
  it('is its version, finalizers and owners, whatever the hub says of them', () => {
    const observed = configMap({ resourceVersion: '12', finalizers: ['member/f'], ownerReferences: owners, uid: 'm' });
    const desired = configMap({ finalizers: ['hub/f'] }, { data: { a: '1' } });
    expect(retainMemberFields(desired, observed, interpreter)).toEqual(
      configMap({ resourceVersion: '12', finalizers: ['member/f'], ownerReferences: owners }, { data: { a: '1' } }),
    );
  });

  it('has neither finalizers nor owners where the member has none', () => {
    const desired = configMap({ finalizers: ['hub/f'], ownerReferences: owners });
    expect(retainMemberFields(desired, configMap({ resourceVersion: '3' }), interpreter)).toEqual(
      configMap({ resourceVersion: '3' }),
    );
  });

  it('has the keys that only the member has, but not those that the hub has taken away', () => {
    const observed = configMap({
      labels: { app: 'old', team: 'gone', zone: 'member' },
      annotations: {
        note: 'old',
        was: 'gone',
        own: 'member',
        'resourcetemplate.karmada.io/managed-labels': 'app,team',
        'resourcetemplate.karmada.io/managed-annotations':
          'note,resourcetemplate.karmada.io/managed-annotations,resourcetemplate.karmada.io/managed-labels,was',
      },
    });
    const desired = configMap({
      labels: { app: 'new' },
      annotations: { note: 'new', 'resourcetemplate.karmada.io/managed-annotations': 'note' },
    });
    const { metadata } = retainMemberFields(desired, observed, interpreter);
    expect(metadata.labels).toEqual({ app: 'new', zone: 'member' });
    expect(metadata.annotations).toEqual({
      note: 'new',
      own: 'member',
      'resourcetemplate.karmada.io/managed-annotations': 'note',
    });
  });

  it('adds no empty maps', () => {
    expect(retainMemberFields(configMap({}), configMap({}), interpreter)).toEqual(configMap({}));
  });

  it('includes what its kind retains', () => {
    const service = (spec: object): KubeObject => ({ ...configMap({}), kind: 'Service', spec });
    const retained = retainMemberFields(
      service({ type: 'ClusterIP' }),
      service({ clusterIP: '10.0.0.7' }),
      interpreter,
    );
    expect(retained.spec).toEqual({ type: 'ClusterIP', clusterIP: '10.0.0.7' });
  });

  it('cannot be told where labels are no map', () => {
    const broken = configMap({ labels: 'none' });
    expect(() => retainMemberFields(broken, configMap({}), interpreter)).toThrow(PropagationError);
  });
});
