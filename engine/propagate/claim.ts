// The claim of a policy on an object and its binding: by which policy they are propagated, as labels and annotations.

import { ANNOTATIONS, LABELS } from '../api/names.ts';
import type { PropagationPolicy } from '../api/policy.ts';
import { merged } from '../base/merged.ts';
import type { ObjectMeta } from '../kube/meta.ts';
import { PropagationError } from './errors.ts';

export interface Claim {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

type Claimable = Pick<ObjectMeta, 'labels' | 'annotations'>;

const CLAIM_LABELS: readonly string[] = [LABELS.propagationPolicyId, LABELS.clusterPropagationPolicyId];
const CLAIM_ANNOTATIONS: readonly string[] = [
  ANNOTATIONS.propagationPolicyNamespace,
  ANNOTATIONS.propagationPolicyName,
  ANNOTATIONS.clusterPropagationPolicyName,
];

/** On an object of a lazy policy: what the object was when the policy last was applied to it. */
export const SEEN_ANNOTATION = 'propagation.muster.dev/seen';

/** A PropagationPolicy lives in a namespace, a ClusterPropagationPolicy in none. */
export function claimOf({ metadata }: PropagationPolicy): Claim {
  const label = metadata.namespace ? LABELS.propagationPolicyId : LABELS.clusterPropagationPolicyId;
  const id = metadata.labels?.[label];
  if (!id)
    throw new PropagationError(`policy ${metadata.name} has no label ${label}, so nothing can be claimed for it`);
  const annotations: Record<string, string> = metadata.namespace
    ? {
        [ANNOTATIONS.propagationPolicyNamespace]: metadata.namespace,
        [ANNOTATIONS.propagationPolicyName]: metadata.name,
      }
    : { [ANNOTATIONS.clusterPropagationPolicyName]: metadata.name };
  return { labels: { [label]: id }, annotations };
}

/** Metadata with this claim and no other. */
export function withClaim<M extends Claimable>(metadata: M, claim: Claim): M {
  const free = withoutClaim(metadata);
  return merged(free, {
    labels: merged(free.labels, claim.labels),
    annotations: merged(free.annotations, claim.annotations),
  });
}

export function withoutClaim<M extends Claimable>(metadata: M): M {
  const free = { ...metadata };
  if (free.labels) free.labels = without(free.labels, CLAIM_LABELS);
  if (free.annotations) free.annotations = without(free.annotations, CLAIM_ANNOTATIONS);
  return free;
}

export const isClaimed = ({ labels }: Claimable): boolean =>
  CLAIM_LABELS.some((label) => labels !== undefined && Object.hasOwn(labels, label));

/** Something else than a policy propagates it, such as a MultiClusterService: policies leave it alone. */
export const isClaimedByOther = ({ labels }: Claimable): boolean => (labels?.[LABELS.claimedBy] ?? '') !== '';

const without = (texts: Readonly<Record<string, string>>, keys: readonly string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).filter(([key]) => !keys.includes(key)));
