import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../kube/meta.ts';
import { ObjectStore } from '../store/store.ts';
import { type Controller, NOTHING_TO_DO } from './controller.ts';
import { ControllerManager, type Task } from './manager.ts';
import { HUB } from './place.ts';

const PARENTS = 'x/parents';
const CHILDREN = 'x/children';

const of = (collection: string, name: string, status: string): KubeObject => ({
  apiVersion: 'x/v1',
  kind: collection,
  metadata: { name, namespace: 'n' },
  status,
});

/** Tells a child what the parent says, and looks at both. */
const teller = (ignoresEchoes: boolean): Controller => ({
  name: 'teller',
  ignoresEchoes,
  watches: [PARENTS, CHILDREN].map((collection) => ({
    on: 'hub',
    collection,
    keysOf: ({ object }) => [object.metadata.name],
  })),
  reconcile: (key, view) => {
    const said = view.get(PARENTS, 'n', key)?.status ?? null;
    if (said === null || view.get(CHILDREN, 'n', key)?.status === said) return NOTHING_TO_DO;
    const child = of(CHILDREN, key, String(said));
    const command = {
      verb: 'update',
      on: HUB,
      key: { collection: CHILDREN, namespace: 'n', name: key },
      object: child,
    };
    return { commands: [command as never], requeue: 'await-change', events: [] };
  },
});

class Bench {
  readonly store = new ObjectStore();
  readonly manager: ControllerManager;
  #seen = 1;

  constructor(ignoresEchoes: boolean) {
    this.manager = new ControllerManager({ name: 'm', controllers: [teller(ignoresEchoes)] }, 0);
    for (const name of [PARENTS, CHILDREN]) this.manager.listed(HUB, name, this.store.collection(name), 1, 0);
    this.manager.begin(0);
  }

  deliver(now: number): void {
    for (const change of this.store.changesSince(null, this.#seen)!) this.manager.changed(HUB, change, null, now);
    this.#seen = this.store.revision();
  }

  begun(): Task {
    this.store.put(PARENTS, of(PARENTS, 'a', 'one'));
    this.deliver(1);
    return this.manager.next(1)!;
  }
}

describe('what a controller has written itself', () => {
  it('wakes it where it does not say otherwise', () => {
    const bench = new Bench(false);
    const task = bench.begun();
    bench.manager.settle(task, [{ ok: true, object: bench.store.put(CHILDREN, of(CHILDREN, 'a', 'one')) }], 2);
    bench.deliver(3);
    expect(bench.manager.next(3)).toMatchObject({ key: 'a', outcome: NOTHING_TO_DO });
  });

  it.each(['after', 'before'])('does not wake one that ignores it, told %s the answer', (order) => {
    const bench = new Bench(true);
    const task = bench.begun();
    const object = bench.store.put(CHILDREN, of(CHILDREN, 'a', 'one'));
    if (order === 'before') bench.deliver(2);
    bench.manager.settle(task, [{ ok: true, object }], 2);
    if (order === 'after') bench.deliver(3);
    expect([bench.manager.next(3), bench.manager.dueAt()]).toEqual([null, null]);
  });

  it.each(['after', 'before'])('does not hide what others wrote, told %s the answer', (order) => {
    const bench = new Bench(true);
    const task = bench.begun();
    const object = bench.store.put(CHILDREN, of(CHILDREN, 'a', 'one'));
    bench.store.put(CHILDREN, of(CHILDREN, 'a', 'two'));
    if (order === 'before') bench.deliver(2);
    bench.manager.settle(task, [{ ok: true, object }], 2);
    if (order === 'after') bench.deliver(3);
    expect(bench.manager.next(3)).toMatchObject({ key: 'a', outcome: { commands: [{ verb: 'update' }] } });
  });

  it('wakes it when the write was refused and somebody else wrote meanwhile', () => {
    const bench = new Bench(true);
    const task = bench.begun();
    bench.store.put(CHILDREN, of(CHILDREN, 'a', 'two'));
    bench.deliver(2);
    bench.manager.settle(task, [{ ok: false, code: 'Conflict', message: 'no' }], 2);
    expect(bench.manager.next(2)).toMatchObject({ key: 'a' });
  });

  it('wakes it when it is gone', () => {
    const bench = new Bench(true);
    const task = bench.begun();
    bench.store.put(CHILDREN, of(CHILDREN, 'a', 'one'));
    const object = bench.store.remove(CHILDREN, 'n', 'a')!;
    bench.manager.settle(task, [{ ok: true, object }], 2);
    bench.deliver(3);
    expect(bench.manager.next(3)).toMatchObject({ key: 'a' });
  });
});
