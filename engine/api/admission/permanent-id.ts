// What a hub adds to objects by which others are found later: permanent ids, and the finalizers of policies.
import { merged } from '../../base/merged.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { FINALIZERS, LABELS } from '../names.ts';

const ID_LABELS: Readonly<Record<string, string>> = {
  PropagationPolicy: LABELS.propagationPolicyId,
  ClusterPropagationPolicy: LABELS.clusterPropagationPolicyId,
  ResourceBinding: LABELS.bindingId,
  ClusterResourceBinding: LABELS.clusterBindingId,
  Work: LABELS.workId,
  MultiClusterService: LABELS.multiClusterServiceId,
};

const POLICY_FINALIZERS: Readonly<Record<string, string>> = {
  PropagationPolicy: FINALIZERS.propagationPolicy,
  ClusterPropagationPolicy: FINALIZERS.clusterPropagationPolicy,
};

/** The same object where it has all of that; an id that it once had is not taken away from it. */
export function withPermanentId(object: KubeObject, previous: KubeObject | null, uid: () => string): KubeObject {
  const label = ID_LABELS[object.kind];
  if (label === undefined || !object.apiVersion.includes('karmada.io/')) return object;
  const { labels, finalizers = [], deletionTimestamp } = object.metadata;
  const known = previous?.metadata.labels?.[label];
  const id = known ?? (labels?.[label] || uid());
  const finalizer = POLICY_FINALIZERS[object.kind];
  const isMissing = finalizer !== undefined && deletionTimestamp === undefined && !finalizers.includes(finalizer);
  if (labels?.[label] === id && !isMissing) return object;
  return merged(object, {
    metadata: merged(object.metadata, {
      labels: merged(labels, { [label]: id }),
      ...(isMissing && { finalizers: [...finalizers, finalizer] }),
    }),
  });
}
