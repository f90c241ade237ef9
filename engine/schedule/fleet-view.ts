// The fleet as the readable path sees it: plain objects, and what has been promised on top of them.
import type { Cluster } from '../api/cluster.ts';
import type { Promises } from '../fleet/ledger.ts';

export interface FleetView {
  readonly clusters: readonly Cluster[];
  /** Capacity that earlier decisions gave away and that no cluster's status shows yet. */
  readonly promised?: Promises;
}
