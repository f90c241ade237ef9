// A placement that has changed for an object of a staged rollout: it is decided where that leads to, and beside it what the placement
// before leads to, for as long as both are needed; the object's clusters go from one to the other as its rollout lets them.
import type { ResourceBinding, TargetCluster } from '../../../api/binding.ts';
import { ANNOTATIONS } from '../../../api/names.ts';
import type { Placement } from '../../../api/placement.ts';
import { STAGED_PLACEMENT, type StagedRollout } from '../../../api/staged-rollout.ts';
import type { View } from '../../../control/controller.ts';
import { canonicalJson, deepEqual, type JsonObject } from '../../../kube/json.ts';
import { resourceKeyOf, stages } from '../../../propagate/staged.ts';
import type { Verdict } from '../../../schedule/fast/verdict.ts';
import type { Change } from '../../../store/change.ts';
import { type BindingKey, keyOfBinding } from '../../bindings.ts';
import { bindingsOf, placementOfRevision, placementPart } from '../../rollout/placements.ts';
import { rolloutOf } from '../../rollout/resources.ts';
import {
  hasStagedPlacement,
  isNextOf,
  placementHash,
  placesInWaves,
  type StagedPlacement,
  stagedPlacementOf,
  stagedPlacementText,
  type Waves,
} from '../../rollout/staged-placement.ts';
import { appliedPlacementOf } from '../applied-placement.ts';
import { stays, takes } from './standing-clusters.ts';
import { AFFINITY_ANNOTATION, MOVED_FOR_ANNOTATION } from './voluntary.ts';
import { type Reason, reasonToDecide } from './why.ts';

export type Decide = (binding: Pick<ResourceBinding, 'spec' | 'status'>) => Verdict;

/** What lets its new placement through; null where that goes everywhere at once: nothing was staged, or all of it has gone through. */
export type Gate = Waves | null;

/** Undefined where no rollout has a say: nearly always, and then nothing is looked up. */
export function gateOf(binding: ResourceBinding, reason: Reason | null, view: View): Gate | undefined {
  const isStaged = hasStagedPlacement(binding.metadata);
  if (!isStaged && !(reason === 'placement-changed' && isPlaced(binding))) return undefined;
  const { resource } = binding.spec;
  const namespace = resource.namespace ?? '';
  const rollout = rolloutOf(resourceKeyOf({ ...resource, namespace }), namespace, view);
  return (rollout === null ? null : wavesOf(rollout, view)) ?? (isStaged ? null : undefined);
}

/** Whose placement a rollout that has changed lets through or keeps back, one that was refused before it was heard of as well. */
export function letThroughBy({ object, previous }: Change, view: View): readonly BindingKey[] {
  const versions = [object, previous].filter((one) => one !== null) as unknown as readonly StagedRollout[];
  const bindings = versions.flatMap((rollout) => bindingsOf(rollout, view)).map(({ binding }) => binding);
  return bindings.filter((one) => one !== null && isGated(one, view)).map((one) => keyOfBinding(one!));
}

const isGated = (binding: ResourceBinding, view: View): boolean =>
  gateOf(binding, reasonToDecide(binding, view), view) !== undefined;

const isPlaced = ({ metadata, spec }: ResourceBinding): boolean =>
  (spec.clusters ?? []).length > 0 && appliedPlacementOf(metadata) !== null;

function wavesOf(rollout: StagedRollout, view: View): Waves | null {
  const { stableRevision, updateRevision, updatedClusters = [], passedClusters = [] } = rollout.status ?? {};
  const stable = placementOfRevision(stableRevision);
  const newest = placementPart(rollout, view);
  if (!stages(rollout, 'Placement') || stable === null || stable === newest) return null;
  const isMeant = newest !== null && placementOfRevision(updateRevision) === newest;
  const [updated, passed] = [new Set(updatedClusters), new Set(isMeant ? passedClusters : [])];
  return {
    sourceFor: (cluster) => (!updated.has(cluster) ? 'stable' : isMeant ? 'next' : 'kept'),
    hasPassed: (cluster) => passed.has(cluster),
  };
}

export interface Staged {
  /** What to change about the binding; null where it is as it should be. */
  readonly change: JsonObject | null;
  /** One of the placements finds no place, or too few: that may be otherwise in a while. */
  readonly isRefused: boolean;
}

export function stagedChange(
  binding: ResourceBinding,
  input: Pick<ResourceBinding, 'spec' | 'status'>,
  gate: Gate,
  decide: Decide,
  view: View,
): Staged {
  const { clusters, annotations, isRefused = false } = stagedPlan(binding, input, gate, decide, view);
  return { change: changeOf(binding, clusters, annotations), isRefused };
}

interface Plan {
  readonly clusters: readonly TargetCluster[];
  readonly annotations: Readonly<Record<string, string | null>>;
  readonly isRefused?: boolean;
}

const UNSTAGED = { [STAGED_PLACEMENT]: null };

/** Decided on as it is asked for. */
function stagedPlan(
  binding: ResourceBinding,
  input: Pick<ResourceBinding, 'spec' | 'status'>,
  gate: Gate,
  decide: Decide,
  view: View,
): Plan {
  const asked: ResourceBinding = { ...binding, ...input };
  const { metadata, spec } = asked;
  const noted = stagedPlacementOf(binding);
  const applied = appliedPlacementOf(metadata);
  const there = binding.spec.clusters ?? [];
  // Nobody knows any more what it was placed by: it is decided on as ever.
  if (applied === null) return { clusters: there, annotations: UNSTAGED };
  const affinity = metadata.annotations?.[AFFINITY_ANNOTATION] ?? null;
  const before = renewed(asked, applied, noted?.stable ?? there, affinity, decide, view);
  // Taken back: it is where it would be had nobody said anything.
  if (deepEqual(applied, spec.placement ?? {})) return { clusters: before.clusters, annotations: UNSTAGED };
  const after = nextOf(asked, noted, decide, view);
  if (gate === null) {
    // What finds no place, or too few, is decided on as ever.
    if (after.clusters === null || after.refusal !== undefined) return { clusters: there, annotations: UNSTAGED };
    const annotations = {
      ...UNSTAGED,
      [ANNOTATIONS.appliedPlacement]: canonicalJson(spec.placement ?? {}),
      [AFFINITY_ANNOTATION]: after.affinity,
      [MOVED_FOR_ANNOTATION]: null,
    };
    return { clusters: after.clusters, annotations };
  }
  const staged: StagedPlacement = {
    stable: before.clusters,
    of: placementHash(spec),
    next: after.clusters,
    affinity: after.affinity,
    ...(after.refusal !== undefined && { refusal: after.refusal }),
  };
  const places = placesInWaves(spec, staged, gate);
  const isRefused = before.refusal !== undefined || after.refusal !== undefined;
  // It may be where neither placement has it, by one that is not asked for any more.
  const clusters = places.length === 0 && isRefused ? there.filter(({ name }) => stays(name, view)) : places;
  return { clusters, annotations: { [STAGED_PLACEMENT]: stagedPlacementText(staged) }, isRefused };
}

function changeOf(
  { metadata, spec }: ResourceBinding,
  clusters: readonly TargetCluster[],
  annotations: Readonly<Record<string, string | null>>,
): JsonObject | null {
  const isElsewhere = !deepEqual(clusters, spec.clusters ?? []);
  const isNoted = Object.entries(annotations).every(
    ([name, value]) => (metadata.annotations?.[name] ?? null) === value,
  );
  if (!isElsewhere && isNoted) return null;
  return { ...(isElsewhere && { spec: { clusters } }), metadata: { annotations } } as unknown as JsonObject;
}

interface Places {
  readonly clusters: readonly TargetCluster[];
  readonly affinity: string | null;
  readonly refusal?: string;
}

function nextOf(
  binding: ResourceBinding,
  noted: StagedPlacement | null,
  decide: Decide,
  view: View,
): Omit<Places, 'clusters'> & { readonly clusters: readonly TargetCluster[] | null } {
  const { spec } = binding;
  const known = noted !== null && isNextOf(noted, spec) ? noted : null;
  if (known?.next == null) {
    const verdict = decide(binding);
    return verdict.ok
      ? { clusters: verdict.clusters, affinity: verdict.affinity }
      : { clusters: null, affinity: null, refusal: verdict.message };
  }
  return renewed(binding, spec.placement ?? {}, known.next, known.affinity, decide, view);
}

/** Decided again only where there is a reason to, as if that were all there is. */
function renewed(
  { metadata, spec, status }: ResourceBinding,
  placement: Placement,
  places: readonly TargetCluster[],
  affinity: string | null,
  decide: Decide,
  view: View,
): Places {
  const here = new Set((spec.clusters ?? []).map(({ name }) => name));
  // What has come back has not been left, even while that is still to be crossed out.
  const leaving = (spec.gracefulEvictionTasks ?? []).map(({ fromCluster }) => fromCluster);
  const left = new Set(leaving.filter((name) => !here.has(name)));
  const clusters = places.filter(({ name }) => !left.has(name) && (here.has(name) || takes(name, view)));
  const alone = {
    metadata: {
      ...metadata,
      annotations: { ...metadata.annotations, [ANNOTATIONS.appliedPlacement]: canonicalJson(placement) },
    },
    spec: { ...spec, placement, clusters: [...clusters] },
    status: { ...status, schedulerObservingAffinityName: affinity ?? undefined },
  };
  if (reasonToDecide(alone as ResourceBinding, view) === null) return { clusters, affinity };
  const verdict = decide(alone as ResourceBinding);
  if (verdict.ok) return { clusters: verdict.clusters, affinity: verdict.affinity };
  return { clusters: clusters.filter(({ name }) => stays(name, view)), affinity, refusal: verdict.message };
}
