// The cluster must serve the kind of the workload; a cluster that already has the workload passes.
import type { Cluster } from '../../api/cluster.ts';
import type { FilterPlugin } from '../plugin.ts';

export const apiEnablement: FilterPlugin = {
  name: 'APIEnablement',
  reject(cluster, { spec, previous }) {
    const { apiVersion, kind } = spec.resource;
    if (previous.has(cluster.metadata.name) || servesKind(cluster, apiVersion, kind)) return null;
    return `the cluster does not list ${apiVersion} ${kind} among its APIs`;
  },
};

export const servesKind = (cluster: Cluster, apiVersion: string, kind: string): boolean =>
  (cluster.status?.apiEnablements ?? []).some(
    (enablement) =>
      enablement.groupVersion === apiVersion && (enablement.resources ?? []).some((resource) => resource.kind === kind),
  );
