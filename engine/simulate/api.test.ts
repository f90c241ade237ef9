import { describe, expect, it } from 'vitest';
import { Random } from '../base/random.ts';
import { HUB } from '../control/place.ts';
import type { KubeObject, OwnerReference } from '../kube/meta.ts';
import { SimulatedApi } from './api.ts';
import { Clock } from './clock.ts';

const THINGS = 'x/things';

function opened(isServed?: (collection: string) => boolean) {
  const clock = new Clock(0);
  const api = new SimulatedApi({
    place: HUB,
    clock,
    random: new Random('seed'),
    ...(isServed === undefined ? {} : { isServed }),
  });
  api.create('/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } });
  const make = (name: string, fields: Partial<KubeObject['metadata']> = {}) => {
    const made = api.create(THINGS, {
      apiVersion: 'x/v1',
      kind: 'Thing',
      metadata: { name, namespace: 'n', ...fields },
    });
    if (!made.ok) throw new Error(made.message);
    return made.object;
  };
  const names = () => api.store.list(THINGS).map(({ metadata }) => metadata.name);
  const remove = (name: string, propagation?: 'Background' | 'Foreground' | 'Orphan') =>
    api.carryOut({
      on: HUB,
      verb: 'delete',
      key: { collection: THINGS, namespace: 'n', name },
      precondition: null,
      ...(propagation === undefined ? {} : { propagation }),
    });
  return { clock, api, make, names, remove };
}

const ownedBy = (...owners: KubeObject[]): { ownerReferences: OwnerReference[] } => ({
  ownerReferences: owners.map(({ apiVersion, kind, metadata }) => ({
    apiVersion,
    kind,
    name: metadata.name,
    uid: metadata.uid!,
    blockOwnerDeletion: true,
  })),
});

describe('a simulated API', () => {
  it('carries out commands by the rules of the real one', () => {
    const { api, make } = opened();
    make('a', { labels: { l: '1' } });
    const key = { collection: THINGS, namespace: 'n', name: 'a' };
    const patched = api.carryOut({
      on: HUB,
      verb: 'patch',
      key,
      precondition: null,
      patch: { spec: { a: 1 }, status: { b: 2 } },
    });
    expect(patched).toMatchObject({
      ok: true,
      object: { spec: { a: 1 }, metadata: { generation: 2, labels: { l: '1' } } },
    });
    const reported = api.carryOut({
      on: HUB,
      verb: 'patch-status',
      key,
      precondition: null,
      patch: { spec: { a: 9 }, status: { b: 2 } },
    });
    expect(reported).toMatchObject({
      ok: true,
      object: { spec: { a: 1 }, status: { b: 2 }, metadata: { generation: 2 } },
    });
    const stale = {
      ...api.store.get(THINGS, 'n', 'a')!,
      metadata: { name: 'a', namespace: 'n', resourceVersion: '1' },
    };
    expect(api.carryOut({ on: HUB, verb: 'update', key, object: stale })).toMatchObject({
      ok: false,
      code: 'Conflict',
    });
  });

  it('makes nothing in a namespace that is not there, nor of a kind that it does not serve', () => {
    const { api } = opened((collection) => collection !== 'x/unknown');
    const object = { apiVersion: 'x/v1', kind: 'Thing', metadata: { name: 'a', namespace: 'none' } };
    expect(api.create(THINGS, object)).toMatchObject({
      code: 'NotFound',
      message: expect.stringContaining('namespace'),
    });
    expect(api.create('x/unknown', object)).toMatchObject({
      code: 'NotFound',
      message: expect.stringContaining('served'),
    });
  });

  it('empties a namespace before it goes, and waits for what holds on', () => {
    const { api, clock, make, names } = opened();
    make('a');
    make('b', { finalizers: ['f'] });
    api.writer.delete({ collection: '/namespaces', namespace: '', name: 'n' }, 0);
    clock.runUntil(5_000);
    expect(names()).toEqual(['b']);
    expect(api.store.get('/namespaces', '', 'n')).toMatchObject({ status: { phase: 'Terminating' } });
    expect(
      api.create(THINGS, { apiVersion: 'x/v1', kind: 'Thing', metadata: { name: 'c', namespace: 'n' } }),
    ).toMatchObject({
      code: 'Forbidden',
    });
    api.writer.patch({ collection: THINGS, namespace: 'n', name: 'b' }, (object) => ({
      ...object,
      metadata: { ...object.metadata, finalizers: [] },
    }));
    clock.runUntil(10_000);
    expect([names(), api.store.get('/namespaces', '', 'n')]).toEqual([[], null]);
  });

  it('makes different uids, and the same ones again from the same seed', () => {
    const uids = () => {
      const { make } = opened();
      return ['a', 'b'].map((name) => make(name).metadata.uid!);
    };
    expect(uids()[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(uids()[0]).not.toBe(uids()[1]);
    expect(uids()).toEqual(uids());
  });
});

describe('garbage collection', () => {
  it('deletes dependents, and theirs, when the last owner is gone', () => {
    const { clock, make, names, remove } = opened();
    const [a, b] = [make('a'), make('b')];
    const both = make('c', ownedBy(a, b));
    make('d', ownedBy(both));
    remove('a');
    clock.runUntil(2_000);
    expect(names()).toEqual(['b', 'c', 'd']);
    remove('b');
    clock.runUntil(4_000);
    expect(names()).toEqual([]);
  });

  it('deletes what is made for an owner that is gone', () => {
    const { clock, make, names, remove } = opened();
    const a = make('a');
    remove('a');
    make('late', ownedBy(a));
    clock.runUntil(2_000);
    expect(names()).toEqual([]);
  });

  it('lets the owner go last in the foreground, and dependents stay as orphans', () => {
    const { api, clock, make, names, remove } = opened();
    const a = make('a');
    make('b', { ...ownedBy(a), finalizers: ['f'] });
    remove('a', 'Foreground');
    clock.runUntil(2_000);
    expect(names()).toEqual(['a', 'b']);
    api.writer.patch({ collection: THINGS, namespace: 'n', name: 'b' }, (object) => ({
      ...object,
      metadata: { ...object.metadata, finalizers: [] },
    }));
    clock.runUntil(4_000);
    expect(names()).toEqual([]);
    const c = make('c');
    make('d', ownedBy(c));
    remove('c', 'Orphan');
    clock.runUntil(6_000);
    expect(names()).toEqual(['d']);
    expect(api.store.get(THINGS, 'n', 'd')!.metadata.ownerReferences).toEqual([]);
  });
});
