// How a change of a workload goes to its clusters where a staged rollout stands between: which of them in which wave.
import type { ResourceBinding } from '../api/binding.ts';
import type { Cluster } from '../api/cluster.ts';
import { ANNOTATIONS } from '../api/names.ts';
import type { RolloutChange, StagedRollout } from '../api/staged-rollout.ts';
import { byKey, byText } from '../base/order.ts';
import { deepEqual } from '../kube/json.ts';
import type { KubeObject } from '../kube/meta.ts';
import { resourceKeyOf, resourcesOf, stages, templateKeyOf } from '../propagate/staged.ts';
import { planWaves } from '../propagate/waves.ts';

export interface PlannedRollout {
  readonly name: string;
  /** What of the change goes in waves: all else goes at once. */
  readonly changes: readonly RolloutChange[];
  readonly waves: readonly PlannedRolloutWave[];
}

export interface PlannedRolloutWave {
  readonly name: string | null;
  readonly clusters: readonly string[];
  /** Somebody has to say that it may begin. */
  readonly approval: boolean;
}

/** Null where nothing is staged: nobody asks for it, or it is placed for the first time. */
export function rolloutFor(
  template: KubeObject,
  { recorded, wanted }: { readonly recorded: ResourceBinding | undefined; readonly wanted: ResourceBinding },
  rollouts: readonly StagedRollout[],
  clusters: ReadonlyMap<string, Cluster>,
  names: readonly string[],
): PlannedRollout | null {
  if (recorded === undefined || (recorded.spec.clusters ?? []).length === 0) return null;
  const key = templateKeyOf(template);
  const rollout = [...rollouts]
    .sort(byKey(({ metadata }) => metadata.name, byText))
    .find((one) => resourcesOf(one).some((resource) => resourceKeyOf(resource) === key));
  if (rollout === undefined) return null;
  const isMoved = !deepEqual(placementBefore(recorded), wanted.spec.placement ?? {});
  const changes = (['Template', 'Placement'] as const).filter(
    (change) => stages(rollout, change) && (change === 'Template' || isMoved),
  );
  const concerned = [...new Set(names)].flatMap((name) => clusters.get(name) ?? []);
  const waves = planWaves(rollout.spec.waves ?? [], concerned).map(
    ({ wave, clusters: own }): PlannedRolloutWave => ({
      name: wave.name ?? null,
      clusters: own,
      approval: wave.approval === true,
    }),
  );
  return { name: rollout.metadata.name, changes, waves };
}

/** What the clusters that it has were chosen by. */
function placementBefore({ metadata, spec }: ResourceBinding): unknown {
  try {
    return JSON.parse(metadata.annotations?.[ANNOTATIONS.appliedPlacement] ?? '');
  } catch {
    return spec.placement ?? {};
  }
}
