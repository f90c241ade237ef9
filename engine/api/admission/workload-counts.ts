// How many there are to be of a workload that does not say it: what every Kubernetes API fills in, and decisions rest on.
import { isObject } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';

const REPLICATED: ReadonlySet<string> = new Set([
  'apps/v1/Deployment',
  'apps/v1/ReplicaSet',
  'apps/v1/StatefulSet',
  'v1/ReplicationController',
]);

export function withWorkloadCounts(object: KubeObject): KubeObject {
  const { apiVersion, kind, spec } = object;
  if (!isObject(spec)) return object;
  if (REPLICATED.has(`${apiVersion}/${kind}`))
    return isUnset(spec.replicas) ? withSpec(object, { replicas: 1 }) : object;
  if (apiVersion !== 'batch/v1' || kind !== 'Job' || !isUnset(spec.parallelism)) return object;
  return withSpec(object, { parallelism: 1, ...(isUnset(spec.completions) && { completions: 1 }) });
}

const isUnset = (value: unknown): boolean => value === undefined || value === null;

const withSpec = (object: KubeObject, counts: object): KubeObject => ({
  ...object,
  spec: { ...(object.spec as object), ...counts },
});
