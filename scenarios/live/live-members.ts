// What a scenario needs of the clusters that it is played on live, whatever they are: processes of ours, clusters that kind makes,
// or clusters that the user has.
import type { Fault, KubeObject, NodePool, ObjectKey } from '../../engine/index.ts';
import type { ApiAddress } from '../../executor/live/http-api.ts';
import type { FleetCluster } from '../format/fleet.ts';

export const MEMBER_SORTS = ['embedded', 'kind', 'kubeconfig'] as const;
export type MemberSort = (typeof MEMBER_SORTS)[number];

/** What goes wrong in a cluster itself, and not on the way to it. */
export type InnerFault = Extract<Fault, { readonly fault: 'power-off' | 'node-silent' | 'behavior' }>;

/** Hears how many replicas of a workload serve, in truth, whenever that changes. */
export type ServingListener = (key: ObjectKey, serving: number) => void;

/** A cluster of the scenario, as it is had live. */
export interface LiveMember {
  /** A way to its API that no trouble stands in. */
  readonly address: ApiAddress;
  /** What it really is: the scenario's words, but for what cannot be had. */
  readonly found: FleetCluster;
  /** Begins a fault; what is given back ends it. */
  strike(fault: InnerFault): () => void;
  resize(before: readonly NodePool[], after: readonly NodePool[]): void;
  /** From now on objects of this collection are known. */
  watch(collection: string): void;
  /** As the cluster has it, whatever the hub knows. */
  object(key: ObjectKey): KubeObject | null;
  objects(collection: string): readonly KubeObject[];
  /** What was made for the scenario is gone; nothing else. */
  close(): Promise<void>;
}

export interface LiveMembers {
  readonly sort: MemberSort;
  /** They are there when the scenario is over: each has to leave the fleet in good order. */
  readonly areKept: boolean;
  /** Refuses what cannot be had, before anything is started. */
  prepare(names: readonly string[]): Promise<void>;
  /** Leaves nothing behind where it fails. */
  admit(cluster: FleetCluster, hear: ServingListener): Promise<LiveMember>;
  close(): Promise<void>;
}
