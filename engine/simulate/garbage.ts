// Garbage collection by owner references: dependents go when their last owner is gone (Background), before it (Foreground), or
// are let go of (Orphan).
import { isReleased } from '../api/deletion-protection.ts';
import type { KubeObject } from '../kube/meta.ts';
import type { Millis } from '../kube/time.ts';
import { FOREGROUND_FINALIZER, ORPHAN_FINALIZER } from '../store/judge.ts';
import { keyOf, type ObjectKey } from '../store/key.ts';
import type { Clock } from './clock.ts';
import type { KeptApi } from './kept-api.ts';

/** The collector works from watches of its own, and so a little later. */
const DELAY_MS: Millis = 200;

export class GarbageCollector {
  readonly #api: KeptApi;
  readonly #clock: Clock;
  /** Uids of all objects: an owner that is not among them is gone. */
  readonly #living = new Set<string>();
  /** Owners that wait for their dependents to go first, by uid. */
  readonly #waiting = new Map<string, ObjectKey>();

  constructor(api: KeptApi, clock: Clock) {
    this.#api = api;
    this.#clock = clock;
    api.store.onChange(({ type, collection, object, previous }) => {
      const { uid = '', ownerReferences = [], finalizers = [], deletionTimestamp } = object.metadata;
      if (type === 'DELETED') {
        this.#living.delete(uid);
        this.#waiting.delete(uid);
        this.#later(() => this.#releaseDependents(uid));
        for (const owner of ownerReferences) this.#later(() => this.#finishForeground(owner.uid));
        return;
      }
      if (uid !== previous?.metadata.uid) this.#living.add(uid);
      const key = keyOf(collection, object);
      if (deletionTimestamp !== undefined) {
        if (finalizers.includes(ORPHAN_FINALIZER)) this.#later(() => this.#orphan(key, uid));
        else if (finalizers.includes(FOREGROUND_FINALIZER)) {
          this.#waiting.set(uid, key);
          this.#later(() => this.#deleteDependents(uid));
        }
      }
      if (ownerReferences.length > 0 && ownerReferences !== previous?.metadata.ownerReferences) {
        this.#later(() => this.#tend(key));
      }
      if (ownerReferences.length > 0 && isReleased(object, previous)) {
        this.#later(() => this.#tend(key));
        for (const owner of ownerReferences)
          if (this.#waiting.has(owner.uid)) this.#later(() => this.#deleteDependents(owner.uid));
      }
    });
  }

  #later(run: () => void): void {
    this.#clock.after(DELAY_MS, run);
  }

  #releaseDependents(uid: string): void {
    for (const { key } of this.#api.store.dependentsOf(uid)) this.#tend(key);
  }

  /** Goes if all its owners are gone; forgets those that are. */
  #tend(key: ObjectKey): void {
    const object = this.#api.store.get(key.collection, key.namespace, key.name);
    const owners = object?.metadata.ownerReferences ?? [];
    if (object === null || owners.length === 0 || object.metadata.deletionTimestamp !== undefined) return;
    const alive = owners.filter(({ uid }) => this.#living.has(uid));
    if (alive.length === owners.length) return;
    const uid = object.metadata.uid ?? '';
    if (alive.length === 0) this.#api.writer.delete(key, this.#api.now, { precondition: { uid } });
    else this.#api.writer.patch(key, (current) => withOwners(current, alive));
  }

  #orphan(key: ObjectKey, uid: string): void {
    for (const { key: dependent } of this.#api.store.dependentsOf(uid)) {
      this.#api.writer.patch(dependent, (current) =>
        withOwners(
          current,
          (current.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== uid),
        ),
      );
    }
    this.#dropFinalizer(key, ORPHAN_FINALIZER);
  }

  #deleteDependents(uid: string): void {
    const dependents = this.#api.store.dependentsOf(uid);
    for (const { key: dependent, object } of dependents) {
      const isShared = (object.metadata.ownerReferences ?? []).some(
        (owner) => owner.uid !== uid && this.#living.has(owner.uid),
      );
      if (isShared) {
        this.#api.writer.patch(dependent, (current) =>
          withOwners(
            current,
            (current.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== uid),
          ),
        );
      } else if (object.metadata.deletionTimestamp === undefined) {
        this.#api.writer.delete(dependent, this.#api.now, { propagation: 'Foreground' });
      }
    }
    this.#finishForeground(uid);
  }

  /** An owner that waits for its dependents goes when none is left that would hold it. */
  #finishForeground(uid: string): void {
    const key = this.#waiting.get(uid);
    if (key === undefined) return;
    const isHeld = this.#api.store
      .dependentsOf(uid)
      .some(({ object }) =>
        object.metadata.ownerReferences?.some((owner) => owner.uid === uid && owner.blockOwnerDeletion === true),
      );
    if (!isHeld) this.#dropFinalizer(key, FOREGROUND_FINALIZER);
  }

  #dropFinalizer(key: ObjectKey, finalizer: string): void {
    this.#api.writer.patch(key, (current) => ({
      ...current,
      metadata: {
        ...current.metadata,
        finalizers: (current.metadata.finalizers ?? []).filter((one) => one !== finalizer),
      },
    }));
  }
}

const withOwners = (object: KubeObject, ownerReferences: NonNullable<KubeObject['metadata']['ownerReferences']>) => ({
  ...object,
  metadata: { ...object.metadata, ownerReferences },
});
