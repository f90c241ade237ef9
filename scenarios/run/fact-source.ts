// Where facts of a run come from: a simulated world, or a real one.
import type { Change, KubeObject, Millis, ObjectKey, Place, Taint } from '../../engine/index.ts';
import type { FleetCluster } from '../format/fleet.ts';

export interface FactSource {
  readonly now: Millis;
  cluster(name: string): FleetCluster | null;
  /** Whether what runs there could stay, in truth: the cluster has power, and nobody wants it to be empty or gone. */
  isWell(cluster: string): boolean;
  /** As it is now, in the hub or in a cluster; null where it is not. */
  object(key: ObjectKey, cluster: string | null): KubeObject | null;
  /** All of a collection in a namespace, likewise. */
  objects(collection: string, namespace: string, cluster: string | null): readonly KubeObject[];
  onChange(listener: (change: Change, place: Place) => void): void;
  /** In truth and not by any status, whenever that changes. */
  onServing(listener: (cluster: string, key: ObjectKey, serving: number) => void): void;
}

/** Taints by which the control plane says what it thinks of a cluster. */
const OWN_TAINTS = new Set(['cluster.karmada.io/not-ready', 'cluster.karmada.io/unreachable']);

/** Whether nobody wants a cluster, as its object in the hub tells, to be empty or gone. */
export function isWanted(cluster: KubeObject | null): boolean {
  if (cluster === null || cluster.metadata.deletionTimestamp !== undefined) return false;
  const { taints = [] } = cluster.spec as { readonly taints?: readonly Taint[] };
  return !taints.some(({ key, effect }) => effect === 'NoExecute' && !OWN_TAINTS.has(key));
}
