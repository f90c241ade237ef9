// The file system of the machine. By callbacks, as a promise of Node's own for every write would cost more than the write.
import { close, constants, fdatasync, fstat, ftruncate, open, read, write } from 'node:fs';
import { mkdir, open as openFolder, readdir, rename, stat, unlink, utimes } from 'node:fs/promises';
import type { FileSystem, OpenFile } from './file-system.ts';

const FLAGS = {
  read: constants.O_RDONLY,
  write: constants.O_RDWR,
  create: constants.O_RDWR | constants.O_CREAT | constants.O_EXCL,
} as const;

type Callback<T> = (error: NodeJS.ErrnoException | null, value: T) => void;

function called<T>(call: (done: Callback<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, value) => {
      if (error === null) resolve(value);
      else reject(error);
    });
  });
}

class NodeFile implements OpenFile {
  readonly #descriptor: number;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  read(into: Uint8Array, position: number): Promise<number> {
    return called((done) => read(this.#descriptor, into, 0, into.length, position, done));
  }

  write(bytes: Uint8Array, position: number): Promise<number> {
    return called((done) => write(this.#descriptor, bytes, 0, bytes.length, position, done));
  }

  sync(): Promise<void> {
    return called((done) => fdatasync(this.#descriptor, (error) => done(error, undefined)));
  }

  truncate(size: number): Promise<void> {
    return called((done) => ftruncate(this.#descriptor, size, (error) => done(error, undefined)));
  }

  size(): Promise<number> {
    return called((done) => fstat(this.#descriptor, (error, stats) => done(error, stats?.size ?? 0)));
  }

  close(): Promise<void> {
    return called((done) => close(this.#descriptor, (error) => done(error ?? null, undefined)));
  }
}

export const nodeFileSystem: FileSystem = {
  makeFolder: async (path) => void (await mkdir(path, { recursive: true, mode: 0o700 })),
  list: (path) => readdir(path),
  open: async (path, how) => new NodeFile(await called<number>((done) => open(path, FLAGS[how], 0o600, done))),
  rename,
  remove: unlink,
  syncFolder: async (path) => {
    const folder = await openFolder(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
  touch: async (path) => {
    const now = new Date();
    await utimes(path, now, now);
  },
  changedMs: async (path) => (await stat(path)).mtimeMs,
};
