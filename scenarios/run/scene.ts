// What a timeline can do to the world it plays in, simulated or real.
import type { Fault, KubeObject, Millis, NodePool, ObjectKey } from '../../engine/index.ts';
import type { FleetCluster } from '../format/fleet.ts';

export interface Scene {
  readonly now: Millis;
  /** Those that have joined and not left, by name. */
  readonly clusters: readonly FleetCluster[];
  /** Of the control plane, by name. */
  readonly processes: readonly string[];
  after(ms: Millis, run: () => void): void;
  /** 1 for the first time with this thing, then 2, and so on. */
  countUp(what: object): number;
  /** Nodes that answer, by name. */
  readyNodes(cluster: string): readonly string[];
  inject(cluster: string, fault: Fault, forMs: Millis | null): void;
  injectAnywhere(fault: Fault, forMs: Millis | null): void;
  /** Something is wrong with a cluster, for a time or until it is released: then it is ended. */
  hold(cluster: string, end: () => void, forMs: Millis | null): void;
  /** Ends whatever is wrong with these clusters; tells how many faults that were. */
  release(clusters: readonly string[]): number;
  /** A cluster is to be empty, or gone. */
  vacate(cluster: string): void;
  /** It may be used again. */
  reopen(cluster: string): void;
  join(cluster: FleetCluster): void;
  /** The control plane cleans up first; it is gone when its object is. */
  leave(name: string): void;
  changeCluster(name: string, change: (cluster: KubeObject) => KubeObject): void;
  resize(name: string, pools: readonly NodePool[]): void;
  /** As kubectl does it: made, or merged into what is there, without what the author has taken out. */
  apply(object: KubeObject): ObjectKey | null;
  change(key: ObjectKey, change: (object: KubeObject) => KubeObject): void;
  delete(key: ObjectKey): void;
  scale(key: ObjectKey, replicas: number): void;
  /** So much work, in thousandths of a resource, is shared by the pods of a workload in all clusters. */
  demand(key: ObjectKey, resource: string, milli: number): void;
  /** What was wanted cannot be: it is told. */
  refuse(message: string): void;
}
