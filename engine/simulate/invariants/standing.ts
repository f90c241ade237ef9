// Whether a cluster is one that the hub knows, and that is not on its way out.
import { COLLECTIONS } from '../../api/kinds.ts';
import type { World } from '../world.ts';

export function isStanding(cluster: string, { hub }: World): boolean {
  const object = hub.store.get(COLLECTIONS.clusters, '', cluster);
  return object !== null && object.metadata.deletionTimestamp === undefined;
}
