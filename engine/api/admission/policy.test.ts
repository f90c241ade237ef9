import { describe, expect, it } from 'vitest';
import { overrideOf, policyOf, refusedAt, selector, specOf, taintPolicyOf } from '../../../test/builders/admitted.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { idProblems, withPermanentId } from './permanent-id.ts';

const elsewhere = { ...selector, namespace: 'bank' };

describe('the selectors of a policy', () => {
  it.each([policyOf({ resourceSelectors: [elsewhere] }), overrideOf({ resourceSelectors: [elsewhere] })])(
    'of a $kind reach into no other namespace',
    (policy) => expect(refusedAt(policy)).toEqual(['spec.resourceSelectors[0].namespace']),
  );

  it.each([policyOf({}), overrideOf({ resourceSelectors: [selector] })])(
    'of a $kind are completed by its namespace',
    (policy) => expect(specOf(policy)).toMatchObject({ resourceSelectors: [{ ...selector, namespace: 'shop' }] }),
  );

  it('may be of any namespace where the policy has none', () => {
    expect(refusedAt(policyOf({ resourceSelectors: [elsewhere] }, 'ClusterPropagationPolicy'))).toEqual([]);
    expect(refusedAt(policyOf({ resourceSelectors: [elsewhere] }, 'ClusterOverridePolicy'))).toEqual([]);
  });
});

describe('the scheduler of a policy', () => {
  const own = policyOf({ schedulerName: 'own' });
  const standard = policyOf({ schedulerName: 'default-scheduler' });

  it('stays what it was', () => {
    expect(refusedAt(own, { previous: standard })).toEqual(['spec.schedulerName']);
    expect(refusedAt(policyOf({}), { previous: own })).toEqual(['spec.schedulerName']);
    expect(refusedAt({ ...own, kind: 'ClusterPropagationPolicy' }, { previous: standard })).toHaveLength(1);
  });

  it('may be anything at first, and left out where it is the standard one', () => {
    expect(refusedAt(own)).toEqual([]);
    expect(refusedAt(policyOf({}), { previous: standard })).toEqual([]);
    expect(refusedAt(standard, { previous: policyOf({}) })).toEqual([]);
  });
});

describe('a suspension', () => {
  const suspended = (dispatching: boolean | null, ...clusterNames: string[]) =>
    policyOf({ suspension: { dispatching, dispatchingOnClusters: { clusterNames } } });

  it('is everywhere or in clusters that are named', () => {
    expect(refusedAt(suspended(true, 'm1'))).toEqual(['spec.suspension.dispatchingOnClusters']);
    for (const taken of [suspended(true), suspended(false, 'm1'), suspended(null, 'm1')]) {
      expect(refusedAt(taken)).toEqual([]);
    }
  });
});

describe('a failover', () => {
  it('has what it needs along where the policy selects a ServiceImport', () => {
    const imports = { apiVersion: 'multicluster.x-k8s.io/v1alpha1', kind: 'ServiceImport', name: 'web' };
    const failover = { application: { decisionConditions: {} } };
    expect(refusedAt(policyOf({ resourceSelectors: [imports], failover }))).toEqual([]);
    expect(refusedAt(policyOf({ failover }))).toEqual(['spec.propagateDeps']);
  });
});

describe('a policy of taints', () => {
  const once = { key: 'a', effect: 'NoSchedule' };

  it('has each taint once', () => {
    expect(refusedAt(taintPolicyOf(once, { ...once, value: 'b' }))).toEqual(['spec.taints[1]']);
    expect(refusedAt(taintPolicyOf(once, { ...once, effect: 'NoExecute' }))).toEqual([]);
  });

  it('takes workloads away only where that is allowed', () => {
    const policy = taintPolicyOf(once, { key: 'b', effect: 'NoExecute' });
    expect(refusedAt(policy, { allowsNoExecuteTaintPolicies: false })).toEqual(['spec.taints[1].effect']);
    expect(refusedAt(taintPolicyOf(once), { allowsNoExecuteTaintPolicies: false })).toEqual([]);
  });
});

describe('a permanent id', () => {
  const LABEL = 'propagationpolicy.karmada.io/permanent-id';
  const FINALIZER = 'karmada.io/propagation-policy-controller';
  const labelled = (object: KubeObject, id: string, label = LABEL): KubeObject => ({
    ...object,
    metadata: { ...object.metadata, labels: { [label]: id } },
  });
  const idOf = ({ metadata }: KubeObject, label = LABEL) => metadata.labels?.[label];
  const stored = withPermanentId(policyOf({}), null, () => 'first');

  it('is new for every policy that is made, whatever it was copied from', () => {
    expect(idOf(withPermanentId(labelled(policyOf({}), 'other'), null, () => 'new'))).toBe('new');
  });

  it('of a policy is not changed, and put back where it is left out', () => {
    expect(idOf(withPermanentId(policyOf({}), stored, () => 'new'))).toBe('first');
    const changed = withPermanentId(labelled(policyOf({}), 'other'), stored, () => 'new');
    expect(refusedAt(changed, { previous: stored })).toEqual([`metadata.labels["${LABEL}"]`]);
    expect(idProblems(stored, stored)).toEqual([]);
  });

  it('is given to a policy that has none yet', () => {
    expect(idOf(withPermanentId(policyOf({}), policyOf({}), () => 'new'))).toBe('new');
  });

  it('of a binding stays the one that it came with', () => {
    const label = 'resourcebinding.karmada.io/permanent-id';
    const binding = { apiVersion: 'work.karmada.io/v1alpha2', kind: 'ResourceBinding', metadata: { name: 'b' } };
    expect(
      idOf(
        withPermanentId(labelled(binding, 'given', label), null, () => 'new'),
        label,
      ),
    ).toBe('given');
    expect(
      idOf(
        withPermanentId(binding, null, () => 'new'),
        label,
      ),
    ).toBe('new');
  });

  it('comes with a finalizer that whoever may write the policy may take off', () => {
    expect(stored.metadata.finalizers).toEqual([FINALIZER]);
    const freed = { ...stored, metadata: { ...stored.metadata, finalizers: [] } };
    expect(withPermanentId(freed, stored, () => 'new')).toBe(freed);
  });
});
