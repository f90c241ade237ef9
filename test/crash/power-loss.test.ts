// Power fails at any moment, again and again, on a disk that loses and tears whatever was not synced: every acknowledged write is
// there afterwards, none is there in half, and revisions never go back.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DiskStorage } from '../../executor/storage/disk/disk.ts';
import type { DurableStore } from '../../executor/storage/durable-store.ts';
import { openStore, thing } from '../contracts/storage.ts';
import { FaultyDisk } from './faulty-disk.ts';

const FOLDER = '/store';
/** So little that snapshots and new logs come every few commits. */
const LIMITS = { bytes: 3000, ageMs: 1e9 };
const table = { own: { pid: 1, started: '', place: 'here' }, isAlive: () => false };

const open = (system: FaultyDisk): Promise<DurableStore> =>
  openStore(new DiskStorage({ folder: FOLDER, system, limits: LIMITS, table }));

/** What a writer knows: the last acknowledged value of each name, and those that may or may not have come after it. */
class Ledger {
  acknowledged = 1;
  readonly #values = new Map<string, number | null>();
  #doubtful: { readonly name: string; readonly value: number | null; readonly revision: number }[] = [];

  asked(name: string, value: number | null, revision: number): void {
    this.#doubtful.push({ name, value, revision });
  }

  answered(revision: number): void {
    this.acknowledged = Math.max(this.acknowledged, revision);
    for (const one of this.#doubtful) if (one.revision <= revision) this.#values.set(one.name, one.value);
    this.#doubtful = this.#doubtful.filter((one) => one.revision > revision);
  }

  /** After a start: everything up to the revision that is there, and nothing beyond. */
  check({ store }: DurableStore): void {
    expect(store.revision()).toBeGreaterThanOrEqual(this.acknowledged);
    this.answered(store.revision());
    this.#doubtful = [];
    const found = store.list('/things').map(({ metadata, value }) => [metadata.name, value]);
    const expected = [...this.#values].filter(([, value]) => value !== null).sort(([a], [b]) => (a < b ? -1 : 1));
    expect(found).toEqual(expected);
  }
}

const step = fc.record({
  name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
  size: fc.constantFrom(0, 10, 400, 1500),
  isRemoval: fc.boolean(),
  waits: fc.constantFrom('not', 'a turn', 'for its answer'),
});

describe('a loss of power', () => {
  for (const kind of ['power', 'process'] as const) {
    it(`takes nothing that was acknowledged (${kind})`, async () => {
      const runs = fc.array(fc.array(step, { maxLength: 30 }), { minLength: 2, maxLength: 5 });
      await fc.assert(
        fc.asyncProperty(runs, fc.infiniteStream(fc.nat()), async (lives, chance) => {
          const draw = (bound: number) => Number(chance.next().value) % bound;
          const ledger = new Ledger();
          let system = new FaultyDisk();
          for (const life of lives) {
            const durable = await open(system);
            ledger.check(durable);
            const { store } = durable;
            const forget = store.onChange(({ revision }) => ledger.answered(revision));
            for (const [index, { name, size, isRemoval, waits }] of life.entries()) {
              const value = store.revision() * 100 + index;
              if (isRemoval && store.get('/things', 'shop', name) !== null) {
                store.remove('/things', 'shop', name);
                ledger.asked(name, null, store.revision());
              } else {
                store.put('/things', { ...thing(name, value), padding: 'x'.repeat(size) });
                ledger.asked(name, value, store.revision());
              }
              if (waits === 'a turn') await new Promise((resolve) => setImmediate(resolve));
              if (waits === 'for its answer') expect(await durable.settled()).toEqual({ ok: true });
            }
            // The dead go on in this process; what they do reaches nobody.
            forget();
            system = kind === 'power' ? system.afterPowerLoss(draw) : system.afterDeath();
          }
          ledger.check(await open(system));
        }),
        { numRuns: Number(process.env.MUSTER_CRASH_RUNS ?? 150) },
      );
    });
  }
});
