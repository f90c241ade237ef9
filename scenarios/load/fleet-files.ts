// Clusters of a scenario that are read from files, as a hub recorded them.
import type { NodePool } from '../../engine/index.ts';
import { loadFleet } from '../../executor/files/fleet-file.ts';
import { type FleetCluster, readPools, recordedCluster } from '../format/fleet.ts';

export async function loadFleetFiles(
  fleet: Readonly<Record<string, unknown>>,
  resolve: (name: string) => string,
): Promise<readonly FleetCluster[]> {
  const { files = [], nodes } = fleet;
  const pools: readonly NodePool[] | null = nodes === undefined || nodes === null ? null : readPools(nodes);
  const clusters: FleetCluster[] = [];
  for (const file of Array.isArray(files) ? files : [files]) {
    for (const cluster of await loadFleet(resolve(String(file)))) {
      const recorded = recordedCluster(cluster);
      const tellsOfNone = cluster.status?.resourceSummary?.allocatable === undefined;
      clusters.push(tellsOfNone && pools !== null ? { ...recorded, nodes: pools } : recorded);
    }
  }
  return clusters;
}
