// How a decision is written on its binding: where it goes, by which placement and by which of its affinities.
import type { ResourceBinding, TargetCluster } from '../../../api/binding.ts';
import { ANNOTATIONS } from '../../../api/names.ts';
import { canonicalJson, deepEqual, type JsonObject } from '../../../kube/json.ts';
import { AFFINITY_ANNOTATION, MOVED_FOR_ANNOTATION, MOVER } from './voluntary.ts';

export const isElsewhere = ({ spec }: ResourceBinding, clusters: readonly TargetCluster[]): boolean =>
  !deepEqual(clusters, spec.clusters ?? []);

/** Whether it was placed by the placement that it has. */
export const isNoted = ({ metadata, spec }: ResourceBinding): boolean =>
  metadata.annotations?.[ANNOTATIONS.appliedPlacement] === canonicalJson(spec.placement ?? {});

/** Another count alone is no reason to go the same way through the same fleet again; whoever had to leave goes back. */
const isOnlyResized = (binding: ResourceBinding): boolean => {
  const { clusters = [], gracefulEvictionTasks = [] } = binding.spec;
  const hadToLeave = gracefulEvictionTasks.some(({ producer }) => producer !== MOVER);
  return isNoted(binding) && clusters.length > 0 && !hadToLeave;
};

export const placedAs = (
  binding: ResourceBinding,
  clusters: readonly TargetCluster[],
  affinity: string | null,
): JsonObject =>
  ({
    ...(isElsewhere(binding, clusters) && { spec: { clusters } }),
    metadata: {
      annotations: {
        [ANNOTATIONS.appliedPlacement]: canonicalJson(binding.spec.placement ?? {}),
        [AFFINITY_ANNOTATION]: affinity,
        ...(!isOnlyResized(binding) && { [MOVED_FOR_ANNOTATION]: null }),
      },
    },
  }) as unknown as JsonObject;
