// The properties of one cluster that placements ask about, as texts that can be indexed.
import type { ApiEnablement, Cluster } from '../api/cluster.ts';
import type { Taint } from '../kube/taint.ts';

export interface ClusterProperties {
  readonly deleting: boolean;
  readonly labels: readonly string[];
  readonly labelKeys: readonly string[];
  readonly provider: string;
  readonly region: string;
  readonly zones: readonly string[];
  /** Taints that can keep a workload away, by their text. */
  readonly taints: readonly (readonly [string, Taint])[];
  readonly apis: readonly string[];
}

/** No name in Kubernetes contains it, so that different parts never give the same text. */
const SEPARATOR = '\0';

export const labelText = (key: string, value: string): string => `${key}${SEPARATOR}${value}`;
export const apiText = (apiVersion: string, kind: string): string => `${apiVersion}${SEPARATOR}${kind}`;
const taintText = ({ key, value, effect }: Taint): string => `${key}${SEPARATOR}${value ?? ''}${SEPARATOR}${effect}`;

/** Most clusters of a fleet serve the same APIs: equal lists are kept once. */
export class ApiLists {
  readonly #lists = new Map<string, readonly string[]>();

  of(enablements: readonly ApiEnablement[]): readonly string[] {
    const apis: string[] = [];
    for (const { groupVersion, resources } of enablements) {
      for (const { kind } of resources ?? []) apis.push(apiText(groupVersion, kind));
    }
    const key = apis.join(SEPARATOR);
    const known = this.#lists.get(key);
    if (known !== undefined) return known;
    this.#lists.set(key, apis);
    return apis;
  }
}

export function propertiesOf(cluster: Cluster, apiLists: ApiLists): ClusterProperties {
  const { metadata, spec, status } = cluster;
  const labels: string[] = [];
  const labelKeys: string[] = [];
  for (const key in metadata.labels ?? {}) {
    labelKeys.push(key);
    labels.push(labelText(key, metadata.labels![key]!));
  }
  return {
    deleting: Boolean(metadata.deletionTimestamp),
    labels,
    labelKeys,
    provider: spec.provider ?? '',
    region: spec.region ?? '',
    zones: spec.zones ?? [],
    taints: (spec.taints ?? [])
      .filter((taint) => taint.effect !== 'PreferNoSchedule')
      .map((taint) => [taintText(taint), taint] as const),
    apis: apiLists.of(status?.apiEnablements ?? []),
  };
}

export function sameProperties(a: ClusterProperties, b: ClusterProperties): boolean {
  return (
    a.deleting === b.deleting &&
    a.provider === b.provider &&
    a.region === b.region &&
    sameTexts(a.labels, b.labels) &&
    sameTexts(a.zones, b.zones) &&
    sameTexts(a.apis, b.apis) &&
    a.taints.length === b.taints.length &&
    a.taints.every(([text], at) => text === b.taints[at]![0])
  );
}

const sameTexts = (a: readonly string[], b: readonly string[]): boolean =>
  a === b || (a.length === b.length && a.every((text, at) => text === b[at]));
