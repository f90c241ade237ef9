// What counts replicas must not go by an object that is not what its kind says, even where nothing stumbles over it.
import { unsoundness } from '../../api/soundness.ts';
import type { KubeObject } from '../../kube/meta.ts';

/** Throws where it is damaged: the shelter tells which object it was, and tries again later. */
export function asSound<T>(object: KubeObject): T {
  const problem = unsoundness(object);
  if (problem !== null) throw new TypeError(problem);
  return object as unknown as T;
}
