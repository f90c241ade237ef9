// Whose endpoints are told to others: those of a cluster that is out of sight are not, as long as there are others that can be asked.
import { COLLECTIONS } from '../../api/kinds.ts';
import { clusterOfExecutionSpace } from '../../api/names.ts';
import type { Work } from '../../api/work.ts';
import type { View } from '../../control/controller.ts';
import { readyEndpoints, slicesIn } from '../../propagate/endpoint-slices.ts';
import type { Change } from '../../store/change.ts';
import { readiness } from '../clusters/cluster-conditions.ts';

/** If nobody else could be asked, those that may be dead are better than none. */
export function answering(works: readonly Work[], view: View): readonly Work[] {
  const inSight = works.filter((work) => isInSight(work, view));
  return inSight.some(canAnswer) ? inSight : works;
}

const canAnswer = (work: Work): boolean => slicesIn(work).some((slice) => readyEndpoints(slice) > 0);

/** Of a cluster of which nothing has been said yet, nothing is held against it. */
function isInSight({ metadata: { namespace = '' } }: Work, view: View): boolean {
  const cluster = view.get(COLLECTIONS.clusters, '', clusterOfExecutionSpace(namespace) ?? '');
  return readiness(cluster) === 'True' || readiness(cluster) === null;
}

export const hasOtherReadiness = ({ type, object, previous }: Change): boolean =>
  type === 'MODIFIED' && readiness(object) !== readiness(previous);
