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
}

/** What is remembered of news that have waited. */
const WAITED = 'waited';

/** `news` is null where there is nothing to tell. */
export function joined({ remembered }: View, news: News | null): Outcome {
  if (news === null) return NOTHING_TO_DO;
  const { outcome, waitsMs } = news;
  if (waitsMs === 0 || remembered === WAITED) return merged(outcome, { restMs: TOGETHER_MS, remember: null });
  return { commands: [], requeue: { afterMs: waitsMs }, restMs: waitsMs, events: [], remember: WAITED };
}
