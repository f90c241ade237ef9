// What can be lost at once: each cluster by itself, and all that share a zone, a region, a provider or the value of a label.
import type { Cluster } from '../api/cluster.ts';
import { byKey, byText, inOrder } from '../base/order.ts';

export interface FailureDomain {
  /** "cluster", "zone", "region", "provider", or the key of a label. */
  readonly sort: string;
  readonly name: string;
  readonly clusters: readonly string[];
}

export const DOMAIN_SORTS = ['cluster', 'zone', 'region', 'provider'] as const;

function valuesOf(sort: string, { metadata, spec }: Cluster): readonly string[] {
  switch (sort) {
    case 'cluster':
      return [metadata.name];
    case 'zone':
      return spec.zones ?? (spec.zone ? [spec.zone] : []);
    case 'region':
      return spec.region ? [spec.region] : [];
    case 'provider':
      return spec.provider ? [spec.provider] : [];
    default: {
      const value = metadata.labels?.[sort];
      return value === undefined ? [] : [value];
    }
  }
}

/** A cluster in several zones is lost with any of them: nobody can say how much of it would be. */
export function failureDomains(clusters: readonly Cluster[], sorts: readonly string[]): readonly FailureDomain[] {
  return sorts.flatMap((sort) => {
    const members = new Map<string, string[]>();
    for (const cluster of clusters) {
      for (const value of valuesOf(sort, cluster)) {
        members.set(value, [...(members.get(value) ?? []), cluster.metadata.name]);
      }
    }
    return [...members]
      .map(([name, own]): FailureDomain => ({ sort, name, clusters: own.sort(byText) }))
      .sort(inOrder(byKey(({ name }) => name, byText)));
  });
}
