// Deployments.
import { LABELS } from '../../../api/names.ts';
import type { KubeObject } from '../../../kube/meta.ts';
import { PropagationError } from '../../errors.ts';
import { numberAt, textsAt, withValue } from '../../fields.ts';
import type { KindInterpreter } from '../interpreter.ts';
import { reviseField, templateReferences, templateReplicas } from './pod-template.ts';
import { aggregateCounters, reflectCounters, type WorkloadCounters } from './workload-status.ts';

const COUNTERS: WorkloadCounters = {
  summed: ['replicas', 'readyReplicas', 'updatedReplicas', 'availableReplicas', 'unavailableReplicas'],
  always: [],
  reflectsObservedGeneration: true,
};

export const deployment: KindInterpreter = {
  replicas: templateReplicas,
  revise: (object, replicas) => reviseField(object, 'replicas', replicas),
  retain: retainReplicas,
  reflect: (object) => reflectCounters(object, COUNTERS),
  aggregate: (object, items) => aggregateCounters(object, items, COUNTERS),
  healthy: isRolledOut,
  dependencies: templateReferences,
};

/** With the label, an autoscaler in the member owns the replicas. */
function retainReplicas(desired: KubeObject, observed: KubeObject): KubeObject {
  if (textsAt(desired, 'metadata', 'labels')?.[LABELS.retainReplicas] !== 'true') return desired;
  const replicas = numberAt(observed, 'spec', 'replicas');
  if (replicas === undefined)
    throw new PropagationError("the member's spec.replicas cannot be retained: there is none");
  return withValue(desired, replicas, 'spec', 'replicas');
}

export function isRolledOut(object: KubeObject): boolean {
  const counter = (name: string) => numberAt(object, 'status', name) ?? 0;
  const wanted = numberAt(object, 'spec', 'replicas');
  if (counter('observedGeneration') !== (numberAt(object, 'metadata', 'generation') ?? 0)) return false;
  if (wanted !== undefined && counter('updatedReplicas') < wanted) return false;
  return counter('availableReplicas') >= counter('updatedReplicas');
}
