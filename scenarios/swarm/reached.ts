// Which interesting states a run came to: a search that never comes to one has not looked there.
import { type Change, COLLECTIONS, HUB, isObject, type Place, type Simulation } from '../../engine/index.ts';

const STATES: Readonly<Record<string, (change: Change, place: Place) => boolean>> = {
  'a workload was evicted': ({ object }) => tasksOf(object).length > 0,
  'a workload was purged directly': ({ object }) => tasksOf(object).some(({ purgeMode }) => purgeMode === 'Directly'),
  'no cluster fitted': ({ object }) => hasReason(object, 'Scheduled', 'NoClusterFit'),
  'there was too little room': ({ object }) => hasReason(object, 'Scheduled', 'Unschedulable'),
  'a Work could not be applied': ({ object, collection }) =>
    collection === COLLECTIONS.works && hasReason(object, 'Applied', 'AppliedFailed'),
  'a cluster was not ready': ({ object, collection }) =>
    collection === COLLECTIONS.clusters && hasReason(object, 'Ready', 'ClusterNotReachable'),
  'a cluster that pulls was lost': ({ object, collection }) =>
    collection === COLLECTIONS.clusters && hasReason(object, 'Ready', 'ClusterStatusUnknown'),
  'a cluster left': ({ type, collection }) => type === 'DELETED' && collection === COLLECTIONS.clusters,
  'a policy was deleted': ({ type, collection }) => type === 'DELETED' && collection === COLLECTIONS.policies,
  'a workload moved of its own accord': ({ object }) =>
    object.metadata.annotations?.['scheduling.muster.dev/moved-at'] !== undefined,
  'an override was applied': ({ object, collection }) =>
    collection === COLLECTIONS.works &&
    object.metadata.annotations?.['policy.karmada.io/applied-overrides'] !== undefined,
};

interface Task {
  readonly purgeMode?: string;
}

const tasksOf = ({ spec }: Change['object']): readonly Task[] =>
  isObject(spec) && Array.isArray(spec.gracefulEvictionTasks) ? spec.gracefulEvictionTasks : [];

function hasReason({ status }: Change['object'], type: string, reason: string): boolean {
  if (!isObject(status) || !Array.isArray(status.conditions)) return false;
  return status.conditions.some((one: Record<string, unknown>) => one.type === type && one.reason === reason);
}

/** Answers, at the end, for every state whether the run came to it. */
export function watchStates(simulation: Simulation): () => Readonly<Record<string, boolean>> {
  const open = new Map(Object.entries(STATES));
  simulation.onChange((change, place) => {
    if (place !== HUB) return;
    for (const [name, isReached] of [...open]) if (isReached(change, place)) open.delete(name);
  });
  return () => Object.fromEntries(Object.keys(STATES).map((name) => [name, !open.has(name)]));
}
