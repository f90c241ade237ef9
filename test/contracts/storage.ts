// What every storage has to do, run over each of them by storage.test.ts.
import { expect, it } from 'vitest';
import { formatKey, type KubeObject, keyOf } from '../../engine/index.ts';
import { DurableStore } from '../../executor/storage/durable-store.ts';
import type { Archive, Storage, StoredState } from '../../executor/storage/storage.ts';

export interface Place {
  /** A storage at this place, not open yet. */
  readonly storage: () => Storage & Partial<Archive>;
  readonly leave: () => Promise<void>;
}

export interface StorageCase {
  readonly outlivesProcess: boolean;
  readonly newPlace: () => Promise<Place>;
}

export const thing = (name: string, value: unknown = 0, namespace = 'shop'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Thing',
  metadata: { name, namespace },
  value,
});

export const openStore = async (storage: Storage): Promise<DurableStore> => (await DurableStore.open(storage)).durable;

/** Everything as text, to be compared. */
export function stateText({ revision, objects }: StoredState): string {
  const lines = [...objects].map(([name, object]) => `${formatKey(keyOf(name, object))} ${JSON.stringify(object)}`);
  return [`revision ${revision}`, ...lines.sort()].join('\n');
}

export const storeText = ({ store }: DurableStore): string =>
  stateText({
    revision: store.revision(),
    objects: store.collectionNames().flatMap((name) => store.list(name).map((object) => [name, object] as const)),
  });

export function storageContract({ outlivesProcess, newPlace }: StorageCase): void {
  const at = async (test: (place: Place) => Promise<void>) => {
    const place = await newPlace();
    try {
      await test(place);
    } finally {
      await place.leave();
    }
  };

  it('begins with an empty state, and tells a commit to watchers only when it lasts', () =>
    at(async ({ storage }) => {
      const durable = await openStore(storage());
      const { store } = durable;
      expect([store.revision(), store.published()]).toEqual([1, 1]);
      const heard: string[] = [];
      store.onChange(({ type, revision }) => heard.push(`${type} ${revision}`));
      store.put('/things', thing('a'));
      store.remove('/things', 'shop', 'a');
      expect(heard).toEqual([]);
      expect(await durable.settled()).toEqual({ ok: true });
      expect(heard).toEqual(['ADDED 2', 'DELETED 3']);
      expect(store.published()).toBe(3);
      await durable.close();
    }));

  it('keeps every commit of many writers, in order, each answered when it lasts', () =>
    at(async ({ storage }) => {
      const durable = await openStore(storage());
      const { store } = durable;
      const heard: number[] = [];
      store.onChange(({ revision }) => heard.push(revision));
      await Promise.all(
        Array.from({ length: 16 }, async (_, writer) => {
          for (let round = 0; round < 20; round += 1) {
            const { metadata } = store.put('/things', thing(`w${writer}`, round));
            expect(await durable.settled()).toEqual({ ok: true });
            expect(store.published()).toBeGreaterThanOrEqual(Number(metadata.resourceVersion));
          }
        }),
      );
      expect(heard).toEqual(Array.from({ length: 320 }, (_, index) => index + 2));
      await durable.close();
    }));

  it('refuses what comes after the end, and says so', () =>
    at(async ({ storage }) => {
      const durable = await openStore(storage());
      durable.store.put('/things', thing('waiting'));
      const settlement = durable.settled();
      await durable.close();
      expect(await settlement).toEqual({ ok: true });
    }));

  if (!outlivesProcess) return;

  it('goes on after a restart where it was: objects, revisions, and what watchers missed', () =>
    at(async ({ storage }) => {
      const first = await openStore(storage());
      first.store.put('/things', thing('a', 'ü\u0000😀"\\'));
      first.store.put('g.example.com/others', thing('b', { deep: [1, null, { x: 'y' }] }, ''));
      first.store.commit([
        { key: { collection: '/things', namespace: 'shop', name: 'a' }, object: null },
        { key: { collection: '/things', namespace: 'shop', name: 'c' }, object: thing('c', 'x'.repeat(300_000)) },
      ]);
      await first.settled();
      const before = storeText(first);
      await first.close();
      const second = await openStore(storage());
      expect(storeText(second)).toBe(before);
      const told: string[] = [];
      const start = second.store.watch(null, 2, ({ type, revision, object }) =>
        told.push(`${revision} ${type} ${object.metadata.name}`),
      );
      expect(start.ok).toBe(true);
      expect(told.sort()).toEqual(['3 ADDED b', '4 ADDED c', '4 DELETED a']);
      expect(second.store.put('/things', thing('d')).metadata.resourceVersion).toBe('5');
      expect(await second.settled()).toEqual({ ok: true });
      await second.close();
    }));

  it('is read beside a running hub, and fills another place with the same', () =>
    at(async (from) => {
      const durable = await openStore(from.storage());
      for (let index = 0; index < 700; index += 1) durable.store.put('/things', thing(`t${index}`, index));
      for (let index = 0; index < 700; index += 7) durable.store.remove('/things', 'shop', `t${index}`);
      await durable.settled();
      const before = storeText(durable);
      const state = await from.storage().read!();
      const copy = { revision: state.revision, objects: [...state.objects] };
      expect(stateText(copy)).toBe(before);
      await expect(from.storage().fill!(copy)).rejects.toMatchObject({
        name: 'StorageError',
        code: expect.stringMatching(/in-use|not-empty/),
      });
      await durable.close();
      await expect(from.storage().fill!(copy)).rejects.toMatchObject({ code: 'not-empty' });
      await at(async (to) => {
        await to.storage().fill!(copy);
        const restored = await openStore(to.storage());
        expect(storeText(restored)).toBe(before);
        expect(restored.store.watch(null, copy.revision - 1, () => {}).ok).toBe(false);
        restored.store.put('/things', thing('new'));
        expect(await restored.settled()).toEqual({ ok: true });
        expect(restored.store.published()).toBe(copy.revision + 1);
        await restored.close();
      });
    }));

  it('says so where there is nothing to read', () =>
    at(async ({ storage }) => {
      await expect(storage().read!()).rejects.toMatchObject({ name: 'StorageError', code: 'invalid' });
    }));
}
