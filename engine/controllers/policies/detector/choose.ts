// Which policy an object belongs to: the one that has claimed it, until that is gone, no longer selects it, or is preempted; else
// the one that wins it. And whether a change of a lazy policy may already show.
import { COLLECTIONS } from '../../../api/kinds.ts';
import { ANNOTATIONS, LABELS } from '../../../api/names.ts';
import type { PropagationPolicy } from '../../../api/policy.ts';
import type { View } from '../../../control/controller.ts';
import { fnv1a32 } from '../../../kube/hash.ts';
import { canonicalJson } from '../../../kube/json.ts';
import type { KubeObject } from '../../../kube/meta.ts';
import { isClaimed, SEEN_ANNOTATION } from '../../../propagate/claim.ts';
import { rankPolicies } from '../../../propagate/match.ts';
import { MISMATCH, selectorsPriority } from '../../../propagate/resource-selector.ts';
import type { IndexDefinition } from '../../../store/indexes.ts';
import { ofSound } from '../../shelter.ts';

const ANY = '*';

const selectorKey = (apiVersion: string, kind: string, name: string): string => `${apiVersion} ${kind} ${name}`;

const bySelector = (collection: string): IndexDefinition => ({
  name: 'selector',
  collection,
  valuesOf: ofSound((object) => {
    const { resourceSelectors = [] } = (object as unknown as PropagationPolicy).spec;
    const keys = resourceSelectors.map(({ apiVersion, kind, name }) => selectorKey(apiVersion, kind, name || ANY));
    return [...new Set(keys)];
  }),
});

/** Policies by the kinds and names that they select. */
export const POLICIES_BY_SELECTOR: readonly IndexDefinition[] = [
  bySelector(COLLECTIONS.policies),
  bySelector(COLLECTIONS.clusterPolicies),
];

function candidates(template: KubeObject, collection: string, view: View): readonly PropagationPolicy[] {
  const { apiVersion, kind, metadata } = template;
  const namespace = collection === COLLECTIONS.policies ? (metadata.namespace ?? '') : null;
  if (collection === COLLECTIONS.policies && namespace === '') return [];
  return [metadata.name, ANY].flatMap(
    (name) =>
      view.byIndex(
        collection,
        'selector',
        selectorKey(apiVersion, kind, name),
        namespace,
      ) as unknown as PropagationPolicy[],
  );
}

export interface Rules {
  readonly canPreempt: boolean;
  /** It belongs to the policy that has claimed it even where that no longer selects it. */
  readonly holdsClaims: boolean;
}

export interface Choice {
  readonly policy: PropagationPolicy;
  /** The one that has to give it up though it selects it. */
  readonly preempted: PropagationPolicy | null;
}

export function choosePolicy(template: KubeObject, view: View, rules: Rules): Choice | null {
  const own = rankPolicies(template, unique(candidates(template, COLLECTIONS.policies, view)));
  const general = rankPolicies(template, unique(candidates(template, COLLECTIONS.clusterPolicies, view)));
  const all = [...own, ...general];
  const current = isClaimed(template.metadata) ? claimant(template, view) : null;
  if (current === null || (!rules.holdsClaims && !all.some(({ policy }) => isSame(policy, current)))) {
    return all.length === 0 ? null : { policy: all[0]!.policy, preempted: null };
  }
  const preempting = rules.canPreempt
    ? all.find(({ policy }) => policy.spec.preemption === 'Always' && preempts(policy, current))
    : undefined;
  return preempting === undefined
    ? { policy: current, preempted: null }
    : { policy: preempting.policy, preempted: current };
}

export const selects = ({ spec }: PropagationPolicy, template: KubeObject): boolean =>
  selectorsPriority(template, spec.resourceSelectors ?? []) > MISMATCH;

const unique = (policies: readonly PropagationPolicy[]): readonly PropagationPolicy[] => [...new Set(policies)];

const isSame = (a: PropagationPolicy, b: PropagationPolicy): boolean => a.metadata.uid === b.metadata.uid;

const isGeneral = ({ metadata }: PropagationPolicy): boolean => !metadata.namespace;

/**
 * One of a namespace preempts a general one whatever the priorities; never the other way round.
 *
 * Differs from Karmada: there a selector without a name, or a general policy's without a namespace, never preempts; and one that would
 * preempt another whose priority is lowered to less than its own is not looked at again where that was the same before.
 */
function preempts(policy: PropagationPolicy, current: PropagationPolicy): boolean {
  if (isSame(policy, current)) return false;
  if (isGeneral(policy) !== isGeneral(current)) return isGeneral(current);
  return (policy.spec.priority ?? 0) > (current.spec.priority ?? 0);
}

/** The policy that the object says it belongs to; null where that is gone, or another of its name. */
function claimant({ metadata }: KubeObject, view: View): PropagationPolicy | null {
  const { labels = {}, annotations = {} } = metadata;
  const id = labels[LABELS.propagationPolicyId];
  const found =
    id === undefined
      ? view.get(COLLECTIONS.clusterPolicies, '', annotations[ANNOTATIONS.clusterPropagationPolicyName] ?? '')
      : view.get(
          COLLECTIONS.policies,
          annotations[ANNOTATIONS.propagationPolicyNamespace] ?? '',
          annotations[ANNOTATIONS.propagationPolicyName] ?? '',
        );
  if (found === null || found.metadata.deletionTimestamp !== undefined) return null;
  const label = id === undefined ? LABELS.clusterPropagationPolicyId : LABELS.propagationPolicyId;
  return found.metadata.labels?.[label] === (id ?? labels[label]) ? (found as unknown as PropagationPolicy) : null;
}

/** A policy can wait for the overrides that it depends on: those of its own namespace, and for a general one those that are general. */
export function hasItsOverrides({ metadata: { namespace = '' }, spec }: PropagationPolicy, view: View): boolean {
  const collection = namespace === '' ? COLLECTIONS.clusterOverrides : COLLECTIONS.overrides;
  return (spec.dependentOverrides ?? []).every((name) => view.get(collection, namespace, name) !== null);
}

const isLazy = ({ spec }: PropagationPolicy): boolean => spec.activationPreference === 'Lazy';

/** As its user wants it: labels and annotations of the control plane's own domains are said by it, or to it alone. */
function contentOf(template: KubeObject): string {
  const { status: _status, metadata, ...content } = template;
  const { labels = {}, annotations = {} } = metadata;
  const { [SEEN_ANNOTATION]: _seen, ...own } = ofUser(annotations);
  const { [LABELS.skipAutoPropagation]: skips } = labels;
  const marks = { ...ofUser(labels), ...(skips !== undefined && { [LABELS.skipAutoPropagation]: skips }) };
  return fnv1a32(canonicalJson({ ...content, labels: marks, annotations: own })).toString(16);
}

const ofUser = (texts: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).filter(([key]) => !key.includes('.karmada.io')));

/** After what was seen, where the policy has not acted on the object yet. */
const WAITING = ' waiting';

/** Null for a policy that acts at once. */
export function seenOf(template: KubeObject, policy: PropagationPolicy, hasActed: boolean): string | null {
  if (!isLazy(policy)) return null;
  const content = contentOf(template);
  return hasActed ? content : `${content}${WAITING}`;
}

/** What it made of the object as it is now is gone: it is made again, and by the policy as that is now. */
export const hasActedBefore = (template: KubeObject, policy: PropagationPolicy): boolean =>
  isLazy(policy) && template.metadata.annotations?.[SEEN_ANNOTATION] === contentOf(template);

/** A lazy policy acts when its object changes; one that is younger than the object has not seen a change yet. */
export function mayAct(template: KubeObject, policy: PropagationPolicy): boolean {
  if (!isLazy(policy)) return true;
  const seen = template.metadata.annotations?.[SEEN_ANNOTATION];
  if (seen !== undefined) return seen.replace(WAITING, '') !== contentOf(template);
  return Number(template.metadata.resourceVersion) > Number(policy.metadata.resourceVersion);
}
