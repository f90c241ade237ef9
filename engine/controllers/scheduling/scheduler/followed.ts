// That a fleet has been followed is kept with the fleet: on the first of its clusters, without which it would be another. So whoever
// starts again does not follow it once more.
import type { Cluster } from '../../../api/cluster.ts';
import { COLLECTIONS } from '../../../api/kinds.ts';
import type { Command } from '../../../control/command.ts';
import { canonicalJson, isObject, type JsonObject } from '../../../kube/json.ts';
import { jsonAnnotation } from '../../annotations.ts';
import { patch } from '../../writes.ts';
import type { FleetState } from './fleet-state.ts';

/** By the name of each scheduler, the footprint of the fleet that it has followed to the end. */
const FOLLOWED_ANNOTATION = 'scheduling.muster.dev/fleet-followed';

export function isFollowed(state: FleetState, schedulerName: string): boolean {
  const first = firstCluster(state);
  return first === null || followedBy(first)[schedulerName] === state.footprint();
}

/** Nothing where it has been noted. */
export function noteFollowed(state: FleetState, schedulerName: string): readonly Command[] {
  const first = firstCluster(state);
  if (first === null || isFollowed(state, schedulerName)) return [];
  const followed = canonicalJson({ ...followedBy(first), [schedulerName]: state.footprint() });
  const key = { collection: COLLECTIONS.clusters, namespace: '', name: first.metadata.name };
  return [patch(key, first, { metadata: { annotations: { [FOLLOWED_ANNOTATION]: followed } } })];
}

const firstCluster = ({ scheduler }: FleetState): Cluster | null => scheduler.fleet.clusters()[0] ?? null;

function followedBy({ metadata }: Cluster): JsonObject {
  const known = jsonAnnotation(metadata, FOLLOWED_ANNOTATION);
  return isObject(known) ? (known as JsonObject) : {};
}
