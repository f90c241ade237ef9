// Which changes of a cluster have the scheduler look again at what they concern.
import type { KubeObject } from '../../../kube/meta.ts';
import type { Switches } from '../../../profile/switches.ts';
import { isOther } from '../../changes.ts';
import { readiness } from '../../clusters/cluster-conditions.ts';
import { isOtherCluster } from './fleet-state.ts';

export const isNews = (
  object: KubeObject,
  previous: KubeObject | null,
  { followsFleetChanges }: Pick<Switches, 'followsFleetChanges'>,
): boolean => (followsFleetChanges ? isOtherCluster(object, previous) : isNewsInKarmada(object, previous));

/**
 * There only what is asked of a cluster counts, and what its status tells, such as an API that it serves now, does not. A new one is
 * heard of by the taint that it bears until it is ready: that may be gone before it was seen.
 */
function isNewsInKarmada(object: KubeObject, previous: KubeObject | null): boolean {
  if (readiness(previous) === null && readiness(object) !== null) return true;
  if (previous === null) return false;
  const [now, before] = [object.metadata, previous.metadata];
  return (
    now.deletionTimestamp !== before.deletionTimestamp ||
    now.generation !== before.generation ||
    isOther(now.labels, before.labels)
  );
}
