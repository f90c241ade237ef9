// What a controller wants done, as data, and what came of it. Drivers carry commands out; nobody else acts.
import type { ReplicaRequirements } from '../api/binding.ts';
import type { ApiEnablement, ClusterStatus, ResourceModel } from '../api/cluster.ts';
import type { LoadWish } from '../autoscale/load.ts';
import type { JsonObject, JsonValue } from '../kube/json.ts';
import type { KubeObject } from '../kube/meta.ts';
import type { FailureCode } from '../store/failure.ts';
import type { Precondition, Propagation } from '../store/judge.ts';
import type { ObjectKey } from '../store/key.ts';
import type { Place } from './place.ts';

interface ToObject {
  readonly on: Place;
  readonly key: ObjectKey;
  /** If this fails, the commands after it are carried out all the same. The outcome counts as failed either way. */
  readonly isIndependent?: boolean;
}

export interface CreateCommand extends ToObject {
  readonly verb: 'create';
  readonly object: KubeObject;
}

/** Everything but status, or status alone. The object's own uid and resourceVersion, where it has them, must still hold. */
export interface UpdateCommand extends ToObject {
  readonly verb: 'update' | 'update-status';
  readonly object: KubeObject;
}

/** A merge patch of everything but status, or of status alone (then still from the root: `{ status: ... }`). */
export interface PatchCommand extends ToObject {
  readonly verb: 'patch' | 'patch-status';
  readonly patch: JsonObject;
  readonly precondition: Precondition | null;
}

export interface DeleteCommand extends ToObject {
  readonly verb: 'delete';
  readonly precondition: Precondition | null;
  /** What becomes of dependents: the API's default where it is left out. */
  readonly propagation?: Propagation;
}

/**
 * Follow a collection of a member. What is followed shows in `view.member(cluster)` and wakes the controllers whose watches name
 * it. Following twice is following once; a restart forgets what was followed.
 */
export interface WatchCommand {
  readonly verb: 'watch';
  readonly on: Place;
  readonly collection: string;
  readonly isIndependent?: boolean;
}

/** A question to a place that is no object: is it healthy, what does it serve, what would fit. The result carries the answer. */
export interface AskCommand {
  readonly verb: 'ask';
  readonly on: Place;
  readonly question: Question;
  readonly isIndependent?: boolean;
}

export type Question =
  /** How is the cluster? Answer: a MemberState. */
  | {
      readonly about: 'state';
      /** By which grades nodes are counted. */
      readonly models?: readonly ResourceModel[];
      /** Lists of APIs change seldom and are long. */
      readonly withApis: boolean;
    }
  /** How many replicas of these requirements would fit, node by node? Answer: `{ replicas }`. */
  | { readonly about: 'capacity'; readonly requirements: ReplicaRequirements }
  /** How many replicas have been waiting for a node for this long? Answer: `{ replicas }`. */
  | { readonly about: 'unschedulable'; readonly key: ObjectKey; readonly forMs: number }
  /** How is a workload scaled there, and what do its pods use? Answer: a WorkloadLoad. */
  | { readonly about: 'load'; readonly key: ObjectKey; readonly wish: LoadWish };

/** How a member is, as its Cluster's status tells it; what it does not say just now is left out. */
export interface MemberState extends Pick<ClusterStatus, 'nodeSummary' | 'resourceSummary'> {
  /** Whether its API is ready. */
  readonly healthy: boolean;
  readonly version?: string;
  readonly apis?: readonly ApiEnablement[];
  /** There are more of them than could be learned. */
  readonly areApisPartial?: boolean;
}

export type Command = CreateCommand | UpdateCommand | PatchCommand | DeleteCommand | WatchCommand | AskCommand;

export type Verb = Command['verb'];

/** Beside what an API server refuses, what can happen on the way to it. */
export type ResultCode =
  | FailureCode
  /** No answer in time: nobody knows whether it was done. */
  | 'Timeout'
  /** Never arrived: it was not done. */
  | 'Unreachable'
  /** Never sent: how to get there is not known. */
  | 'NoAccess'
  | 'TooManyRequests'
  | 'ServerError'
  /** Not tried, because one before it failed. */
  | 'Skipped';

export type CommandResult =
  | {
      readonly ok: true;
      /** As it is after the write; null for watches and questions. */
      readonly object: KubeObject | null;
      readonly answer?: JsonValue;
    }
  | {
      readonly ok: false;
      readonly code: ResultCode;
      readonly message: string;
      /** What somebody has to mend, where that is known: told as it is. */
      readonly problem?: string;
    };
