// From "memory", "disk:DIR" or "etcd:URL" on a command line to the storage that it names.
import { DiskStorage } from './disk/disk.ts';
import { readEtcdAddress } from './etcd/address.ts';
import { EtcdStorage } from './etcd/etcd.ts';
import { MemoryStorage } from './memory.ts';
import { type Archive, type Storage, StorageError } from './storage.ts';
import { ARCHIVE_FORMS, STORAGE_FORMS } from './storage-forms.ts';

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
  const match = /^(disk|etcd):(.+)$/s.exec(text);
  const [, kind, place = ''] = match ?? [];
  switch (kind) {
    case 'disk':
      return new DiskStorage({ folder: place, windowMs, warn });
    case 'etcd':
      return new EtcdStorage({ address: readEtcdAddress(place), warn });
    default:
      if (text === 'memory') {
        throw new StorageError('invalid', `what is kept in memory is gone with its hub: name ${ARCHIVE_FORMS}`);
      }
      throw new StorageError('invalid', `no storage is called "${text}": it is ${STORAGE_FORMS}`);
  }
}
