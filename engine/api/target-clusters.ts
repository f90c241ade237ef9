// What the places of a binding come to.
import type { TargetCluster } from './binding.ts';

export const replicasIn = (clusters: readonly TargetCluster[] = []): number =>
  clusters.reduce((sum, { replicas = 0 }) => sum + replicas, 0);

export const replicasByCluster = (clusters: readonly TargetCluster[] = []): ReadonlyMap<string, number> =>
  new Map(clusters.map(({ name, replicas = 0 }) => [name, replicas]));
