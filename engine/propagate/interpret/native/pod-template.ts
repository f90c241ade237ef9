// What all workloads with spec.replicas and spec.template have in common.
import type { KubeObject } from '../../../kube/meta.ts';
import { type Fields, fieldsAt, numberAt, withValue } from '../../fields.ts';
import type { DependentReference, ReplicaAnswer } from '../interpreter.ts';
import { podReferences } from './pod-references.ts';
import { podRequirements } from './pod-requirements.ts';

export const templateOf = (object: KubeObject): Fields => fieldsAt(object, 'spec', 'template', 'spec') ?? {};

export const templateReplicas = (object: KubeObject): ReplicaAnswer => ({
  replicas: numberAt(object, 'spec', 'replicas') ?? 0,
  requirements: podRequirements(templateOf(object)),
});

export const templateReferences = (object: KubeObject): DependentReference[] =>
  podReferences(templateOf(object), object.metadata.namespace);

/** An object that does not say how many replicas it wants is not told either. */
export function reviseField(object: KubeObject, field: 'replicas' | 'parallelism', replicas: number): KubeObject {
  const said = numberAt(object, 'spec', field) !== undefined;
  return said ? withValue(object, replicas, 'spec', field) : object;
}
