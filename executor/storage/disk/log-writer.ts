// Writes commits in groups: what arrives while one group is on its way to the medium makes up the next, so that however many
// writers wait, they share one sync.
//
// Measured on ext4 with objects of 1.1 kB, as ratios to one writer who waits for each sync: 16 writers commit 10 times as much,
// 64 writers 14 times. lmdb, durable, reaches 0.74, 0.66 and 0.58 of this log with 1, 16 and 64 writers: hence an own log, and no
// package.
import type { Loss, StorageProblem } from '../storage.ts';
import type { LogFile } from './log-file.ts';
import { readProblem } from './problem.ts';

const GROUP_BYTES_MAX = 4 * 1024 * 1024;
/** Asked for before a full disk is said to have room again. */
const ROOM_BYTES = 1024 * 1024;

export interface LogWriterOptions {
  /** For messages. */
  readonly place: string;
  /** 0 for a sync with every group; otherwise acknowledged commits may be lost with the power for so long. */
  readonly windowMs: number;
  readonly retryMs: number;
}

export interface LogEvents {
  durable(revision: number): void;
  lost(loss: Loss): void;
  hindered(problem: StorageProblem | null): void;
  /** Between groups: nothing is being written. May replace the log. */
  between(log: LogFile, revision: number): Promise<LogFile>;
  /** Throws where nothing may be written any more. */
  mayWrite(): Promise<void>;
}

interface Waiting {
  readonly revision: number;
  readonly record: Uint8Array;
}

export class LogWriter {
  readonly #events: LogEvents;
  readonly #options: LogWriterOptions;
  #log: LogFile;
  #revision: number;
  #waiting: Waiting[] = [];
  #problem: StorageProblem | null = null;
  #isRetryDue = false;
  #isRunning = false;
  #running: Promise<void> = Promise.resolve();
  #syncTimer: NodeJS.Timeout | null = null;
  #retryTimer: NodeJS.Timeout | null = null;

  constructor(log: LogFile, revision: number, options: LogWriterOptions, events: LogEvents) {
    this.#log = log;
    this.#revision = revision;
    this.#options = options;
    this.#events = events;
  }

  append(revision: number, record: Uint8Array): void {
    this.#waiting.push({ revision, record });
    this.#start();
  }

  async close(): Promise<void> {
    if (this.#retryTimer !== null) clearTimeout(this.#retryTimer);
    while (this.#isRunning) await this.#running;
    this.#isRunning = true;
    if (this.#syncTimer !== null) clearTimeout(this.#syncTimer);
    try {
      if (this.#problem === null) await this.#log.finish(this.#revision);
    } finally {
      await this.#log.close();
    }
  }

  #start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#running = this.#run();
  }

  async #run(): Promise<void> {
    try {
      while (this.#waiting.length > 0 || this.#isRetryDue) {
        // Whoever was just answered writes again in this turn, and is to be in the group; and nobody is told of a failure
        // from inside append().
        await new Promise((resolve) => setImmediate(resolve));
        await this.#step();
      }
    } finally {
      this.#isRunning = false;
    }
  }

  async #step(): Promise<void> {
    if (this.#isRetryDue) await this.#retry();
    if (this.#waiting.length === 0) return;
    if (this.#problem !== null) {
      this.#drop({ why: 'failed', problem: this.#problem });
      return;
    }
    const group = this.#takeGroup();
    if (!(await this.#writeGroup(group))) return;
    this.#revision = group.at(-1)!.revision;
    this.#events.durable(this.#revision);
    try {
      this.#log = await this.#events.between(this.#log, this.#revision);
    } catch (error) {
      this.#fail(error);
    }
  }

  #takeGroup(): readonly Waiting[] {
    let bytes = 0;
    let count = 0;
    while (count < this.#waiting.length && (count === 0 || bytes < GROUP_BYTES_MAX)) {
      bytes += this.#waiting[count]!.record.length;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  /** Whether it is with the medium now. */
  async #writeGroup(group: readonly Waiting[]): Promise<boolean> {
    try {
      await this.#events.mayWrite();
      await this.#log.write(
        group[0]!.revision,
        group.map(({ record }) => record),
      );
    } catch (error) {
      await this.#afterFailedWrite(error);
      return false;
    }
    if (this.#options.windowMs > 0) {
      this.#syncLater();
      return true;
    }
    try {
      await this.#log.sync();
      return true;
    } catch (error) {
      // What a failed sync leaves behind nobody knows, and a second one may say "done" of what is gone.
      this.#fail(error);
      return false;
    }
  }

  async #afterFailedWrite(error: unknown): Promise<void> {
    const problem = readProblem(error, this.#options.place);
    if (problem.code === 'full') {
      try {
        await this.#log.cutBack();
        this.#hinder(problem);
        this.#drop({ why: 'failed', problem });
        this.#retryLater();
        return;
      } catch {
        // Not even shorter can it be made: then it is as with any other failure.
      }
    }
    this.#fail(error);
  }

  /** For good, until the process starts again and reads what is really there. */
  #fail(error: unknown): void {
    const { code, message } = readProblem(error, this.#options.place);
    const lasting = code === 'full' ? 'io' : code;
    const problem = { code: lasting, message: `${message}; start the hub again to write` } as const;
    this.#hinder(problem);
    this.#drop({ why: 'unknown', problem });
  }

  #hinder(problem: StorageProblem): void {
    this.#problem = problem;
    this.#events.hindered(problem);
  }

  #drop(loss: Loss): void {
    this.#waiting = [];
    this.#events.lost(loss);
  }

  #syncLater(): void {
    this.#syncTimer ??= setTimeout(() => {
      this.#syncTimer = null;
      if (this.#problem === null) this.#log.sync().catch((error) => this.#fail(error));
    }, this.#options.windowMs);
  }

  #retryLater(): void {
    this.#retryTimer = setTimeout(() => {
      this.#isRetryDue = true;
      this.#start();
    }, this.#options.retryMs);
    this.#retryTimer.unref();
  }

  /** Looks whether a full disk has room again. */
  async #retry(): Promise<void> {
    this.#isRetryDue = false;
    try {
      await this.#log.tryRoom(ROOM_BYTES);
      this.#problem = null;
      this.#events.hindered(null);
    } catch (error) {
      if (readProblem(error, this.#options.place).code === 'full') this.#retryLater();
      else this.#fail(error);
    }
  }
}
