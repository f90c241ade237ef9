// Every storage keeps the same contract.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { DiskStorage } from '../../executor/storage/disk/disk.ts';
import { readEtcdAddress } from '../../executor/storage/etcd/address.ts';
import { EtcdStorage } from '../../executor/storage/etcd/etcd.ts';
import { MemoryStorage } from '../../executor/storage/memory.ts';
import { EtcdServer, etcdIsMissing } from '../crash/etcd-server.ts';
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

describe.skipIf(etcdIsMissing !== null)(`etcd${etcdIsMissing === null ? '' : `, skipped: ${etcdIsMissing}`}`, () => {
  let server: EtcdServer;
  let places = 0;
  beforeAll(async () => {
    server = await EtcdServer.start();
  });
  afterAll(() => server.leave());
  storageContract({
    outlivesProcess: true,
    newPlace: async () => {
      places += 1;
      const address = readEtcdAddress(`${server.url}/place-${places}`);
      return { storage: () => new EtcdStorage({ address }), leave: async () => {} };
    },
  });
});
