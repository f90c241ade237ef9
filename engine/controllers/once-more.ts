// What is lost again and again is made again and again, but each time later: it may be its owner that is gone, and nobody has heard of
// that yet.
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

export const FIRST_TIME: Making = { waitMs: 0 };

/** The first loss is made good at once. */
export function onceMore(remembered: JsonValue | undefined, now: Millis): Making {
  const { times, at } = isObject(remembered) ? (remembered as { times: number; at: Millis }) : { times: 0, at: 0 };
  const isForgotten = times === 0 || at + FORGOTTEN_MS <= now;
  const due = isForgotten ? now : at + Math.min(MAX_MS, BASE_MS * 2 ** (times - 1));
  return due > now ? { waitMs: due - now } : { waitMs: 0, remember: { times: isForgotten ? 1 : times + 1, at: now } };
}
