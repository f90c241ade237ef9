import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../kube/meta.ts';
import { Interpreter, type InterpreterLayer } from './interpreter.ts';
import { nativeLayer } from './native/native.ts';

const deployment: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { replicas: 3, template: { spec: { containers: [] } } },
};
const unknown: KubeObject = { apiVersion: 'x/v1', kind: 'Thing', metadata: { name: 't' }, status: { phase: 'Ok' } };
const custom: InterpreterLayer = (apiVersion, kind) =>
  apiVersion === 'apps/v1' && kind === 'Deployment' ? { replicas: () => ({ replicas: 99, requirements: null }) } : null;

describe('who answers for a kind', () => {
  it('is the first layer that can, operation by operation', () => {
    const layered = new Interpreter([custom, nativeLayer]);
    expect(layered.replicas(deployment)?.replicas).toBe(99);
    expect(layered.revise(deployment, 1).spec).toMatchObject({ replicas: 1 });
    expect(new Interpreter([nativeLayer, custom]).replicas(deployment)?.replicas).toBe(3);
  });

  it('is known before it is asked', () => {
    const native = new Interpreter([nativeLayer]);
    expect(native.answers(deployment, 'replicas')).toBe(true);
    expect(native.answers(deployment, 'components')).toBe(false);
    expect(native.answers({ ...deployment, apiVersion: 'apps/v1beta1' }, 'replicas')).toBe(false);
  });

  it('is nobody for an unknown kind, whose object stays as it is', () => {
    const native = new Interpreter([nativeLayer]);
    expect(native.replicas(unknown)).toBeNull();
    expect(native.components(unknown)).toBeNull();
    expect(native.revise(unknown, 5)).toBe(unknown);
    expect(native.retain(unknown, deployment)).toBe(unknown);
    expect(native.aggregate(unknown, [{ clusterName: 'm', status: {} }], 0)).toBe(unknown);
    expect(native.dependencies(unknown)).toEqual([]);
    expect(native.healthy(unknown)).toBe(true);
    expect(native.reflect(unknown)).toEqual({ phase: 'Ok' });
    expect(native.reflect({ ...unknown, status: undefined })).toBeNull();
  });
});
