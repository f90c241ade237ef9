// How long to wait after failures in a row: doubled from a base up to a maximum, without chance.
import type { Millis } from '../kube/time.ts';
import type { BackOff } from './controller.ts';

/** client-go's: quick at first, since most failures are conflicts, and about a quarter of an hour at last. */
export const BACK_OFF: BackOff = { baseMs: 5, maxMs: 1_000_000 };

export function backOffMs({ baseMs, maxMs }: BackOff, failures: number): Millis {
  // Beyond this many doublings any base has reached any maximum that is a safe integer.
  const doublings = Math.min(Math.max(0, failures - 1), 50);
  return Math.min(maxMs, baseMs * 2 ** doublings);
}
