// A scenario as it is after loading: everything checked, filled in and compiled; nothing in it changes while it runs.
import type {
  BehaviorRule,
  KubeObject,
  Millis,
  NetworkOptions,
  ObjectKey,
  Profile,
  ScorePlugin,
} from '../../engine/index.ts';
import type { Place } from '../../executor/files/file-problem.ts';
import type { Action } from '../actions/action.ts';
import type { Expectation } from '../expect/expectation.ts';
import type { FleetCluster } from './fleet.ts';
import type { Params } from './params.ts';
import type { Timed } from './timing.ts';

export interface LocatedObject {
  readonly key: ObjectKey;
  readonly object: KubeObject;
}

export interface WriteTrigger {
  readonly collection: string;
  readonly occurrence: number;
  readonly moment: 'before' | 'after';
  readonly verb: string | null;
  /** Null for the hub. */
  readonly cluster: string | null;
}

export interface TimelineEntry {
  /** By which expectations speak of it. */
  readonly id: string | null;
  /** Its number in the file; chance for it comes from a stream of that name. */
  readonly number: number;
  readonly timed: Timed;
  readonly trigger: WriteTrigger | null;
  readonly action: Action;
  readonly place: Place;
}

/** What waits at the end of a step until nothing changes any more. */
export interface Rest {
  readonly id: string | null;
  readonly forMs: Millis;
  readonly withinMs: Millis;
  readonly place: Place;
}

export interface Step {
  readonly entries: readonly TimelineEntry[];
  /** Null for the last step, which ends with the scenario. */
  readonly rest: Rest | null;
}

export interface Swarm {
  readonly faults: number;
  readonly from: Millis;
  readonly to: Millis;
  readonly longestMs: Millis;
}

export interface Scenario {
  readonly file: string;
  readonly name: string;
  readonly title: string;
  readonly seed: string;
  readonly profile: Profile;
  readonly scores: readonly ScorePlugin[];
  readonly start: Millis;
  readonly durationMs: Millis;
  readonly warmupMs: Millis;
  readonly params: Params;
  readonly matrix: Readonly<Record<string, readonly (number | string | boolean)[]>>;
  readonly network: NetworkOptions;
  readonly behaviors: readonly BehaviorRule[];
  readonly clusters: readonly FleetCluster[];
  readonly objects: readonly LocatedObject[];
  /** Where an object of a kind that the scenario knows is kept; null for others. */
  readonly keyOf: (object: KubeObject) => ObjectKey | null;
  readonly steps: readonly Step[];
  readonly swarm: Swarm | null;
  readonly expectations: readonly Expectation[];
  /** How many more the file has, of other profiles. */
  readonly expectedOfOthers: number;
}
