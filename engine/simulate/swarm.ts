// A random but legal history of faults. What may happen at all is drawn first: a run in which some kinds of fault never occur,
// and others often, goes further than one in which everything happens a little.
import { COLLECTIONS } from '../api/kinds.ts';
import type { Random } from '../base/random.ts';
import { HUB, memberPlace, type Place } from '../control/place.ts';
import type { Millis } from '../kube/time.ts';
import type { ErrorRule } from './calls.ts';
import type { Fault, HubMeddling, Meddling } from './faults.ts';
import type { Behavior } from './member/behavior.ts';

export interface SwarmOptions {
  readonly clusters: readonly string[];
  /** Names of processes that may be restarted. */
  readonly processes: readonly string[];
  /** Names of each cluster's nodes; without them no node is in trouble by itself. */
  readonly nodes?: Readonly<Record<string, readonly string[]>>;
  readonly from: Millis;
  readonly until: Millis;
  readonly faults: number;
  readonly longestMs: Millis;
  /** Also what no API server does, against which nothing but looking at everything again helps. */
  readonly isHardening?: boolean;
  /** Only what holds things up. */
  readonly isMild?: boolean;
}

export interface PlannedFault {
  readonly at: Millis;
  readonly fault: Fault;
}

/** A fault, and how long after the moment that was drawn. */
type Drawn = Fault | { readonly afterMs: Millis; readonly fault: Fault };

type Draw = (random: Random, options: SwarmOptions, forMs: Millis) => readonly Drawn[];

const HUB_ACTS: readonly HubMeddling[] = ['delete-work', 'edit-work', 'hold-work', 'delete-binding', 'delete-space'];

const BEHAVIORS: readonly Partial<Behavior>[] = [
  { isBroken: true },
  { crash: { p50Ms: 10_000, p99Ms: 60_000 } },
  { start: { p50Ms: 60_000, p99Ms: 240_000 } },
  { stop: { p50Ms: 30_000, p99Ms: 120_000 } },
];

const ACTS: readonly Meddling[] = ['delete', 'edit', 'unlabel', 'hold', 'delete-namespace'];

const MISSING = ['apps/deployments', '/configmaps', 'batch/jobs'];

const CODES: readonly ErrorRule['code'][] = ['Conflict', 'ServerError', 'TooManyRequests', 'Timeout'];

/** Collections of the hub that are worth being late on by themselves. */
const FOLLOWED = [
  COLLECTIONS.clusters,
  COLLECTIONS.policies,
  COLLECTIONS.bindings,
  COLLECTIONS.works,
  COLLECTIONS.namespaces,
  'apps/deployments',
];

const anyPlace = (random: Random, { clusters }: SwarmOptions): Place =>
  random.chance(1, 3) ? HUB : memberPlace(random.pick(clusters));

/** All watches of a place, or those of one process, or of one collection, or of both. */
function anyWatches(random: Random, options: SwarmOptions) {
  const place = anyPlace(random, options);
  const by = options.processes.length > 0 && random.chance(1, 3) ? random.pick(options.processes) : null;
  return { by, place, collection: place === HUB && random.chance(1, 2) ? random.pick(FOLLOWED) : null };
}

/** None where none is known. */
function anyNode(random: Random, { clusters, nodes = {} }: SwarmOptions) {
  const cluster = random.pick(clusters);
  const known = nodes[cluster] ?? [];
  return known.length === 0 ? [] : [{ cluster, node: random.pick(known) }];
}

const hubAnd = (cluster: string) => [[HUB], [memberPlace(cluster)]] as const;

const KINDS: Readonly<Record<string, Draw>> = {
  partition: (random, { clusters }, forMs) => {
    const between = hubAnd(random.pick(clusters));
    const isOneWay = random.chance(1, 4);
    return [{ fault: 'partition', between: random.chance(1, 2) ? between : [between[1], between[0]], isOneWay, forMs }];
  },
  // Clusters are cut off one by one, and each comes back at a time of its own.
  swizzle: (random, { clusters }, forMs) =>
    random
      .shuffled(clusters)
      .slice(0, random.integer(1, clusters.length))
      .map((cluster, at) => ({
        afterMs: at * 1_000,
        fault: { fault: 'partition', between: hubAnd(cluster), forMs: random.integer(1, Math.max(1, forMs)) },
      })),
  flap: (random, { clusters }, forMs) => {
    const fault: Fault = {
      fault: 'partition',
      between: hubAnd(random.pick(clusters)),
      forMs: random.integer(5, 30) * 1_000,
    };
    const everyMs = random.integer(20, 60) * 1_000;
    const times = Math.max(2, Math.floor(forMs / everyMs));
    return Array.from({ length: times }, (_, at) => ({ afterMs: at * everyMs, fault }));
  },
  slow: (random, { clusters }, forMs) => [
    { fault: 'slow', between: hubAnd(random.pick(clusters)), factor: random.integer(2, 50), forMs },
  ],
  loss: (random, { clusters }, forMs) => [
    { fault: 'loss', between: hubAnd(random.pick(clusters)), perMille: random.integer(10, 300), forMs },
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
  // What is kept can be read, and nothing can be written.
  'storage-stopped': (_, __, forMs) => [
    { fault: 'api-errors', place: HUB, code: 'ServerError', perMille: 1_000, forMs: Math.min(forMs, 60_000) },
  ],
  'watch-broken': (random, options) => [{ fault: 'watch-broken', ...anyWatches(random, options) }],
  'watch-expired': (random, options) => [{ fault: 'watch-expired', ...anyWatches(random, options) }],
  'watch-held': (random, options, forMs) => [
    { fault: 'watch-held', ...anyWatches(random, options), forMs: Math.min(forMs, 60_000) },
  ],
  'watch-missed': (random, options, forMs) => [
    { fault: 'watch-missed', ...anyWatches(random, options), forMs: Math.min(forMs, 60_000) },
  ],
  pause: (random, { processes }, forMs) =>
    processes.length === 0 ? [] : [{ fault: 'pause', name: random.pick(processes), forMs: Math.min(forMs, 60_000) }],
  disorder: (random, { processes }, forMs) =>
    processes.length === 0 ? [] : [{ fault: 'disorder', name: random.pick(processes), forMs }],
  'second-leader': (random, { processes }, forMs) =>
    processes.length === 0 ? [] : [{ fault: 'second-leader', name: random.pick(processes), forMs }],
  resync: (random, { processes }) =>
    processes.length === 0 ? [] : [{ fault: 'resync', name: random.pick(processes) }],
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
  'hub-meddling': (random, _, forMs) => [{ fault: 'hub-meddling', act: random.pick(HUB_ACTS), forMs }],
  'node-silent': (random, options, forMs) =>
    anyNode(random, options).map((node) => ({ fault: 'node-silent', ...node, forMs })),
  'node-removed': (random, options) => anyNode(random, options).map((node) => ({ fault: 'node-removed', ...node })),
  behavior: (random, { clusters }, forMs) => [
    {
      fault: 'behavior',
      cluster: random.pick(clusters),
      rule: { match: {}, behavior: random.pick(BEHAVIORS) },
      forMs,
    },
  ],
  mutation: (random, { clusters }) => [
    { fault: 'mutation', cluster: random.pick(clusters), adds: random.pick(['annotation', 'field', 'container']) },
  ],
  // Credentials that have run out, of the hub or of an agent: everything is refused, and nothing is done.
  'no-credentials': (random, { clusters }, forMs) => {
    const member = memberPlace(random.pick(clusters));
    const way = random.chance(1, 2) ? { place: member } : { place: HUB, from: member };
    return [{ fault: 'api-errors', ...way, code: 'Forbidden', perMille: 1_000, forMs }];
  },
  'stale-list': (random, options) => [
    { fault: 'stale-list', ...anyWatches(random, options), revisions: random.integer(1, 50) },
  ],
};

const ILLEGAL: Readonly<Record<string, Draw>> = {
  corrupted: (_, __, forMs) => [{ fault: 'corrupted', forMs }],
  ...Object.fromEntries(
    (['watch-drops', 'watch-repeats', 'watch-reorders'] as const).map((fault) => [
      fault,
      (random: Random, options: SwarmOptions) => [
        { fault, by: null, place: anyPlace(random, options), collection: null } as const,
      ],
    ]),
  ),
};

/** They hold things up, and show nobody another fleet than there is. */
const MILD = [
  'restart',
  'storage-stopped',
  'watch-broken',
  'watch-expired',
  'watch-held',
  'watch-missed',
  'pause',
  'disorder',
  'second-leader',
  'resync',
];

const LEAST_MS = 1_000;

/** In the order of their times. The same randomness and the same options give the same faults. */
export function drawFaults(random: Random, options: SwarmOptions): readonly PlannedFault[] {
  if (options.clusters.length === 0) return [];
  const draws = options.isHardening === true ? { ...KINDS, ...ILLEGAL } : KINDS;
  const isIllegal = options.isHardening === true && random.chance(1, 3);
  const kinds = options.isMild === true ? MILD : Object.keys(isIllegal ? ILLEGAL : draws);
  const some = random.shuffled(kinds).slice(0, random.integer(1, kinds.length));
  const weighted = some.flatMap((kind) => Array.from({ length: random.integer(1, 5) }, () => kind));
  const planned: PlannedFault[] = [];
  for (let count = 0; count < options.faults; count += 1) {
    const at = random.integer(options.from, options.until);
    const forMs = random.integer(Math.min(LEAST_MS, options.longestMs), options.longestMs);
    const kind = random.pick(weighted);
    for (const drawn of draws[kind]!(random, options, forMs)) {
      planned.push('afterMs' in drawn ? { at: at + drawn.afterMs, fault: drawn.fault } : { at, fault: drawn });
    }
  }
  return planned.sort((a, b) => a.at - b.at);
}
