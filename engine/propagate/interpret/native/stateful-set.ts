// StatefulSets.
import type { KubeObject } from '../../../kube/meta.ts';
import { type Fields, listAt, numberAt, textAt } from '../../fields.ts';
import type { DependentReference, KindInterpreter } from '../interpreter.ts';
import { isRolledOut } from './deployment.ts';
import { reviseField, templateReferences, templateReplicas } from './pod-template.ts';
import { aggregateCounters, reflectCounters, type WorkloadCounters } from './workload-status.ts';

const COUNTERS: WorkloadCounters = {
  summed: ['replicas', 'readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'],
  always: ['replicas', 'availableReplicas'],
  // Karmada leaves out the observed generation here, and compares a member's template with the member's own generation.
  reflectsObservedGeneration: false,
  wantedTemplate: (member: Fields) => numberAt(member, 'generation') ?? 0,
};

export const statefulSet: KindInterpreter = {
  replicas: templateReplicas,
  revise: (object, replicas) => reviseField(object, 'replicas', replicas),
  reflect: (object) => reflectCounters(object, COUNTERS),
  aggregate: (object, items) => aggregateCounters(object, items, COUNTERS),
  healthy: isRolledOut,
  dependencies: referencesBesideOwnClaims,
};

/** Claims named like a claim template are the set's own: it makes them itself, in every cluster. */
function referencesBesideOwnClaims(object: KubeObject): DependentReference[] {
  const own = new Set(listAt(object, 'spec', 'volumeClaimTemplates').map((claim) => textAt(claim, 'metadata', 'name')));
  return templateReferences(object).filter(({ kind, name }) => kind !== 'PersistentVolumeClaim' || !own.has(name));
}
