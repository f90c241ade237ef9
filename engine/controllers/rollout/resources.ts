// The rollout that an object is in.
import { COLLECTIONS } from '../../api/kinds.ts';
import type { StagedRollout } from '../../api/staged-rollout.ts';
import type { Reader } from '../../control/controller.ts';
import { resourceKeyOf, resourcesOf } from '../../propagate/staged.ts';
import type { IndexDefinition } from '../../store/indexes.ts';

/** Rollouts by what they roll out. */
export const ROLLOUTS_BY_RESOURCE: IndexDefinition = {
  name: 'rollout-by-resource',
  collection: COLLECTIONS.stagedRollouts,
  valuesOf: (object) => resourcesOf(object as unknown as StagedRollout).map(resourceKeyOf),
};

/** The first by name, where several want the same. */
export function rolloutOf(key: string, namespace: string, hub: Reader): StagedRollout | null {
  const found = hub.byIndex(COLLECTIONS.stagedRollouts, ROLLOUTS_BY_RESOURCE.name, key, namespace);
  const alive = found.find(({ metadata }) => metadata.deletionTimestamp === undefined);
  return (alive ?? null) as unknown as StagedRollout | null;
}
