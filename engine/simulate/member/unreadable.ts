// What a cluster's API refuses: a workload whose pods say something that no server could read, as an override may make it.
import type { KubeObject } from '../../kube/meta.ts';
import { PropagationError } from '../../propagate/errors.ts';
import { podRequirements } from '../../propagate/interpret/native/pod-requirements.ts';
import { type Failure, refused } from '../../store/failure.ts';
import type { ObjectKey } from '../../store/key.ts';
import { type Fields, podSpecOf, WORKLOAD_COLLECTIONS } from './workload.ts';

/** A wish that is not new has been let in before. */
export function unreadable(key: ObjectKey, next: KubeObject, previous: KubeObject | null): Failure | null {
  const kind = WORKLOAD_COLLECTIONS.get(key.collection);
  if (kind === undefined || next.spec === previous?.spec) return null;
  const problem = problemOf(podSpecOf(kind, next));
  return problem === null ? null : refused(key, 'Invalid', `is none that can be read: ${problem}`);
}

function problemOf(podSpec: Fields): string | null {
  try {
    podRequirements(podSpec);
    return null;
  } catch (error) {
    if (error instanceof PropagationError) return error.message;
    throw error;
  }
}
