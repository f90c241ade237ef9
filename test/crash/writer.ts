// A process for kill-storm.ts to kill: writers at full speed on one storage, who tell on standard output what was acknowledged.
//
//   writer.ts STORAGE SEQUENCES   where SEQUENCES is JSON, what each writer has written last
import { writeSync } from 'node:fs';
import { DiskStorage } from '../../executor/storage/disk/disk.ts';
import { DurableStore } from '../../executor/storage/durable-store.ts';
import { storageOf } from '../../executor/storage/open-storage.ts';
import type { Storage } from '../../executor/storage/storage.ts';
import { COLLECTION, objectOf } from './written.ts';

/** Snapshots and new logs are to come often, so that kills meet them. */
const LIMITS = { bytes: 300_000, ageMs: 1e9 };

function open(place: string): Storage {
  if (place.startsWith('disk:')) return new DiskStorage({ folder: place.slice('disk:'.length), limits: LIMITS });
  return storageOf(place, { windowMs: 0, warn: () => {} });
}

/** A pipe that is full for the moment takes the line a little later: what is acknowledged is told. */
function say(line: string): void {
  for (;;) {
    try {
      writeSync(1, line);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}

async function write(durable: DurableStore, writer: number, last: number): Promise<never> {
  const { store } = durable;
  for (let sequence = last; ; ) {
    const next = sequence + 1;
    const object = objectOf(writer, next);
    const key = { collection: COLLECTION, namespace: '', name: `writer-${writer}` };
    const { revision } = store.commit([{ key, object }]);
    const settlement = await durable.settled();
    if (settlement.ok) {
      sequence = next;
      say(`${writer} ${sequence} ${revision}\n`);
    } else if (settlement.loss.why !== 'outrun') {
      throw new Error(`${settlement.loss.why}: ${settlement.loss.problem.message}`);
    }
  }
}

const [place = '', sequences = '[]'] = process.argv.slice(2);
const { durable } = await DurableStore.open(open(place));
say(`open ${durable.store.revision()}\n`);
await Promise.all((JSON.parse(sequences) as number[]).map((last, writer) => write(durable, writer, last)));
