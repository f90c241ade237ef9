// What a hub adds to objects by which others are found later: permanent ids, and the finalizers of policies.
import { merged } from '../../base/merged.ts';
import type { ShapeProblem } from '../../base/shape.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { FINALIZERS, LABELS } from '../names.ts';

const POLICY_IDS: Readonly<Record<string, string>> = {
  PropagationPolicy: LABELS.propagationPolicyId,
  ClusterPropagationPolicy: LABELS.clusterPropagationPolicyId,
};

const POLICY_FINALIZERS: Readonly<Record<string, string>> = {
  PropagationPolicy: FINALIZERS.propagationPolicy,
  ClusterPropagationPolicy: FINALIZERS.clusterPropagationPolicy,
};

const OTHER_IDS: Readonly<Record<string, string>> = {
  ResourceBinding: LABELS.bindingId,
  ClusterResourceBinding: LABELS.clusterBindingId,
  Work: LABELS.workId,
  MultiClusterService: LABELS.multiClusterServiceId,
};

/** The same object where it has all of that; an id that it once had is not taken away from it. */
export function withPermanentId(object: KubeObject, previous: KubeObject | null, uid: () => string): KubeObject {
  if (!object.apiVersion.includes('karmada.io/')) return object;
  const known = previous?.metadata.labels;
  const policyLabel = POLICY_IDS[object.kind];
  if (policyLabel !== undefined) {
    // A copy that was made of another policy's text must not be taken for that policy by what it has claimed.
    const id = previous === null ? uid() : object.metadata.labels?.[policyLabel] || known?.[policyLabel] || uid();
    const labelled = withLabel(object, policyLabel, id);
    return previous === null ? withFinalizer(labelled, POLICY_FINALIZERS[object.kind]!) : labelled;
  }
  const label = OTHER_IDS[object.kind];
  if (label === undefined) return object;
  return withLabel(object, label, known?.[label] ?? (object.metadata.labels?.[label] || uid()));
}

function withLabel(object: KubeObject, label: string, id: string): KubeObject {
  const { labels } = object.metadata;
  if (labels?.[label] === id) return object;
  return merged(object, { metadata: merged(object.metadata, { labels: merged(labels, { [label]: id }) }) });
}

function withFinalizer(object: KubeObject, finalizer: string): KubeObject {
  const { finalizers = [] } = object.metadata;
  if (finalizers.includes(finalizer)) return object;
  return merged(object, { metadata: merged(object.metadata, { finalizers: [...finalizers, finalizer] }) });
}

/** By its id a policy is known to what it has claimed; one that is left out by whoever writes it anew is put back. */
export function idProblems(object: KubeObject, previous: KubeObject): readonly ShapeProblem[] {
  const label = POLICY_IDS[object.kind];
  if (label === undefined) return [];
  const [id, known] = [object, previous].map(({ metadata }) => metadata.labels?.[label]);
  if (!known || id === known) return [];
  return [{ path: `metadata.labels["${label}"]`, message: `is "${id}", and stays "${known}": the hub gives it` }];
}
