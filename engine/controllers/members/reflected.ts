// What a Work's manifests have become in its member, as far as that is seen from here.
import type { ManifestStatus, Work } from '../../api/work.ts';
import type { EventRecord, View } from '../../control/controller.ts';
import { isObject } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import type { Millis } from '../../kube/time.ts';
import { PropagationError } from '../../propagate/errors.ts';
import type { Interpreter } from '../../propagate/interpret/interpreter.ts';
import { manifestStatusOf } from '../../propagate/status.ts';
import { collectionOf } from '../kinds.ts';
import { workKeyIn } from './execution/manifest.ts';
import { tellerOf } from './execution/news.ts';

export interface Reflection {
  /** Of what is not seen, or cannot be read, what was told before. */
  readonly statuses: readonly ManifestStatus[];
  /** What cannot be read, and what cannot be judged any more. */
  readonly events: readonly EventRecord[];
}

/**
 * One of each manifest.
 *
 * Differs from Karmada: there only that of the manifest that was reflected last is kept.
 */
export function reflectedOf(work: Work, cluster: string, view: View, interpreter: Interpreter): Reflection {
  const known = work.status?.manifestStatuses ?? [];
  const statuses: ManifestStatus[] = [];
  const events: EventRecord[] = [];
  for (const [ordinal, manifest] of (work.spec.workload.manifests ?? []).entries()) {
    const before = known.find(({ identifier }) => identifier.ordinal === ordinal);
    const observed = observedOf(manifest, cluster, work, view);
    const status =
      observed === null ? undefined : unlessUnclear(() => manifestStatusOf(observed, ordinal, interpreter));
    const told = typeof status === 'object' ? status : before;
    if (told !== undefined) statuses.push(told);
    const tell = (reason: string, message: string) => {
      const { kind, metadata } = manifest;
      events.push(...tellerOf(work, cluster, view)('Warning', reason, `${kind} ${metadata.name}: ${message}`));
    };
    if (typeof status === 'string') tell('ReflectStatusFailed', status);
    // Whoever reflects it says only that it is not known.
    else if (observed !== null && status?.health === 'Unknown' && before?.health !== 'Unknown') {
      tell('InterpretHealthFailed', String(unlessUnclear(() => interpreter.healthy(observed))));
    }
  }
  return { statuses, events };
}

/** How long whoever has just been made, or asked for something else, may take to say how it is. */
export const SOON_MS: Millis = 1_000;

/** Of what has no status of its own nothing more is to be heard once it is there and well. */
export const areLastWords = (statuses: readonly ManifestStatus[], work: Work): boolean =>
  areAllThere(statuses, work) && statuses.every(({ health, status }) => health === 'Healthy' && status === undefined);

export const areAllThere = (statuses: readonly ManifestStatus[], { spec }: Work): boolean =>
  statuses.length === (spec.workload.manifests ?? []).length;

/** Whoever keeps a status has seen what is asked for; of what has just been made, or asked for something else, that is soon. */
export const areOfNow = (statuses: readonly ManifestStatus[]): boolean =>
  statuses.some(
    ({ status }) =>
      isObject(status) && Number(status.observedGeneration ?? status.generation ?? 0) >= Number(status.generation ?? 0),
  );

function observedOf(manifest: KubeObject, cluster: string, { metadata }: Work, view: View): KubeObject | null {
  const collection = collectionOf(manifest, view);
  if (collection === null) return null;
  const { namespace = '', name } = manifest.metadata;
  const there = view.member(cluster).get(collection, namespace, name);
  return there !== null && workKeyIn(there) === `${metadata.namespace}/${metadata.name}` ? there : null;
}

/** A text that says why, where it is not of the shape that its kind demands. */
function unlessUnclear<T>(read: () => T): T | string {
  try {
    return read();
  } catch (error) {
    if (error instanceof PropagationError) return error.message;
    throw error;
  }
}
