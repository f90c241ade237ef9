// What the pod templates inside of other kinds ask for and refer to.
import type { Component, ReplicaRequirements } from '../../../api/binding.ts';
import { byKey, byText, inOrder } from '../../../base/order.ts';
import { canonicalJson } from '../../../kube/json.ts';
import type { KubeObject } from '../../../kube/meta.ts';
import { type Fields, fieldsAt, textAt } from '../../fields.ts';
import type { DependentReference } from '../interpreter.ts';
import { podReferences } from '../native/pod-references.ts';
import { podRequirements } from '../native/pod-requirements.ts';

/** Of a pod template; null for one that asks for nothing. */
export const requirementsOf = (template: Fields | undefined): ReplicaRequirements | null =>
  template === undefined ? null : podRequirements(fieldsAt(template, 'spec') ?? {});

export const componentOf = (name: string, replicas: number, requirements: ReplicaRequirements | null): Component => ({
  name,
  replicas,
  ...(requirements && { replicaRequirements: requirements }),
});

/** What pods of these templates cannot run without. */
export const templatesReferences = (
  object: KubeObject,
  templates: readonly (Fields | undefined)[],
): DependentReference[] =>
  podSpecReferences(
    object,
    templates.map((template) => fieldsAt(template ?? {}, 'spec') ?? {}),
  );

/** A pod without a namespace would be in "default". */
export const podSpecReferences = (object: KubeObject, podSpecs: readonly Fields[]): DependentReference[] =>
  sortedReferences(podSpecs.flatMap((spec) => podReferences(spec, object.metadata.namespace || 'default')));

/** Objects of the core group in the namespace of the object that names them; what has no name is left out. */
export const referencesTo = (
  { metadata }: KubeObject,
  kind: 'ConfigMap' | 'PersistentVolumeClaim' | 'Secret' | 'ServiceAccount',
  names: readonly (string | undefined)[],
): DependentReference[] =>
  names
    .filter((name): name is string => name !== undefined && name !== '')
    .map((name) => ({ apiVersion: 'v1', kind, ...(metadata.namespace && { namespace: metadata.namespace }), name }));

export const secretNameAt = (object: KubeObject, ...path: readonly string[]): string | undefined =>
  textAt(object, 'spec', ...path, 'secretRef', 'name');

/** By kind and by name, each once. */
export function sortedReferences(references: readonly DependentReference[]): DependentReference[] {
  const unique = new Map(references.map((reference) => [canonicalJson(reference), reference]));
  return [...unique.values()].sort(
    inOrder(
      byKey((reference) => reference.kind, byText),
      byKey((reference) => reference.name ?? '', byText),
    ),
  );
}
