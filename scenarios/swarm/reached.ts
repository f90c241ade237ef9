// Which interesting states a run came to: a search that never comes to one has not looked there.
import {
  ANNOTATIONS,
  type Change,
  COLLECTIONS,
  canonicalJson,
  formatKey,
  HUB,
  isObject,
  keyOf,
  type Place,
  type Simulation,
  STAGED_PLACEMENT,
} from '../../engine/index.ts';
import { Standing } from './standing.ts';

type Look = (change: Change, standing: Standing, place: Place) => boolean;

const STATES: Readonly<Record<string, Look>> = {
  'a workload was evicted': ({ object }) => tasksOf(object).length > 0,
  'a workload was purged directly': ({ object }) => tasksOf(object).some(({ purgeMode }) => purgeMode === 'Directly'),
  'an application left where it was unwell': ({ object }) =>
    tasksOf(object).some(({ reason }) => reason === 'ApplicationFailure'),
  'a service was placed in part': ({ object }) =>
    hasReason(object, 'Scheduled', 'Unschedulable') && isSomewhere(object),
  'no cluster fitted': ({ object }) => hasReason(object, 'Scheduled', 'NoClusterFit'),
  'there was too little room': ({ object }) => hasReason(object, 'Scheduled', 'Unschedulable'),
  'a Work could not be applied': ({ object, collection }) =>
    collection === COLLECTIONS.works && hasReason(object, 'Applied', 'AppliedFailed'),
  'a cluster was not ready': ({ object, collection }) =>
    collection === COLLECTIONS.clusters && hasReason(object, 'Ready', 'ClusterNotReachable'),
  'a cluster that pulls was lost': ({ object, collection }) =>
    collection === COLLECTIONS.clusters && hasReason(object, 'Ready', 'ClusterStatusUnknown'),
  'most of the fleet was not ready': ({ collection }, { fleet, unready }) =>
    collection === COLLECTIONS.clusters && unready.size > 1 && unready.size * 2 > fleet.size,
  'a cluster left': ({ type, collection }) => type === 'DELETED' && collection === COLLECTIONS.clusters,
  'a cluster left while something was being evicted from it': ({ object, collection }, { evicting }) =>
    collection === COLLECTIONS.clusters &&
    object.metadata.deletionTimestamp !== undefined &&
    [...evicting.values()].some((from) => from.includes(object.metadata.name)),
  'a policy was deleted': ({ type, collection }) => type === 'DELETED' && collection === COLLECTIONS.policies,
  'a workload moved of its own accord': ({ object }) =>
    object.metadata.annotations?.['scheduling.muster.dev/moved-at'] !== undefined,
  'an override was applied': ({ object, collection }) =>
    collection === COLLECTIONS.works &&
    object.metadata.annotations?.['policy.karmada.io/applied-overrides'] !== undefined,
  'something followed what needs it': ({ object }) => isObject(object.spec) && Array.isArray(object.spec.requiredBy),
  'a general policy claimed something': ({ object, collection }) =>
    collection === COLLECTIONS.bindings &&
    object.metadata.labels?.['clusterpropagationpolicy.karmada.io/permanent-id'] !== undefined,
  'an object came back under its name': ({ type, object, collection }, { births }) =>
    type === 'ADDED' && (births.get(formatKey(keyOf(collection, object))) ?? 0) > 1,
  'the scheduler was down while something was being evicted': (_, { evicting, isDown }) =>
    evicting.size > 0 && isDown('scheduler'),
  'the controllers were down while something was being evicted': (_, { evicting, isDown }) =>
    evicting.size > 0 && isDown('controller-manager'),
  'a change waited for its wave': ({ object }) => object.kind === 'StagedRollout' && phaseOf(object) === 'Waiting',
  'a rollout was stopped': ({ object }) => object.kind === 'StagedRollout' && phaseOf(object) === 'Stopped',
  'a rollout went back': ({ object }) => object.kind === 'StagedRollout' && phaseOf(object) === 'RolledBack',
  'a placement went in waves': ({ object }) => object.metadata.annotations?.[STAGED_PLACEMENT] !== undefined,
  'a workload was scaled by its load': ({ object }) =>
    object.kind === 'FederatedHPA' && isObject(object.status) && object.status.lastScaleTime !== undefined,
  'a workload was scaled by the clock': ({ object }) =>
    object.kind === 'CronFederatedHPA' && canonicalJson(object.status ?? {}).includes('successfulExecutions'),
  'an autoscaler of a cluster was followed': ({ type, object, previous }) =>
    type === 'MODIFIED' &&
    object.metadata.annotations?.[ANNOTATIONS.scaledFor] !== undefined &&
    replicasOf(object) !== replicasOf(previous),
  'a quota refused a decision': ({ object }) => hasReason(object, 'Scheduled', 'QuotaExceeded'),
  'the endpoints of one cluster were sent to another': ({ object, collection }) =>
    collection === COLLECTIONS.works && object.metadata.annotations?.[ANNOTATIONS.provisionCluster] !== undefined,
  'the endpoints of an exported service were known': ({ object, collection }) =>
    collection === COLLECTIONS.endpointSlices && object.metadata.annotations?.[ANNOTATIONS.workName] !== undefined,
  'two leaders worked at once': ({ collection }, { leaders }) => collection === COLLECTIONS.works && leaders() > 1,
  'something was decided while a cluster was not ready': ({ type, object, previous, collection }, { unready }) =>
    type === 'MODIFIED' &&
    collection === COLLECTIONS.bindings &&
    unready.size > 0 &&
    clustersOf(object) !== clustersOf(previous),
};

const phaseOf = ({ status }: Change['object']): unknown => (isObject(status) ? status.phase : undefined);

const replicasOf = (object: Change['previous']): unknown => (isObject(object?.spec) ? object.spec.replicas : undefined);

interface Task {
  readonly purgeMode?: string;
  readonly reason?: string;
}

const tasksOf = ({ spec }: Change['object']): readonly Task[] =>
  isObject(spec) && Array.isArray(spec.gracefulEvictionTasks) ? spec.gracefulEvictionTasks : [];

const clustersOf = (object: Change['previous']): unknown => (isObject(object?.spec) ? object.spec.clusters : undefined);

const isSomewhere = ({ spec }: Change['object']): boolean =>
  isObject(spec) && Array.isArray(spec.clusters) && spec.clusters.length > 0;

function hasReason({ status }: Change['object'], type: string, reason: string): boolean {
  if (!isObject(status) || !Array.isArray(status.conditions)) return false;
  return status.conditions.some((one: Record<string, unknown>) => one.type === type && one.reason === reason);
}

/** Answers, at the end, for every state whether the run came to it. */
export function watchStates(simulation: Simulation): () => Readonly<Record<string, boolean>> {
  const open = new Map(Object.entries(STATES));
  const standing = new Standing(simulation);
  simulation.onChange((change, place) => {
    if (place !== HUB) return;
    standing.notice(change);
    for (const [name, isReached] of [...open]) if (isReached(change, standing, place)) open.delete(name);
  });
  return () => Object.fromEntries(Object.keys(STATES).map((name) => [name, !open.has(name)]));
}
