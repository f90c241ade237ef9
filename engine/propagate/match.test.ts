import { describe, expect, it } from 'vitest';
import type { PropagationPolicy, ResourceSelector } from '../api/policy.ts';
import type { KubeObject } from '../kube/meta.ts';
import { matchClusterPropagationPolicy, matchPolicy, matchPropagationPolicy, rankPolicies } from './match.ts';

const object: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } },
};
const kind = { apiVersion: 'apps/v1', kind: 'Deployment' };
const byAll: ResourceSelector = kind;
const byLabels: ResourceSelector = { ...kind, labelSelector: { matchLabels: { app: 'web' } } };
const byName: ResourceSelector = { ...kind, name: 'web' };
const policy = (
  name: string,
  selectors: ResourceSelector[],
  more: { namespace?: string; priority?: number; deletionTimestamp?: string } = {},
): PropagationPolicy => ({
  metadata: { name, namespace: more.namespace, deletionTimestamp: more.deletionTimestamp },
  spec: { resourceSelectors: selectors, priority: more.priority },
});
const order = (...policies: PropagationPolicy[]) =>
  rankPolicies(object, policies).map((match) => match.policy.metadata.name);

describe('policies for an object', () => {
  it('rank by explicit priority, then by fit, then by name', () => {
    expect(
      order(
        policy('z-all', [byAll]),
        policy('b-name', [byName]),
        policy('a-name', [byName]),
        policy('labels', [byLabels]),
        policy('first', [byAll], { priority: 1 }),
        policy('last', [byName], { priority: -1 }),
      ),
    ).toEqual(['first', 'a-name', 'b-name', 'labels', 'z-all', 'last']);
  });

  it('fit by the best of their selectors', () => {
    expect(order(policy('a', [byAll, byLabels]), policy('b', [byAll, byName]))).toEqual(['b', 'a']);
    expect(rankPolicies(object, [policy('a', [byAll, byName])])[0]!.implicitPriority).toBe(3);
  });

  it('do not fit another kind, version, namespace or name', () => {
    expect(
      order(
        policy('kind', [{ ...byAll, kind: 'StatefulSet' }]),
        policy('version', [{ ...byAll, apiVersion: 'apps/v1beta1' }]),
        policy('namespace', [{ ...byName, namespace: 'other' }]),
        policy('name', [{ ...byName, name: 'api' }]),
        policy('labels', [{ ...kind, labelSelector: { matchLabels: { app: 'api' } } }]),
        policy('none', []),
      ),
    ).toEqual([]);
  });

  it('do not look at labels once they have a name', () => {
    const both = { ...byName, labelSelector: { matchLabels: { app: 'api' } } };
    expect(order(policy('a', [both]))).toEqual(['a']);
  });

  it('fit all by an empty label selector, better than by none', () => {
    expect(order(policy('a', [byAll]), policy('b', [{ ...kind, labelSelector: {} }]))).toEqual(['b', 'a']);
  });

  it('win nothing on their way out', () => {
    expect(order(policy('a', [byName], { deletionTimestamp: '2026-01-01T00:00:00Z' }))).toEqual([]);
  });
});

describe('the policy that propagates an object', () => {
  const weak = policy('weak', [byAll], { namespace: 'shop', priority: -5 });
  const strong = policy('strong', [byName], { priority: 100 });

  it('is any of its own namespace rather than a cluster-wide one', () => {
    expect(matchPolicy(object, [weak], [strong])).toBe(weak);
    expect(matchPolicy(object, [], [strong])).toBe(strong);
    expect(matchPolicy(object, [], [])).toBeNull();
  });

  it('is never one of another namespace', () => {
    expect(matchPropagationPolicy(object, [policy('p', [byName], { namespace: 'other' })])).toBeNull();
  });

  it('is cluster-wide for an object without a namespace', () => {
    const role = { ...object, metadata: { name: 'web' } };
    expect(matchPropagationPolicy(role, [weak])).toBeNull();
    expect(matchClusterPropagationPolicy(role, [strong])).toBe(strong);
  });
});
