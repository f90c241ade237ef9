// The little that the storage asks of a file system: small, so that tests can stand in for it and let it fail.

export interface FileSystem {
  /** With those above it; may be there already. */
  makeFolder(path: string): Promise<void>;
  /** Names in a folder. */
  list(path: string): Promise<readonly string[]>;
  /** `create` refuses where there is something. */
  open(path: string, how: 'read' | 'write' | 'create'): Promise<OpenFile>;
  /** Replaces what has the new name. */
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Names that were made, changed or removed in a folder survive a loss of power after this. */
  syncFolder(path: string): Promise<void>;
  /** Sets the time of change to now. */
  touch(path: string): Promise<void>;
  changedMs(path: string): Promise<number>;
}

export interface OpenFile {
  /** How many bytes were read: fewer than asked for at the end, and perhaps elsewhere. */
  read(into: Uint8Array, position: number): Promise<number>;
  /** How many bytes were written: perhaps fewer than given. */
  write(bytes: Uint8Array, position: number): Promise<number>;
  /** What was written survives a loss of power after this. */
  sync(): Promise<void>;
  truncate(size: number): Promise<void>;
  size(): Promise<number>;
  close(): Promise<void>;
}

export async function readFully(file: OpenFile, into: Uint8Array, position: number): Promise<number> {
  let done = 0;
  while (done < into.length) {
    const count = await file.read(into.subarray(done), position + done);
    if (count === 0) break;
    done += count;
  }
  return done;
}

export async function writeFully(file: OpenFile, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const count = await file.write(bytes.subarray(done), position + done);
    // A system that takes nothing and says nothing would keep us here for ever.
    if (count === 0) throw Object.assign(new Error('nothing was written, and no reason given'), { code: 'EIO' });
    done += count;
  }
}

export async function readWhole(system: FileSystem, path: string): Promise<Uint8Array> {
  const file = await system.open(path, 'read');
  try {
    const bytes = new Uint8Array(await file.size());
    const count = await readFully(file, bytes, 0);
    return bytes.subarray(0, count);
  } finally {
    await file.close();
  }
}
