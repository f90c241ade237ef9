// What a Work's manifests have become in its member, as far as that is seen from here.
import type { ManifestStatus, Work } from '../api/work.ts';
import type { View } from '../control/controller.ts';
import { isObject } from '../kube/json.ts';
import type { KubeObject } from '../kube/meta.ts';
import type { Millis } from '../kube/time.ts';
import { PropagationError } from '../propagate/errors.ts';
import type { Interpreter } from '../propagate/interpret/interpreter.ts';
import { manifestStatusOf } from '../propagate/status.ts';
import { workKeyIn } from './execution/manifest.ts';
import { collectionOf } from './kinds.ts';

/** Of what is not seen, or cannot be read, what was told before. */
export function reflectedOf(work: Work, cluster: string, view: View, interpreter: Interpreter): ManifestStatus[] {
  const known = work.status?.manifestStatuses ?? [];
  return (work.spec.workload.manifests ?? []).flatMap((manifest, ordinal) => {
    const observed = observedOf(manifest, cluster, work, view);
    const before = known.find(({ identifier }) => identifier.ordinal === ordinal);
    if (observed === null) return before === undefined ? [] : [before];
    return [statusOf(observed, ordinal, interpreter) ?? before].filter((one) => one !== undefined);
  });
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

function statusOf(observed: KubeObject, ordinal: number, interpreter: Interpreter): ManifestStatus | null {
  try {
    return manifestStatusOf(observed, ordinal, interpreter);
  } catch (error) {
    if (error instanceof PropagationError) return null;
    throw error;
  }
}
