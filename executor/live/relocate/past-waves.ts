// Moves go at once; what a staged rollout places in waves would go past them.
import { resourceKeyOf, resourcesOf, type StagedRollout, stages, templateKeyOf } from '../../../engine/index.ts';
import type { ApiObjects } from '../api-objects.ts';
import type { Move } from './plan-moves.ts';

const KIND = { apiVersion: 'muster.dev/v1alpha1', kind: 'StagedRollout' };

/** A sentence for each that goes past its waves. */
export async function pastWaves(moves: readonly Move[], hub: ApiObjects): Promise<readonly string[]> {
  const rollouts = (await hub.list(KIND)) as unknown as readonly StagedRollout[];
  const alive = rollouts.filter((one) => one.metadata.deletionTimestamp === undefined && stages(one, 'Placement'));
  // Of several for one object the first counts.
  const names = new Map(
    alive
      .toReversed()
      .flatMap((one) => resourcesOf(one).map((resource) => [resourceKeyOf(resource), one.metadata.name] as const)),
  );
  return moves.flatMap(({ part }) => {
    const rollout = names.get(templateKeyOf(part.template));
    return rollout === undefined ? [] : [`${part.title} would go at once, past the waves of StagedRollout ${rollout}`];
  });
}
