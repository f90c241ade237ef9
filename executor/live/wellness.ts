// Whether a workload runs as it should in a cluster, by what its binding tells of it.
import { isObject, type KubeObject, type ResourceBinding, type TargetCluster } from '../../engine/index.ts';

/** Null where it does; else what is missing. A template tells which of its generations the cluster must have. */
export function whyNotWell(
  { status }: Pick<ResourceBinding, 'status'>,
  { name, replicas }: TargetCluster,
  template: KubeObject | null = null,
): string | null {
  const item = status?.aggregatedStatus?.find(({ clusterName }) => clusterName === name);
  if (item === undefined) return `${name} tells nothing yet`;
  if (item.applied !== true) return `${name}: ${item.appliedMessage || 'not applied yet'}`;
  const told = isObject(item.status) ? item.status : {};
  const generation = template?.metadata.generation;
  const seen = told.resourceTemplateGeneration;
  if (generation !== undefined && typeof seen === 'number' && seen < generation) return `${name}: not updated yet`;
  if (item.health === 'Unhealthy') return `${name}: ${readyText(told, replicas) ?? 'not healthy yet'}`;
  // A kind that tells of no health is well once it is applied.
  return readyText(told, replicas) === null ? null : `${name}: ${readyText(told, replicas)}`;
}

function readyText(told: Record<string, unknown>, replicas: number | undefined): string | null {
  const counts = ['replicas', 'readyReplicas', 'updatedReplicas'].some((field) => typeof told[field] === 'number');
  if (replicas === undefined || replicas === 0 || !counts) return null;
  const ready = Number(told.readyReplicas ?? 0);
  return ready >= replicas ? null : `${ready} of ${replicas} ready`;
}
