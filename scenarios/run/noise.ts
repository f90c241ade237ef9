// Changes that say nothing new: heartbeats of clusters and nodes, leases, and events that people may read.
import { type Change, COLLECTIONS } from '../../engine/index.ts';

const NOISY = new Set([COLLECTIONS.leases, '/events', 'events.k8s.io/events']);
const HEARTBEATS = new Set([COLLECTIONS.clusters, '/nodes']);

export function isNoise({ collection, type, object, previous }: Change): boolean {
  if (NOISY.has(collection)) return true;
  if (!HEARTBEATS.has(collection) || type !== 'MODIFIED') return false;
  // Only what its owner asked for counts, and not what it reports.
  return previous?.metadata.generation === object.metadata.generation;
}
