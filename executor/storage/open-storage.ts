// From "memory" or "disk:DIR" on a command line to the storage that it names.
import { DiskStorage } from './disk/disk.ts';
import { MemoryStorage } from './memory.ts';
import { type Archive, type Storage, StorageError } from './storage.ts';

export const STORAGE_FORMS = 'memory or disk:DIR';

export interface StorageOptions {
  /** How long what was acknowledged may wait to reach the medium; 0 for not at all. */
  readonly windowMs: number;
  /** Hears of what went wrong and harmed nothing. */
  readonly warn: (message: string) => void;
}

export function storageOf(text: string, options: StorageOptions): Storage {
  return text === 'memory' ? new MemoryStorage() : archiveOf(text, options);
}

export function archiveOf(text: string, { windowMs, warn }: StorageOptions): Storage & Archive {
  const folder = /^disk:(.+)$/.exec(text)?.[1];
  if (folder === undefined) throw new StorageError('invalid', `no storage is called "${text}": it is ${STORAGE_FORMS}`);
  return new DiskStorage({ folder, windowMs, warn });
}
