// A random but legal history of faults. What may happen at all is drawn first: a run in which some kinds of fault never occur,
// and others often, goes further than one in which everything happens a little.
import type { Random } from '../base/random.ts';
import { HUB, memberPlace, type Place } from '../control/place.ts';
import type { Millis } from '../kube/time.ts';
import type { ErrorRule } from './calls.ts';
import type { Fault, Meddling } from './faults.ts';

export interface SwarmOptions {
  readonly clusters: readonly string[];
  /** Names of processes that may be restarted. */
  readonly processes: readonly string[];
  readonly from: Millis;
  readonly until: Millis;
  readonly faults: number;
  readonly longestMs: Millis;
  /** Also what no API server does, against which nothing but looking at everything again helps. */
  readonly isHardening?: boolean;
}

export interface PlannedFault {
  readonly at: Millis;
  readonly fault: Fault;
}

type Draw = (random: Random, options: SwarmOptions, forMs: Millis) => readonly Fault[];

const ACTS: readonly Meddling[] = ['delete', 'edit', 'unlabel', 'hold'];

const MISSING = ['apps/deployments', '/configmaps', 'batch/jobs'];

const CODES: readonly ErrorRule['code'][] = ['Conflict', 'ServerError', 'TooManyRequests', 'Timeout'];

const anyPlace = (random: Random, { clusters }: SwarmOptions): Place =>
  random.chance(1, 3) ? HUB : memberPlace(random.pick(clusters));

const KINDS: Readonly<Record<string, Draw>> = {
  partition: (random, { clusters }, forMs) => {
    const between = [[HUB], [memberPlace(random.pick(clusters))]] as const;
    const isOneWay = random.chance(1, 4);
    return [{ fault: 'partition', between: random.chance(1, 2) ? between : [between[1], between[0]], isOneWay, forMs }];
  },
  // Clusters are cut off one by one, and each comes back at a time of its own.
  swizzle: (random, { clusters }, forMs) =>
    random
      .shuffled(clusters)
      .slice(0, random.integer(1, clusters.length))
      .map((cluster) => ({
        fault: 'partition',
        between: [[HUB], [memberPlace(cluster)]],
        forMs: random.integer(1, Math.max(1, forMs)),
      })),
  slow: (random, { clusters }, forMs) => [
    {
      fault: 'slow',
      between: [[HUB], [memberPlace(random.pick(clusters))]],
      factor: random.integer(2, 50),
      forMs,
    },
  ],
  loss: (random, { clusters }, forMs) => [
    { fault: 'loss', between: [[HUB], [memberPlace(random.pick(clusters))]], perMille: random.integer(10, 300), forMs },
  ],
  'api-down': (random, options, forMs) => [{ fault: 'api-down', place: anyPlace(random, options), forMs }],
  'power-off': (random, { clusters }, forMs) => [{ fault: 'power-off', cluster: random.pick(clusters), forMs }],
  restart: (random, { processes }, forMs) =>
    processes.length === 0 ? [] : [{ fault: 'restart', name: random.pick(processes), forMs: Math.min(forMs, 30_000) }],
  'api-errors': (random, options, forMs) => [
    {
      fault: 'api-errors',
      place: anyPlace(random, options),
      code: random.pick(CODES),
      isDone: random.chance(1, 2),
      perMille: random.integer(20, 600),
      forMs,
    },
  ],
  'watch-broken': () => [{ fault: 'watch-broken', by: null, place: null, collection: null }],
  'watch-expired': (random, options) => [
    { fault: 'watch-expired', by: null, place: anyPlace(random, options), collection: null },
  ],
  'watch-held': (random, options, forMs) => [
    {
      fault: 'watch-held',
      by: null,
      place: anyPlace(random, options),
      collection: null,
      forMs: Math.min(forMs, 60_000),
    },
  ],
  pause: (random, { processes }, forMs) =>
    processes.length === 0 ? [] : [{ fault: 'pause', name: random.pick(processes), forMs: Math.min(forMs, 60_000) }],
  'second-leader': (random, { processes }, forMs) =>
    processes.length === 0 ? [] : [{ fault: 'second-leader', name: random.pick(processes), forMs }],
  'clock-skew': (random, { clusters }, forMs) => [
    { fault: 'clock-skew', cluster: random.pick(clusters), ms: random.integer(-90_000, 90_000), forMs },
  ],
  'clock-drift': (random, { clusters }, forMs) => [
    { fault: 'clock-drift', cluster: random.pick(clusters), ppm: random.integer(-5_000, 5_000), forMs },
  ],
  lie: (random, { clusters }, forMs) => [
    { fault: 'lie', cluster: random.pick(clusters), perMille: random.integer(0, 3_000), forMs },
  ],
  'api-missing': (random, { clusters }, forMs) => [
    { fault: 'api-missing', cluster: random.pick(clusters), collection: random.pick(MISSING), forMs },
  ],
  meddling: (random, { clusters }, forMs) => [
    { fault: 'meddling', cluster: random.pick(clusters), act: random.pick(ACTS), forMs },
  ],
  // Credentials that have run out: everything is refused, and nothing is done.
  'no-credentials': (random, { clusters }, forMs) => [
    { fault: 'api-errors', place: memberPlace(random.pick(clusters)), code: 'Forbidden', perMille: 1_000, forMs },
  ],
  'stale-list': (random, options) => [
    {
      fault: 'stale-list',
      by: null,
      place: anyPlace(random, options),
      collection: null,
      revisions: random.integer(1, 50),
    },
  ],
};

const ILLEGAL: Readonly<Record<string, Draw>> = Object.fromEntries(
  (['watch-drops', 'watch-repeats', 'watch-reorders'] as const).map((fault) => [
    fault,
    (random: Random, options: SwarmOptions) => [
      { fault, by: null, place: anyPlace(random, options), collection: null } as const,
    ],
  ]),
);

const LEAST_MS = 1_000;

/** In the order of their times. The same randomness and the same options give the same faults. */
export function drawFaults(random: Random, options: SwarmOptions): readonly PlannedFault[] {
  if (options.clusters.length === 0) return [];
  const draws = options.isHardening === true ? { ...KINDS, ...ILLEGAL } : KINDS;
  const kinds = Object.keys(draws);
  const some = random.shuffled(kinds).slice(0, random.integer(1, kinds.length));
  const weighted = some.flatMap((kind) => Array.from({ length: random.integer(1, 5) }, () => kind));
  const planned: PlannedFault[] = [];
  for (let count = 0; count < options.faults; count += 1) {
    const at = random.integer(options.from, options.until);
    const forMs = random.integer(Math.min(LEAST_MS, options.longestMs), options.longestMs);
    const kind = random.pick(weighted);
    for (const fault of draws[kind]!(random, options, forMs)) planned.push({ at, fault });
  }
  return planned.sort((a, b) => a.at - b.at);
}
