// Bindings with and without a namespace under one sort of key, and the ways by which they are found.

import type { ResourceBinding } from '../api/binding.ts';
import { COLLECTIONS } from '../api/kinds.ts';
import { ANNOTATIONS, bindingNameOf, LABELS } from '../api/names.ts';
import { replicasIn } from '../api/target-clusters.ts';
import type { Work } from '../api/work.ts';
import type { Reader } from '../control/controller.ts';
import { isObject } from '../kube/json.ts';
import type { KubeObject, ObjectMeta } from '../kube/meta.ts';
import type { IndexDefinition } from '../store/indexes.ts';
import type { ObjectKey } from '../store/key.ts';
import { collectionOf } from './kinds.ts';
import { ofSound } from './shelter.ts';

/** "namespace/name"; the namespace is empty for a ClusterResourceBinding. */
export type BindingKey = string;

export const BINDINGS: readonly string[] = [COLLECTIONS.bindings, COLLECTIONS.clusterBindings];

export const keyOfBinding = ({ metadata }: { readonly metadata: ObjectMeta }): BindingKey =>
  `${metadata.namespace ?? ''}/${metadata.name}`;

export const bindingKeyFor = ({ kind, metadata }: KubeObject): BindingKey =>
  `${metadata.namespace ?? ''}/${bindingNameOf(kind, metadata.name)}`;

export function objectKeyOf(key: BindingKey): ObjectKey {
  const slash = key.indexOf('/');
  const [namespace, name] = [key.slice(0, slash), key.slice(slash + 1)];
  return { collection: namespace === '' ? COLLECTIONS.clusterBindings : COLLECTIONS.bindings, namespace, name };
}

export function bindingAt(hub: Reader, key: BindingKey): ResourceBinding | null {
  const { collection, namespace, name } = objectKeyOf(key);
  return hub.get(collection, namespace, name) as unknown as ResourceBinding | null;
}

/** Of the binding that an object has already; one that it gets later is looked at when it comes. */
export function bindingKeysFor(template: KubeObject, hub: Reader): readonly BindingKey[] {
  const key = bindingKeyFor(template);
  return bindingAt(hub, key) === null ? [] : [key];
}

/** What it places; null where that is gone, or is another object of the same name. */
export function templateOf({ spec }: ResourceBinding, hub: Reader): KubeObject | null {
  const { apiVersion, kind, namespace = '', name, uid } = spec.resource;
  const collection = collectionOf({ apiVersion, kind }, hub);
  const template = collection === null ? null : hub.get(collection, namespace, name);
  return template === null || (uid !== undefined && template.metadata.uid !== uid) ? null : template;
}

/** Fewer replicas have a place than were asked for, or none at all. */
export function isShort({ spec }: ResourceBinding): boolean {
  const { clusters = [], replicas: wanted = 0, replicaRequirements } = spec;
  // What counts replicas and is to have none is nowhere because it is to be nowhere.
  const isToRun = wanted > 0 || replicaRequirements === undefined || replicaRequirements === null;
  return (isToRun && clusters.length === 0) || replicasIn(clusters) < wanted;
}

/** How many replicas a cluster has told that are ready there; null where it has told of none. */
export function readyIn(cluster: string, status: ResourceBinding['status']): number | null {
  const told = status?.aggregatedStatus?.find(({ clusterName }) => clusterName === cluster);
  if (told?.applied !== true || !isObject(told.status)) return null;
  const { replicas, readyReplicas } = told.status;
  return typeof replicas === 'number' || typeof readyReplicas === 'number' ? Number(readyReplicas ?? 0) : null;
}

/** Of the binding that a Work, or a manifest in it, came from; null where it came from none. */
export function bindingKeyIn({ annotations }: Pick<ObjectMeta, 'annotations'>): BindingKey | null {
  const name = annotations?.[ANNOTATIONS.bindingName];
  if (name !== undefined) return `${annotations?.[ANNOTATIONS.bindingNamespace] ?? ''}/${name}`;
  const ofCluster = annotations?.[ANNOTATIONS.clusterBindingName];
  return ofCluster === undefined ? null : `/${ofCluster}`;
}

/** Works by the binding that they came from. */
export const WORKS_BY_BINDING: IndexDefinition = {
  name: 'work-by-binding',
  collection: COLLECTIONS.works,
  valuesOf: ({ metadata }) => {
    const key = bindingKeyIn(metadata);
    return key === null ? [] : [key];
  },
};

/** Those of this very binding, and not of an earlier one of its name. */
export function worksOf(hub: Reader, binding: ResourceBinding): readonly Work[] {
  const label = binding.metadata.namespace ? LABELS.bindingId : LABELS.clusterBindingId;
  const id = binding.metadata.labels?.[label];
  const works = hub.byIndex(COLLECTIONS.works, WORKS_BY_BINDING.name, keyOfBinding(binding));
  return (works as unknown as readonly Work[]).filter(({ metadata }) => metadata.labels?.[label] === id);
}

const targetsIn = (object: KubeObject): readonly string[] => {
  const { clusters = [] } = (object as unknown as ResourceBinding).spec;
  return clusters.length === 0 ? [] : clusters.map(({ name }) => name);
};

const TARGET = 'target';

/** Bindings by the clusters that they are scheduled to. */
export const BINDINGS_BY_TARGET: readonly IndexDefinition[] = BINDINGS.map((collection) => ({
  name: TARGET,
  collection,
  valuesOf: ofSound(targetsIn),
}));

/** Keys of the bindings that are scheduled to a cluster. */
export const bindingsIn = (hub: Reader, cluster: string): readonly BindingKey[] =>
  BINDINGS.flatMap((collection) => hub.byIndex(collection, TARGET, cluster).map(keyOfBinding));

const LEFT = 'left';

/** Bindings by the clusters that they are leaving. */
export const BINDINGS_BY_LEFT: readonly IndexDefinition[] = BINDINGS.map((collection) => ({
  name: LEFT,
  collection,
  valuesOf: ofSound((object) =>
    ((object as unknown as ResourceBinding).spec.gracefulEvictionTasks ?? []).map(({ fromCluster }) => fromCluster),
  ),
}));

/** Keys of the bindings that are leaving a cluster. */
export const bindingsLeaving = (hub: Reader, cluster: string): readonly BindingKey[] =>
  BINDINGS.flatMap((collection) => hub.byIndex(collection, LEFT, cluster).map(keyOfBinding));
