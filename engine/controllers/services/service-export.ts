// ServiceExport: what a member offers to others. The EndpointSlices of a Service that a member exports are known in the hub, for as long
// as it exports it.
import { COLLECTIONS } from '../../api/kinds.ts';
import { clusterOfExecutionSpace, executionSpaceOf } from '../../api/names.ts';
import { SERVICE_EXPORT } from '../../api/services.ts';
import type { Work } from '../../api/work.ts';
import type { Controller, View } from '../../control/controller.ts';
import { clusterOf, type Place } from '../../control/place.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { EXPORTS, serviceKeyIn } from '../../propagate/endpoint-slices.ts';
import type { Change } from '../../store/change.ts';
import type { IndexDefinition } from '../../store/indexes.ts';
import { isWish } from '../changes.ts';
import { ofSound } from '../shelter.ts';
import {
  type Collecting,
  collect,
  collectedOf,
  hasArrived,
  SLICES_BY_SERVICE,
  servicesOfSlice,
  servicesOfWork,
  worksByService,
} from './collecting.ts';
import { keyIn, type ServiceKey, textOf } from './service-key.ts';

const exportedBy = (work: KubeObject): readonly ServiceKey[] =>
  ((work as unknown as Work).spec.workload.manifests ?? [])
    .filter(({ kind, apiVersion }) => kind === SERVICE_EXPORT && apiVersion.startsWith('multicluster.x-k8s.io/'))
    .map(({ metadata: { namespace = '', name } }) => ({ namespace, name }));

const keyTextOf = ({ namespace, name }: ServiceKey): string => `${namespace}/${name}`;
const ANY = '*';

const concernedBy = (work: KubeObject): readonly ServiceKey[] => {
  const collected = serviceKeyIn(work, EXPORTS);
  return collected === null ? exportedBy(work) : [...exportedBy(work), collected];
};

/** Works that bring exports, by what they export; and all that have to do with exports. */
const WORKS_BY_EXPORT: IndexDefinition = {
  name: 'export',
  collection: COLLECTIONS.works,
  valuesOf: ofSound((work) =>
    concernedBy(work).length === 0 ? [] : [...new Set([ANY, ...exportedBy(work).map(keyTextOf)])],
  ),
};

const EXPORTING: Omit<Collecting, 'agentOf'> = {
  collector: EXPORTS,
  follows: [COLLECTIONS.serviceExports, COLLECTIONS.endpointSlices],
  isConcerned: (key, cluster, view) => isExported(key, cluster, view) || isToBeExported(key, cluster, view),
  isWanted: (key, cluster, view) => isExported(key, cluster, view),
};

/** Of the clusters that the hub pushes to, or of one, as its agent. */
export function serviceExport(agentOf: string | null = null): Controller {
  return {
    name: 'service-export',
    indexes: [SLICES_BY_SERVICE, worksByService(EXPORTS), WORKS_BY_EXPORT],
    ignoresEchoes: true,
    watches: [
      { on: 'hub', collection: COLLECTIONS.works, keysOf: ofWork },
      { on: 'hub', collection: COLLECTIONS.clusters, keysOf: ofCluster },
      { on: 'members', collection: COLLECTIONS.serviceExports, keysOf: ofExport },
      { on: 'members', collection: COLLECTIONS.endpointSlices, keysOf: ofSlice },
    ],
    reconcile: (key, view, now) => collect(key, view, now, { ...EXPORTING, agentOf }),
  };
}

const isExported = ({ namespace, name }: ServiceKey, cluster: string, view: View): boolean =>
  view.member(cluster).get(COLLECTIONS.serviceExports, namespace, name) !== null;

const isToBeExported = (key: ServiceKey, cluster: string, view: View): boolean =>
  view.byIndex(COLLECTIONS.works, WORKS_BY_EXPORT.name, keyTextOf(key), executionSpaceOf(cluster)).length > 0;

function ofWork(change: Change): readonly string[] {
  if (!isWish(change)) return [];
  const cluster = clusterOfExecutionSpace(change.object.metadata.namespace ?? '');
  const exported = cluster === null ? [] : exportedBy(change.object).map((key) => textOf(cluster, key));
  return [...exported, ...servicesOfWork(change, EXPORTS)];
}

/** Everything that it exports, or has exported. */
function ofCluster(change: Change, view: View): readonly string[] {
  if (!hasArrived(change)) return [];
  const { name } = change.object.metadata;
  const works = view.byIndex(COLLECTIONS.works, WORKS_BY_EXPORT.name, ANY, executionSpaceOf(name));
  return [...new Set(works.flatMap(concernedBy).map((key) => textOf(name, key)))];
}

function ofExport(change: Change, _view: View, place: Place): readonly string[] {
  const cluster = clusterOf(place);
  const { namespace = '', name } = change.object.metadata;
  return cluster === null || !isWish(change) ? [] : [textOf(cluster, { namespace, name })];
}

/** Most are of services that nobody exports. */
const ofSlice = (change: Change, view: View, place: Place): readonly string[] =>
  servicesOfSlice(change, place).filter((text) => {
    const { cluster, ...key } = keyIn(text);
    return isExported(key, cluster, view) || collectedOf(view, key, EXPORTS, cluster).length > 0;
  });
