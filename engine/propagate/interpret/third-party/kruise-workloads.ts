// OpenKruise's workloads: CloneSet, StatefulSet, UnitedDeployment and DaemonSet.
import type { AggregatedStatusItem } from '../../../api/binding.ts';
import type { KubeObject } from '../../../kube/meta.ts';
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
    // Its own default is one replica.
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

function isRolledOut(object: KubeObject): boolean {
  const status = requiredStatus(object);
  const updated = numberAt(status, 'updatedReplicas') ?? 0;
  if (!hasSeenItself(object, status)) return false;
  return (
    updated >= (numberAt(object, 'spec', 'replicas') ?? 0) && (numberAt(status, 'availableReplicas') ?? 0) >= updated
  );
}

function isOnEveryNode(object: KubeObject): boolean {
  const status = requiredStatus(object);
  const counter = (name: string) => numberAt(status, name) ?? 0;
  if (!hasSeenItself(object, status)) return false;
  const updated = counter('updatedNumberScheduled');
  return updated >= counter('desiredNumberScheduled') && counter('numberAvailable') >= updated;
}
