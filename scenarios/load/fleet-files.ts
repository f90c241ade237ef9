// Clusters of a scenario that are read from files, as a hub recorded them.
import type { NodePool } from '../../engine/index.ts';
import { type FileProblem, FileProblems } from '../../executor/files/file-problem.ts';
import { loadFleet } from '../../executor/files/fleet-file.ts';
import { problemAt, type SourceDocument } from '../../executor/files/yaml.ts';
import { CommandError } from '../../executor/terminal/command.ts';
import { type FleetCluster, readPools, recordedCluster } from '../format/fleet.ts';

export interface FleetFiles {
  readonly clusters: readonly FleetCluster[];
  /** Whether every file could be read. */
  readonly areWhole: boolean;
}

export async function loadFleetFiles(
  fleet: Readonly<Record<string, unknown>>,
  resolve: (name: string) => string,
  { document, problems }: { readonly document: SourceDocument; readonly problems: FileProblem[] },
): Promise<FleetFiles> {
  const files = fleet.files ?? [];
  const pools: readonly NodePool[] | null = fleet.nodes == null ? null : readPools(fleet.nodes);
  const clusters: FleetCluster[] = [];
  let areWhole = true;
  for (const [at, file] of (Array.isArray(files) ? files : [files]).entries()) {
    const path = Array.isArray(files) ? `spec.fleet.files[${at}]` : 'spec.fleet.files';
    try {
      for (const cluster of await loadFleet(resolve(String(file)))) {
        const recorded = recordedCluster(cluster);
        const tellsOfNone = cluster.status?.resourceSummary?.allocatable === undefined;
        clusters.push(tellsOfNone && pools !== null ? { ...recorded, nodes: pools } : recorded);
      }
    } catch (error) {
      if (error instanceof FileProblems) problems.push(...error.problems);
      else if (error instanceof CommandError) problems.push(problemAt(document, path, error.message));
      else throw error;
      areWhole = false;
    }
  }
  return { clusters, areWhole };
}
