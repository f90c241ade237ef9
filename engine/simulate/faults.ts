// Faults as data: what goes wrong, where, and for how long. Each is undone by itself after its time, or with all others when
// the world is healed.
import type { Verb } from '../control/command.ts';
import type { Place } from '../control/place.ts';
import type { Millis } from '../kube/time.ts';
import type { ErrorRule } from './calls.ts';
import type { BehaviorRule } from './member/behavior.ts';
import type { Mutation } from './member/mutation.ts';

/** Deletes an object or all of its namespace, changes its spec or labels, or keeps it from going by a finalizer until it is healed. */
export type Meddling = 'delete' | 'edit' | 'unlabel' | 'hold' | 'delete-namespace';

/** Deletes or changes a Work, deletes a binding, deletes all that is kept for one cluster, or keeps a Work from going until it is healed. */
export type HubMeddling = 'delete-work' | 'edit-work' | 'hold-work' | 'delete-binding' | 'delete-space';

/** How long it lasts; until it is healed where it is left out. */
interface Lasting {
  readonly forMs?: Millis;
}

/** Every link from one of the first to one of the second. */
interface Between {
  readonly between: readonly [readonly Place[], readonly Place[]];
  /** Only from the first to the second. */
  readonly isOneWay?: boolean;
}

/** Watches of one process, or of all; of one place or collection, or of all. */
interface Watches {
  readonly by: string | null;
  readonly place: Place | null;
  readonly collection: string | null;
}

export type Fault =
  | ({ readonly fault: 'partition' } & Between & Lasting)
  | ({ readonly fault: 'slow'; readonly factor: number } & Between & Lasting)
  | ({ readonly fault: 'loss'; readonly perMille: number } & Between & Lasting)
  /** An API refuses connections. Whatever runs in the place goes on. */
  | ({ readonly fault: 'api-down'; readonly place: Place } & Lasting)
  /** A whole cluster stops: its API and everything that runs in it. */
  | ({ readonly fault: 'power-off'; readonly cluster: string } & Lasting)
  | ({ readonly fault: 'node-silent'; readonly cluster: string; readonly node: string } & Lasting)
  | { readonly fault: 'node-removed'; readonly cluster: string; readonly node: string }
  /** A process ends, and starts again after the time, at once where there is none. */
  | { readonly fault: 'restart'; readonly name: string; readonly forMs?: Millis }
  | ({ readonly fault: 'watch-broken' } & Watches)
  /** Nothing is heard for a time, and then everything. */
  | ({ readonly fault: 'watch-held'; readonly forMs: Millis } & Watches)
  /** Nothing is heard for a time, and then a list: what came and went meanwhile is never heard of. */
  | ({ readonly fault: 'watch-missed'; readonly forMs: Millis } & Watches)
  /** The history is gone: whoever watches has to list. */
  | ({ readonly fault: 'watch-expired' } & Watches)
  /** The watch breaks, and the list that follows is from a replica that is so many revisions behind. */
  | ({ readonly fault: 'stale-list'; readonly revisions: number } & Watches)
  | ({
      readonly fault: 'api-errors';
      readonly place: Place;
      readonly from?: Place;
      readonly code: ErrorRule['code'];
      readonly perMille: number;
      readonly isDone?: boolean;
      readonly verbs?: readonly Verb[];
      readonly collections?: readonly string[];
    } & Lasting)
  /** A cluster's clock is ahead of the others', or behind. */
  | ({ readonly fault: 'clock-skew'; readonly cluster: string; readonly ms: Millis } & Lasting)
  /** A cluster's clock runs faster than the others', or slower, by so many millionths; what it gained stays until it is healed. */
  | ({ readonly fault: 'clock-drift'; readonly cluster: string; readonly ppm: number } & Lasting)
  /** A process stands still, as a machine does that is suspended: it hears and does nothing, and forgets nothing. */
  | { readonly fault: 'pause'; readonly name: string; readonly forMs: Millis }
  /** A process works on what is due in any order, as queues with many workers do. */
  | { readonly fault: 'disorder'; readonly name: string; readonly forMs: Millis }
  /** A second process of the same controllers works beside the first, as when a leader has not noticed that it was replaced. */
  | { readonly fault: 'second-leader'; readonly name: string; readonly forMs: Millis }
  /** A cluster tells of more room than it has, or of less. */
  | ({ readonly fault: 'lie'; readonly cluster: string; readonly perMille: number } & Lasting)
  /** A cluster does not serve an API, as after an upgrade: the collection is not there, nor listed. */
  | ({ readonly fault: 'api-missing'; readonly cluster: string; readonly collection: string } & Lasting)
  /** Somebody lays hands on what the control plane keeps in the hub for itself. */
  | ({ readonly fault: 'hub-meddling'; readonly act: HubMeddling } & Lasting)
  /** Somebody lays hands on what the hub sent to a cluster. */
  | ({ readonly fault: 'meddling'; readonly cluster: string; readonly act: Meddling } & Lasting)
  /** Not legal: no API server does this. One change is not told, is told twice, or is told after the one that follows it. */
  | ({ readonly fault: 'watch-drops' | 'watch-repeats' | 'watch-reorders' } & Watches)
  /** Not legal: an object that the hub has stored is damaged, until somebody puts it back. */
  | ({ readonly fault: 'corrupted' } & Lasting)
  /** A process looks again at everything that it knows. */
  | { readonly fault: 'resync'; readonly name: string }
  /** From now on something in a cluster adds to whatever is written there, as webhooks do. */
  | { readonly fault: 'mutation'; readonly cluster: string; readonly adds: Mutation }
  /** Workloads of a cluster behave otherwise. */
  | ({ readonly fault: 'behavior'; readonly cluster: string; readonly rule: BehaviorRule } & Lasting);

/**
 * A fault at a request instead of a time: of all that match, the n-th, counted from 1. With `before` the request itself is
 * lost, as when its sender crashed just before it; with `after` it was done, and the fault comes before its answer.
 */
export interface Trigger {
  readonly place: Place;
  readonly verbs?: readonly Verb[];
  readonly collections?: readonly string[];
  readonly occurrence: number;
  readonly moment: 'before' | 'after';
  readonly fault: Fault;
}

/** The links that a fault is about, each with its direction. */
export function linksBetween({
  between: [first, second],
  isOneWay = false,
}: Between): readonly (readonly [Place, Place])[] {
  const links: (readonly [Place, Place])[] = [];
  for (const a of first) {
    for (const b of second) {
      if (a === b) continue;
      links.push([a, b]);
      if (!isOneWay) links.push([b, a]);
    }
  }
  return links;
}

/** The name of every kind of fault. */
export const FAULTS: readonly Fault['fault'][] = [
  'partition',
  'slow',
  'loss',
  'api-down',
  'power-off',
  'node-silent',
  'node-removed',
  'restart',
  'pause',
  'disorder',
  'second-leader',
  'watch-broken',
  'watch-held',
  'watch-missed',
  'watch-expired',
  'stale-list',
  'api-errors',
  'clock-skew',
  'clock-drift',
  'lie',
  'api-missing',
  'meddling',
  'hub-meddling',
  'resync',
  'mutation',
  'behavior',
  'corrupted',
  'watch-drops',
  'watch-repeats',
  'watch-reorders',
];
