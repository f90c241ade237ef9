// A cluster of a scenario as the object that the hub has of it.
import type { KubeObject } from '../../engine/index.ts';
import type { FleetCluster } from './fleet.ts';

export function clusterObject({
  name,
  labels,
  annotations,
  mode,
  provider,
  region,
  zones,
  taints,
  models,
}: FleetCluster): KubeObject {
  return {
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: {
      name,
      ...(Object.keys(labels).length > 0 && { labels }),
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
    spec: {
      syncMode: mode,
      apiEndpoint: `https://${name}.example`,
      ...(provider !== '' && { provider }),
      ...(region !== '' && { region }),
      ...(zones.length > 0 && { zones: [...zones] }),
      ...(taints.length > 0 && { taints: [...taints] }),
      ...(models !== null && models !== undefined && { resourceModels: models }),
    },
  };
}
