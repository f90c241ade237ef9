// Joins bursts of news: the first is told at once, and what follows within a moment is told together.
import type { Outcome, View } from '../control/controller.ts';
import type { Millis } from '../kube/time.ts';

/** Short enough for people, and long enough for the pods of a rollout. */
const TOGETHER_MS: Millis = 1_000;

/** Called only where there is something to tell. */
export function joined(view: View, now: Millis, tell: () => Outcome): Outcome {
  const told = typeof view.remembered === 'number' ? view.remembered : Number.NEGATIVE_INFINITY;
  const left = told + TOGETHER_MS - now;
  if (left > 0 && view.attempt.failures === 0) return { commands: [], requeue: { afterMs: left }, events: [] };
  return { ...tell(), remember: now };
}
