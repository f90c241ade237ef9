// The fleet as the readable path sees it: plain objects, and what is known beside them.
import type { Cluster } from '../api/cluster.ts';
import type { ClusterInside } from '../api/node.ts';
import type { Promises } from '../fleet/ledger.ts';
import type { Peer } from './peers.ts';

export interface FleetView {
  readonly clusters: readonly Cluster[];
  /** Capacity that earlier decisions gave away and that no cluster's status shows yet. */
  readonly promised?: Promises;
  /** Nodes and pods, of the clusters that somebody looked into. */
  readonly insides?: ReadonlyMap<string, ClusterInside>;
  /** Where the workloads of affinity and anti-affinity groups are. */
  readonly peers?: readonly Peer[];
}
