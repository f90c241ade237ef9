// A policy that is deleted goes when nothing says any more that it belongs to it.
import { COLLECTIONS } from '../../api/kinds.ts';
import { FINALIZERS, LABELS } from '../../api/names.ts';
import type { PropagationPolicy } from '../../api/policy.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type View } from '../../control/controller.ts';
import type { Millis } from '../../kube/time.ts';
import { collectionOf, DEFINED_KIND_INDEX } from '../kinds.ts';
import { isHeldBy, release } from '../writes.ts';
import { TEMPLATES_BY_CLAIM } from './detector/selected.ts';

const POLL_MS: Millis = 1_000;

const POLICIES = [COLLECTIONS.policies, COLLECTIONS.clusterPolicies];

/** The detector takes the claims away; this waits for it. */
export const policyRelease: Controller = {
  name: 'policy-release',
  indexes: [...TEMPLATES_BY_CLAIM, DEFINED_KIND_INDEX],
  watches: POLICIES.map((collection) => ({
    on: 'hub' as const,
    collection,
    keysOf: ({ type, object }) =>
      type !== 'DELETED' && object.metadata.deletionTimestamp !== undefined
        ? [`${collection} ${object.metadata.namespace ?? ''} ${object.metadata.name}`]
        : [],
  })),
  reconcile: (key, view) => reconcile(key, view),
};

function reconcile(key: string, view: View): Outcome {
  const [collection, namespace, name] = key.split(' ') as [string, string, string];
  const found = view.get(collection, namespace, name);
  if (found?.metadata.deletionTimestamp === undefined) return NOTHING_TO_DO;
  const isGeneral = collection === COLLECTIONS.clusterPolicies;
  const finalizer = isGeneral ? FINALIZERS.clusterPropagationPolicy : FINALIZERS.propagationPolicy;
  if (!isHeldBy(found, finalizer)) return NOTHING_TO_DO;
  const label = isGeneral ? LABELS.clusterPropagationPolicyId : LABELS.propagationPolicyId;
  const id = found.metadata.labels?.[label] ?? '';
  const policy = found as unknown as PropagationPolicy;
  const kinds = (policy.spec.resourceSelectors ?? []).flatMap((selector) => collectionOf(selector, view) ?? []);
  const collections = new Set([...kinds, COLLECTIONS.bindings, COLLECTIONS.clusterBindings]);
  const isClaiming = [...collections].some((one) => view.byIndex(one, `label:${label}`, id).length > 0);
  if (isClaiming) return { commands: [], requeue: { afterMs: POLL_MS }, events: [] };
  return {
    commands: [release({ collection, namespace, name }, found, finalizer)],
    requeue: 'await-change',
    events: [],
  };
}
