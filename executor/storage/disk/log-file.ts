// The log that is being written: groups go to its end, each synced before the next, or within a window where that was asked for.
import { encodeFileHeader, FILE_HEADER_BYTES } from './file-header.ts';
import { logName } from './file-names.ts';
import { type FileSystem, type OpenFile, readFully, writeFully } from './file-system.ts';
import { encodeGroup, type GroupKind } from './group-format.ts';

export class LogFile {
  readonly start: number;
  readonly #file: OpenFile;
  #end: number;
  #safe: number;
  readonly #isBatched: boolean;
  /** Whoever finds this log can tell that groups may be missing at its end. */
  #isMarked = false;
  #syncing: Promise<void> = Promise.resolve();

  private constructor(
    start: number,
    file: OpenFile,
    reached: { readonly end: number; readonly safe: number },
    isBatched: boolean,
  ) {
    this.start = start;
    this.#file = file;
    this.#end = reached.end;
    this.#safe = reached.safe;
    this.#isBatched = isBatched;
  }

  /** The name stands for a log with a whole header or for nothing. */
  static async create(
    system: FileSystem,
    folder: string,
    store: string,
    start: number,
    isBatched: boolean,
  ): Promise<LogFile> {
    const path = `${folder}/${logName(start)}`;
    const draft = `${path}.tmp`;
    await system.remove(draft).catch(() => {});
    const file = await system.open(draft, 'create');
    try {
      await writeFully(file, encodeFileHeader({ kind: 'log', revision: start, store }), 0);
      await file.sync();
      await system.rename(draft, path);
      await system.syncFolder(folder);
    } catch (error) {
      await file.close().catch(() => {});
      await system.remove(draft).catch(() => {});
      throw error;
    }
    return new LogFile(start, file, { end: FILE_HEADER_BYTES, safe: FILE_HEADER_BYTES }, isBatched);
  }

  /**
   * Goes on with a log as it was recovered: what was torn is cut off, and what may so far be in the system's memory only,
   * because a sync failed or never came, is written once more and synced, as nobody will do that otherwise.
   */
  static async continue(
    system: FileSystem,
    folder: string,
    tail: { readonly start: number; readonly end: number; readonly safe: number },
    isBatched: boolean,
  ): Promise<LogFile> {
    const file = await system.open(`${folder}/${logName(tail.start)}`, 'write');
    try {
      if ((await file.size()) > tail.end) await file.truncate(tail.end);
      const doubtful = new Uint8Array(tail.end - tail.safe);
      await readFully(file, doubtful, tail.safe);
      await writeFully(file, doubtful, tail.safe);
      await file.sync();
      await system.syncFolder(folder);
    } catch (error) {
      await file.close().catch(() => {});
      throw error;
    }
    return new LogFile(tail.start, file, { end: tail.end, safe: tail.end }, isBatched);
  }

  get bytes(): number {
    return this.#end;
  }

  /** Returns when the group is with the system; it is safe after the next sync. */
  async write(revision: number, records: readonly Uint8Array[]): Promise<void> {
    if (this.#isBatched && !this.#isMarked) {
      await this.#add('batched', revision, []);
      await this.sync();
      this.#isMarked = true;
    }
    await this.#add(this.#isBatched ? 'batched' : 'records', revision, records);
  }

  async #add(kind: GroupKind, revision: number, records: readonly Uint8Array[]): Promise<void> {
    const group = encodeGroup(kind, revision, this.#safe, records);
    await writeFully(this.#file, group, this.#end);
    this.#end += group.length;
  }

  async sync(): Promise<void> {
    const reached = this.#end;
    this.#syncing = this.#file.sync();
    await this.#syncing;
    this.#safe = Math.max(this.#safe, reached);
  }

  /** Takes back a write that failed half-way. */
  async cutBack(): Promise<void> {
    await this.#file.truncate(this.#end);
  }

  /** Whether so much room can be had; leaves nothing behind. */
  async tryRoom(bytes: number): Promise<void> {
    try {
      await writeFully(this.#file, new Uint8Array(bytes), this.#end);
      await this.#file.sync();
    } finally {
      await this.#file.truncate(this.#end);
    }
  }

  /** Says that nothing before this can have been torn. */
  async finish(revision: number): Promise<void> {
    await this.sync();
    await this.#add('end', revision, []);
    this.#isMarked = false;
    await this.sync();
  }

  async close(): Promise<void> {
    // A sync that is still on its way would meet a number that means another file.
    await this.#syncing.catch(() => {});
    await this.#file.close();
  }
}
