// What an object is known by: its collection ("group/plural", "/pods" for the core group), its namespace and its name.
import type { KubeObject } from '../kube/meta.ts';

export interface ObjectKey {
  /** All versions of a resource are kept in one collection. */
  readonly collection: string;
  /** Empty for objects without a namespace. */
  readonly namespace: string;
  readonly name: string;
}

/** Sorts below everything that a name may hold, so that paths sort by namespace, then name. */
const SEPARATOR = '\u0000';
const AFTER_SEPARATOR = '\u0001';

export const collectionName = (group: string, plural: string): string => `${group}/${plural}`;

export const keyOf = (collection: string, { metadata }: KubeObject): ObjectKey => ({
  collection,
  namespace: metadata.namespace ?? '',
  name: metadata.name,
});

/** Where an object lies in its collection. */
export const pathOf = (namespace: string, name: string): string => `${namespace}${SEPARATOR}${name}`;

export const pathOfObject = ({ metadata }: KubeObject): string => pathOf(metadata.namespace ?? '', metadata.name);

/** One text for a key, for maps and for messages to people of the trade. */
export const formatKey = ({ collection, namespace, name }: ObjectKey): string =>
  namespace === '' ? `${collection}/${name}` : `${collection}/${namespace}/${name}`;

export interface PathRange {
  readonly from: string | null;
  readonly until: string | null;
}

/** All paths that begin with this part and a separator. */
export const pathsBelow = (part: string): PathRange => ({
  from: `${part}${SEPARATOR}`,
  until: `${part}${AFTER_SEPARATOR}`,
});

/** The least path after this one. */
export const pathAfter = (path: string): string => `${path}${SEPARATOR}`;

/** An entry of an index: by value, then by path. */
export const indexEntry = (value: string, path: string): string => `${value}${SEPARATOR}${path}`;
