// The clusters that a rollout is about, those that its objects are in or are to be in, and what is wrong with the newest revision there.
import type { ResourceBinding, TargetCluster } from '../../api/binding.ts';
import type { Cluster } from '../../api/cluster.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import { executionSpaceOf } from '../../api/names.ts';
import { ROLLOUT_REVISION, type StagedRollout } from '../../api/staged-rollout.ts';
import type { Work } from '../../api/work.ts';
import { byText } from '../../base/order.ts';
import type { View } from '../../control/controller.ts';
import { isObject } from '../../kube/json.ts';
import { stages } from '../../propagate/staged.ts';
import { aggregatedStatusOf } from '../../propagate/status.ts';
import { targetsOf } from '../../propagate/targets.ts';
import { isDuplicated } from '../../schedule/request.ts';
import { worksOf } from '../bindings.ts';
import { isReady } from '../clusters/cluster-conditions.ts';
import { readyIn } from '../works/hold-back.ts';
import { bindingsOf, templateOfRevision } from './placements.ts';
import type { ClusterState } from './progress.ts';
import { isNextOf, type StagedPlacement, stagedPlacementOf } from './staged-placement.ts';

export function clusterStates(rollout: StagedRollout, newest: string, view: View): readonly ClusterState[] {
  const template = stages(rollout, 'Template') ? templateOfRevision(newest) : null;
  const troubles = new Map<string, string | null>();
  const wanting = new Set<string>();
  for (const { what, binding } of bindingsOf(rollout, view)) {
    if (binding === null) continue;
    const staged = stagedPlacementOf(binding);
    const works = worksOf(view, binding);
    const wanted = wantedIn(binding, staged);
    for (const name of placesOf(binding, staged)) {
      const target = wanted.get(name);
      if (target !== undefined) wanting.add(name);
      const space = executionSpaceOf(name);
      const work = works.find(({ metadata }) => metadata.namespace === space);
      const trouble =
        target === undefined
          ? null
          : ((staged === null ? null : lackOf(target, binding, work, what)) ??
            troubleWith(work, what, binding, template));
      troubles.set(name, troubles.get(name) ?? trouble);
    }
  }
  return [...troubles]
    .sort(([a], [b]) => byText(a, b))
    .flatMap(([name, trouble]) => {
      const cluster = view.get(COLLECTIONS.clusters, '', name);
      if (cluster === null) return [];
      const told = isReady(cluster) || !wanting.has(name) ? trouble : 'the cluster is not ready';
      return [{ cluster: cluster as unknown as Cluster, trouble: told }];
    });
}

const namesOf = (targets: readonly TargetCluster[]): readonly string[] => targets.map(({ name }) => name);

const placesOf = ({ spec }: ResourceBinding, staged: StagedPlacement | null): ReadonlySet<string> =>
  new Set([...namesOf(targetsOf(spec)), ...namesOf(staged?.stable ?? []), ...namesOf(staged?.next ?? [])]);

/** What each cluster has when all of it has gone through; nothing is known of what is still to be decided. */
function wantedIn({ spec }: ResourceBinding, staged: StagedPlacement | null): ReadonlyMap<string, TargetCluster> {
  const isDecided = staged?.next != null && isNextOf(staged, spec);
  const targets = targetsOf(isDecided ? { ...spec, clusters: [...staged.next!] } : spec);
  return new Map(targets.map((target) => [target.name, target]));
}

/** News of a moment ago may still be about fewer replicas. */
function lackOf(
  { name, replicas = 0 }: TargetCluster,
  { spec }: ResourceBinding,
  work: Work | undefined,
  what: string,
): string | null {
  const there = targetsOf(spec).find((target) => target.name === name);
  const isFull = there !== undefined && (isDuplicated(spec.placement ?? {}) || (there.replicas ?? 0) >= replicas);
  if (!isFull) return `${what} is not placed there yet`;
  const isCounted = (spec.replicas ?? 0) > 0 && spec.components === undefined && tellsReplicas(work);
  return isCounted && readyIn(work) < replicas ? `${what} has ${readyIn(work)} of ${replicas} replicas ready` : null;
}

function tellsReplicas(work: Work | undefined): boolean {
  const status = work?.status?.manifestStatuses?.[0]?.status;
  return isObject(status) && ['replicas', 'readyReplicas'].some((field) => typeof status[field] === 'number');
}

function troubleWith(
  work: Work | undefined,
  what: string,
  { spec }: ResourceBinding,
  template: string | null,
): string | null {
  const isSent =
    work !== undefined && (template === null || work.metadata.annotations?.[ROLLOUT_REVISION] === template);
  if (!isSent) return `${what} is not sent yet`;
  const item = aggregatedStatusOf([work], spec.resource)[0];
  if (item?.applied !== true) return item?.appliedMessage ?? `${what} is not applied yet`;
  return item.health === 'Healthy' ? null : `${what} is not healthy`;
}
