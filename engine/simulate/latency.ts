// Delays as data: the median and the ninety-ninth percentile, and straight lines between them.
import type { Random } from '../base/random.ts';
import type { Millis } from '../kube/time.ts';

export interface Latency {
  readonly p50Ms: Millis;
  readonly p99Ms: Millis;
}

export const always = (ms: Millis): Latency => ({ p50Ms: ms, p99Ms: ms });

const WHOLE = 10_000;
const MEDIAN = 5_000;
const TAIL = 9_900;

/** From half the median up to twice the percentile; a latency whose two values are equal is drawn exactly. */
export function drawLatency({ p50Ms, p99Ms }: Latency, random: Random): Millis {
  if (p50Ms === p99Ms) return p50Ms;
  const drawn = random.integer(0, WHOLE - 1);
  if (drawn < MEDIAN) return Math.round(p50Ms / 2 + ((p50Ms / 2) * drawn) / MEDIAN);
  if (drawn < TAIL) return Math.round(p50Ms + ((p99Ms - p50Ms) * (drawn - MEDIAN)) / (TAIL - MEDIAN));
  return Math.round(p99Ms + (p99Ms * (drawn - TAIL)) / (WHOLE - TAIL));
}
