// Which objects a policy is about: those that it selects, and those that it has claimed.
import { LABELS } from '../../../api/names.ts';
import type { PropagationPolicy, ResourceSelector } from '../../../api/policy.ts';
import type { View } from '../../../control/controller.ts';
import type { KubeObject } from '../../../kube/meta.ts';
import { type IndexDefinition, labelIndex } from '../../../store/indexes.ts';
import { collectionOf } from '../../kinds.ts';

const CLAIMS = [LABELS.propagationPolicyId, LABELS.clusterPropagationPolicyId] as const;

/** Objects of every kind by the policy that claimed them. */
export const TEMPLATES_BY_CLAIM: readonly IndexDefinition[] = CLAIMS.map((label) => labelIndex(null, label));

const keyOfTemplate = (collection: string, { metadata }: KubeObject): string =>
  `${collection} ${metadata.namespace ?? ''} ${metadata.name}`;

const claimLabelOf = ({ metadata }: PropagationPolicy): string =>
  metadata.namespace ? LABELS.propagationPolicyId : LABELS.clusterPropagationPolicyId;

export function isClaimedBy({ metadata }: KubeObject, policy: PropagationPolicy): boolean {
  const label = claimLabelOf(policy);
  const id = policy.metadata.labels?.[label];
  return id !== undefined && metadata.labels?.[label] === id;
}

/** As keys of the detector. */
export function templatesOfPolicy(policy: PropagationPolicy, view: View): readonly string[] {
  const { metadata, spec } = policy;
  const label = claimLabelOf(policy);
  const id = metadata.labels?.[label];
  return (spec.resourceSelectors ?? []).flatMap((selector) => {
    const collection = collectionOf(selector, view);
    if (collection === null) return [];
    const namespace = selector.namespace || metadata.namespace || null;
    const claimed = id === undefined ? [] : view.byIndex(collection, `label:${label}`, id);
    return [...selected(selector, collection, namespace, view), ...claimed].map((one) =>
      keyOfTemplate(collection, one),
    );
  });
}

function selected(
  { name }: ResourceSelector,
  collection: string,
  namespace: string | null,
  view: View,
): readonly KubeObject[] {
  if (!name || namespace === null) {
    const all = view.list(collection, namespace);
    return name ? all.filter(({ metadata }) => metadata.name === name) : all;
  }
  const found = view.get(collection, namespace, name);
  return found === null ? [] : [found];
}

export function templateNamed(
  kind: Pick<KubeObject, 'apiVersion' | 'kind'>,
  namespace: string,
  name: string,
  view: View,
): readonly string[] {
  const collection = collectionOf(kind, view);
  return collection === null ? [] : [`${collection} ${namespace} ${name}`];
}
