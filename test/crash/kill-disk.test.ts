// kill -9 on writers at full speed, at random moments. MUSTER_CRASH_KILLS=500 kills more often.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DiskStorage } from '../../executor/storage/disk/disk.ts';
import { weather } from './kill-storm.ts';

const KILLS = Number(process.env.MUSTER_CRASH_KILLS ?? 16);

it(`a disk keeps everything acknowledged through ${KILLS} kills`, { timeout: 60_000 + KILLS * 5000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-kill-'));
  try {
    const report = await weather({
      place: `disk:${folder}/store`,
      archive: () => new DiskStorage({ folder: `${folder}/store` }),
      kills: KILLS,
    });
    expect(report.acknowledged).toBeGreaterThan(KILLS);
    console.info(`${KILLS} kills, ${report.acknowledged} acknowledged, ${report.unasked} there without an answer`);
  } finally {
    await rm(folder, { recursive: true });
  }
});
