// A member's object as the hub's template, and the policy by which that is sent back to where it came from: so that the hub
// takes the object over as it stands.
import { workNameOf } from '../api/names.ts';
import type { PropagationPolicy } from '../api/policy.ts';
import { changedFields } from '../kube/changed-fields.ts';
import type { KubeObject } from '../kube/meta.ts';
import { valueAt, withValue } from './fields.ts';
import type { Interpreter } from './interpret/interpreter.ts';
import { withoutMarks } from './manifest.ts';
import { pruneManifest } from './prune.ts';
import { retainMemberFields } from './retain.ts';

/** What a cluster decides for itself, beyond what is pruned of every manifest. */
const DECIDED_THERE: Readonly<Record<string, readonly (readonly [string, ...string[]])[]>> = {
  PersistentVolumeClaim: [
    ['metadata', 'annotations', 'pv.kubernetes.io/bind-completed'],
    ['metadata', 'annotations', 'pv.kubernetes.io/bound-by-controller'],
    ['spec', 'volumeName'],
  ],
  Pod: [['spec', 'nodeName']],
  Service: [['spec', 'healthCheckNodePort']],
};

/** Whatever the cluster added is left out; what its user wrote stays. */
export function templateFromMember(object: KubeObject): KubeObject {
  const pruned = withoutSelector(withoutMarks(pruneManifest(object)));
  const paths = Object.hasOwn(DECIDED_THERE, object.kind) ? DECIDED_THERE[object.kind]! : [];
  return paths.reduce<KubeObject>(
    (template, path) => (valueAt(template, ...path) === undefined ? template : withValue(template, undefined, ...path)),
    pruned,
  );
}

/** A Job is given a selector where it is made, unless its user says that he writes it himself. */
const withoutSelector = (object: KubeObject): KubeObject =>
  object.kind === 'Job' && valueAt(object, 'spec', 'manualSelector') !== true
    ? withValue(object, undefined, 'spec', 'selector')
    : object;

export interface AdoptingPolicy {
  readonly cluster: string;
  /** Null for one that is made of the object's name. */
  readonly name: string | null;
  readonly propagateDeps: boolean;
}

/** A ClusterPropagationPolicy for an object without a namespace. */
export function adoptingPolicy(
  { apiVersion, kind, metadata }: KubeObject,
  { cluster, name, propagateDeps }: AdoptingPolicy,
): PropagationPolicy & KubeObject {
  const namespace = metadata.namespace || undefined;
  return {
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: namespace === undefined ? 'ClusterPropagationPolicy' : 'PropagationPolicy',
    metadata: {
      name: name ?? workNameOf(kind, metadata.name, namespace),
      ...(namespace !== undefined && { namespace }),
    },
    spec: {
      resourceSelectors: [{ apiVersion, kind, ...(namespace !== undefined && { namespace }), name: metadata.name }],
      conflictResolution: 'Overwrite',
      ...(propagateDeps && { propagateDeps }),
      placement: { clusterAffinity: { clusterNames: [cluster] } },
    },
  };
}

/** Fields of the member's object that would be others once the hub had written the manifest, marks of the hub aside. */
export function fieldsChangedBy(manifest: KubeObject, there: KubeObject, interpreter: Interpreter): readonly string[] {
  const written = pruneManifest(withoutMarks(retainMemberFields(manifest, there, interpreter)));
  return changedFields(pruneManifest(withoutMarks(there)), written);
}

/** Whether pods are started anew where these fields change. */
export const replacesPods = (kind: string, fields: readonly string[]): boolean =>
  fields.some((field) => (kind === 'Pod' ? field.startsWith('spec') : /^spec\.(job)?[tT]emplate\b/.test(field)));
