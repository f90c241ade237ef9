import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byText } from '../base/order.ts';
import type { KubeObject } from '../kube/meta.ts';
import { type Change, type CommitRecord, typeSeenBy } from './change.ts';
import { fieldIndex, labelIndex } from './indexes.ts';
import { listObjects } from './list.ts';
import { ObjectStore, type StoreOptions } from './store.ts';

const thing = (name: string, namespace = '', fields: Record<string, unknown> = {}, labels = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Thing',
  metadata: { name, ...(namespace === '' ? {} : { namespace }), labels },
  ...fields,
});

const names = (objects: readonly KubeObject[]) =>
  objects.map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`);

const types = (changes: readonly Change[] | null) => changes?.map(({ type, revision }) => `${type} ${revision}`);

describe('the store', () => {
  it('numbers every write of every collection from one counter', () => {
    const store = new ObjectStore({ firstRevision: 10 });
    expect(store.put('/a', thing('x')).metadata.resourceVersion).toBe('11');
    expect(store.put('/b', thing('x')).metadata.resourceVersion).toBe('12');
    expect(store.put('/a', thing('x')).metadata.resourceVersion).toBe('13');
    expect(store.remove('/b', '', 'x')!.metadata.resourceVersion).toBe('14');
    expect(store.remove('/b', '', 'x')).toBeNull();
    expect(store.revision()).toBe(14);
  });

  it('freezes what comes in and gives the same object to everyone', () => {
    const store = new ObjectStore();
    const spec = { list: [{ a: 1 }] };
    store.put('/a', thing('x', '', { spec }));
    const found = store.get('/a', '', 'x')!;
    expect(found.spec).toBe(spec);
    expect(store.list('/a')[0]).toBe(found);
    expect(() => {
      spec.list[0]!.a = 2;
    }).toThrow(TypeError);
  });

  it('lists by namespace, then name, by code units', () => {
    const store = new ObjectStore();
    for (const [namespace, name] of [
      ['b', 'a'],
      ['a', 'b'],
      ['a', 'B'],
      ['a', '10'],
      ['a', '9'],
      ['a-b', 'a'],
    ] as const) {
      store.put('/a', thing(name, namespace));
    }
    expect(names(store.list('/a'))).toEqual(['a/10', 'a/9', 'a/B', 'a/b', 'a-b/a', 'b/a']);
    expect(names(store.list('/a', 'a'))).toEqual(['a/10', 'a/9', 'a/B', 'a/b']);
  });

  it('finds by owner, by label and by field, and follows changes', () => {
    const store = new ObjectStore({ indexes: [labelIndex(null, 'app'), fieldIndex('/a', 'spec.node')] });
    const owned = thing('x', 'n', { spec: { node: 'one' } }, { app: 'web' });
    owned.metadata.ownerReferences = [{ apiVersion: 'v1', kind: 'Thing', name: 'o', uid: 'u1' }];
    store.put('/a', owned);
    store.put('/a', thing('y', 'm', { spec: { node: 'one' } }));
    store.put('/b', { ...owned, metadata: { ...owned.metadata, name: 'z' } });
    const now = store.collection('/a');
    expect(names(now.byIndex('field:spec.node', 'one'))).toEqual(['m/y', 'n/x']);
    expect(names(now.byIndex('field:spec.node', 'one', 'n'))).toEqual(['n/x']);
    expect(names(now.byIndex('label:app', 'web'))).toEqual(['n/x']);
    expect(store.dependentsOf('u1').map(({ key }) => key.collection)).toEqual(['/a', '/b']);
    store.put('/a', thing('x', 'n', { spec: { node: 'two' } }));
    expect(names(store.collection('/a').byIndex('field:spec.node', 'one'))).toEqual(['m/y']);
    expect(store.dependentsOf('u1').map(({ key }) => key.collection)).toEqual(['/b']);
    expect(names(now.byIndex('label:app', 'web'))).toEqual(['n/x']);
    expect(() => now.byIndex('nonsense', 'x')).toThrow('no index "nonsense"');
  });

  it('finds by what an object says, through reports of how it is, until that goes', () => {
    const store = new ObjectStore({ indexes: [labelIndex(null, 'app'), fieldIndex('/a', 'spec.node')] });
    const { spec, ...rest } = store.put('/a', thing('x', 'n', { spec: { node: 'one' } }, { app: 'web' }));
    const found = () => [
      names(store.collection('/a').byIndex('field:spec.node', 'one')),
      names(store.collection('/a').byIndex('label:app', 'web')),
    ];
    store.put('/a', { ...rest, spec, status: { phase: 'Running' } });
    expect(found()).toEqual([['n/x'], ['n/x']]);
    store.put('/a', rest);
    expect(found()).toEqual([[], ['n/x']]);
    store.put('/a', { ...rest, spec, metadata: { ...rest.metadata, labels: {} } });
    expect(found()).toEqual([['n/x'], []]);
    expect(() => fieldIndex('/a', 'status.phase')).toThrow();
  });

  it('makes one commit of several writes', () => {
    const store = new ObjectStore();
    store.put('/a', thing('x'));
    const heard: string[] = [];
    store.onChange((change) => heard.push(`${change.type} ${change.collection} ${change.revision}`));
    store.commit([
      { key: { collection: '/a', namespace: '', name: 'x' }, object: null },
      { key: { collection: '/b', namespace: '', name: 'y' }, object: thing('y') },
    ]);
    expect(heard).toEqual(['DELETED /a 3', 'ADDED /b 3']);
    expect(types(store.changesSince(null, 2))).toEqual(['DELETED 3', 'ADDED 3']);
  });
});

describe('the three moments of a write', () => {
  it('are commit, durable and publish, in this order', () => {
    const store = new ObjectStore({ publish: 'when-told' });
    const told: string[] = [];
    store.onCommit(({ revision }) => told.push(`commit ${revision}`));
    store.onChange(({ revision }) => told.push(`change ${revision}`));
    store.put('/a', thing('x'));
    store.put('/a', thing('y'));
    expect([store.revision(), store.published()]).toEqual([3, 1]);
    expect(store.changesSince('/a', 1)).toEqual([]);
    store.publish(2);
    expect(types(store.changesSince('/a', 1))).toEqual(['ADDED 2']);
    store.publish(3);
    expect(told).toEqual(['commit 2', 'commit 3', 'change 2', 'change 3']);
  });

  it('let another store follow by the records alone, and replays are ignored', () => {
    const store = new ObjectStore();
    const follower = new ObjectStore();
    const records: CommitRecord[] = [];
    store.onCommit((record) => records.push(record));
    store.put('/a', thing('x'));
    store.put('/a', thing('y'));
    store.remove('/a', '', 'x');
    expect(records.map((record) => follower.applyCommit(record))).toEqual([true, true, true]);
    expect(follower.applyCommit(records[0]!)).toBe(false);
    expect(follower.list('/a')).toEqual(store.list('/a'));
    expect(follower.revision()).toBe(store.revision());
    expect(follower.changesSince('/a', 1)).toEqual(store.changesSince('/a', 1));
  });

  it('begin anew from a stored state, whose revisions stay as they are', () => {
    const store = new ObjectStore();
    const x = { ...thing('x'), metadata: { name: 'x', resourceVersion: '90' } };
    store.load(100, [['/a', x]]);
    expect(store.get('/a', '', 'x')!.metadata.resourceVersion).toBe('90');
    expect(store.put('/a', thing('y')).metadata.resourceVersion).toBe('101');
    expect([store.oldest(), store.changesSince('/a', 99)]).toEqual([100, null]);
    expect(store.applyCommit({ revision: 200, writes: [] })).toBe(true);
    store.advanceTo(300);
    expect(store.put('/a', thing('z')).metadata.resourceVersion).toBe('301');
  });

  it('hear what a listener writes after what it heard', () => {
    const store = new ObjectStore();
    const heard: string[] = [];
    store.onChange(({ object }) => {
      if (object.metadata.name === 'x') store.put('/a', thing('y'));
    });
    store.onChange(({ object }) => heard.push(object.metadata.name));
    store.put('/a', thing('x'));
    expect(heard).toEqual(['x', 'y']);
  });
});

describe('a watch', () => {
  it('tells what was missed, then what comes, and ends when stopped', () => {
    const store = new ObjectStore();
    store.put('/a', thing('x'));
    store.put('/b', thing('x'));
    store.put('/a', thing('y'));
    const heard: string[] = [];
    const start = store.watch('/a', 2, ({ type, revision }, after) => heard.push(`${type} ${revision} ${after.size}`));
    store.put('/a', thing('y'));
    if (start.ok) start.stop();
    store.put('/a', thing('y'));
    expect(heard).toEqual(['ADDED 4 2', 'MODIFIED 5 2']);
  });

  it('from before what is remembered is refused with the oldest revision', () => {
    const store = new ObjectStore({ historyMax: 2 });
    for (const name of ['a', 'b', 'c', 'd']) store.put('/a', thing(name));
    expect(store.watch('/a', 2, () => {})).toEqual({ ok: false, code: 'Expired', oldest: 3 });
    expect(store.watch('/a', 3, () => {}).ok).toBe(true);
    store.compact(5);
    expect(store.watch('/a', 4, () => {}).ok).toBe(false);
    expect(store.collectionAt('/a', 5)!.size).toBe(4);
  });

  it('with a selection sees an object enter, stay and leave', () => {
    const store = new ObjectStore();
    const seen: unknown[] = [];
    store.onChange((change) => seen.push(typeSeenBy(change, ({ metadata }) => metadata.labels?.app === 'web')));
    for (const app of ['db', 'web', 'web', 'db', 'web']) store.put('/a', thing('x', '', {}, { app }));
    store.remove('/a', '', 'x');
    expect(seen).toEqual([null, 'ADDED', 'MODIFIED', 'DELETED', 'ADDED', 'DELETED']);
  });
});

describe('a list', () => {
  const filled = (options?: StoreOptions) => {
    const store = new ObjectStore(options);
    for (const name of ['a', 'b', 'c', 'd', 'e']) store.put('/a', thing(name, 'n', {}, { even: String(name > 'b') }));
    store.put('/a', thing('z', 'o'));
    return store;
  };

  it('comes in pages of the first page’s revision, whatever happens between them', () => {
    const store = filled();
    const first = listObjects(store, '/a', { namespace: 'n', limit: 2 });
    if (!first.ok) throw new Error('expired');
    expect([names(first.items), first.remaining]).toEqual([['n/a', 'n/b'], 3]);
    store.remove('/a', 'n', 'c');
    store.put('/a', thing('bb', 'n'));
    const second = listObjects(store, '/a', { namespace: 'n', limit: 2, page: first.next! });
    if (!second.ok) throw new Error('expired');
    expect([names(second.items), second.revision]).toEqual([['n/c', 'n/d'], first.revision]);
    const third = listObjects(store, '/a', { namespace: 'n', limit: 2, page: second.next! });
    expect(third).toMatchObject({ ok: true, next: null, remaining: 0, revision: first.revision });
  });

  it('of a forgotten revision is refused', () => {
    const store = filled();
    store.compact(store.revision());
    expect(listObjects(store, '/a', { page: { revision: 3, after: 'n' } })).toMatchObject({
      ok: false,
      code: 'Expired',
    });
  });

  it('is selected by labels and fields, with an index and without', () => {
    for (const indexes of [[], [labelIndex('/a', 'even')]]) {
      const store = filled({ indexes });
      const labels = [{ operator: 'In', key: 'even', values: ['true'] }] as const;
      const found = listObjects(store, '/a', { labels, limit: 2 });
      if (!found.ok) throw new Error('expired');
      expect([names(found.items), found.remaining]).toEqual([['n/c', 'n/d'], null]);
      const rest = listObjects(store, '/a', { labels, limit: 2, page: found.next! });
      expect(rest.ok && names(rest.items)).toEqual(['n/e']);
      const one = listObjects(store, '/a', { labels, fields: [{ field: 'metadata.name', equal: true, value: 'd' }] });
      expect(one.ok && names(one.items)).toEqual(['n/d']);
    }
  });
});

describe('against a model of ten lines', () => {
  type Model = Map<string, string>;
  const step = fc.record({
    collection: fc.constantFrom('/a', '/b'),
    namespace: fc.constantFrom('', 'm', 'n'),
    name: fc.constantFrom('1', '2', '3', '10'),
    app: fc.option(fc.constantFrom('x', 'y'), { freq: 4 }),
  });
  const told = (model: Model) => [...model].sort(([a], [b]) => byText(a, b));
  const shown = (store: ObjectStore, collection: string, revision: number): [string, string][] =>
    store
      .collectionAt(collection, revision)!
      .list()
      .map(({ metadata }) => [`${metadata.namespace ?? ''}\u0000${metadata.name}`, metadata.labels!.app!]);

  it('holds the same at every revision, and replaying the changes from any revision gives the state', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 80 }), (steps, historyMax) => {
        const store = new ObjectStore({ indexes: [labelIndex('/a', 'app')], historyMax });
        const model: Record<string, Model> = { '/a': new Map(), '/b': new Map() };
        const past = new Map([[1, { '/a': [], '/b': [] } as Record<string, [string, string][]>]]);
        for (const { collection, namespace, name, app } of steps) {
          const own = model[collection]!;
          if (app !== null) store.put(collection, thing(name, namespace, {}, { app }));
          else store.remove(collection, namespace, name);
          if (app !== null) own.set(`${namespace}\u0000${name}`, app);
          else own.delete(`${namespace}\u0000${name}`);
          past.set(store.revision(), { '/a': told(model['/a']!), '/b': told(model['/b']!) });
        }
        for (const [revision, states] of past) {
          for (const collection of ['/a', '/b']) {
            const changes = store.changesSince(collection, revision);
            expect(changes === null).toBe(revision < store.oldest());
            if (changes === null) continue;
            expect(shown(store, collection, revision)).toEqual(states[collection]);
            const replayed: Model = new Map(states[collection]);
            const known = new Map<string, KubeObject>();
            for (const { type, object, previous } of changes) {
              const path = `${object.metadata.namespace ?? ''}\u0000${object.metadata.name}`;
              expect(previous === null).toBe(type === 'ADDED');
              if (known.has(path)) expect(previous).toBe(known.get(path));
              expect(replayed.has(path)).toBe(previous !== null);
              if (type === 'DELETED') replayed.delete(path);
              else replayed.set(path, object.metadata.labels!.app!);
              if (type === 'DELETED') known.delete(path);
              else known.set(path, object);
            }
            expect(told(replayed)).toEqual(told(model[collection]!));
          }
        }
        const apps = store.collection('/a').byIndex('label:app', 'x');
        expect(names(apps)).toEqual(names(store.list('/a').filter(({ metadata }) => metadata.labels?.app === 'x')));
      }),
    );
  });
});
