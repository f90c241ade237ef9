// Objects that follow others: a dependency's binding has no placement, and its clusters are those of its referrers.
import type { BindingSnapshot, ResourceBinding, ResourceBindingSpec } from '../api/binding.ts';
import { ANNOTATIONS, DEPENDED_BY_PREFIX, dependedByLabelOf, LABELS } from '../api/names.ts';
import { byKey, byText } from '../base/order.ts';
import { canonicalJson } from '../kube/json.ts';
import { type KubeObject, objectKey } from '../kube/meta.ts';
import { matchesSelector, parseSelector } from '../kube/selector.ts';
import { bareBindingFor } from './bind.ts';
import { PropagationError } from './errors.ts';
import { present } from './fields.ts';
import type { DependentReference } from './interpret/interpreter.ts';

/** What a referrer's binding notes of its object's dependencies, the same text for the same set. */
export const dependencyRecord = (references: readonly DependentReference[]): Record<string, string> => ({
  [ANNOTATIONS.bindingDependencies]: `[${references.map(canonicalJson).sort(byText).join(',')}]`,
});

export function isDependency(object: KubeObject, reference: DependentReference): boolean {
  const { namespace, name, labels } = object.metadata;
  if (object.apiVersion !== reference.apiVersion || object.kind !== reference.kind) return false;
  if ((namespace ?? '') !== (reference.namespace ?? '')) return false;
  if (reference.name) return reference.name === name;
  return reference.labelSelector !== undefined && matchesSelector(parseSelector(reference.labelSelector), labels);
}

/**
 * The binding of a dependency as all its referrers together want it: what any of them overwrites or preserves is
 * overwritten and preserved. Where a policy placed the dependency itself, that policy decides, and the clusters of the
 * referrers only come on top.
 *
 * Differs from Karmada: referrers are listed by name instead of in the order of their arrival.
 */
export function attachedBinding(
  dependency: KubeObject,
  referrers: readonly ResourceBinding[],
  stored: ResourceBinding | null,
): ResourceBinding {
  const bare = bareBindingFor(dependency);
  const base = stored ?? bare;
  const owner = base.metadata.ownerReferences?.find((reference) => reference.controller);
  if (owner !== undefined && owner.uid !== dependency.metadata.uid) {
    throw new PropagationError(
      `binding ${base.metadata.name} belongs to an earlier object of that name, and has to be collected first`,
    );
  }
  const labels = Object.entries(base.metadata.labels ?? {}).filter(([key]) => !key.startsWith(DEPENDED_BY_PREFIX));
  return {
    ...base,
    metadata: { ...base.metadata, labels: { ...Object.fromEntries(labels), ...referrerLabels(referrers) } },
    spec: present<ResourceBindingSpec>({
      ...base.spec,
      resource: bare.spec.resource,
      requiredBy: referrers.length === 0 ? undefined : snapshotsOf(referrers),
      ...(base.spec.placement ? {} : wishesOf(referrers)),
    }),
  };
}

const snapshotsOf = (referrers: readonly ResourceBinding[]): BindingSnapshot[] =>
  referrers
    .map(({ metadata: { namespace, name }, spec: { clusters } }) => present({ namespace, name, clusters }))
    .sort(byKey((snapshot) => objectKey(snapshot.namespace, snapshot.name), byText));

const referrerLabels = (referrers: readonly ResourceBinding[]): Record<string, string> =>
  Object.fromEntries(
    referrers.map(({ metadata: { namespace, name, labels } }) => [
      dependedByLabelOf(namespace, name),
      labels?.[namespace ? LABELS.bindingId : LABELS.clusterBindingId] ?? '',
    ]),
  );

const wishesOf = (referrers: readonly ResourceBinding[]): Partial<ResourceBindingSpec> => ({
  conflictResolution: referrers.some(({ spec }) => spec.conflictResolution === 'Overwrite')
    ? 'Overwrite'
    : referrers.find(({ spec }) => spec.conflictResolution)?.spec.conflictResolution,
  preserveResourcesOnDeletion: referrers.some(({ spec }) => spec.preserveResourcesOnDeletion) || undefined,
});

/** The wishes in which referrers differ; Karmada tells them in an event. */
export function conflictingWishes(referrers: readonly ResourceBinding[]): string[] {
  const overwrites = referrers.filter(({ spec }) => spec.conflictResolution === 'Overwrite').length;
  const preserves = referrers.filter(({ spec }) => spec.preserveResourcesOnDeletion).length;
  const isMixed = (count: number) => count > 0 && count < referrers.length;
  return [
    ...(isMixed(overwrites) ? ['conflictResolution'] : []),
    ...(isMixed(preserves) ? ['preserveResourcesOnDeletion'] : []),
  ];
}
