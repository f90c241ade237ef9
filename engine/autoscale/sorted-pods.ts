// Which pods a measurement can rest on, and which are to be thought of: those that start now, and those of which nothing is known.
import type { Millis } from '../kube/time.ts';
import type { PodLoad } from './load.ts';
import type { Tuning } from './tuning.ts';

/** A pod and what was measured of it. */
export interface Sample {
  readonly pod: PodLoad;
  /** Null where nothing was. */
  readonly value: number | null;
}

export interface SortedPods {
  readonly ready: readonly Sample[];
  readonly unready: readonly Sample[];
  readonly missing: readonly Sample[];
}

/** Those that go or have failed are in none of them. */
export function sortPods(samples: readonly Sample[], isCpu: boolean, now: Millis, tuning: Tuning): SortedPods {
  const ready: Sample[] = [];
  const unready: Sample[] = [];
  const missing: Sample[] = [];
  for (const sample of samples) {
    const { pod, value } = sample;
    if (pod.isGoing === true || pod.phase === 'Failed') continue;
    if (pod.phase === 'Pending') unready.push(sample);
    else if (value === null) missing.push(sample);
    else if (isCpu && isStarting(pod, now, tuning)) unready.push(sample);
    else ready.push(sample);
  }
  return { ready, unready, missing };
}

/** Whether what it uses is that of its start, or that of one that has never served. */
function isStarting({ startedAt, ready, usage }: PodLoad, now: Millis, tuning: Tuning): boolean {
  if (ready === undefined || startedAt === undefined) return true;
  if (startedAt + tuning.cpuInitializationMs > now) {
    return ready.status === 'False' || (usage !== undefined && usage.at < ready.since + usage.windowMs);
  }
  return ready.status === 'False' && startedAt + tuning.initialReadinessDelayMs > ready.since;
}
