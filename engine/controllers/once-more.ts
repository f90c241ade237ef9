// What is undone again and again is done again and again, but each time later: it may be its owner that is gone, or somebody may not have
// heard yet why it is done.
import type { Attempt, Requeue, View } from '../control/controller.ts';
import { isObject, type JsonValue } from '../kube/json.ts';
import type { Millis } from '../kube/time.ts';

const BASE_MS: Millis = 1_000;
const MAX_MS: Millis = 60_000;

/** After that a loss is one by itself. */
const FORGOTTEN_MS: Millis = 600_000;

interface Making {
  readonly waitMs: Millis;
  /** Undefined where there is nothing to remember. */
  readonly remember?: JsonValue;
}

export const AT_ONCE: Making = { waitMs: 0 };

/** The first loss is made good at once, and so is what failed: that waits by itself. */
export const onceMore = ({ remembered, attempt }: View, now: Millis): Making => onceMoreBy(remembered, attempt, now);

/** For one that remembers more besides. */
export const onceMoreBy = (remembered: JsonValue | undefined, { failures }: Attempt, now: Millis): Making =>
  failures > 0 ? AT_ONCE : makingAfter(remembered, now);

function makingAfter(remembered: JsonValue | undefined, now: Millis): Making {
  const { times, at } = isObject(remembered) ? (remembered as { times: number; at: Millis }) : { times: 0, at: 0 };
  const isForgotten = times === 0 || at + FORGOTTEN_MS <= now;
  const due = isForgotten ? now : at + Math.min(MAX_MS, BASE_MS * 2 ** (times - 1));
  return due > now ? { waitMs: due - now } : { waitMs: 0, remember: { times: isForgotten ? 1 : times + 1, at: now } };
}

export interface Rounds {
  /** Whose time has come. */
  readonly due: readonly string[];
  /** Until the next of the others. */
  readonly nextMs: Millis | null;
  /** Left out, what was remembered stays. */
  readonly remember?: JsonValue;
}

/** What waits anyway looks again in time for what waits for its next round. */
export const sooner = (requeue: Requeue, nextMs: Rounds['nextMs']): Requeue =>
  nextMs === null ? requeue : { afterMs: typeof requeue === 'object' ? Math.min(requeue.afterMs, nextMs) : nextMs };

/** The same for several by name, each for itself. */
export function onceMoreEach({ remembered, attempt }: View, names: readonly string[], now: Millis): Rounds {
  if (attempt.failures > 0) return { due: names, nextMs: null };
  const known = isObject(remembered) ? remembered : {};
  const recent = Object.entries(known).filter(([, making]) => (making as { at: Millis }).at + FORGOTTEN_MS > now);
  const kept: Record<string, JsonValue> = Object.fromEntries(recent) as Record<string, JsonValue>;
  const due: string[] = [];
  let nextMs: Millis | null = null;
  for (const name of names) {
    const { waitMs, remember } = makingAfter(kept[name], now);
    if (waitMs > 0) nextMs = Math.min(nextMs ?? waitMs, waitMs);
    else {
      due.push(name);
      kept[name] = remember!;
    }
  }
  return { due, nextMs, remember: Object.keys(kept).length > 0 ? kept : null };
}
