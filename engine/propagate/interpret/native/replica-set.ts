// ReplicaSets.
import type { KubeObject } from '../../../kube/meta.ts';
import { numberAt } from '../../fields.ts';
import type { KindInterpreter } from '../interpreter.ts';
import { reviseField, templateReferences, templateReplicas } from './pod-template.ts';
import { aggregateCounters, reflectCounters, type WorkloadCounters } from './workload-status.ts';

const COUNTERS: WorkloadCounters = {
  summed: ['replicas', 'readyReplicas', 'availableReplicas'],
  always: ['replicas'],
  carried: ['fullyLabeledReplicas'],
  reflectsObservedGeneration: true,
};

export const replicaSet: KindInterpreter = {
  replicas: templateReplicas,
  revise: (object, replicas) => reviseField(object, 'replicas', replicas),
  reflect: (object) => reflectCounters(object, COUNTERS),
  aggregate: (object, items) => aggregateCounters(object, items, COUNTERS),
  healthy: isHealthy,
  dependencies: templateReferences,
};

function isHealthy(object: KubeObject): boolean {
  const counter = (name: string) => numberAt(object, 'status', name) ?? 0;
  const wanted = numberAt(object, 'spec', 'replicas');
  if (counter('observedGeneration') !== (numberAt(object, 'metadata', 'generation') ?? 0)) return false;
  return wanted === undefined || counter('availableReplicas') >= wanted;
}
