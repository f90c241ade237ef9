// The Works of an object that is rolled out in waves: each cluster's of the revision that it is to have.
import { clusterOfExecutionSpace } from '../../api/names.ts';
import { ROLLOUT_REVISION } from '../../api/staged-rollout.ts';
import type { Work } from '../../api/work.ts';
import {
  type PlannedWorks,
  type WorkOptions,
  type WorkPorts,
  type WorkSources,
  worksFor,
} from '../../propagate/works.ts';
import type { Staging } from './staging.ts';

/** Clusters that are to keep what they have, and have something, get no Work: theirs is left as it is. */
export function stagedWorks(
  sources: WorkSources,
  { newest, stable, sourceFor }: Staging,
  ports: WorkPorts,
  options: WorkOptions,
  hasWork: (cluster: string) => boolean,
): PlannedWorks {
  const isOf = (source: 'newest' | 'stable') => (cluster: string) => {
    const wanted = sourceFor(cluster);
    return wanted === 'kept' ? source === 'stable' && !hasWork(cluster) : wanted === source;
  };
  const isNewest = isOf('newest');
  const isStable = isOf('stable');
  const fresh = chosen(worksFor(sources, ports, options), newest, isNewest);
  if (stable === null) return fresh;
  const { template, policies, revision } = stable;
  const old = chosen(worksFor({ ...sources, template, policies }, ports, options), revision, isStable);
  return { works: [...fresh.works, ...old.works], refusals: [...fresh.refusals, ...old.refusals] };
}

const chosen = (
  { works, refusals }: PlannedWorks,
  revision: string,
  isWanted: (cluster: string) => boolean,
): PlannedWorks => ({
  works: works
    .filter(({ metadata }) => isWanted(clusterOfExecutionSpace(metadata.namespace ?? '') ?? ''))
    .map((work) => marked(work, revision)),
  refusals: refusals.filter(({ cluster }) => isWanted(cluster)),
});

const marked = (work: Work, revision: string): Work => ({
  ...work,
  metadata: { ...work.metadata, annotations: { ...work.metadata.annotations, [ROLLOUT_REVISION]: revision } },
});
