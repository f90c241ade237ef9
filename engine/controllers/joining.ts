// Joins bursts of news: the first is told at once, and what follows within a moment is told together. Where more is sure to
// follow, as with what has only just begun, the first waits for it, too.
import { merged } from '../base/merged.ts';
import { NOTHING_TO_DO, type Outcome, type View } from '../control/controller.ts';
import type { Millis } from '../kube/time.ts';

/** Short enough for people, and long enough for the pods of a rollout. */
const TOGETHER_MS: Millis = 1_000;

export interface News {
  readonly outcome: Outcome;
  /** How long it waits for what is sure to follow; 0 where it is told at once. */
  readonly waitsMs: Millis;
  /** What comes meanwhile is looked at, and may end the wait. */
  readonly listens?: boolean;
}

/** `news` is null where there is nothing to tell. Of news that wait it is remembered until when. */
export function joined({ remembered, attempt }: View, news: News | null, now: Millis): Outcome {
  if (news === null) return remembered === undefined ? NOTHING_TO_DO : { ...NOTHING_TO_DO, remember: null };
  const { outcome, waitsMs, listens = false } = news;
  const until = typeof remembered === 'number' ? remembered : now + waitsMs;
  // What could not be told has waited before, and waits longer with every failure.
  if (waitsMs === 0 || until <= now || attempt.failures > 0)
    return merged(outcome, { restMs: TOGETHER_MS, remember: null });
  // Clocks may be put back meanwhile.
  const afterMs = Math.min(until - now, waitsMs);
  return { commands: [], requeue: { afterMs }, restMs: listens ? 0 : afterMs, events: [], remember: until };
}
