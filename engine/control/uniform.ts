// Controllers and outcomes in one form each, whoever made them: engines read objects of one form faster, and these are read at every
// turn.
import type { Controller, Outcome } from './controller.ts';

/** Every field is there, whether it says something or not. */
type Uniform<T> = { readonly [Field in keyof Required<T>]: T[Field] };

export const uniformController = (one: Controller): Uniform<Controller> => ({
  name: one.name,
  watches: one.watches,
  indexes: one.indexes,
  projections: one.projections,
  initialKeys: one.initialKeys,
  priorityOf: one.priorityOf,
  concurrency: one.concurrency,
  paceMs: one.paceMs,
  backOff: one.backOff,
  ignoresEchoes: one.ignoresEchoes,
  reconcile: one.reconcile,
});

export const uniformOutcome = (one: Outcome): Uniform<Outcome> => ({
  commands: one.commands,
  requeue: one.requeue,
  events: one.events,
  restMs: one.restMs,
  remember: one.remember,
});
