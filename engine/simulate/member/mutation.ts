// A webhook in a member that adds to every workload that is written there: an annotation, a field, or a container of its own.
import { isObject } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';

export type Mutation = 'annotation' | 'field' | 'container';

export function mutated(object: KubeObject, adds: Mutation): KubeObject {
  if (adds === 'annotation') {
    const annotations = { ...object.metadata.annotations, 'example.com/seen': 'yes' };
    return { ...object, metadata: { ...object.metadata, annotations } };
  }
  const { spec } = object;
  const pod = isObject(spec) && isObject(spec.template) ? spec.template.spec : undefined;
  if (!isObject(spec) || !isObject(spec.template) || !isObject(pod)) return object;
  const containers = Array.isArray(pod.containers) ? pod.containers : [];
  const isThere = containers.some((one: { readonly name?: string }) => one.name === SIDECAR.name);
  const next =
    adds === 'field'
      ? { ...pod, schedulerName: pod.schedulerName ?? 'packed' }
      : { ...pod, containers: isThere ? containers : [...containers, SIDECAR] };
  return { ...object, spec: { ...spec, template: { ...spec.template, spec: next } } } as KubeObject;
}

const SIDECAR = { name: 'proxy', image: 'mesh/proxy:1' };
