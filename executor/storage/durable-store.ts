// A hub's memory with a storage behind it: every commit goes there first, and nobody is answered or told before it lasts.
//
// Writes are judged and numbered in memory at once, on top of those that are still on their way; a request waits for settled()
// before it answers, be it with what it wrote or with what it read. Where the storage gives a commit back, it is undone in
// memory together with all that was built on it; requests that were waiting hear why, and may be judged again.
import { type Change, type Collection, type IndexDefinition, ObjectStore } from '../../engine/index.ts';
import {
  type Follower,
  type Loss,
  type Storage,
  StorageError,
  type StorageProblem,
  type StoredCommit,
  type StoredObject,
  type StoredState,
} from './storage.ts';

export interface DurableStoreOptions {
  readonly historyMax?: number;
  readonly indexes?: readonly IndexDefinition[];
}

export type Settlement = { readonly ok: true } | { readonly ok: false; readonly loss: Loss };

const SETTLED: Settlement = { ok: true };

interface Waiter {
  readonly revision: number;
  readonly resolve: (settlement: Settlement) => void;
}

export class DurableStore {
  readonly store: ObjectStore;
  readonly storage: Storage;
  readonly #undoListeners = new Set<(undone: readonly Change[]) => void>();
  readonly #problemListeners = new Set<(problem: StorageProblem | null) => void>();
  #waiting: Waiter[] = [];
  #problem: StorageProblem | null = null;
  #isFilled = false;

  private constructor(storage: Storage, options: DurableStoreOptions) {
    this.storage = storage;
    this.store = new ObjectStore({ ...options, publish: 'when-told' });
    this.store.onCommit(({ revision, writes }) => {
      this.storage.append({ revision, writes: writes.map(({ key, object }) => ({ key, object })) });
    });
  }

  /** Notices are for people: what was found when the storage was opened. */
  static async open(
    storage: Storage,
    options: DurableStoreOptions = {},
  ): Promise<{ readonly durable: DurableStore; readonly notices: readonly string[] }> {
    const durable = new DurableStore(storage, options);
    const { notices } = await storage.open(durable.#follower());
    return { durable, notices };
  }

  /** Why writes are refused now; null while they are taken. */
  problem(): StorageProblem | null {
    return this.#problem;
  }

  /** When everything that is in memory now lasts, or why it was undone. */
  settled(): Promise<Settlement> | Settlement {
    const revision = this.store.revision();
    if (this.store.published() >= revision) return SETTLED;
    return new Promise((resolve) => this.#waiting.push({ revision, resolve }));
  }

  /** When what any hub acknowledged before the call is in memory here; null where that is always so. */
  caughtUp(): Promise<void> | null {
    return this.storage.caughtUp();
  }

  /** Hears what was undone, oldest first, after it was: what built on it has to look again. */
  onUndo(listener: (undone: readonly Change[]) => void): () => void {
    this.#undoListeners.add(listener);
    return () => void this.#undoListeners.delete(listener);
  }

  onProblem(listener: (problem: StorageProblem | null) => void): () => void {
    this.#problemListeners.add(listener);
    return () => void this.#problemListeners.delete(listener);
  }

  async close(): Promise<void> {
    await this.storage.close();
    const problem = { code: 'closed', message: `${this.storage.name} is closed` } as const;
    this.#release(Number.POSITIVE_INFINITY, { ok: false, loss: { why: 'unknown', problem } });
  }

  #follower(): Follower {
    return {
      state: () => this.#durableState(),
      replaced: (state) => this.#replace(state),
      committed: (commit) => this.#take(commit),
      durable: (revision) => {
        this.store.publish(revision);
        this.#release(revision, SETTLED);
      },
      lost: (loss) => this.#undo(loss),
      hindered: (problem) => {
        this.#problem = problem;
        for (const listener of this.#problemListeners) listener(problem);
      },
    };
  }

  /** Collections are values, so that nothing is copied. */
  #durableState(): StoredState {
    const revision = this.store.published();
    const collections = this.store.collectionNames().map((name) => this.store.collectionAt(name, revision)!);
    return { revision, objects: objectsOf(collections) };
  }

  #replace({ revision, objects }: StoredState): void {
    if (this.#isFilled) this.store.replace(revision, objects);
    else this.store.load(revision, objects);
    this.#isFilled = true;
  }

  #take(commit: StoredCommit): void {
    // Only damage below us can bring a commit that is not the next; to go on would hide it.
    const expected = this.store.revision() + 1;
    if (commit.revision !== expected) {
      throw new StorageError(
        'damaged',
        `${this.storage.name} told revision ${commit.revision} where ${expected} is due`,
      );
    }
    this.store.applyCommit(commit);
  }

  #undo(loss: Loss): void {
    const undone = this.store.discardUnpublished();
    this.#release(Number.POSITIVE_INFINITY, { ok: false, loss });
    if (undone.length > 0) for (const listener of this.#undoListeners) listener(undone);
  }

  /** Answers everybody who waits for no more than this revision. */
  #release(revision: number, settlement: Settlement): void {
    const ready = this.#waiting.filter((waiter) => waiter.revision <= revision);
    this.#waiting = this.#waiting.filter((waiter) => waiter.revision > revision);
    for (const { resolve } of ready) resolve(settlement);
  }
}

function* objectsOf(collections: readonly Collection[]): Generator<StoredObject, void> {
  for (const collection of collections) for (const object of collection.list()) yield [collection.name, object];
}
