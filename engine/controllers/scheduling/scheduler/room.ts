// Whether a cluster tells of more room than before: then whoever waits for room looks again.
import type { Cluster } from '../../../api/cluster.ts';
import { freeUnits } from '../../../fleet/capacity.ts';
import type { KubeObject } from '../../../kube/meta.ts';
import { isOther } from '../../changes.ts';

export function hasMoreRoom(object: KubeObject, previous: KubeObject | null): boolean {
  const now = (object as unknown as Cluster).status?.resourceSummary;
  const before = (previous as unknown as Cluster | null)?.status?.resourceSummary;
  if (now === undefined || now === before) return false;
  if (before === undefined || isOther(now.allocatableModelings, before.allocatableModelings)) return true;
  return Object.keys(now.allocatable ?? {}).some((resource) => {
    const [free, known] = [freeUnits(now, resource), freeUnits(before, resource)];
    return free !== null && (known === null || free > known);
  });
}
