import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../kube/meta.ts';
import { ObjectStore } from './store.ts';

const thing = (name: string, value = 0): KubeObject => ({ apiVersion: 'v1', kind: 'Thing', metadata: { name }, value });

describe('what a storage could not keep', () => {
  it('is undone as if it had not been, and its revisions are free again', () => {
    const store = new ObjectStore({ publish: 'when-told' });
    store.put('/a', thing('x', 1));
    store.publish(2);
    const kept = store.get('/a', '', 'x');
    store.put('/a', thing('x', 2));
    store.put('/b', thing('y', 3));
    store.remove('/a', '', 'x');
    const undone = store.discardUnpublished();
    expect(undone.map(({ type, revision }) => `${type} ${revision}`)).toEqual(['MODIFIED 3', 'ADDED 4', 'DELETED 5']);
    expect(store.get('/a', '', 'x')).toBe(kept);
    expect(store.list('/b')).toEqual([]);
    expect(store.revision()).toBe(2);
    const heard: number[] = [];
    store.onChange(({ revision }) => heard.push(revision));
    expect(store.put('/a', thing('z')).metadata.resourceVersion).toBe('3');
    store.publish(3);
    expect(heard).toEqual([3]);
    expect(store.changesSince(null, 1)!.map(({ revision }) => revision)).toEqual([2, 3]);
  });

  it('leaves every state, old and new, as a store that never had it', () => {
    const step = fc.record({
      collection: fc.constantFrom('/a', '/b'),
      name: fc.constantFrom('1', '2', '3'),
      isRemoval: fc.boolean(),
      fate: fc.constantFrom('waits', 'published', 'lost'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.integer({ min: 1, max: 50 }), (steps, historyMax) => {
        const tried = new ObjectStore({ publish: 'when-told', historyMax });
        const clean = new ObjectStore({ historyMax });
        let waiting: (() => void)[] = [];
        for (const [at, { collection, name, isRemoval, fate }] of steps.entries()) {
          const write = (store: ObjectStore) =>
            isRemoval ? store.remove(collection, '', name) : store.put(collection, thing(name, at));
          write(tried);
          waiting.push(() => void write(clean));
          if (fate === 'published') {
            tried.publish(tried.revision());
            for (const carryOut of waiting) carryOut();
          }
          if (fate === 'lost') tried.discardUnpublished();
          if (fate !== 'waits') waiting = [];
        }
        tried.discardUnpublished();
        expect(tried.revision()).toBe(clean.revision());
        expect(tried.changesSince(null, tried.oldest())).toEqual(clean.changesSince(null, tried.oldest()));
        for (let revision = tried.oldest(); revision <= tried.revision(); revision += 1) {
          for (const name of ['/a', '/b']) {
            const state = clean.collectionAt(name, revision);
            if (state !== null) expect(tried.collectionAt(name, revision)!.list()).toEqual(state.list());
          }
        }
      }),
    );
  });
});

describe('a state taken from elsewhere', () => {
  it('replaces everything, expires older revisions and tells those who keep watches', () => {
    const store = new ObjectStore({ publish: 'when-told' });
    store.put('/a', thing('x'));
    store.publish(2);
    store.put('/b', thing('y'));
    let told = 0;
    store.onReplace(() => {
      told += 1;
    });
    store.replace(9, [['/a', { ...thing('z'), metadata: { name: 'z', resourceVersion: '7' } }]]);
    expect(told).toBe(1);
    expect(store.list('/a').map(({ metadata }) => [metadata.name, metadata.resourceVersion])).toEqual([['z', '7']]);
    expect(store.list('/b')).toEqual([]);
    expect([store.revision(), store.published(), store.oldest()]).toEqual([9, 9, 9]);
    expect(store.watch('/a', 8, () => {})).toEqual({ ok: false, code: 'Expired', oldest: 9 });
  });
});
