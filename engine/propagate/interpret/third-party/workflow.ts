// Argo's Workflow.
import type { KubeObject } from '../../../kube/meta.ts';
import { type Fields, fieldsAt, listAt, numberAt, textAt, valueAt, withValue } from '../../fields.ts';
import type { DependentReference, KindInterpreter } from '../interpreter.ts';
import { podReferences } from '../native/pod-references.ts';
import { podRequirements } from '../native/pod-requirements.ts';
import { referencesTo, sortedReferences } from './pods.ts';
import { picked } from './status.ts';

export const workflow: KindInterpreter = {
  replicas: (object) => ({
    replicas: numberAt(object, 'spec', 'parallelism') ?? 1,
    requirements: podRequirements(picked(specOf(object), ['affinity', 'nodeSelector', 'tolerations'])),
  }),
  revise: (object, replicas) => withValue(object, replicas, 'spec', 'parallelism'),
  retain: retainCourse,
  healthy: (object) => !['', 'Error', 'Failed'].includes(textAt(object, 'status', 'phase') ?? ''),
  dependencies: referencesOf,
};

const specOf = (object: KubeObject): Fields => fieldsAt(object, 'spec') ?? {};

/** A member suspends a workflow by its spec, and keeps how far it is in a status that a plain update would take away. */
function retainCourse(desired: KubeObject, observed: KubeObject): KubeObject {
  const suspend = valueAt(observed, 'spec', 'suspend');
  const status = valueAt(observed, 'status');
  const retained = suspend === undefined ? desired : withValue(desired, suspend, 'spec', 'suspend');
  return status === undefined ? retained : withValue(retained, status, 'status');
}

/** Differs from Karmada: a volume's secret is found by the name that Kubernetes knows it by, secretName. */
function referencesOf(object: KubeObject): DependentReference[] {
  const claims = listAt(object, 'spec', 'volumeClaimTemplates').map((claim) => textAt(claim, 'metadata', 'name'));
  const shared = picked(specOf(object), ['imagePullSecrets', 'serviceAccountName', 'volumes']);
  return sortedReferences([
    ...podReferences(shared, object.metadata.namespace),
    ...referencesTo(object, 'PersistentVolumeClaim', claims),
    ...referencesTo(object, 'ServiceAccount', [textAt(object, 'spec', 'executor', 'serviceAccountName')]),
  ]);
}
