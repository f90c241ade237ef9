// An object as it comes back from Kubernetes' own types, which is how Karmada hands on what it has interpreted:
// quantities in canonical form, and the structures that those types never leave out.
// Differs from Karmada: fields that Karmada's Kubernetes version does not know yet survive.

import { rememberedOf } from '../../../base/remembered.ts';
import type { KubeObject } from '../../../kube/meta.ts';
import { formatQuantity, parseQuantity } from '../../../kube/quantity.ts';
import { PropagationError } from '../../errors.ts';
import { type Fields, fieldsAt, mapList, mapValue, withValue } from '../../fields.ts';

type Path = readonly [string, ...string[]];

const POD_TEMPLATE: Path = ['spec', 'template', 'spec'];

const RETYPERS: Readonly<Record<string, (object: KubeObject) => KubeObject>> = {
  Pod: (object) => withPodSpec(object, 'spec'),
  ReplicaSet: (object) => withPodSpec(object, ...POD_TEMPLATE),
  Job: (object) => withPodSpec(object, ...POD_TEMPLATE),
  Deployment: (object) => withStruct(withPodSpec(object, ...POD_TEMPLATE), 'spec', 'strategy'),
  DaemonSet: (object) => withStruct(withPodSpec(object, ...POD_TEMPLATE), 'spec', 'updateStrategy'),
  StatefulSet: (object) => {
    const typed = withStruct(withPodSpec(object, ...POD_TEMPLATE), 'spec', 'updateStrategy');
    return mapList(typed, (claim) => withStruct(retypeClaim(claim), 'status'), 'spec', 'volumeClaimTemplates');
  },
  CronJob: (object) =>
    withStruct(withPodSpec(object, 'spec', 'jobTemplate', ...POD_TEMPLATE), 'spec', 'jobTemplate', 'metadata'),
  PersistentVolumeClaim: retypeClaim,
  PersistentVolume: (object) => withQuantities(object, 'spec', 'capacity'),
  HorizontalPodAutoscaler: (object) => mapList(object, retypeMetric, 'spec', 'metrics'),
};

export function retyped(object: KubeObject): KubeObject {
  return Object.hasOwn(RETYPERS, object.kind) ? RETYPERS[object.kind]!(object) : object;
}

function withPodSpec(object: KubeObject, ...path: Path): KubeObject {
  return mapValue(object, () => retypePodSpec(fieldsAt(object, ...path)!), ...path);
}

/** Of a template, whenever its status is summed up. */
const retypePodSpec = rememberedOf((podSpec: Fields): Fields => {
  let typed = withQuantities(podSpec, 'overhead');
  typed = withQuantities(typed, 'resources', 'requests');
  typed = withQuantities(typed, 'resources', 'limits');
  for (const list of ['containers', 'initContainers', 'ephemeralContainers']) {
    typed = mapList(typed, retypeContainer, list);
  }
  return mapList(typed, retypeVolume, 'volumes');
});

function retypeContainer(container: Fields): Fields {
  let typed = withQuantities(container, 'resources', 'requests');
  typed = withQuantities(typed, 'resources', 'limits');
  typed = mapList(typed, (variable) => withQuantity(variable, 'valueFrom', 'resourceFieldRef', 'divisor'), 'env');
  return withStruct(typed, 'resources');
}

function retypeVolume(volume: Fields): Fields {
  const downward = (item: Fields) => withQuantity(item, 'resourceFieldRef', 'divisor');
  let typed = withQuantity(volume, 'emptyDir', 'sizeLimit');
  typed = mapList(typed, downward, 'downwardAPI', 'items');
  typed = mapList(typed, (source) => mapList(source, downward, 'downwardAPI', 'items'), 'projected', 'sources');
  return mapValue(
    typed,
    () => retypeClaim(fieldsAt(typed, 'ephemeral', 'volumeClaimTemplate')!),
    'ephemeral',
    'volumeClaimTemplate',
  );
}

function retypeClaim<T extends Fields>(claim: T): T {
  const typed = withQuantities(withQuantities(claim, 'spec', 'resources', 'requests'), 'spec', 'resources', 'limits');
  return withStruct(typed, 'spec', 'resources');
}

function retypeMetric(metric: Fields): Fields {
  let typed = metric;
  for (const source of ['resource', 'containerResource', 'pods', 'object', 'external']) {
    typed = withQuantity(withQuantity(typed, source, 'target', 'value'), source, 'target', 'averageValue');
  }
  return typed;
}

const withQuantity = <T extends Fields>(object: T, ...path: Path): T =>
  mapValue(object, (value) => canonicalQuantity(value, path), ...path);

function withQuantities<T extends Fields>(object: T, ...path: Path): T {
  const list = fieldsAt(object, ...path);
  if (list === undefined) return object;
  const canonical = Object.entries(list).map(([name, value]) => [name, canonicalQuantity(value, [...path, name])]);
  return withValue(object, Object.fromEntries(canonical), ...path);
}

function canonicalQuantity(value: unknown, path: readonly string[]): string {
  const quantity = typeof value === 'string' || typeof value === 'number' ? parseQuantity(value) : null;
  if (quantity === null) throw new PropagationError(`${path.join('.')}: ${JSON.stringify(value)} is not a quantity`);
  return formatQuantity(quantity);
}

/** A structure, not a pointer to one, in Go: present even when there is nothing in it. */
const withStruct = <T extends Fields>(object: T, ...path: Path): T =>
  fieldsAt(object, ...path) === undefined ? withValue(object, {}, ...path) : object;
