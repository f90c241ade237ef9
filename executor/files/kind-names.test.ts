import { describe, expect, it } from 'vitest';
import { isCalled, isNamespaced } from './kind-names.ts';

const deployment = { apiVersion: 'apps/v1', kind: 'Deployment' };

describe('the names of kinds', () => {
  it('are what people write: kind, plural, singular, short name, with or without group', () => {
    for (const word of [
      'Deployment',
      'deployment',
      'deployments',
      'deploy',
      'Deploy',
      'deployment.apps',
      'deploy.apps',
    ]) {
      expect(isCalled(deployment, word)).toBe(true);
    }
    for (const word of ['sts', 'deployment.batch', '', 'deploymen']) expect(isCalled(deployment, word)).toBe(false);
  });

  it('include those of Karmada, and kinds that nobody knows', () => {
    expect(isCalled({ apiVersion: 'work.karmada.io/v1alpha2', kind: 'ResourceBinding' }, 'rb')).toBe(true);
    expect(isCalled({ apiVersion: 'example.com/v1', kind: 'Widget' }, 'widgets')).toBe(true);
    expect(isCalled({ apiVersion: 'example.com/v1', kind: 'Widget' }, 'widget.example.com')).toBe(true);
  });
});

describe('namespaces', () => {
  it('belong to most kinds, and not to those that are known to have none', () => {
    expect(isNamespaced(deployment)).toBe(true);
    expect(isNamespaced({ apiVersion: 'v1', kind: 'Namespace' })).toBe(false);
    expect(isNamespaced({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole' })).toBe(false);
    expect(isNamespaced({ apiVersion: 'policy.karmada.io/v1alpha1', kind: 'ClusterPropagationPolicy' })).toBe(false);
    expect(isNamespaced({ apiVersion: 'kyverno.io/v1', kind: 'ClusterPolicy' })).toBe(false);
    expect(isNamespaced({ apiVersion: 'kyverno.io/v1', kind: 'Policy' })).toBe(true);
    expect(isNamespaced({ apiVersion: 'apps.kruise.io/v1alpha1', kind: 'SidecarSet' })).toBe(false);
    expect(isNamespaced({ apiVersion: 'example.com/v1', kind: 'Widget' })).toBe(true);
  });
});
