// From the files of a folder to the state they hold, without changing any of them: also for a folder that a live hub writes to.
//
// Two snapshots are kept, with every log since the older one. The older one is where reading starts, so that watchers can
// resume from there; and where it or a log before the newer one is damaged, the newer one still has everything. Only damage
// after the newest snapshot loses something, and then what can be read is told, with the damage, and nobody may write.
import { StorageError, type StoredCommit } from '../storage.ts';
import { type Inventory, logName, snapshotName, takeInventory } from './file-names.ts';
import { type FileSystem, readWhole } from './file-system.ts';
import { type Log, readLog } from './read-log.ts';
import { readSnapshot, type Snapshot } from './snapshot-file.ts';

export interface Recovered {
  readonly base: Snapshot;
  readonly commits: readonly StoredCommit[];
  readonly revision: number;
  /** The log to go on with, and where. */
  readonly tail: { readonly start: number; readonly end: number; readonly safe: number };
  /** What the logs hold beyond the newest snapshot. */
  readonly logBytes: number;
  readonly inventory: Inventory;
  readonly notices: readonly string[];
  /** What was acknowledged last may be missing: its revisions must not be given out again. */
  readonly mayLackEnd: boolean;
  /** What cannot be read any more; null where nothing is lost. */
  readonly damage: string | null;
}

/** Null where there is no store yet. */
export async function recover(system: FileSystem, folder: string): Promise<Recovered | null> {
  const inventory = takeInventory(await system.list(folder));
  const { logs, snapshots } = inventory;
  if (snapshots.length === 0 && (logs.length === 0 || (await isBegun(system, folder, logs)))) return null;
  const files = new Files(system, folder);
  const problems: string[] = [];
  for (const revision of snapshots) {
    const base = await files.snapshot(revision);
    if (typeof base === 'string') problems.push(base);
    else {
      const chain = await files.chain(base, logs);
      if (typeof chain === 'string') problems.push(chain);
      else return assemble(base, chain, inventory, describe(problems));
    }
  }
  return await salvage(files, inventory, problems);
}

/** The very first log without a commit: whoever made the store was interrupted before it could hold anything. */
async function isBegun(system: FileSystem, folder: string, logs: readonly number[]): Promise<boolean> {
  if (logs.length > 1) return false;
  const log = readLog(await readWhole(system, `${folder}/${logName(logs[0]!)}`));
  return typeof log !== 'string' && log.commits.length === 0 && log.damage === null;
}

const describe = (problems: readonly string[]): string[] =>
  problems.map((problem) => `${problem}; another copy had everything, nothing is lost`);

type Chain = readonly { readonly log: Log; readonly bytes: number }[];

function assemble(
  base: Snapshot,
  chain: Chain,
  inventory: Inventory,
  notices: readonly string[],
  damage: string | null = null,
): Recovered {
  // One by one: a log holds more commits than a call takes arguments.
  const commits = chain.flatMap(({ log }) => log.commits);
  const newest = inventory.snapshots.at(-1) ?? 0;
  const last = chain.at(-1)?.log;
  const torn = last?.torn ?? null;
  return {
    base,
    commits,
    revision: commits.at(-1)?.revision ?? base.revision,
    tail: { start: last?.start ?? base.revision, end: last?.end ?? 0, safe: last?.safe ?? 0 },
    logBytes: chain.reduce((sum, { log, bytes }) => (log.start >= newest ? sum + bytes : sum), 0),
    inventory,
    mayLackEnd: last?.mayLackEnd ?? false,
    notices: torn === null ? notices : [...notices, `${logName(last!.start)}: ${torn}; it is cut off`],
    damage,
  };
}

/** Nothing complete can be had: the newest state that can be read, and everything readable after it. */
async function salvage(files: Files, inventory: Inventory, problems: readonly string[]): Promise<Recovered> {
  let base: Snapshot | null = null;
  for (const revision of [...inventory.snapshots].reverse()) {
    const snapshot = await files.snapshot(revision);
    if (typeof snapshot === 'string') continue;
    base = snapshot;
    break;
  }
  const chain: { log: Log; bytes: number }[] = [];
  for (const start of inventory.logs) {
    if (base !== null && start < base.revision) continue;
    const read = await files.log(start);
    if (typeof read === 'string') continue;
    chain.push(read);
  }
  const first = chain[0]?.log.start ?? 0;
  base ??= { store: chain[0]?.log.store ?? '', revision: first, objects: [] };
  let known = base.revision;
  const rising = chain.map(({ log, bytes }) => {
    const commits = log.commits.filter(({ revision }) => {
      const isNew = revision > known;
      known = Math.max(known, revision);
      return isNew;
    });
    return { log: { ...log, commits }, bytes };
  });
  return assemble(base, rising, inventory, [], [...new Set(problems)].join('; ') || 'there is no snapshot');
}

/** Reads each file once, however often it is asked for. Problems come as sentences. */
class Files {
  readonly #system: FileSystem;
  readonly #folder: string;
  readonly #snapshots = new Map<number, Snapshot | string>();
  readonly #logs = new Map<number, { log: Log; bytes: number } | string>();

  constructor(system: FileSystem, folder: string) {
    this.#system = system;
    this.#folder = folder;
  }

  async snapshot(revision: number): Promise<Snapshot | string> {
    const known = this.#snapshots.get(revision);
    if (known !== undefined) return known;
    const path = `${this.#folder}/${snapshotName(revision)}`;
    const read = await readSnapshot(this.#system, path).catch(brokenOrThrow(path));
    const result = typeof read === 'string' || read.revision === revision ? read : `${path} has another's revision`;
    this.#snapshots.set(revision, result);
    return result;
  }

  async log(start: number): Promise<{ log: Log; bytes: number } | string> {
    const known = this.#logs.get(start);
    if (known !== undefined) return known;
    const path = `${this.#folder}/${logName(start)}`;
    const bytes = await readWhole(this.#system, path).catch(brokenOrThrow(path));
    let result: { log: Log; bytes: number } | string;
    if (typeof bytes === 'string') result = bytes;
    else {
      const log = readLog(bytes);
      if (typeof log === 'string') result = `${path} ${log}`;
      else if (log.start !== start) result = `${path} has another's revision`;
      else result = { log, bytes: log.end };
    }
    this.#logs.set(start, result);
    return result;
  }

  /** Every log from a snapshot on, each beginning where the one before ended. */
  async chain(base: Snapshot, logs: readonly number[]): Promise<Chain | string> {
    const starts = logs.filter((start) => start >= base.revision);
    const chain: { log: Log; bytes: number }[] = [];
    let revision = base.revision;
    if (starts.length === 0) return `${this.#folder}/${logName(revision)} is missing`;
    for (const [at, start] of starts.entries()) {
      const path = `${this.#folder}/${logName(start)}`;
      if (start !== revision) return `${this.#folder}/${logName(revision)} is missing`;
      const read = await this.log(start);
      if (typeof read === 'string') return read;
      const { log } = read;
      if (log.store !== base.store) return `${path} belongs to another store`;
      if (log.damage !== null) return `${path} is ${log.damage}`;
      if (at < starts.length - 1 && (log.torn !== null || !log.isFinished)) return `${path} ends too early`;
      chain.push(read);
      revision = log.commits.at(-1)?.revision ?? revision;
    }
    return chain;
  }
}

/** What is broken, or cannot be read from the medium, is a problem of one file; a file that went away is the caller's. */
const brokenOrThrow =
  (path: string) =>
  (error: unknown): string => {
    if (error instanceof StorageError && error.code === 'damaged') return error.message;
    if ((error as NodeJS.ErrnoException).code === 'EIO') return `${path} cannot be read: input/output error`;
    throw error;
  };
