// A cluster cannot take part in a spread over a property that it does not have.
import type { Cluster } from '../../api/cluster.ts';
import type { SpreadField } from '../../api/placement.ts';
import type { FilterPlugin } from '../plugin.ts';

export const spreadProperty: FilterPlugin = {
  name: 'SpreadConstraint',
  reject(cluster, { placement, profile }) {
    const missing: string[] = [];
    for (const { spreadByField, spreadByLabel } of placement.spreadConstraints ?? []) {
      if (spreadByField) {
        if (!hasProperty(cluster, spreadByField)) missing.push(`no ${spreadByField}`);
      } else if (spreadByLabel && profile.switches.spreadByAnyTopology) {
        // Differs from Karmada: it declares label constraints and then never looks at the label.
        if (!Object.hasOwn(cluster.metadata.labels ?? {}, spreadByLabel)) missing.push(`no label ${spreadByLabel}`);
      }
    }
    return missing.length === 0 ? null : `the cluster has ${missing.join(' and ')}`;
  },
};

export function hasProperty(cluster: Cluster, field: SpreadField): boolean {
  switch (field) {
    case 'provider':
      return Boolean(cluster.spec.provider);
    case 'region':
      return Boolean(cluster.spec.region);
    case 'zone':
      return (cluster.spec.zones?.length ?? 0) > 0;
    default:
      return true;
  }
}
