// Objects as users write them, and what admission says of them.
import { admit, type Circumstances } from '../../engine/api/admission/admit.ts';
import type { KubeObject } from '../../engine/kube/meta.ts';

const NOW = 1_790_000_000_000;

export const selector = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };

export const policyOf = (spec: object, kind = 'PropagationPolicy'): KubeObject => ({
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind,
  metadata: { name: 'p', ...(kind.startsWith('Cluster') ? {} : { namespace: 'shop' }) },
  spec: { resourceSelectors: [selector], ...spec },
});
export const placedBy = (placement: object): KubeObject => policyOf({ placement });
export const overrideOf = (spec: object): KubeObject => ({ ...policyOf({}, 'OverridePolicy'), spec });
export const overridingBy = (overriders: object): KubeObject => overrideOf({ overrideRules: [{ overriders }] });

export const taintPolicyOf = (...taints: readonly object[]): KubeObject => ({
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'ClusterTaintPolicy',
  metadata: { name: 't' },
  spec: { taints },
});

export const clusterOf = (spec: object): KubeObject => ({
  apiVersion: 'cluster.karmada.io/v1alpha1',
  kind: 'Cluster',
  metadata: { name: 'm1' },
  spec: { syncMode: 'Push', ...spec },
});

/** Where it is refused; nowhere for what is taken. */
export const refusedAt = (object: KubeObject, circumstances: Circumstances = {}): readonly string[] =>
  admit(object, NOW, circumstances).problems.map(({ path }) => path);

/** Its spec as it is stored. */
export const specOf = (object: KubeObject, circumstances: Circumstances = {}): Record<string, unknown> =>
  admit(object, NOW, circumstances).object.spec as Record<string, unknown>;
