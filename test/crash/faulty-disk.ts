// A file system in memory that can fail as real ones do: run full, break, turn read-only, and lose with the power whatever was
// not synced, in part and out of order.
import type { FileSystem, OpenFile } from '../../executor/storage/disk/file-system.ts';

const SECTOR = 512;

type Pending = { readonly at: number; readonly bytes: Uint8Array } | { readonly size: number };

class Inode {
  cached = new Uint8Array(0);
  onMedium = new Uint8Array(0);
  pending: Pending[] = [];
  changedMs = Date.now();
}

type NameChange = (names: Map<string, Inode>) => void;

export type Operation = 'open' | 'write' | 'sync' | 'truncate' | 'rename' | 'remove' | 'syncFolder' | 'touch' | 'read';

export const systemError = (code: string): Error => Object.assign(new Error(`${code}: made up`), { code });

export class FaultyDisk implements FileSystem {
  /** Throws where the operation is to fail. */
  before: (operation: Operation, path: string) => void = () => {};
  /** Bytes that files may have together. */
  room = Number.POSITIVE_INFINITY;
  /** Answers take a turn of the event loop, as from a real disk. */
  isSlow = true;
  #names = new Map<string, Inode>();
  #namesOnMedium = new Map<string, Inode>();
  #nameChanges: NameChange[] = [];

  async makeFolder(): Promise<void> {
    this.before('open', '');
  }

  async list(folder: string): Promise<readonly string[]> {
    return [...this.#names.keys()]
      .filter((path) => path.startsWith(`${folder}/`))
      .map((path) => path.slice(folder.length + 1));
  }

  async open(path: string, how: 'read' | 'write' | 'create'): Promise<OpenFile> {
    if (how !== 'read') this.before('open', path);
    const known = this.#names.get(path);
    if (how === 'create' && known !== undefined) throw systemError('EEXIST');
    if (how !== 'create' && known === undefined) throw systemError('ENOENT');
    const inode = known ?? new Inode();
    if (known === undefined) this.#change((names) => names.set(path, inode));
    return new FaultyFile(this, path, inode);
  }

  async rename(from: string, to: string): Promise<void> {
    this.before('rename', to);
    if (!this.#names.has(from)) throw systemError('ENOENT');
    this.#change((names) => {
      const inode = names.get(from);
      if (inode === undefined) return;
      names.delete(from);
      names.set(to, inode);
    });
  }

  async remove(path: string): Promise<void> {
    this.before('remove', path);
    if (!this.#names.has(path)) throw systemError('ENOENT');
    this.#change((names) => void names.delete(path));
  }

  async syncFolder(path: string): Promise<void> {
    this.before('syncFolder', path);
    await this.turn();
    this.#namesOnMedium = new Map(this.#names);
    this.#nameChanges = [];
  }

  async touch(path: string): Promise<void> {
    this.before('touch', path);
    const inode = this.#names.get(path);
    if (inode === undefined) throw systemError('ENOENT');
    inode.changedMs = Date.now();
  }

  async changedMs(path: string): Promise<number> {
    const inode = this.#names.get(path);
    if (inode === undefined) throw systemError('ENOENT');
    return inode.changedMs;
  }

  /** What a process that starts after a loss of power finds. `draw` gives a whole number below its bound. */
  afterPowerLoss(draw: (bound: number) => number): FaultyDisk {
    const disk = new FaultyDisk();
    const names = new Map(this.#namesOnMedium);
    // Names change in order, as journals have it; bytes reach the medium as they like.
    for (const change of this.#nameChanges.slice(0, draw(this.#nameChanges.length + 1))) change(names);
    for (const [path, inode] of names) disk.#put(path, survivorOf(inode, draw));
    return disk;
  }

  /** What a process that starts after the death of another finds: everything, synced or not. Power may still fail. */
  afterDeath(): FaultyDisk {
    const disk = new FaultyDisk();
    const copies = new Map<Inode, Inode>();
    const copyOf = (inode: Inode): Inode => {
      const copy = copies.get(inode) ?? Object.assign(new Inode(), inode, { pending: [...inode.pending] });
      copies.set(inode, copy);
      return copy;
    };
    for (const [path, inode] of this.#names) disk.#names.set(path, copyOf(inode));
    for (const [path, inode] of this.#namesOnMedium) disk.#namesOnMedium.set(path, copyOf(inode));
    // Which change of names led to which is forgotten: they are as one.
    if (this.#nameChanges.length > 0) {
      disk.#nameChanges.push((names) => {
        names.clear();
        for (const [path, inode] of disk.#names) names.set(path, inode);
      });
    }
    return disk;
  }

  /** As if nobody had touched a file for so long. */
  age(ms: number): void {
    for (const inode of this.#names.values()) inode.changedMs -= ms;
  }

  bytesOf(path: string): Uint8Array {
    return this.#names.get(path)!.cached;
  }

  /** For bytes that change on the medium by themselves. */
  overwrite(path: string, bytes: Uint8Array): void {
    this.#put(path, bytes);
  }

  roomFor(bytes: number): number {
    let used = 0;
    for (const { cached } of this.#names.values()) used += cached.length;
    return Math.max(0, Math.min(bytes, this.room - used));
  }

  turn(): Promise<void> {
    return this.isSlow ? new Promise((resolve) => setImmediate(resolve)) : Promise.resolve();
  }

  #put(path: string, bytes: Uint8Array): void {
    const inode = new Inode();
    inode.cached = Uint8Array.from(bytes);
    inode.onMedium = Uint8Array.from(bytes);
    this.#names.set(path, inode);
    this.#namesOnMedium.set(path, inode);
  }

  #change(change: NameChange): void {
    change(this.#names);
    this.#nameChanges.push(change);
  }
}

class FaultyFile implements OpenFile {
  readonly #disk: FaultyDisk;
  readonly #path: string;
  readonly #inode: Inode;

  constructor(disk: FaultyDisk, path: string, inode: Inode) {
    this.#disk = disk;
    this.#path = path;
    this.#inode = inode;
  }

  async read(into: Uint8Array, position: number): Promise<number> {
    this.#disk.before('read', this.#path);
    const found = this.#inode.cached.subarray(position, position + into.length);
    into.set(found);
    return found.length;
  }

  async write(bytes: Uint8Array, position: number): Promise<number> {
    this.#disk.before('write', this.#path);
    const { cached } = this.#inode;
    const growth = Math.max(0, position + bytes.length - cached.length);
    const taken = bytes.length - growth + this.#disk.roomFor(growth);
    if (taken <= 0) throw systemError('ENOSPC');
    const part = Uint8Array.from(bytes.subarray(0, taken));
    this.#inode.cached = written(cached, position, part);
    this.#inode.pending.push({ at: position, bytes: part });
    return taken;
  }

  async sync(): Promise<void> {
    const reached = Uint8Array.from(this.#inode.cached);
    const count = this.#inode.pending.length;
    await this.#disk.turn();
    this.#disk.before('sync', this.#path);
    this.#inode.onMedium = reached;
    this.#inode.pending = this.#inode.pending.slice(count);
  }

  async truncate(size: number): Promise<void> {
    this.#disk.before('truncate', this.#path);
    this.#inode.cached = this.#inode.cached.slice(0, size);
    this.#inode.pending.push({ size });
  }

  async size(): Promise<number> {
    return this.#inode.cached.length;
  }

  async close(): Promise<void> {}
}

function written(before: Uint8Array, at: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const after = new Uint8Array(Math.max(before.length, at + bytes.length));
  after.set(before);
  after.set(bytes, at);
  return after;
}

function survivorOf({ onMedium, pending }: Inode, draw: (bound: number) => number): Uint8Array {
  let bytes: Uint8Array = onMedium;
  for (const change of pending) {
    if ('size' in change) {
      if (draw(2) === 0) bytes = bytes.slice(0, change.size);
      continue;
    }
    for (let at = 0; at < change.bytes.length; at += SECTOR) {
      if (draw(3) > 0) bytes = written(bytes, change.at + at, change.bytes.subarray(at, at + SECTOR));
    }
  }
  return bytes;
}
