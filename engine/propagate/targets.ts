// Where a binding's object has to be: the clusters that get a Work, and those whose Work is kept for now.
import type { ResourceBindingSpec, TargetCluster } from '../api/binding.ts';
import { clusterOfExecutionSpace } from '../api/names.ts';
import type { Work } from '../api/work.ts';

/** The scheduled clusters, then those of the bindings that need this one; the first to name a cluster decides. */
export function targetsOf({ clusters, requiredBy }: ResourceBindingSpec): TargetCluster[] {
  const targets = new Map<string, TargetCluster>();
  for (const target of [...(clusters ?? []), ...(requiredBy ?? []).flatMap((binding) => binding.clusters ?? [])]) {
    if (!targets.has(target.name)) targets.set(target.name, target);
  }
  return [...targets.values()];
}

/** All targets, and the clusters that are being left but not yet purged. */
export function clustersWithWork(spec: ResourceBindingSpec): ReadonlySet<string> {
  const left = (spec.gracefulEvictionTasks ?? []).filter(({ purgeMode }) => purgeMode !== 'Directly');
  return new Set([...targetsOf(spec).map(({ name }) => name), ...left.map(({ fromCluster }) => fromCluster)]);
}

/** Of a binding's Works, those in clusters where it has nothing to do any more. */
export function orphanWorks<W extends Pick<Work, 'metadata'>>(works: readonly W[], spec: ResourceBindingSpec): W[] {
  const kept = clustersWithWork(spec);
  return works.filter(({ metadata }) => !kept.has(clusterOfExecutionSpace(metadata.namespace ?? '') ?? ''));
}
