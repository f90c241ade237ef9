// What a controller is: a name, what wakes it, and a pure function from what it sees and the time to what it wants done.
// A controller reads no clock, draws nothing, keeps nothing between calls and waits for nothing.
import type { JsonValue } from '../kube/json.ts';
import type { KubeObject } from '../kube/meta.ts';
import type { Millis } from '../kube/time.ts';
import type { Change } from '../store/change.ts';
import type { IndexDefinition } from '../store/indexes.ts';
import type { ObjectKey } from '../store/key.ts';
import type { Command, CommandResult } from './command.ts';
import type { Place } from './place.ts';
import type { Projection } from './projection.ts';

export interface Controller {
  readonly name: string;
  readonly watches: readonly Watch[];
  /** Indexes that its view answers, of the hub's and the members' collections alike. */
  readonly indexes?: readonly IndexDefinition[];
  /** What `view.derived` answers. */
  readonly projections?: readonly Projection<unknown>[];
  /** Keys that are due once at every start, for what no object wakes. */
  readonly initialKeys?: readonly string[];
  /** Of keys that are due, the highest first; 0 where it is left out. */
  readonly priorityOf?: (key: string, view: View) => number;
  /** Keys whose commands may be under way at once. */
  readonly concurrency?: number;
  /** The least time from one outcome with commands to the next, of whatever keys; none where it is left out. */
  readonly paceMs?: Millis;
  /** Waits after failures: doubled from the base up to the maximum. */
  readonly backOff?: BackOff;
  /**
   * What its own writes become tells it nothing that it did not know when it wrote them: they do not wake it. Not for one that
   * goes on to a next step by what it reads back.
   */
  readonly ignoresEchoes?: boolean;
  readonly reconcile: (key: string, view: View, now: Millis) => Outcome;
}

export interface BackOff {
  readonly baseMs: Millis;
  readonly maxMs: Millis;
}

export interface Watch {
  readonly on: 'hub' | 'members';
  /** "group/plural", or which of all collections. In members, only what a `watch` command follows is heard of. */
  readonly collection: string | ((collection: string) => boolean);
  /** A hub that does not know the kind, as Karmada's does not know ours, has none of it; else it is waited for. */
  readonly isOptional?: boolean;
  /**
   * Whom a change concerns; nobody where it is left out, and what is there is only read. The view is already that after the change;
   * `change.previous` is what it was before.
   */
  readonly keysOf?: KeysOf;
}

export type KeysOf = (change: Change, view: View, place: Place) => readonly string[];

/** What one API looks like from here. It may lag behind, collection by collection, and after a restart it may be empty. */
export interface Reader {
  readonly get: (collection: string, namespace: string, name: string) => KubeObject | null;
  /** By namespace and name; of all namespaces where it is left out or null. */
  readonly list: (collection: string, namespace?: string | null) => readonly KubeObject[];
  readonly byIndex: (
    collection: string,
    index: string,
    value: string,
    namespace?: string | null,
  ) => readonly KubeObject[];
  /** True once the collection has been listed whole: before, what is not there may still exist. */
  readonly isSynced: (collection: string) => boolean;
  /** A `watch` command for it was carried out, and it has not been undone. */
  readonly isWatched: (collection: string) => boolean;
}

/** Readers only: nothing a view gives can change anything. The hub is the view itself. */
export interface View extends Reader {
  readonly member: (cluster: string) => Reader;
  /** State derived from changes and kept up to date, such as the fleet. The controller must have it among its projections. */
  readonly derived: <T>(projection: Projection<T>) => T;
  /** What became of this key's last outcome. */
  readonly attempt: Attempt;
  /** What the last outcome for this key asked to remember; undefined where there is nothing, as after a restart. */
  readonly remembered: JsonValue | undefined;
}

export interface Attempt {
  /** Outcomes in a row that failed; 0 after success. */
  readonly failures: number;
  /** Of the last outcome's commands, in their order; empty after a plain success. */
  readonly results: readonly { readonly command: Command; readonly result: CommandResult }[];
}

/**
 * When the key is due again, besides changes that concern it. If a command fails, the key is tried again after a back-off
 * whatever is said here.
 */
export type Requeue =
  /** Only a change wakes it. */
  | 'await-change'
  /** As soon as the commands are done; their results are in `view.attempt`. */
  | 'when-done'
  /** As after a failed command: something is missing that no change will tell of. */
  | 'back-off'
  | { readonly afterMs: Millis };

export interface Outcome {
  /** Carried out in this order; the first failure ends it, unless a command is independent. */
  readonly commands: readonly Command[];
  readonly requeue: Requeue;
  readonly events: readonly EventRecord[];
  /** What wakes the key sooner waits so long, and is then looked at together; not where a command failed. */
  readonly restMs?: Millis;
  /** Kept for the next call with this key, until the process restarts; left out, what was remembered stays; null forgets. */
  readonly remember?: JsonValue;
}

/** What people will read about an object. */
export interface EventRecord {
  readonly about: {
    readonly on: Place;
    readonly kind: string;
    readonly key: ObjectKey;
    /** Where whoever tells knows it from elsewhere: the object itself may not be followed. */
    readonly identity?: { readonly apiVersion: string; readonly uid: string };
  };
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

export const NOTHING_TO_DO: Outcome = { commands: [], requeue: 'await-change', events: [] };
