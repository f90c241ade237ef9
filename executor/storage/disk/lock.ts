// One process to a folder. Whoever wants it puts down a file with a name of its own, then looks whether another's lies there:
// of two that come at the same moment at least one sees the other, so that never both stay. A file whose process is gone,
// killed or lost with its machine, holds nobody up.
//
// Whether it is gone is asked of the kernel where both run in the same place. Elsewhere (another machine or container on a
// shared folder) it is told by silence: holders touch their file every few seconds. A holder that was stopped for longer than
// silence lasts finds its file gone when it wakes, and must not write any more: isHeld() is for asking that before a write.
import { randomBytes } from 'node:crypto';
import { isObject } from '../../../engine/index.ts';
import { StorageError } from '../storage.ts';
import { type FileSystem, readWhole, writeFully } from './file-system.ts';
import type { ProcessIdentity, ProcessTable } from './process-identity.ts';

export interface LockTimes {
  readonly touchMs: number;
  /** Silence of somebody whom we cannot look for, before it counts as gone. */
  readonly silenceMs: number;
}

export const LOCK_TIMES: LockTimes = { touchMs: 5000, silenceMs: 30_000 };
const TRIES = 5;

const NAME = /^lock-[0-9a-f]{16}$/;
const DRAFT = /^lock-[0-9a-f]{16}\.tmp$/;

export class FolderLock {
  readonly #system: FileSystem;
  readonly #path: string;
  readonly #times: LockTimes;
  readonly #timer: NodeJS.Timeout;
  #touchedMs = performance.now();

  private constructor(system: FileSystem, path: string, times: LockTimes) {
    this.#system = system;
    this.#path = path;
    this.#times = times;
    this.#timer = setInterval(() => void this.#touch(), times.touchMs);
    this.#timer.unref();
  }

  static async take(
    system: FileSystem,
    folder: string,
    table: ProcessTable,
    times: LockTimes = LOCK_TIMES,
  ): Promise<FolderLock> {
    const name = `lock-${randomBytes(8).toString('hex')}`;
    const path = `${folder}/${name}`;
    for (let tried = 1; ; tried += 1) {
      await putDown(system, path, table.own);
      const holder = await findHolder(system, folder, name, table, times);
      if (holder === null) return new FolderLock(system, path, times);
      await system.remove(path);
      if (tried === TRIES) throw new StorageError('in-use', holder);
      // Two that come together both step back; chance lets one come first the next time.
      await new Promise((resolve) => setTimeout(resolve, 1 + randomBytes(1)[0]! / 8));
    }
  }

  /** Touched lately, or still there: nobody has taken us for gone. Throws where that cannot be told. */
  async isHeld(): Promise<boolean> {
    if (performance.now() - this.#touchedMs < this.#times.silenceMs / 2) return true;
    const atMs = performance.now();
    try {
      await this.#system.touch(this.#path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
    this.#touchedMs = atMs;
    return true;
  }

  async release(): Promise<void> {
    clearInterval(this.#timer);
    await this.#system.remove(this.#path).catch(() => {});
  }

  async #touch(): Promise<void> {
    const atMs = performance.now();
    try {
      await this.#system.touch(this.#path);
      this.#touchedMs = atMs;
    } catch {
      // isHeld() will tell when it matters.
    }
  }
}

async function putDown(system: FileSystem, path: string, own: ProcessIdentity): Promise<void> {
  const draft = `${path}.tmp`;
  const file = await system.open(draft, 'create');
  try {
    await writeFully(file, new TextEncoder().encode(JSON.stringify(own)), 0);
    // A file that was torn by a loss of power names nobody, and would have to be waited for.
    await file.sync();
  } finally {
    await file.close();
  }
  await system.rename(draft, path);
}

/** Who else is here, as a sentence; null for nobody. */
async function findHolder(
  system: FileSystem,
  folder: string,
  ownName: string,
  table: ProcessTable,
  times: LockTimes,
): Promise<string | null> {
  const nowMs = await system.changedMs(`${folder}/${ownName}`);
  for (const name of await system.list(folder)) {
    if (name === ownName || !(NAME.test(name) || DRAFT.test(name))) continue;
    const path = `${folder}/${name}`;
    try {
      if (DRAFT.test(name)) {
        if (nowMs - (await system.changedMs(path)) > times.silenceMs) await system.remove(path);
        continue;
      }
      const identity = readIdentity(await readWhole(system, path));
      const isAlive = identity === null ? null : table.isAlive(identity);
      if (isAlive === true) return `${folder} is in use by process ${identity!.pid}`;
      const silentMs = nowMs - (await system.changedMs(path));
      if (isAlive === null && silentMs < times.silenceMs) {
        const where = identity === null ? 'a process' : `process ${identity.pid} on ${identity.place.split(' ')[0]}`;
        const wait = Math.ceil((times.silenceMs - silentMs) / 1000);
        return `${folder} was in use by ${where} a moment ago; if that is gone, try again in ${wait} s`;
      }
      await system.remove(path);
    } catch (error) {
      // Its owner let go while we looked.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return null;
}

function readIdentity(bytes: Uint8Array): ProcessIdentity | null {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (!isObject(json) || typeof json.place !== 'string' || typeof json.started !== 'string') return null;
    return typeof json.pid === 'number' ? { pid: json.pid, started: json.started, place: json.place } : null;
  } catch {
    return null;
  }
}
