// Where a MultiClusterService has its pods, and who may ask for them.
import type { Cluster } from '../../api/cluster.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import { type ExposedCluster, isCrossCluster, type MultiClusterService } from '../../api/services.ts';
import { byText } from '../../base/order.ts';
import type { View } from '../../control/controller.ts';
import type { Change } from '../../store/change.ts';
import { readiness } from '../clusters/cluster-conditions.ts';
import { type ServiceKey, textOfObject } from './service-key.ts';

export const exposureAt = (view: View, { namespace, name }: ServiceKey): MultiClusterService | null =>
  view.get(COLLECTIONS.multiClusterServices, namespace, name) as unknown as MultiClusterService | null;

/** Known to other clusters, for as long as nobody takes it away. */
export const isExposed = (found: MultiClusterService | null): found is MultiClusterService =>
  found !== null && found.metadata.deletionTimestamp === undefined && isCrossCluster(found);

/** By name; all clusters there are where none is named. */
function clustersOf(named: readonly ExposedCluster[] | undefined, view: View): readonly string[] {
  const names = named === undefined || named.length === 0 ? allClusters(view) : named.map(({ name }) => name);
  return [...new Set(names)].sort(byText);
}

const allClusters = (view: View): readonly string[] =>
  view.list(COLLECTIONS.clusters).map(({ metadata: { name } }) => name);

export const providersOf = ({ spec }: MultiClusterService, view: View): readonly string[] =>
  clustersOf(spec.providerClusters, view);

export const consumersOf = ({ spec }: MultiClusterService, view: View): readonly string[] =>
  clustersOf(spec.consumerClusters, view);

/** Why nothing of a service is to be had from a cluster, or is to be brought there; null where it is. */
export function whyNot(name: string, view: View): { readonly reason: string; readonly message: string } | null {
  const cluster = view.get(COLLECTIONS.clusters, '', name) as unknown as Cluster | null;
  if (cluster === null || cluster.metadata.deletionTimestamp !== undefined) {
    return { reason: 'ClusterNotFound', message: `there is no cluster ${name}` };
  }
  if (servesSlices(cluster)) return null;
  return { reason: 'APIIncompatible', message: `the cluster ${name} does not serve EndpointSlices` };
}

const servesSlices = ({ status }: Cluster): boolean =>
  (status?.apiEnablements ?? []).some(
    ({ groupVersion, resources = [] }) =>
      groupVersion === 'discovery.k8s.io/v1' && resources.some(({ kind }) => kind === 'EndpointSlice'),
  );

/** All that are exposed, where a cluster comes or goes, or is otherwise one that has them, or is had by them. */
export function exposedAnew(change: Change, view: View): readonly string[] {
  const { type, object, previous } = change;
  const services = view.list(COLLECTIONS.multiClusterServices);
  if (services.length === 0) return [];
  const [now, before] = [object, previous] as unknown as readonly [Cluster, Cluster | null];
  const isSame =
    type === 'MODIFIED' &&
    before !== null &&
    now.metadata.deletionTimestamp === before.metadata.deletionTimestamp &&
    readiness(object) === readiness(previous) &&
    servesSlices(now) === servesSlices(before);
  return isSame ? [] : services.map(textOfObject);
}
