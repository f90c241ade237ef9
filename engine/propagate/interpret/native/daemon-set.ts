// DaemonSets.
import type { KubeObject } from '../../../kube/meta.ts';
import { numberAt } from '../../fields.ts';
import type { KindInterpreter } from '../interpreter.ts';
import { templateReferences } from './pod-template.ts';
import { aggregateCounters, reflectCounters, type WorkloadCounters } from './workload-status.ts';

/** Of pods, one on every node. */
export const DAEMON_COUNTS: readonly string[] = [
  'currentNumberScheduled',
  'numberMisscheduled',
  'desiredNumberScheduled',
  'numberReady',
  'updatedNumberScheduled',
  'numberAvailable',
  'numberUnavailable',
];

const COUNTERS: WorkloadCounters = {
  summed: DAEMON_COUNTS,
  always: ['currentNumberScheduled', 'numberMisscheduled', 'desiredNumberScheduled', 'numberReady'],
  reflectsObservedGeneration: true,
};

export const daemonSet: KindInterpreter = {
  reflect: (object) => reflectCounters(object, COUNTERS),
  aggregate: (object, items) => aggregateCounters(object, items, COUNTERS),
  healthy: isHealthy,
  dependencies: templateReferences,
};

function isHealthy(object: KubeObject): boolean {
  const counter = (name: string) => numberAt(object, 'status', name) ?? 0;
  if (counter('observedGeneration') !== (numberAt(object, 'metadata', 'generation') ?? 0)) return false;
  if (counter('updatedNumberScheduled') < counter('desiredNumberScheduled')) return false;
  return counter('numberAvailable') >= counter('updatedNumberScheduled');
}
