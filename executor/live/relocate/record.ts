// What a binding notes of a move while it lasts and afterwards: how all was before, so that it can be put back by anybody, even if
// whoever began it is gone.
import { isObject, type Placement, type ResourceBinding, type TargetCluster } from '../../../engine/index.ts';
import type { Reference } from '../api-objects.ts';

export const RECORD_ANNOTATION = 'relocation.muster.dev/record';
/** The producer of the tasks that keep the old copy until it is let go. */
export const PRODUCER = 'Relocation';

export interface RelocationRecord {
  readonly verb: 'migrate' | 'clone';
  /** Null for a clone, which leaves nothing. */
  readonly from: string | null;
  readonly to: string;
  readonly before: Situation;
  /** As the policy is meant to be now: if it is otherwise, somebody has changed it since. */
  readonly placement: Placement;
  readonly policy: Reference;
  /** A policy of its own, made because the other one places other things, too. */
  readonly made: Reference | null;
}

/** What a policy and the scheduler had said. */
export interface Situation {
  readonly placement: Placement;
  readonly propagateDeps: boolean;
  readonly clusters: readonly TargetCluster[];
}

/** Null where nothing was moved, or its record cannot be read. */
export function recordOf({ metadata }: Pick<ResourceBinding, 'metadata'>): RelocationRecord | null {
  const text = metadata.annotations?.[RECORD_ANNOTATION];
  if (text === undefined) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && isObject(value.before) ? (value as unknown as RelocationRecord) : null;
  } catch {
    return null;
  }
}

export const isHeld = ({ spec }: Pick<ResourceBinding, 'spec'>, cluster: string): boolean =>
  (spec.gracefulEvictionTasks ?? []).some(
    ({ fromCluster, producer }) => fromCluster === cluster && producer === PRODUCER,
  );
