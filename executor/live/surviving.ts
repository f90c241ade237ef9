// A mistake of our own that one object brings to light must not end everything else: the key is left for later, and the mistake is
// told. Simulations do without, so that there it ends the run and is found.
import type { Controller, IndexDefinition, Outcome } from '../../engine/index.ts';

export interface Mistake {
  readonly controller: string;
  /** Null where it was made about a change, and no key is known. */
  readonly key: string | null;
  readonly error: unknown;
}

const LATER: Outcome = { commands: [], requeue: 'back-off', events: [] };

export function surviving(controller: Controller, onMistake: (mistake: Mistake) => void): Controller {
  const { name, watches, indexes, priorityOf, reconcile } = controller;
  const tried = <T>(key: string | null, run: () => T, otherwise: T): T => {
    try {
      return run();
    } catch (error) {
      onMistake({ controller: name, key, error });
      return otherwise;
    }
  };
  return {
    ...controller,
    watches: watches.map(({ keysOf, ...watch }) => ({
      ...watch,
      ...(keysOf && { keysOf: (change, view, place) => tried(null, () => keysOf(change, view, place), []) }),
    })),
    ...(indexes !== undefined && { indexes: indexes.map((index) => survivingIndex(index, tried)) }),
    ...(priorityOf !== undefined && { priorityOf: (key, view) => tried(key, () => priorityOf(key, view), 0) }),
    reconcile: (key, view, now) => {
      try {
        return reconcile(key, view, now);
      } catch (error) {
        // Told once: who goes on trying does not go on telling.
        if (view.attempt.failures === 0) onMistake({ controller: name, key, error });
        return LATER;
      }
    },
  };
}

const survivingIndex = (
  index: IndexDefinition,
  tried: (key: null, run: () => readonly string[], otherwise: readonly string[]) => readonly string[],
): IndexDefinition => ({ ...index, valuesOf: (object) => tried(null, () => index.valuesOf(object), []) });
