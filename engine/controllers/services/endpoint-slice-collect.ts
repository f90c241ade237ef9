// MultiClusterService, at its providers: where the hub has noted that a cluster provides a service, the EndpointSlices of that Service
// are known in the hub.
import { COLLECTIONS } from '../../api/kinds.ts';
import { executionSpaceOf } from '../../api/names.ts';
import { MULTI_CLUSTER_SERVICE } from '../../api/services.ts';
import type { Work } from '../../api/work.ts';
import { type Controller, NOTHING_TO_DO, type View } from '../../control/controller.ts';
import type { Place } from '../../control/place.ts';
import { EXPOSURES, serviceKeyIn } from '../../propagate/endpoint-slices.ts';
import type { Change } from '../../store/change.ts';
import { isWish } from '../changes.ts';
import type { ControlPorts } from '../ports.ts';
import {
  type Collecting,
  collect,
  hasArrived,
  SLICES_BY_SERVICE,
  servicesOfSlice,
  servicesOfWork,
  worksByService,
  worksOfService,
} from './collecting.ts';
import { keyIn, type ServiceKey, textOf } from './service-key.ts';

const NAME = 'endpoint-slice-collect';

const PROVIDING: Omit<Collecting, 'agentOf'> = {
  collector: EXPOSURES,
  follows: [COLLECTIONS.endpointSlices],
  isConcerned: isProvided,
  isWanted: isProvided,
};

/** Of the clusters that the hub pushes to, or of one, as its agent. */
export function endpointSliceCollect({ profile }: ControlPorts, agentOf: string | null = null): Controller {
  if (!profile.gates.MultiClusterService) return { name: NAME, watches: [], reconcile: () => NOTHING_TO_DO };
  return {
    name: NAME,
    indexes: [SLICES_BY_SERVICE, worksByService(EXPOSURES)],
    ignoresEchoes: true,
    watches: [
      {
        on: 'hub',
        collection: COLLECTIONS.works,
        keysOf: (change) => (isWish(change) ? servicesOfWork(change, EXPOSURES) : []),
      },
      { on: 'hub', collection: COLLECTIONS.clusters, keysOf: ofCluster },
      { on: 'members', collection: COLLECTIONS.endpointSlices, keysOf: ofSlice },
    ],
    reconcile: (key, view, now) => collect(key, view, now, { ...PROVIDING, agentOf }),
  };
}

/** By this a cluster knows that it is to provide a service: nothing of it is sent there. */
export const isProviderNote = (work: Work): boolean =>
  (work.spec.workload.manifests ?? []).some(({ kind }) => kind === MULTI_CLUSTER_SERVICE);

function isProvided(key: ServiceKey, cluster: string, view: View): boolean {
  return worksOfService(view, key, EXPOSURES, cluster).some(
    (work) => work.metadata.deletionTimestamp === undefined && isProviderNote(work),
  );
}

function ofCluster(change: Change, view: View): readonly string[] {
  if (!hasArrived(change)) return [];
  const { name } = change.object.metadata;
  const works = view.list(COLLECTIONS.works, executionSpaceOf(name));
  const keys = works.flatMap((work) => serviceKeyIn(work, EXPOSURES) ?? []);
  return [...new Set(keys.map((key) => textOf(name, key)))];
}

/** Most are of services that are for their own cluster alone. */
const ofSlice = (change: Change, view: View, place: Place): readonly string[] =>
  servicesOfSlice(change, place).filter((text) => {
    const { cluster, ...key } = keyIn(text);
    return worksOfService(view, key, EXPOSURES, cluster).length > 0;
  });
