// Clusters for tests: a name and what matters for the test, the rest as it usually is.
import type { Cluster, ClusterSpec, ResourceList, ResourceSummary } from '../../engine/api/cluster.ts';

export interface ClusterParts {
  readonly labels?: Record<string, string>;
  readonly spec?: Partial<ClusterSpec>;
  readonly allocatable?: ResourceList;
  readonly summary?: ResourceSummary | null;
  /** Kinds it serves, as "apps/v1 Deployment". */
  readonly serves?: readonly string[];
  readonly deleting?: boolean;
}

/** Room for 110 pods, 100 CPUs and 400 GiB, and it serves Deployments. */
export function makeCluster(name: string, parts: ClusterParts = {}): Cluster {
  const { labels, spec = {}, allocatable, summary, serves = ['apps/v1 Deployment'], deleting = false } = parts;
  const resourceSummary =
    summary === undefined ? { allocatable: allocatable ?? { cpu: '100', memory: '400Gi', pods: '110' } } : summary;
  return {
    metadata: {
      name,
      ...(labels === undefined ? {} : { labels }),
      ...(deleting ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
    },
    spec,
    status: {
      apiEnablements: serves.map((kind) => ({
        groupVersion: kind.split(' ')[0]!,
        resources: [{ name: '', kind: kind.split(' ')[1]! }],
      })),
      ...(resourceSummary === null ? {} : { resourceSummary }),
    },
  };
}

/** Clusters of a region each: `inRegions({ eu: ['m1', 'm2'] })`. */
export const inRegions = (regions: Readonly<Record<string, readonly string[]>>): Cluster[] =>
  Object.entries(regions).flatMap(([region, names]) => names.map((name) => makeCluster(name, { spec: { region } })));
