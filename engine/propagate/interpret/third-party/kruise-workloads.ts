// OpenKruise's workloads: CloneSet, StatefulSet, UnitedDeployment and DaemonSet.
import type { AggregatedStatusItem } from '../../../api/binding.ts';
import type { KubeObject } from '../../../kube/meta.ts';
import { PropagationError } from '../../errors.ts';
import { type Fields, fieldsAt, numberAt, withValue } from '../../fields.ts';
import type { KindInterpreter } from '../interpreter.ts';
import { DAEMON_COUNTS } from '../native/daemon-set.ts';
import { statusesOf, sumOf } from '../native/generation.ts';
import { conditionsByType } from './conditions.ts';
import { requirementsOf, templatesReferences } from './pods.ts';
import { lastText, requiredStatus, withStatus } from './status.ts';
import { observedTemplateGeneration, reflectWithGenerations } from './template-generation.ts';

interface StatusShape {
  readonly summed: readonly string[];
  /** Texts of which the last cluster's counts, and which are empty where nobody has one. */
  readonly texts: readonly string[];
  readonly hasConditions?: boolean;
}

const CLONE_SET: StatusShape = {
  summed: [
    'replicas',
    'updatedReplicas',
    'readyReplicas',
    'availableReplicas',
    'updatedReadyReplicas',
    'expectedUpdatedReplicas',
  ],
  texts: ['updateRevision', 'currentRevision', 'labelSelector'],
};

const STATEFUL_SET: StatusShape = {
  summed: [
    'replicas',
    'readyReplicas',
    'currentReplicas',
    'updatedReplicas',
    'availableReplicas',
    'updatedReadyReplicas',
  ],
  texts: ['updateRevision', 'currentRevision'],
};

const UNITED_DEPLOYMENT: StatusShape = {
  summed: ['replicas', 'readyReplicas', 'updatedReplicas', 'availableReplicas', 'unavailableReplicas'],
  texts: [],
  hasConditions: true,
};

/** Differs from Karmada: a hash that nobody has reported is an empty text, as its type has it, not the number 0. */
const DAEMON_SET: StatusShape = {
  summed: DAEMON_COUNTS,
  texts: ['daemonSetHash'],
};

export const cloneSet: KindInterpreter = replicatedWorkload(CLONE_SET);
export const statefulSet: KindInterpreter = replicatedWorkload(STATEFUL_SET);
export const unitedDeployment: KindInterpreter = {
  ...replicatedWorkload(UNITED_DEPLOYMENT),
  healthy: (object) => fieldsAt(object, 'status') !== undefined && isRolledOut(object),
};
export const daemonSet: KindInterpreter = { ...workload(DAEMON_SET), healthy: isOnEveryNode };

function workload(shape: StatusShape): KindInterpreter {
  const names = [...shape.summed, ...shape.texts, 'observedGeneration', ...(shape.hasConditions ? ['conditions'] : [])];
  return {
    reflect: (object) => reflectWithGenerations(object, names),
    aggregate: (object, items) => aggregateStatus(object, items, shape),
    dependencies: (object) => templatesReferences(object, [templateOf(object)]),
  };
}

function replicatedWorkload(shape: StatusShape): KindInterpreter {
  return {
    ...workload(shape),
    // Differs from Karmada: where it does not say how many, it is one, as by its own default; Karmada's script ends there.
    replicas: (object) => ({
      replicas: numberAt(object, 'spec', 'replicas') ?? 1,
      requirements: requirementsOf(templateOf(object)),
    }),
    revise: (object, replicas) => withValue(object, replicas, 'spec', 'replicas'),
    healthy: isRolledOut,
  };
}

const templateOf = (object: KubeObject): Fields | undefined => fieldsAt(object, 'spec', 'template');

function aggregateStatus(object: KubeObject, items: readonly AggregatedStatusItem[], shape: StatusShape): KubeObject {
  const statuses = statusesOf(items);
  const conditions = shape.hasConditions ? conditionsByType(statuses) : [];
  return withStatus(object, {
    ...fieldsAt(object, 'status'),
    observedGeneration: observedTemplateGeneration(object, statuses),
    ...Object.fromEntries(shape.summed.map((name) => [name, sumOf(statuses, name)])),
    ...Object.fromEntries(shape.texts.map((name) => [name, lastText(statuses, name) ?? ''])),
    ...(conditions.length > 0 && { conditions }),
  });
}

const hasSeenItself = (object: KubeObject, status: Fields): boolean =>
  numberAt(status, 'observedGeneration') === numberAt(object, 'metadata', 'generation');

/** Of a counter that nobody tells, as a UnitedDeployment never tells what is available, health is unknown and not bad. */
function told(status: Fields, counter: string): number {
  const value = numberAt(status, counter);
  if (value === undefined) throw new PropagationError(`status.${counter} is missing: nobody can tell how it is`);
  return value;
}

function isRolledOut(object: KubeObject): boolean {
  const status = requiredStatus(object);
  if (!hasSeenItself(object, status)) return false;
  const wanted = numberAt(object, 'spec', 'replicas');
  if (wanted !== undefined && told(status, 'updatedReplicas') < wanted) return false;
  return told(status, 'availableReplicas') >= told(status, 'updatedReplicas');
}

function isOnEveryNode(object: KubeObject): boolean {
  const status = requiredStatus(object);
  if (!hasSeenItself(object, status)) return false;
  const updated = told(status, 'updatedNumberScheduled');
  return updated >= told(status, 'desiredNumberScheduled') && told(status, 'numberAvailable') >= updated;
}
