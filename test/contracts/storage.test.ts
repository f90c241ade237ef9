// Every storage keeps the same contract.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { DiskStorage } from '../../executor/storage/disk/disk.ts';
import { MemoryStorage } from '../../executor/storage/memory.ts';
import { FaultyDisk } from '../crash/faulty-disk.ts';
import { type StorageCase, storageContract } from './storage.ts';

const onDisk = (options: {
  readonly windowMs?: number;
  readonly limits?: { bytes: number; ageMs: number };
}): StorageCase => ({
  outlivesProcess: true,
  newPlace: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'muster-storage-'));
    return {
      storage: () => new DiskStorage({ folder: `${folder}/store`, ...options }),
      leave: () => rm(folder, { recursive: true }),
    };
  },
});

const cases: Readonly<Record<string, StorageCase>> = {
  memory: {
    outlivesProcess: false,
    newPlace: async () => ({ storage: () => new MemoryStorage(), leave: async () => {} }),
  },
  disk: onDisk({}),
  'disk that syncs in batches': onDisk({ windowMs: 20 }),
  'disk that the tests can break': {
    outlivesProcess: true,
    newPlace: async () => {
      const system = new FaultyDisk();
      return { storage: () => new DiskStorage({ folder: '/store', system }), leave: async () => {} };
    },
  },
};

for (const [name, storageCase] of Object.entries(cases)) describe(name, () => storageContract(storageCase));
