// What happened to an object, what a commit consists of, and how a watcher with a selection sees a change.
import { merged } from '../base/merged.ts';
import type { KubeObject } from '../kube/meta.ts';
import type { ObjectKey } from './key.ts';

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

export interface Write {
  readonly key: ObjectKey;
  /** The new state, or null where the object goes. */
  readonly object: KubeObject | null;
  /** The state before; null where there was none. */
  readonly previous: KubeObject | null;
}

/** What is made durable: all of it or nothing. Every object in it carries the record's revision. */
export interface CommitRecord {
  readonly revision: number;
  readonly writes: readonly Write[];
}

/**
 * A change as a watcher with a selection sees it: what enters the selection is ADDED, what leaves it DELETED, and null is
 * what the watcher does not hear of. What leaves is to be told as it was before, at the revision at which it left.
 */
export function typeSeenBy(change: Change, isSelected: (object: KubeObject) => boolean): ChangeType | null {
  const before = change.previous !== null && isSelected(change.previous);
  if (change.type !== 'DELETED' && isSelected(change.object)) return before ? 'MODIFIED' : 'ADDED';
  return before ? 'DELETED' : null;
}

export const atRevision = (object: KubeObject, revision: number): KubeObject =>
  merged(object, { metadata: merged(object.metadata, { resourceVersion: String(revision) }) });
