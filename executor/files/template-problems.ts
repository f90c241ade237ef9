// What is wrong with an object that policies may select, before anything is decided on it.
import { dropNulls, isObject, type KubeObject, type ShapeProblem } from '../../engine/index.ts';
import { typeProblems } from './built-in-types.ts';

export function templateProblems(object: KubeObject): readonly ShapeProblem[] {
  const ofReplicas = replicasProblem(object);
  return [...ofReplicas, ...typeProblems(object).filter(({ path }) => ofReplicas.every((one) => one.path !== path))];
}

/** What a merge patch says of an object; its nulls take something away. */
export function patchProblems(
  { apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>,
  patch: object,
): readonly ShapeProblem[] {
  const { metadata = {} } = patch as { readonly metadata?: unknown };
  if (!isObject(metadata)) {
    return [{ path: 'metadata', message: `is ${JSON.stringify(metadata)}, and should be an object` }];
  }
  return typeProblems({ ...(dropNulls(patch) as object), apiVersion, kind } as KubeObject);
}

/** A workload with any other number would count as one that wants nothing. */
function replicasProblem({ spec }: KubeObject): readonly ShapeProblem[] {
  if (!isObject(spec) || !isObject(spec.template)) return [];
  const { replicas } = spec;
  if (replicas === undefined || replicas === null || (Number.isSafeInteger(replicas) && Number(replicas) >= 0))
    return [];
  return [{ path: 'spec.replicas', message: `is ${JSON.stringify(replicas)}, and should be a whole number from 0 on` }];
}
