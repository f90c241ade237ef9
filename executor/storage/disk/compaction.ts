// When a store's log has grown enough, and how it becomes a snapshot while writing goes on; which files may then go.
import { logName, snapshotName, takeInventory } from './file-names.ts';
import type { FileSystem } from './file-system.ts';

export interface CompactionLimits {
  /** The log is made a snapshot when it is this large, or as large as the last snapshot, whichever is more. */
  readonly bytes: number;
  /** Or when the last snapshot is this old and something has been written since. */
  readonly ageMs: number;
}

export const COMPACTION_LIMITS: CompactionLimits = { bytes: 64 * 1024 * 1024, ageMs: 3_600_000 };

/** Two snapshots stay, or as many as are said, and all that came after the oldest of them. */
export async function removeObsolete(system: FileSystem, folder: string, kept = 2): Promise<void> {
  const { logs, snapshots } = takeInventory(await system.list(folder));
  const oldest = snapshots.at(-kept) ?? snapshots[0];
  if (oldest === undefined) return;
  // Snapshots first: a log without its snapshot is of no use, a snapshot without its log would look like a loss.
  for (const revision of snapshots) if (revision < oldest) await system.remove(`${folder}/${snapshotName(revision)}`);
  for (const start of logs) if (start < oldest) await system.remove(`${folder}/${logName(start)}`);
  await system.syncFolder(folder);
}

export class CompactionClock {
  readonly #limits: CompactionLimits;
  #logBytes: number;
  #snapshotBytes = 0;
  #snapshotAtMs = performance.now();

  constructor(limits: CompactionLimits, logBytes: number) {
    this.#limits = limits;
    this.#logBytes = logBytes;
  }

  isDue(currentLogBytes: number, hasCommits: boolean): boolean {
    if (!hasCommits) return false;
    if (this.#logBytes + currentLogBytes >= Math.max(this.#limits.bytes, this.#snapshotBytes)) return true;
    return performance.now() - this.#snapshotAtMs >= this.#limits.ageMs;
  }

  snapshotTaken(bytes: number): void {
    this.#snapshotBytes = bytes;
    this.#snapshotAtMs = performance.now();
    this.#logBytes = 0;
  }

  /** A snapshot that could not be taken is tried again when as much again has been written, or as much time has gone. */
  snapshotFailed(): void {
    this.#snapshotAtMs = performance.now();
    this.#logBytes = 0;
  }
}
