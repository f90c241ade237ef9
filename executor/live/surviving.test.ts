import { describe, expect, it } from 'vitest';
import {
  type Controller,
  ControllerManager,
  HUB,
  type KubeObject,
  NOTHING_TO_DO,
  ObjectStore,
} from '../../engine/index.ts';
import { type Mistake, surviving } from './surviving.ts';

const COLLECTION = 'x/things';
const thing = (name: string, isPoison = false): KubeObject => ({
  apiVersion: 'x/v1',
  kind: 'Thing',
  metadata: { name, namespace: 'n' },
  spec: { isPoison },
});
const isPoison = ({ spec }: KubeObject) => (spec as { isPoison: boolean }).isPoison;

/** What a controller with a mistake in it did, and what of it was told, with these things there. */
function worked(mistaken: Partial<Controller>, ...things: KubeObject[]) {
  const mistakes: Mistake[] = [];
  const looked: string[] = [];
  const careless: Controller = {
    name: 'careless',
    watches: [{ on: 'hub', collection: COLLECTION, keysOf: ({ object }) => [object.metadata.name] }],
    reconcile: (key) => {
      looked.push(key);
      return NOTHING_TO_DO;
    },
    ...mistaken,
  };
  const controllers = [surviving(careless, (mistake) => mistakes.push(mistake))];
  const manager = new ControllerManager({ name: 'm', controllers }, 0);
  const store = new ObjectStore({ indexes: careless.indexes ?? [] });
  manager.listed(HUB, COLLECTION, store.collection(COLLECTION), 1, 0);
  manager.begin(0);
  for (const one of things) {
    const object = store.put(COLLECTION, one);
    const revision = store.revision();
    manager.changed(HUB, { revision, type: 'ADDED', collection: COLLECTION, object, previous: null }, null, 0);
  }
  for (let now = 0; now < 60_000; now = Math.max(now + 1, manager.dueAt() ?? 60_000))
    while (manager.next(now) !== null);
  return { looked, mistakes: mistakes.map(({ key, error }) => [key, (error as Error).message]) };
}

function whole<T>(object: KubeObject | null, value: T): T {
  if (object !== null && isPoison(object)) throw new Error('oh');
  return value;
}

describe('a controller that makes a mistake', () => {
  const things = [thing('a'), thing('b', true), thing('c')];

  it('goes on with everything else, and tells it once', () => {
    const looked: string[] = [];
    const reconcile: Controller['reconcile'] = (key, view) => {
      looked.push(whole(view.get(COLLECTION, 'n', key), key));
      return NOTHING_TO_DO;
    };
    expect(worked({ reconcile }, ...things).mistakes).toEqual([['b', 'oh']]);
    expect(looked).toEqual(['a', 'c']);
  });

  it('tells it again once it has been right in between', () => {
    let looks = 0;
    const reconcile: Controller['reconcile'] = () => {
      looks += 1;
      if (looks !== 3) throw new Error(`look ${looks}`);
      return { ...NOTHING_TO_DO, requeue: { afterMs: 1_000 } };
    };
    expect(worked({ reconcile }, thing('a')).mistakes).toEqual([
      ['a', 'look 1'],
      ['a', 'look 4'],
    ]);
  });

  it('is not woken by what it is mistaken about', () => {
    const keysOf = ({ object }: { readonly object: KubeObject }) => whole(object, [object.metadata.name]);
    const { looked, mistakes } = worked({ watches: [{ on: 'hub', collection: COLLECTION, keysOf }] }, ...things);
    expect([looked, mistakes]).toEqual([['a', 'c'], [[null, 'oh']]]);
  });

  it('takes what it cannot rank or find for the most common', () => {
    const ranked = worked({ priorityOf: (key, view) => whole(view.get(COLLECTION, 'n', key), 1) }, ...things);
    expect([ranked.looked, ranked.mistakes]).toEqual([['a', 'c', 'b'], [['b', 'oh']]]);
    const valuesOf = (object: KubeObject) => whole(object, ['x']);
    const found = worked({ indexes: [{ name: 'i', collection: COLLECTION, valuesOf }] }, thing('a'), thing('c'));
    expect([found.looked, found.mistakes]).toEqual([['a', 'c'], []]);
  });
});
