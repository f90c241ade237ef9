// Backups go from any storage into any other that is empty, whole or not at all.
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command as backup } from '../../executor/commands/backup.ts';
import { command as restore } from '../../executor/commands/restore.ts';
import { archiveOf } from '../../executor/storage/open-storage.ts';
import { EtcdServer, etcdIsMissing } from '../crash/etcd-server.ts';
import { openStore, storeText, thing } from './storage.ts';

const SKIPPED = 1_000_000_000;

let folder: string;
let source: string;
let text: string;

const openAt = (place: string) => openStore(archiveOf(place, { windowMs: 0, warn: () => {} }));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-backup-'));
  source = `disk:${folder}/source`;
  const durable = await openAt(source);
  for (let index = 0; index < 300; index += 1) durable.store.put('/things', thing(`t${index}`, 'ü'.repeat(index)));
  durable.store.put('g.example.com/others', thing('b', { deep: [1] }, ''));
  await durable.settled();
  text = storeText(durable);
  await durable.close();
});
afterAll(() => rm(folder, { recursive: true }));

/** As it is after a restore: the same objects, on a higher revision. */
async function expectRestored(place: string, times: number): Promise<void> {
  const durable = await openAt(place);
  const [, ...objects] = text.split('\n');
  expect(storeText(durable)).toBe([`revision ${302 + times * SKIPPED}`, ...objects].join('\n'));
  expect(durable.store.watch(null, 302, () => {})).toMatchObject({ ok: false, code: 'Expired' });
  await durable.close();
}

describe('a backup', () => {
  it('fills an empty folder, never one that is in use, and is readable by its owner alone', async () => {
    const out = `${folder}/one.backup`;
    expect(await backup.run({ storage: source, out })).toBe(0);
    expect((await stat(out)).mode & 0o777).toBe(0o600);
    const place = `disk:${folder}/restored`;
    expect(await restore.run({ file: out, storage: place })).toBe(0);
    await expectRestored(place, 1);
    await expect(restore.run({ file: out, storage: place })).rejects.toThrow('holds a store already');
    await expect(restore.run({ file: out, storage: source })).rejects.toThrow('holds a store already');
    await expectRestored(place, 1);
  });

  it('that is damaged anywhere or cut short is refused, and nothing is written', async () => {
    const out = `${folder}/two.backup`;
    await backup.run({ storage: source, out });
    const whole = await readFile(out);
    const place = `disk:${folder}/never`;
    const broken = `${folder}/broken.backup`;
    const tries: Buffer[] = [0, 9, 30, 43, 44, 60, 5000, whole.length - 1].map((at) => {
      const bytes = Buffer.from(whole);
      bytes[at]! ^= 16;
      return bytes;
    });
    for (const size of [0, 10, 44, 6000, whole.length - 1]) tries.push(whole.subarray(0, size));
    for (const bytes of tries) {
      await writeFile(broken, bytes);
      await expect(restore.run({ file: broken, storage: place })).rejects.toThrow(broken);
    }
    expect(await readdir(folder)).not.toContain('never');
  });

  it('says what is wrong with its arguments', async () => {
    await expect(backup.run({ storage: 'memory', out: 'x' })).rejects.toThrow('gone with its hub');
    await expect(backup.run({ storage: `disk:${folder}/nowhere`, out: 'x' })).rejects.toThrow('holds no store');
    await expect(backup.run({ storage: source, out: `${folder}/no/such/folder` })).rejects.toThrow(
      'there is no folder',
    );
    await expect(restore.run({ file: `${folder}/no`, storage: source })).rejects.toThrow('does not exist');
    await expect(restore.run({ file: `${folder}/no`, storage: 'paper' })).rejects.toThrow(
      'no storage is called "paper"',
    );
  });

  it.skipIf(etcdIsMissing !== null)(
    `goes into etcd and back${etcdIsMissing === null ? '' : `: ${etcdIsMissing}`}`,
    async () => {
      const server = await EtcdServer.start();
      try {
        const place = `etcd:${server.url}/restored`;
        const out = `${folder}/three.backup`;
        await backup.run({ storage: source, out });
        await restore.run({ file: out, storage: place });
        await expectRestored(place, 1);
        await expect(restore.run({ file: out, storage: place })).rejects.toThrow('already');
        await backup.run({ storage: place, out });
        const back = `disk:${folder}/back`;
        await restore.run({ file: out, storage: back });
        await expectRestored(back, 2);
      } finally {
        await server.leave();
      }
    },
  );
});
