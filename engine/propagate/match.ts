// Which propagation policy wins an object, of each kind: by explicit priority, then by how well it fits, then by name.
import type { PropagationPolicy } from '../api/policy.ts';
import { byKey, byNumber, byText, inOrder, reversed } from '../base/order.ts';
import type { KubeObject } from '../kube/meta.ts';
import { type ImplicitPriority, MISMATCH, selectorsPriority } from './resource-selector.ts';

export interface PolicyMatch {
  readonly policy: PropagationPolicy;
  readonly explicitPriority: number;
  readonly implicitPriority: ImplicitPriority;
}

const better = inOrder<PolicyMatch>(
  byKey((match) => match.explicitPriority, reversed(byNumber)),
  byKey((match) => match.implicitPriority, reversed(byNumber)),
  byKey((match) => match.policy.metadata.name, byText),
  byKey((match) => match.policy.metadata.namespace ?? '', byText),
);

/** All policies that fit the object, the winner first. Policies on their way out fit nothing. */
export function rankPolicies(object: KubeObject, policies: readonly PropagationPolicy[]): PolicyMatch[] {
  return policies
    .filter((policy) => !policy.metadata.deletionTimestamp)
    .map((policy) => ({
      policy,
      explicitPriority: policy.spec.priority ?? 0,
      implicitPriority: selectorsPriority(object, policy.spec.resourceSelectors ?? []),
    }))
    .filter((match) => match.implicitPriority > MISMATCH)
    .sort(better);
}

/** A PropagationPolicy serves its own namespace, and so never an object without one. */
export function matchPropagationPolicy(
  object: KubeObject,
  policies: readonly PropagationPolicy[],
): PropagationPolicy | null {
  const { namespace } = object.metadata;
  if (!namespace) return null;
  const inReach = policies.filter((policy) => policy.metadata.namespace === namespace);
  return rankPolicies(object, inReach)[0]?.policy ?? null;
}

export const matchClusterPropagationPolicy = (
  object: KubeObject,
  policies: readonly PropagationPolicy[],
): PropagationPolicy | null => rankPolicies(object, policies)[0]?.policy ?? null;

/** The policy for an object that nobody has claimed: any PropagationPolicy beats every ClusterPropagationPolicy. */
export const matchPolicy = (
  object: KubeObject,
  policies: readonly PropagationPolicy[],
  clusterPolicies: readonly PropagationPolicy[],
): PropagationPolicy | null =>
  matchPropagationPolicy(object, policies) ?? matchClusterPropagationPolicy(object, clusterPolicies);
