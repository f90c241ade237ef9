// What the server needs of a store of objects: current state, older states for a while, and every change in order.
import type { KubeObject } from '../../engine/index.ts';

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

export interface Change {
  readonly revision: number;
  readonly type: ChangeType;
  readonly collection: string;
  /** After the change; a deleted object carries the revision of its deletion. */
  readonly object: KubeObject;
  /** Before the change; null for an object that is new. */
  readonly previous: KubeObject | null;
}

export interface HubStore {
  /** The newest revision. */
  revision(): number;
  /** Changes after this revision are still known. */
  oldest(): number;
  get(collection: string, namespace: string, name: string): KubeObject | null;
  /** By namespace and name; everything where the namespace is null. */
  list(collection: string, namespace: string | null): readonly KubeObject[];
  /** Stores a new object or a new state and returns it with its revision. */
  put(collection: string, object: KubeObject): KubeObject;
  /** Returns the last state, with the revision of its deletion. */
  remove(collection: string, namespace: string, name: string): KubeObject | null;
  /** Every change to a collection after a revision; null where the history does not reach back that far. */
  changesSince(collection: string, revision: number): readonly Change[] | null;
  /** Called after each change, in order, for as long as the returned function has not been called. */
  onChange(listener: (change: Change) => void): () => void;
}
