// Which policy has an object, what it waits for, and what people are told of it.
import { describe, expect, it } from 'vitest';
import {
  controlPlane,
  deployment,
  onlyIn,
  policyFor,
  started,
  withSpec,
} from '../../../test/builders/control-plane.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE } from '../../profile/profile.ts';

const MINUTE = 60_000;
const web = deployment('web', 2);

const override = (kind: 'OverridePolicy' | 'ClusterOverridePolicy'): KubeObject => ({
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind,
  metadata: { name: 'needed', ...(kind === 'OverridePolicy' && { namespace: 'default' }) },
  spec: { resourceSelectors: [{ apiVersion: 'v1', kind: 'Secret', name: 'x' }], overrideRules: [] },
});

const general = (policy: KubeObject): KubeObject => ({
  ...policy,
  kind: 'ClusterPropagationPolicy',
  metadata: { name: policy.metadata.name },
});

describe.each([KARMADA_PROFILE, MUSTER_PROFILE])('with the profile $name', (profile) => {
  const waiting = policyFor(web, onlyIn('m1'), { dependentOverrides: ['needed'] });

  it.each([
    [waiting, 'ClusterOverridePolicy', 'OverridePolicy'],
    [general(waiting), 'OverridePolicy', 'ClusterOverridePolicy'],
  ] as const)('a policy waits for overrides of its own sort', (policy, other, own) => {
    const plane = started(controlPlane({ profile }), web, policy, override(other));
    expect(plane.binding('web-deployment')).toBeNull();
    plane.put(override(own));
    plane.simulation.runFor(2 * MINUTE);
    expect(plane.places('web')).toBe('m1=2');
  });

  it('what has no namespace asks for no priority, and waits for none', () => {
    const role: KubeObject = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'reader' },
      rules: [],
    };
    const schedulePriority = { priorityClassSource: 'KubePriorityClass', priorityClassName: 'missing' };
    const plane = started(
      controlPlane({ profile }),
      role,
      general(policyFor(role, onlyIn('m1'), { schedulePriority })),
    );
    const binding = plane.simulation.world.hub.store.get(COLLECTIONS.clusterBindings, '', 'reader-clusterrole');
    expect(binding?.spec).toMatchObject({ clusters: [{ name: 'm1' }] });
    expect(binding?.spec).not.toHaveProperty('schedulePriority');
  });

  it('a lazy policy takes for a change of its object only what its user changed', () => {
    const lazy = policyFor(web, onlyIn('m1'), { activationPreference: 'Lazy' });
    const plane = started(controlPlane({ profile }), lazy, web);
    plane.change(lazy, withSpec({ placement: onlyIn('m2') }));
    plane.simulation.runFor(MINUTE);
    const annotated = (key: string) => (object: KubeObject) => ({
      ...object,
      metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [key]: 'overwrite' } },
    });
    plane.change(web, annotated('work.karmada.io/conflict-resolution'));
    plane.simulation.runFor(MINUTE);
    expect(plane.places('web')).toBe('m1=2');
    plane.change(web, annotated('example.org/note'));
    plane.simulation.runFor(MINUTE);
    expect(plane.places('web')).toBe('m2=2');
  });
});
