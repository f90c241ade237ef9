// What a binding notes of a move while it lasts and afterwards: how all was before, so that it can be put back by anybody, even if
// whoever began it is gone.
import {
  fields,
  filledText,
  flag,
  listOf,
  oneOf,
  type Placement,
  placementShape,
  problemsOf,
  type ResourceBinding,
  type TargetCluster,
  text,
} from '../../../engine/index.ts';
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

const reference = fields({ apiVersion: filledText, kind: filledText, name: filledText }, { namespace: text });
const situation = fields({
  placement: placementShape,
  propagateDeps: flag,
  clusters: listOf(fields({ name: filledText })),
});
const recordShape = fields(
  { verb: oneOf('migrate', 'clone'), to: filledText, before: situation, placement: placementShape, policy: reference },
  { from: filledText, made: reference },
);

/** Null where nothing was moved, or its record cannot be read: anybody may have written there. */
export function recordOf({ metadata }: Pick<ResourceBinding, 'metadata'>): RelocationRecord | null {
  const text = metadata.annotations?.[RECORD_ANNOTATION];
  if (text === undefined) return null;
  try {
    const value: unknown = JSON.parse(text);
    return problemsOf(recordShape, value).length === 0 ? (value as RelocationRecord) : null;
  } catch {
    return null;
  }
}

export const isHeld = ({ spec }: Pick<ResourceBinding, 'spec'>, cluster: string): boolean =>
  (spec.gracefulEvictionTasks ?? []).some(
    ({ fromCluster, producer }) => fromCluster === cluster && producer === PRODUCER,
  );
