// A disk that fails in each of the ways that disks do: a clear problem, nothing silently lost, and reads go on.
import { describe, expect, it } from 'vitest';
import { DiskStorage } from '../../executor/storage/disk/disk.ts';
import { DurableStore } from '../../executor/storage/durable-store.ts';
import type { StorageProblem } from '../../executor/storage/storage.ts';
import { openStore, storeText, thing } from '../contracts/storage.ts';
import { FaultyDisk, type Operation, systemError } from './faulty-disk.ts';

const FOLDER = '/store';
const LOG = `${FOLDER}/log-0000000000000001.muster`;
const LIMITS = { bytes: 1e9, ageMs: 1e9 };

const storageOn = (system: FaultyDisk, limits = LIMITS) =>
  new DiskStorage({ folder: FOLDER, system, limits, retryMs: 5 });

/** For another process, after the death of the first. */
const heirOn = (system: FaultyDisk) => {
  const table = { own: { pid: 2, started: '', place: 'here' }, isAlive: () => false };
  return new DiskStorage({ folder: FOLDER, system: system.afterDeath(), table });
};

async function filled(system = new FaultyDisk(), count = 5): Promise<{ durable: DurableStore; system: FaultyDisk }> {
  const durable = await openStore(storageOn(system));
  for (let index = 0; index < count; index += 1) {
    durable.store.put('/things', thing(`t${index}`));
    await durable.settled();
  }
  return { durable, system };
}

const failing = (system: FaultyDisk, operation: Operation, code: string, path = '') => {
  system.before = (met, where) => {
    if (met === operation && where.includes(path)) throw systemError(code);
  };
};

const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
};

describe('a full disk', () => {
  it('refuses writes with the reason, keeps what was there, and takes writes again when there is room', async () => {
    const { durable, system } = await filled();
    const told: (string | null)[] = [];
    durable.onProblem((problem) => told.push(problem?.code ?? null));
    const before = storeText(durable);
    system.room = system.bytesOf(LOG).length + 400;
    durable.store.put('/things', thing('too-much', 'x'.repeat(2000)));
    expect(await durable.settled()).toMatchObject({ ok: false, loss: { why: 'failed', problem: { code: 'full' } } });
    expect(storeText(durable)).toBe(before);
    expect(durable.problem()?.message).toMatch(/^\/store cannot be written: there is no room left on the disk/);
    durable.store.put('/things', thing('small'));
    expect(await durable.settled()).toMatchObject({ ok: false, loss: { why: 'failed' } });
    system.room = 1e9;
    await until(() => durable.problem() === null);
    expect(told).toEqual(['full', null]);
    durable.store.put('/things', thing('now', 'x'.repeat(2000)));
    expect(await durable.settled()).toEqual({ ok: true });
    const after = storeText(durable);
    expect(storeText(await openStore(heirOn(system)))).toBe(after);
  });

  it('puts a snapshot off and goes on with the log', async () => {
    const system = new FaultyDisk();
    const warnings: string[] = [];
    const storage = new DiskStorage({
      folder: FOLDER,
      system,
      limits: { bytes: 500, ageMs: 1e9 },
      warn: (message) => warnings.push(message),
    });
    const durable = await openStore(storage);
    failing(system, 'write', 'ENOSPC', 'snapshot-');
    for (let index = 0; index < 30; index += 1) {
      durable.store.put('/things', thing(`t${index}`));
      expect(await durable.settled()).toEqual({ ok: true });
    }
    expect(warnings[0]).toMatch(/^no snapshot was taken: .*no room left/);
    const after = storeText(durable);
    expect(storeText(await openStore(heirOn(system)))).toBe(after);
  });
});

describe('a disk that reports errors', () => {
  for (const operation of ['write', 'sync'] as const) {
    it(`cannot say what became of a write when ${operation} fails; nothing more is written until a restart`, async () => {
      const { durable, system } = await filled();
      const before = storeText(durable);
      failing(system, operation, 'EIO');
      durable.store.put('/things', thing('doubtful'));
      durable.store.put('/things', thing('after it'));
      expect(await durable.settled()).toMatchObject({ ok: false, loss: { why: 'unknown', problem: { code: 'io' } } });
      system.before = () => {};
      durable.store.put('/things', thing('later'));
      expect(await durable.settled()).toMatchObject({ ok: false, loss: { why: 'failed' } });
      expect(storeText(durable)).toBe(before);
      expect(durable.problem()?.message).toContain('start the hub again');
      await durable.close();
      const again = await openStore(heirOn(system));
      expect(again.store.revision()).toBeGreaterThanOrEqual(6);
      expect(again.store.list('/things').length).toBeGreaterThanOrEqual(5);
      again.store.put('/things', thing('new'));
      expect(await again.settled()).toEqual({ ok: true });
    });
  }

  it('at the start says which file cannot be read', async () => {
    const { durable, system } = await filled();
    await durable.close();
    failing(system, 'read', 'EIO', 'log-');
    const broken = await openStore(storageOn(system));
    expect(broken.problem()).toMatchObject({ code: 'damaged', message: expect.stringContaining(LOG) });
  });
});

describe('damage', () => {
  /** Flips one bit, and tells whether what is served is all there was, or said to be less. */
  async function withFlippedBit(at: number, bit: number): Promise<{ problem: StorageProblem | null; count: number }> {
    const { durable, system } = await filled();
    await durable.close();
    const bytes = Uint8Array.from(system.bytesOf(LOG));
    bytes[at % bytes.length]! ^= 1 << bit;
    system.overwrite(LOG, bytes);
    const broken = await openStore(storageOn(system));
    broken.store.put('/things', thing('new'));
    const settlement = await broken.settled();
    expect(settlement.ok).toBe(broken.problem() === null);
    return { problem: broken.problem(), count: broken.store.list('/things').length };
  }

  it('of any bit in a log that was closed is told, never passed over; the rest is served and nothing written', async () => {
    const { durable, system } = await filled();
    await durable.close();
    const { length } = system.bytesOf(LOG);
    for (let at = 0; at < length; at += 3) {
      const { problem, count } = await withFlippedBit(at, at % 8);
      if (problem === null) {
        // Only the mark of a good end may break without harm.
        expect(at).toBeGreaterThanOrEqual(length - 36);
        continue;
      }
      expect(problem.code).toBe('damaged');
      expect(problem.message).toMatch(/restore a backup/);
      // A header that is gone takes its log with it; elsewhere one commit at most is lost.
      if (at >= 44) expect(count).toBeGreaterThanOrEqual(4);
    }
  });

  it('before the newest snapshot loses nothing, and is told', async () => {
    const system = new FaultyDisk();
    const durable = await openStore(storageOn(system, { bytes: 400, ageMs: 1e9 }));
    for (let index = 0; index < 20; index += 1) {
      durable.store.put('/things', thing(`t${index}`));
      await durable.settled();
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await durable.close();
    const before = storeText(durable);
    const snapshots = (await system.list(FOLDER)).filter((name) => name.startsWith('snapshot-')).sort();
    expect(snapshots.length).toBe(2);
    const oldest = `${FOLDER}/${snapshots[0]}`;
    const bytes = Uint8Array.from(system.bytesOf(oldest));
    bytes[60]! ^= 4;
    system.overwrite(oldest, bytes);
    const { durable: again, notices } = await DurableStore.open(storageOn(system));
    expect(storeText(again)).toBe(before);
    expect(again.problem()).toBeNull();
    expect(notices.join()).toMatch(/snapshot-\d+\.muster .*another copy had everything, nothing is lost/);
  });

  it('at the end of a log that was being written is a torn write: cut off, and told', async () => {
    const { durable, system } = await filled();
    const whole = Uint8Array.from(system.bytesOf(LOG));
    await durable.close();
    system.overwrite(LOG, whole.subarray(0, whole.length - 7));
    const { durable: again, notices } = await DurableStore.open(storageOn(system));
    expect(notices.join()).toMatch(/torn; it is cut off/);
    expect(again.store.revision()).toBe(5);
    again.store.put('/things', thing('new'));
    expect(await again.settled()).toEqual({ ok: true });
    const text = storeText(again);
    await again.close();
    expect(storeText(await openStore(storageOn(system)))).toBe(text);
  });
});

describe('a folder', () => {
  for (const [code, meaning] of [
    ['EROFS', 'read-only'],
    ['EACCES', 'denied'],
    ['ENOSPC', 'full'],
  ] as const) {
    it(`that cannot be written (${code}) is read, and writes are refused`, async () => {
      const { durable, system } = await filled();
      await durable.close();
      const before = storeText(durable);
      failing(system, 'open', code);
      const again = await openStore(storageOn(system));
      expect(storeText(again)).toBe(before);
      expect(again.problem()).toMatchObject({ code: meaning, message: expect.stringContaining(FOLDER) });
      again.store.put('/things', thing('new'));
      expect(await again.settled()).toMatchObject({ ok: false, loss: { why: 'failed', problem: { code: meaning } } });
      expect(storeText(again)).toBe(before);
      await again.close();
    });

    it(`that cannot be written (${code}) and holds nothing is no use`, async () => {
      const system = new FaultyDisk();
      failing(system, 'open', code);
      await expect(openStore(storageOn(system))).rejects.toMatchObject({ name: 'StorageError', code: meaning });
    });
  }

  it('serves one process at a time, and is free when that is gone', async () => {
    const { durable, system } = await filled();
    await expect(openStore(storageOn(system))).rejects.toMatchObject({
      code: 'in-use',
      message: `/store is in use by process ${process.pid}`,
    });
    await durable.close();
    await (await openStore(storageOn(system))).close();
    expect((await system.list(FOLDER)).filter((name) => name.startsWith('lock'))).toEqual([]);
  });

  it('is had by one of many that come at the same moment', async () => {
    const system = new FaultyDisk();
    for (let round = 0; round < 5; round += 1) {
      const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => openStore(storageOn(system))));
      const opened = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      expect(opened.length).toBeLessThanOrEqual(1);
      for (const durable of opened) await durable.close();
    }
    await (await openStore(storageOn(system))).close();
  });

  it('of which another process took hold while this one was stopped is not written any more', async () => {
    const system = new FaultyDisk();
    const lockTimes = { touchMs: 1e9, silenceMs: 0 };
    const durable = await openStore(new DiskStorage({ folder: FOLDER, system, lockTimes }));
    for (const name of await system.list(FOLDER))
      if (name.startsWith('lock-')) await system.remove(`${FOLDER}/${name}`);
    durable.store.put('/things', thing('late'));
    expect(await durable.settled()).toMatchObject({ ok: false, loss: { problem: { code: 'in-use' } } });
  });

  it('held from another machine is free when that has been silent', async () => {
    const system = new FaultyDisk();
    const elsewhere = { own: { pid: 7, started: '1', place: 'elsewhere x y' }, isAlive: () => null };
    const here = { own: { pid: 8, started: '2', place: 'here x y' }, isAlive: () => null };
    await openStore(new DiskStorage({ folder: FOLDER, system, table: elsewhere }));
    const second = () => openStore(new DiskStorage({ folder: FOLDER, system, table: here }));
    await expect(second()).rejects.toMatchObject({
      code: 'in-use',
      message: expect.stringMatching(/process 7 on elsewhere a moment ago; if that is gone, try again in 30 s/),
    });
    system.age(31_000);
    await (await second()).close();
  });
});

describe('a log', () => {
  for (const [name, limits] of [
    ['grows', { bytes: 2000, ageMs: 1e9 }],
    ['grows old', { bytes: 1e9, ageMs: 5 }],
  ] as const) {
    it(`that ${name} becomes a snapshot; two stay, and what watchers may resume from`, async () => {
      const system = new FaultyDisk();
      const durable = await openStore(storageOn(system, limits));
      for (let index = 0; index < 200; index += 1) {
        durable.store.put('/things', thing('one', index));
        expect(await durable.settled()).toEqual({ ok: true });
        if (index % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
      }
      await durable.close();
      const names = await system.list(FOLDER);
      expect(names.filter((one) => one.startsWith('snapshot-')).length).toBe(2);
      const bytes = names.reduce((sum, one) => sum + system.bytesOf(`${FOLDER}/${one}`).length, 0);
      expect(bytes).toBeLessThan(20_000);
      const again = await openStore(storageOn(system));
      expect(storeText(again)).toBe(storeText(durable));
      const oldest = again.store.oldest();
      expect(oldest).toBeGreaterThan(1);
      expect(again.store.watch(null, oldest - 1, () => {})).toMatchObject({ ok: false, code: 'Expired' });
      expect(again.store.changesSince(null, oldest)!.length).toBe(201 - oldest);
    });
  }
});
