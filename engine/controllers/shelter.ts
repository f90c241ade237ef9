// What a stored object that is not what its kind says does to a controller: the key that rests on it fails, is tried again later, and
// it is told which object is wrong and where; everything else goes on. So it is with what nobody can interpret: who knows more of
// it than that has told so. What throws without such an object is a mistake of our own.
import { COLLECTIONS } from '../api/kinds.ts';
import { unsoundness } from '../api/soundness.ts';
import type { Controller, KeysOf, Outcome, Reader, View } from '../control/controller.ts';
import type { KubeObject } from '../kube/meta.ts';
import { PropagationError } from '../propagate/errors.ts';
import type { Change } from '../store/change.ts';
import { keyOf } from '../store/key.ts';
import { event } from './writes.ts';

interface Culprit {
  readonly collection: string;
  readonly object: KubeObject;
}

export function sheltered(controller: Controller): Controller {
  const { reconcile, watches, priorityOf } = controller;
  return {
    ...controller,
    watches: watches.map(({ keysOf, ...watch }) => ({ ...watch, ...(keysOf && { keysOf: shelteredKeys(keysOf) }) })),
    ...(priorityOf !== undefined && {
      priorityOf: (key: string, view: View) => {
        try {
          return priorityOf(key, view);
        } catch (error) {
          culpritsOf(error, view, (seen) => priorityOf(key, seen));
          return 0;
        }
      },
    }),
    reconcile: (key, view, now) => {
      try {
        return reconcile(key, view, now);
      } catch (error) {
        if (isUninterpreted(error)) return { commands: [], requeue: 'back-off', events: [] };
        const culprits = culpritsOf(error, view, (seen) => reconcile(key, seen, now));
        return failed(controller.name, key, culprits, view);
      }
    },
  };
}

const shelteredKeys =
  (keysOf: KeysOf): KeysOf =>
  (change, view, place) => {
    try {
      return keysOf(change, view, place);
    } catch (error) {
      if (!isUninterpreted(error)) {
        culpritsOf(error, view, (seen) => keysOf(change, seen, place), versionsIn(change));
      }
      return [];
    }
  };

const isUninterpreted = (error: unknown): boolean => error instanceof PropagationError;

const versionsIn = ({ collection, object, previous }: Change): readonly Culprit[] =>
  [object, previous].flatMap((version) => (version === null ? [] : [{ collection, object: version }]));

/** Told once: who goes on trying does not go on telling. */
function failed(controller: string, key: string, culprits: readonly Culprit[], { attempt }: View): Outcome {
  const events = culprits.map(({ collection, object }) => {
    const message = `${controller} cannot go on with ${key}: ${unsoundness(object)}`;
    return event('Warning', object.kind, keyOf(collection, object), 'NotAsItShouldBe', message);
  });
  return { commands: [], requeue: 'back-off', events: attempt.failures === 0 ? events : [] };
}

/** What threw is done again, by somebody who notes what is read; nothing that a controller does is seen by anybody else. */
function culpritsOf(
  error: unknown,
  view: View,
  run: (view: View) => unknown,
  concerned: readonly Culprit[] = [],
): readonly Culprit[] {
  const all = [...concerned, ...readBy(view, run), ...fleetIn(view)];
  const culprits = all.filter(({ object }) => unsoundness(object) !== null);
  if (culprits.length === 0) throw error;
  return culprits.filter(({ object }, at) => firstOf(object, culprits) === at);
}

const firstOf = ({ kind, metadata }: KubeObject, culprits: readonly Culprit[]): number =>
  culprits.findIndex(
    ({ object }) =>
      object.kind === kind &&
      object.metadata.name === metadata.name &&
      object.metadata.namespace === metadata.namespace,
  );

/** Decisions rest on all of them, whether they are read for one or not. */
const fleetIn = (view: View): readonly Culprit[] =>
  view.list(COLLECTIONS.clusters).map((object) => ({ collection: COLLECTIONS.clusters, object }));

function readBy(view: View, run: (view: View) => unknown): readonly Culprit[] {
  const read: Culprit[] = [];
  const noted = (collection: string, objects: readonly KubeObject[]): readonly KubeObject[] => {
    read.push(...objects.map((object) => ({ collection, object })));
    return objects;
  };
  const reader: Pick<Reader, 'get' | 'list' | 'byIndex'> = {
    get: (collection, namespace, name) => {
      const object = view.get(collection, namespace, name);
      return object === null ? null : noted(collection, [object])[0]!;
    },
    list: (collection, namespace) => noted(collection, view.list(collection, namespace)),
    byIndex: (collection, index, value, namespace) =>
      noted(collection, view.byIndex(collection, index, value, namespace)),
  };
  try {
    run({ ...view, ...reader });
  } catch {
    // As the first time: what was read until then is what matters.
  }
  return read;
}

/** What an index holds of an object: of one that is not what its kind says, nothing. */
export const ofSound =
  (valuesOf: (object: KubeObject) => readonly string[]) =>
  (object: KubeObject): readonly string[] => {
    try {
      const values = valuesOf(object);
      if (values.every((value) => typeof value === 'string')) return values;
    } catch (error) {
      if (unsoundness(object) === null) throw error;
    }
    return [];
  };

/** What is derived from changes is not derived from those to what is not what its kind says. */
export function whereSound(change: Change, take: (change: Change) => void): void {
  try {
    take(change);
  } catch (error) {
    if (versionsIn(change).every(({ object }) => unsoundness(object) === null)) throw error;
  }
}
