// Whether a workload runs as it should in a cluster, by what its Work there tells. What a binding sums up of its Works comes later,
// and may still be of a copy that has gone since.
import {
  executionSpaceOf,
  findCondition,
  isObject,
  type KubeObject,
  type ResourceBinding,
  type TargetCluster,
  WORK_API_VERSION,
  type Work,
  workNameOf,
} from '../../engine/index.ts';
import type { ApiObjects, Reference } from './api-objects.ts';

export function workReference({ spec: { resource } }: Pick<ResourceBinding, 'spec'>, cluster: string): Reference {
  const { kind, namespace, name } = resource;
  return {
    apiVersion: WORK_API_VERSION,
    kind: 'Work',
    namespace: executionSpaceOf(cluster),
    name: workNameOf(kind, name, namespace),
  };
}

/** Null where it runs as it should; else what is missing. A template tells which of its generations the cluster must have. */
export async function whyNotWell(
  hub: ApiObjects,
  binding: Pick<ResourceBinding, 'spec'>,
  target: TargetCluster,
  template: KubeObject | null = null,
): Promise<string | null> {
  const work = await hub.get(workReference(binding, target.name));
  const why = whyWorkIsNotWell(work as unknown as Work | null, target.replicas, template?.metadata.generation);
  return why === null ? null : `${target.name}: ${why}`;
}

export function whyWorkIsNotWell(
  work: Work | null,
  replicas: number | undefined,
  generation: number | undefined,
): string | null {
  if (work === null) return 'nothing is sent yet';
  if (work.metadata.deletionTimestamp !== undefined) return 'the earlier copy is still leaving';
  const applied = findCondition(work.status?.conditions, 'Applied');
  if (applied?.status !== 'True') return applied?.message || 'not applied yet';
  const [item] = work.status?.manifestStatuses ?? [];
  const told = isObject(item?.status) ? item.status : {};
  const seen = told.resourceTemplateGeneration;
  if (generation !== undefined && typeof seen === 'number' && seen < generation) return 'not updated yet';
  // A kind that counts its replicas tells of them before it is believed to be well.
  if ((replicas ?? 0) > 0 && item === undefined) return 'it tells nothing yet';
  if (item?.health === 'Unhealthy') return readyText(told, replicas) ?? 'not healthy yet';
  return readyText(told, replicas);
}

function readyText(told: Record<string, unknown>, replicas: number | undefined): string | null {
  const counts = ['replicas', 'readyReplicas', 'updatedReplicas'].some((field) => typeof told[field] === 'number');
  if (replicas === undefined || replicas === 0 || !counts) return null;
  const ready = Number(told.readyReplicas ?? 0);
  return ready >= replicas ? null : `${ready} of ${replicas} ready`;
}
