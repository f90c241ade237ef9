// Joins bursts of news: the first is told at once, and what follows within a moment is told together. Where more is sure to
// follow, as with what has only just begun, the first waits for it, too.
import { merged } from '../base/merged.ts';
import { NOTHING_TO_DO, type Outcome, type View } from '../control/controller.ts';
import { isObject } from '../kube/json.ts';
import type { Millis } from '../kube/time.ts';

/** Short enough for people, and long enough for the pods of a rollout. */
const TOGETHER_MS: Millis = 1_000;

export interface News {
  readonly outcome: Outcome;
  /** How long it waits for what is sure to follow; 0 where it is told at once. */
  readonly waitsMs: Millis;
}

/** `look` finds out what is to be told, if anything is; it is not called before something may be. */
export function joined(view: View, now: Millis, look: () => News | null): Outcome {
  const left = view.attempt.failures > 0 ? 0 : quietUntil(view) - now;
  if (left > 0) return { commands: [], requeue: { afterMs: left }, events: [] };
  const news = look();
  if (news === null) return NOTHING_TO_DO;
  const { outcome, waitsMs } = news;
  if (waitsMs === 0 || hasWaited(view)) return merged(outcome, { remember: now });
  return { commands: [], requeue: { afterMs: waitsMs }, events: [], remember: { waitsUntil: now + waitsMs } };
}

function quietUntil({ remembered }: View): Millis {
  if (typeof remembered === 'number') return remembered + TOGETHER_MS;
  return isObject(remembered) ? Number(remembered.waitsUntil) : Number.NEGATIVE_INFINITY;
}

const hasWaited = ({ remembered }: View): boolean => isObject(remembered);
