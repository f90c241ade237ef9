// Where an object is while a placement that has changed is let through in waves: noted on its binding are the places by the placement
// before and by the new one; its clusters are a mixture of both, cluster by cluster.
import {
  type ResourceBinding,
  type ResourceBindingSpec,
  type TargetCluster,
  targetClusterSchema,
} from '../../api/binding.ts';
import { STAGED_PLACEMENT } from '../../api/staged-rollout.ts';
import { byKey, byText } from '../../base/order.ts';
import { canonicalJson, isObject } from '../../kube/json.ts';
import type { ObjectMeta } from '../../kube/meta.ts';
import { listOf } from '../../kube/schema/typed-schema.ts';
import { isDuplicated } from '../../schedule/request.ts';
import { isNote, jsonAnnotation } from '../annotations.ts';
import { hashOf } from './placements.ts';

export interface StagedPlacement {
  /** Where it goes by the placement that it was placed by, and that its annotation still tells. */
  readonly stable: readonly TargetCluster[];
  /** Which new placement the rest is about, as a hash. */
  readonly of: string;
  /** Where it goes by that; null where it finds no place. */
  readonly next: readonly TargetCluster[] | null;
  readonly affinity: string | null;
  /** Why it finds no place. */
  readonly refusal?: string;
}

/** Whose places a cluster has: those of the new placement, those before, or whatever it has just now. */
export type Source = 'next' | 'stable' | 'kept';

export interface Waves {
  readonly sourceFor: (cluster: string) => Source;
  /** What was given there has been well: others may give up as much. */
  readonly hasPassed: (cluster: string) => boolean;
}

export const hasStagedPlacement = ({ annotations }: ObjectMeta): boolean =>
  annotations?.[STAGED_PLACEMENT] !== undefined;

/** Null where nothing is noted, and where that cannot be read. */
export function stagedPlacementOf({ metadata }: Pick<ResourceBinding, 'metadata'>): StagedPlacement | null {
  if (!hasStagedPlacement(metadata)) return null;
  const noted = jsonAnnotation(metadata, STAGED_PLACEMENT);
  if (!isObject(noted) || typeof noted.of !== 'string') return null;
  const stable = readTargets(noted.stable);
  if (stable === null) return null;
  return {
    stable,
    of: noted.of,
    next: readTargets(noted.next),
    affinity: typeof noted.affinity === 'string' ? noted.affinity : null,
    ...(typeof noted.refusal === 'string' && { refusal: noted.refusal }),
  };
}

/** Short, since there is room for so much only in annotations: "name" or "name=replicas", and whole only what has components. */
export const stagedPlacementText = ({ stable, next, ...rest }: StagedPlacement): string =>
  canonicalJson({ ...rest, stable: stable.map(writtenTarget), next: next?.map(writtenTarget) ?? null });

const writtenTarget = (target: TargetCluster): string | TargetCluster =>
  target.components !== undefined
    ? target
    : target.replicas === undefined
      ? target.name
      : `${target.name}=${target.replicas}`;

const targetsSchema = listOf('Where it goes.', targetClusterSchema);

function readTargets(value: unknown): readonly TargetCluster[] | null {
  const targets = Array.isArray(value) ? value.map(readTarget) : null;
  return isNote<readonly TargetCluster[]>(targets, targetsSchema) ? targets : null;
}

function readTarget(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const [name, replicas] = value.split('=');
  return { name, ...(replicas !== undefined && { replicas: Number(replicas) }) };
}

export const placementHash = ({ placement }: ResourceBindingSpec): string => hashOf(canonicalJson(placement ?? {}));

/** It has been decided where the object goes by its placement as it is now. */
export const isNextOf = (staged: StagedPlacement, spec: ResourceBindingSpec): boolean =>
  staged.of === placementHash(spec);

/**
 * Each cluster has what its wave says. What is to leave clusters stays, and as much as is needed, until its successors have been well
 * for long enough; and where the old placement cannot hold what is wanted any more, the new one helps out before its waves have come.
 */
export function placesInWaves(
  spec: ResourceBindingSpec,
  { stable, next }: Pick<StagedPlacement, 'stable' | 'next'>,
  waves: Waves,
): TargetCluster[] {
  const isCounted = (spec.replicas ?? 0) > 0 && spec.components === undefined && !isDuplicated(spec.placement ?? {});
  const [before, after, now] = [stable, next ?? stable, spec.clusters ?? []].map(byName);
  const weightOf = (target: TargetCluster | undefined): number =>
    target === undefined ? 0 : isCounted ? (target.replicas ?? 0) : 1;
  const sumOf = (places: ReadonlyMap<string, TargetCluster>): number =>
    [...places.values()].reduce((sum, target) => sum + weightOf(target), 0);
  const names = [...new Set([...before!.keys(), ...after!.keys()])].sort(byText);
  const places = new Map<string, TargetCluster>();
  let certain = 0;
  for (const name of names) {
    const [old, fresh] = [before!.get(name), after!.get(name)];
    const source = waves.sourceFor(name);
    const target = source === 'next' ? fresh : source === 'stable' ? old : now!.get(name);
    if (target !== undefined) places.set(name, target);
    certain +=
      waves.hasPassed(name) || source === 'stable' ? weightOf(target) : Math.min(weightOf(target), weightOf(old));
  }
  const [least, most] = [Math.min(sumOf(before!), sumOf(after!)), Math.max(sumOf(before!), sumOf(after!))];
  const needed = isCounted ? Math.min(most, spec.replicas ?? 0) : Math.max(least, Math.min(1, most));
  // Whose wave was earlier gives it up earlier.
  const lenders = [...names.filter((name) => !waves.hasPassed(name)), ...names.filter(waves.hasPassed)];
  const lend = (from: ReadonlyMap<string, TargetCluster>, missing: number): void => {
    let lacking = missing;
    for (const name of lenders) {
      const [there, offered] = [places.get(name), from.get(name)];
      const more = Math.min(lacking, weightOf(offered) - weightOf(there));
      if (more <= 0) continue;
      lacking -= more;
      places.set(name, isCounted ? { name, replicas: weightOf(there) + more } : offered!);
    }
  };
  lend(before!, needed - certain);
  lend(after!, needed - sumOf(places));
  return [...places.values()].sort(byKey(({ name }) => name, byText));
}

const byName = (targets: readonly TargetCluster[]): ReadonlyMap<string, TargetCluster> =>
  new Map(targets.map((target) => [target.name, target]));
