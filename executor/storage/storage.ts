// The port behind a hub's memory: every commit is made to last before anybody is answered or told of it.
//
// The hub numbers commits itself, one after the other without gaps, keeps what they make in memory (engine/store) and hands
// them on in that order. A storage answers through the follower that it was opened with, never from inside append():
//
//   durable(revision)   our commits up to there will survive; now they may be told;
//   lost(loss)          our commits after the last durable one did not happen, and their numbers are free again;
//   committed(commit)   another hub on the same storage was there first; comes when none of ours waits;
//   replaced(state)     all there is, at the beginning and wherever history was lost;
//   hindered(problem)   why writes are refused now; null once they are taken again. Reads go on.
//
// What follows replaced() at the beginning, through committed(), is the history that watchers may resume from.
import type { KubeObject, PlannedWrite } from '../../engine/index.ts';

/** All of it lasts or nothing. Objects carry the commit's revision as their resourceVersion. */
export interface StoredCommit {
  readonly revision: number;
  readonly writes: readonly PlannedWrite[];
}

export type StoredObject = readonly [collection: string, object: KubeObject];

export interface StoredState {
  readonly revision: number;
  readonly objects: Iterable<StoredObject>;
}

/** The empty state's, as etcd has it: the first commit is the second revision. */
export const FIRST_REVISION = 1;

export type ProblemCode =
  /** No room: writes are taken again when there is. */
  | 'full'
  /** The medium may be read, not written. */
  | 'read-only'
  /** The system does not let us in. */
  | 'denied'
  /** Another process has it. */
  | 'in-use'
  /** What was acknowledged cannot all be read any more. */
  | 'damaged'
  /** Reading or writing failed below us. */
  | 'io'
  /** The other side of a network does not answer. */
  | 'unreachable'
  /** One commit is larger than the storage takes. */
  | 'too-large'
  /** There is something where there should be nothing. */
  | 'not-empty'
  /** Settings that cannot be. */
  | 'invalid'
  | 'closed';

export interface StorageProblem {
  readonly code: ProblemCode;
  /** A sentence for people, naming the place. */
  readonly message: string;
}

export class StorageError extends Error implements StorageProblem {
  override readonly name = 'StorageError';
  readonly code: ProblemCode;

  constructor(code: ProblemCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export type Loss =
  /** Another hub took the revision: what was asked for may simply be judged again, on what is there now. */
  | { readonly why: 'outrun' }
  /** This one commit is not taken; what was built on it may be judged again without it. */
  | { readonly why: 'refused'; readonly revision: number; readonly problem: StorageProblem }
  /** Surely not stored. */
  | { readonly why: 'failed'; readonly problem: StorageProblem }
  /** Nobody can tell: if it was stored, it is told later through committed(), or found at the next start. */
  | { readonly why: 'unknown'; readonly problem: StorageProblem };

export interface Follower {
  /** Everything that is durable now, to be walked at leisure: a value that stays as it is. */
  state(): StoredState;
  replaced(state: StoredState): void;
  committed(commit: StoredCommit): void;
  durable(revision: number): void;
  lost(loss: Loss): void;
  hindered(problem: StorageProblem | null): void;
}

export interface Opened {
  /** What people should know of how it went: a tail that was cut off, a damaged copy that was not needed. */
  readonly notices: readonly string[];
}

export interface Storage {
  /** For people; never holds a password. */
  readonly name: string;
  /** Tells the follower all there is, then follows. Throws a StorageError where there is nothing to be had. */
  open(follower: Follower): Promise<Opened>;
  /** The next commit. Many may wait: they share one round to the disk or the network. */
  append(commit: StoredCommit): void;
  /** When the follower has heard of everything that anybody was acknowledged before the call; null where that is always so. */
  caughtUp(): Promise<void> | null;
  /** Lets what waits finish, then lets go. */
  close(): Promise<void>;
}

/** What backup and restore need besides; storages that outlive the process have it. */
export interface Archive {
  readonly name: string;
  /** All there is at one revision, also while a hub is running on it. */
  read(): Promise<StoredState>;
  /** Fills a storage that must be empty. */
  fill(state: StoredState): Promise<void>;
}
