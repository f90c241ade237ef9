// Joins bursts of news: the first is told at once, and what follows within a moment is told together. Where more is sure to
// follow, as with what has only just begun, the first waits for it, too.
import { merged } from '../base/merged.ts';
import { type Attempt, NOTHING_TO_DO, type Outcome, type View } from '../control/controller.ts';
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
  const afterMs = leftToWait(remembered, waitsMs, attempt, now);
  if (afterMs === 0) return merged(outcome, { restMs: TOGETHER_MS, remember: null });
  return { commands: [], requeue: { afterMs }, restMs: listens ? 0 : afterMs, events: [], remember: now + afterMs };
}

/** Of a wait whose end was noted when it began. What could not be told has waited before, and clocks may be put back meanwhile. */
export function leftToWait(noted: unknown, waitsMs: Millis, { failures }: Attempt, now: Millis): Millis {
  if (failures > 0) return 0;
  const until = typeof noted === 'number' ? noted : now + waitsMs;
  return Math.max(0, Math.min(until - now, waitsMs));
}
