// A storage in one folder of a disk: a log that every commit is synced to before it counts, and a snapshot now and then.
//
// The folder belongs to one process at a time (lock.ts). What is in it at the next start is read by recover.ts: everything
// acknowledged, then the rest of what had reached the medium. Where something acknowledged cannot be read, where the folder
// may not be written, or the disk is full, reads go on and writes are refused with the reason.
import { randomBytes } from 'node:crypto';
import { formatKey, keyOf } from '../../../engine/index.ts';
import {
  type Archive,
  FIRST_REVISION,
  type Follower,
  type Opened,
  type Storage,
  StorageError,
  type StorageProblem,
  type StoredCommit,
  type StoredObject,
  type StoredState,
} from '../storage.ts';
import { commitToJson } from './commit-format.ts';
import { COMPACTION_LIMITS, CompactionClock, type CompactionLimits, removeObsolete } from './compaction.ts';
import { snapshotName } from './file-names.ts';
import type { FileSystem } from './file-system.ts';
import { encodeRecord } from './group-format.ts';
import { FolderLock, LOCK_TIMES, type LockTimes } from './lock.ts';
import { LogFile } from './log-file.ts';
import { LogWriter } from './log-writer.ts';
import { nodeFileSystem } from './node-file-system.ts';
import { openError, readProblem } from './problem.ts';
import { type ProcessTable, processTable } from './process-identity.ts';
import { type Recovered, recover } from './recover.ts';
import { writeSnapshot } from './snapshot-file.ts';

export interface DiskOptions {
  readonly folder: string;
  /** 0, the default, syncs before every acknowledgement; otherwise so much time may be lost with the power. */
  readonly windowMs?: number;
  readonly limits?: CompactionLimits;
  /** How often a full disk is looked at again. */
  readonly retryMs?: number;
  readonly lockTimes?: LockTimes;
  readonly system?: FileSystem;
  readonly table?: ProcessTable;
  /** Hears of snapshots that could not be taken. */
  readonly warn?: (message: string) => void;
}

const RETRY_MS = 1000;
/** More than could be acknowledged within any window. */
const REVISIONS_SKIPPED = 1_000_000;
/** A hub that compacts beside a reader takes files away from under it; not often. */
const READS_MAX = 10;

export class DiskStorage implements Storage, Archive {
  readonly name: string;
  readonly #options: DiskOptions;
  readonly #system: FileSystem;
  readonly #folder: string;
  #follower: Follower | null = null;
  #lock: FolderLock | null = null;
  #writer: LogWriter | null = null;
  #clock: CompactionClock;
  #store = '';
  #refusal: StorageProblem | null = null;
  #snapshot: Promise<void> | null = null;

  constructor(options: DiskOptions) {
    this.#options = options;
    this.#folder = options.folder;
    this.#system = options.system ?? nodeFileSystem;
    this.#clock = new CompactionClock(options.limits ?? COMPACTION_LIMITS, 0);
    this.name = `disk:${options.folder}`;
  }

  get #isBatched(): boolean {
    return (this.#options.windowMs ?? 0) > 0;
  }

  async open(follower: Follower): Promise<Opened> {
    try {
      return await this.#open(follower);
    } catch (error) {
      await this.#lock?.release();
      throw openError(error, this.#folder);
    }
  }

  append(commit: StoredCommit): void {
    if (this.#writer === null) {
      const problem = this.#refusal ?? { code: 'closed', message: `${this.name} is closed` };
      queueMicrotask(() => this.#follower?.lost({ why: 'failed', problem }));
      return;
    }
    this.#writer.append(commit.revision, encodeRecord(commitToJson(commit)));
  }

  caughtUp(): null {
    return null;
  }

  async close(): Promise<void> {
    const writer = this.#writer;
    this.#writer = null;
    try {
      await writer?.close();
      await this.#snapshot;
    } finally {
      await this.#lock?.release();
      this.#lock = null;
    }
  }

  /** Without the lock, so that it may be done beside a running hub; files that it compacts away meanwhile are read anew. */
  async read(): Promise<StoredState> {
    for (let tried = 0; ; tried += 1) {
      try {
        const found = await recover(this.#system, this.#folder);
        if (found === null) throw new StorageError('invalid', `${this.#folder} holds no store`);
        if (found.damage !== null) throw new StorageError('damaged', found.damage);
        return stateOf(found);
      } catch (error) {
        if (!isGone(error)) throw openError(error, this.#folder);
        if (tried === READS_MAX) throw new StorageError('invalid', `${this.#folder} holds no store`, { cause: error });
      }
    }
  }

  async fill(state: StoredState): Promise<void> {
    try {
      await this.#system.makeFolder(this.#folder);
      this.#lock = await this.#takeLock();
      if ((await recover(this.#system, this.#folder)) !== null) {
        throw new StorageError('not-empty', `${this.#folder} holds a store already`);
      }
      const log = await this.#create(state);
      await log.close();
    } catch (error) {
      throw openError(error, this.#folder);
    } finally {
      await this.#lock?.release();
      this.#lock = null;
    }
  }

  async #open(follower: Follower): Promise<Opened> {
    this.#follower = follower;
    this.#refusal = await this.#claim();
    const found = await recover(this.#system, this.#folder);
    if (found === null) {
      if (this.#refusal !== null) throw new StorageError(this.#refusal.code, this.#refusal.message);
      const empty: StoredState = { revision: FIRST_REVISION, objects: [] };
      this.#startWriting(await this.#create(empty), FIRST_REVISION, 0);
      follower.replaced(empty);
      return { notices: [] };
    }
    this.#store = found.base.store;
    let skipped: StoredState | null = null;
    if (this.#refusal === null && found.damage === null) {
      try {
        if (found.mayLackEnd) skipped = await this.#skipAhead(found);
        else await this.#continue(found);
      } catch (error) {
        this.#refusal = readProblem(error, this.#folder);
      }
    }
    if (found.damage !== null) {
      const message = `${found.damage}; what can be read is served; restore a backup to write again`;
      this.#refusal = { code: 'damaged', message };
    }
    if (skipped === null) this.#tell(found, follower);
    else follower.replaced(skipped);
    if (this.#refusal !== null) {
      const message = `${this.#refusal.message}; writes are refused until the hub is started again`;
      this.#refusal = { code: this.#refusal.code, message };
      follower.hindered(this.#refusal);
    }
    return { notices: found.notices };
  }

  /** The folder and its lock; why nothing may be written where they cannot be had but may be read. */
  async #claim(): Promise<StorageProblem | null> {
    try {
      await this.#system.makeFolder(this.#folder);
      this.#lock = await this.#takeLock();
      return null;
    } catch (error) {
      const problem = readProblem(error, this.#folder);
      if (problem.code === 'in-use' || problem.code === 'invalid') throw error;
      return problem;
    }
  }

  #takeLock(): Promise<FolderLock> {
    const table = this.#options.table ?? processTable();
    return FolderLock.take(this.#system, this.#folder, table, this.#options.lockTimes ?? LOCK_TIMES);
  }

  async #create(state: StoredState): Promise<LogFile> {
    this.#store = randomBytes(16).toString('hex');
    // The log first: without a snapshot it counts for nothing, and is simply made again.
    const log = await LogFile.create(this.#system, this.#folder, this.#store, state.revision, this.#isBatched);
    await writeSnapshot(this.#system, this.#folder, snapshotName(state.revision), this.#store, state);
    return log;
  }

  async #continue(found: Recovered): Promise<void> {
    const { inventory, tail, revision, logBytes } = found;
    for (const draft of inventory.drafts) await this.#system.remove(`${this.#folder}/${draft}`);
    const log = await LogFile.continue(this.#system, this.#folder, tail, this.#isBatched);
    await removeObsolete(this.#system, this.#folder);
    this.#startWriting(log, revision, logBytes - log.bytes);
  }

  /** No revision is given out twice: those that may have been acknowledged and lost with the power are left out. */
  async #skipAhead(found: Recovered): Promise<StoredState> {
    const { objects } = stateOf(found);
    const state = { revision: found.revision + REVISIONS_SKIPPED, objects: [...objects] };
    // The snapshot first: without its log it counts for nothing as long as the old files are there.
    await writeSnapshot(this.#system, this.#folder, snapshotName(state.revision), this.#store, state);
    const log = await LogFile.create(this.#system, this.#folder, this.#store, state.revision, this.#isBatched);
    await removeObsolete(this.#system, this.#folder, 1);
    this.#startWriting(log, state.revision, 0);
    return state;
  }

  #tell(found: Recovered, follower: Follower): void {
    if (found.damage !== null) {
      // With something missing in between, the changes are no history that anybody could rely on.
      follower.replaced(stateOf(found));
      return;
    }
    follower.replaced(found.base);
    for (const commit of found.commits) follower.committed(commit);
  }

  #startWriting(log: LogFile, revision: number, olderLogBytes: number): void {
    const { windowMs = 0, retryMs = RETRY_MS, limits = COMPACTION_LIMITS } = this.#options;
    this.#clock = new CompactionClock(limits, Math.max(0, olderLogBytes));
    this.#writer = new LogWriter(
      log,
      revision,
      { place: this.#folder, windowMs, retryMs },
      {
        durable: (upTo) => this.#follower?.durable(upTo),
        lost: (loss) => this.#follower?.lost(loss),
        hindered: (problem) => this.#follower?.hindered(problem),
        between: async (current, at) => {
          const isDue = this.#snapshot === null && this.#clock.isDue(current.bytes, at > current.start);
          return isDue ? await this.#turnOver(current, at) : current;
        },
        mayWrite: async () => {
          if (await this.#lock?.isHeld()) return;
          throw new StorageError('in-use', `${this.#folder} was taken by another process while this one was stopped`);
        },
      },
    );
  }

  /** Ends the log and begins another; a snapshot of this moment is then written beside the writing. */
  async #turnOver(log: LogFile, revision: number): Promise<LogFile> {
    const state = this.#follower!.state();
    try {
      await log.finish(revision);
    } catch (error) {
      // A failed sync must not go unnoticed; a missing mark for want of room harms nobody.
      if (readProblem(error, this.#folder).code !== 'full') throw error;
      await log.cutBack();
      return this.#postpone(log, error);
    }
    let next: LogFile;
    try {
      next = await LogFile.create(this.#system, this.#folder, this.#store, revision, this.#isBatched);
    } catch (error) {
      return this.#postpone(log, error);
    }
    await log.close();
    this.#snapshot = this.#takeSnapshot(state).finally(() => {
      this.#snapshot = null;
    });
    return next;
  }

  #postpone(log: LogFile, error: unknown): LogFile {
    this.#clock.snapshotFailed();
    this.#warn(error);
    return log;
  }

  async #takeSnapshot(state: StoredState): Promise<void> {
    try {
      const name = snapshotName(state.revision);
      this.#clock.snapshotTaken(await writeSnapshot(this.#system, this.#folder, name, this.#store, state));
      await removeObsolete(this.#system, this.#folder);
    } catch (error) {
      this.#clock.snapshotFailed();
      this.#warn(error);
    }
  }

  #warn(error: unknown): void {
    this.#options.warn?.(`no snapshot was taken: ${readProblem(error, this.#folder).message}`);
  }
}

function stateOf({ base, commits, revision }: Recovered): StoredState {
  const objects = new Map<string, StoredObject>();
  for (const [collection, object] of base.objects)
    objects.set(formatKey(keyOf(collection, object)), [collection, object]);
  for (const { writes } of commits) {
    for (const { key, object } of writes) {
      if (object === null) objects.delete(formatKey(key));
      else objects.set(formatKey(key), [key.collection, object]);
    }
  }
  return { revision, objects: objects.values() };
}

const isGone = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';
