// Controllers and outcomes in one form each, whoever made them: engines read objects of one form faster, and these are read at every
// turn.
import type { Controller, Outcome } from './controller.ts';

export const uniformController = ({
  name,
  watches,
  indexes,
  projections,
  initialKeys,
  priorityOf,
  concurrency,
  paceMs,
  backOff,
  ignoresEchoes,
  reconcile,
}: Controller): Controller => ({
  name,
  watches,
  indexes,
  projections,
  initialKeys,
  priorityOf,
  concurrency,
  paceMs,
  backOff,
  ignoresEchoes,
  reconcile,
});

export const uniformOutcome = ({ commands, requeue, events, restMs, remember }: Outcome): Outcome => ({
  commands,
  requeue,
  events,
  restMs,
  remember,
});
