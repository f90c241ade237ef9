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

interface Asked {
  readonly name: string;
  readonly value: number | null;
  readonly revision: number;
}

/** What a writer knows: everything it asked for, and up to where it was acknowledged. */
class Ledger {
  acknowledged = 1;
  #history: Asked[] = [];

  asked(name: string, value: number | null, revision: number): void {
    this.#history.push({ name, value, revision });
  }

  answered(revision: number): void {
    this.acknowledged = Math.max(this.acknowledged, revision);
  }

  /** After a start: everything up to the revision that is there, or, where so much may be lost, up to an earlier one. */
  check({ store }: DurableStore, mayLose: boolean): void {
    expect(store.revision()).toBeGreaterThanOrEqual(this.acknowledged);
    const found = JSON.stringify(store.list('/things').map(({ metadata, value }) => [metadata.name, value]));
    let kept = this.#history.filter(({ revision }) => revision <= store.revision());
    const mayMiss = (one: Asked | undefined) => one !== undefined && (mayLose || one.revision > this.acknowledged);
    while (mayMiss(kept.at(-1)) && stateAfter(kept) !== found) kept = kept.slice(0, -1);
    expect(found).toBe(stateAfter(kept));
    this.#history = kept;
    this.acknowledged = store.revision();
  }
}

function stateAfter(history: readonly Asked[]): string {
  const values = new Map(history.map(({ name, value }) => [name, value]));
  return JSON.stringify([...values].filter(([, value]) => value !== null).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const step = fc.record({
  name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
  size: fc.constantFrom(0, 10, 400, 1500),
  isRemoval: fc.boolean(),
  waits: fc.constantFrom('not', 'a turn', 'for its answer'),
});

const life = fc.record({ steps: fc.array(step, { maxLength: 30 }), end: fc.constantFrom('power', 'process') });

describe('a process that is killed, and power that fails', () => {
  for (const [name, windowMs] of [
    ['take nothing that was acknowledged', 0],
    ['take what came last, and nothing in between, where syncs are batched', 2],
  ] as const) {
    it(name, async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(life, { minLength: 2, maxLength: 5 }),
          fc.infiniteStream(fc.nat()),
          async (lives, chance) => {
            const draw = (bound: number) => Number(chance.next().value) % bound;
            const ledger = new Ledger();
            let system = new FaultyDisk();
            let mayLose = false;
            const open = () => openStore(new DiskStorage({ folder: FOLDER, system, limits: LIMITS, table, windowMs }));
            for (const { steps, end } of lives) {
              const durable = await open();
              expect(durable.problem()).toBeNull();
              ledger.check(durable, mayLose);
              const { store } = durable;
              const forget = store.onChange(({ revision }) => ledger.answered(revision));
              for (const [index, { name: thingName, size, isRemoval, waits }] of steps.entries()) {
                const value = store.revision() * 100 + index;
                if (isRemoval && store.get('/things', 'shop', thingName) !== null) {
                  store.remove('/things', 'shop', thingName);
                  ledger.asked(thingName, null, store.revision());
                } else {
                  store.put('/things', { ...thing(thingName, value), padding: 'x'.repeat(size) });
                  ledger.asked(thingName, value, store.revision());
                }
                if (waits === 'a turn') await new Promise((resolve) => setImmediate(resolve));
                if (waits === 'for its answer') expect(await durable.settled()).toEqual({ ok: true });
              }
              // The dead go on in this process; what they do reaches nobody.
              forget();
              system = end === 'power' ? system.afterPowerLoss(draw) : system.afterDeath();
              mayLose = windowMs > 0 && end === 'power';
            }
            const last = await open();
            expect(last.problem()).toBeNull();
            ledger.check(last, mayLose);
          },
        ),
        { numRuns: Number(process.env.MUSTER_CRASH_RUNS ?? 200) },
      );
    });
  }
});
