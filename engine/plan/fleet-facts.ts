// What a plan took for granted of its fleet, and how the fleet differs from that by now. What changes all the time, such as how
// much of a cluster is in use, is none of it.
import type { Cluster } from '../api/cluster.ts';
import { byKey, byText, inOrder, sortedKeys } from '../base/order.ts';
import { findCondition } from '../kube/conditions.ts';
import { canonicalJson } from '../kube/json.ts';
import { formatTaint } from '../kube/taint.ts';

export interface ClusterFacts {
  readonly name: string;
  readonly provider: string;
  readonly region: string;
  readonly zones: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly string[];
  /** Null where nobody has told. */
  readonly ready: boolean | null;
  readonly apis: readonly string[] | null;
  readonly size: Readonly<Record<string, string>> | null;
}

export const fleetFacts = (clusters: readonly Cluster[]): readonly ClusterFacts[] =>
  clusters.map(factsOf).sort(inOrder(byKey(({ name }) => name, byText)));

function factsOf({ metadata, spec, status }: Cluster): ClusterFacts {
  const ready = findCondition(status?.conditions, 'Ready');
  const { allocatable } = status?.resourceSummary ?? {};
  const apis = status?.apiEnablements?.flatMap(({ groupVersion, resources }) =>
    (resources ?? []).map(({ kind }) => `${groupVersion} ${kind}`),
  );
  return {
    name: metadata.name,
    provider: spec.provider ?? '',
    region: spec.region ?? '',
    zones: [...(spec.zones ?? (spec.zone ? [spec.zone] : []))].sort(byText),
    labels: metadata.labels ?? {},
    taints: (spec.taints ?? []).map(formatTaint).sort(byText),
    ready: ready === null || ready === undefined ? null : ready.status === 'True',
    apis: apis === undefined ? null : [...new Set(apis)].sort(byText),
    size:
      allocatable === undefined
        ? null
        : Object.fromEntries(sortedKeys(allocatable).map((name) => [name, String(allocatable[name])])),
  };
}

/** A sentence for each difference; what one of the two does not know is none. */
export function fleetChanges(before: readonly ClusterFacts[], now: readonly ClusterFacts[]): readonly string[] {
  const earlier = new Map(before.map((facts) => [facts.name, facts]));
  const later = new Map(now.map((facts) => [facts.name, facts]));
  return [...new Set([...earlier.keys(), ...later.keys()])].sort(byText).flatMap((name) => {
    const [one, other] = [earlier.get(name), later.get(name)];
    if (one === undefined) return [`${name} is new`];
    if (other === undefined) return [`${name} is gone`];
    return clusterChanges(one, other).map((change) => `${name} ${change}`);
  });
}

function clusterChanges(before: ClusterFacts, now: ClusterFacts): string[] {
  const changes: string[] = [];
  for (const field of ['provider', 'region'] as const) {
    if (before[field] !== now[field])
      changes.push(`has ${field} ${now[field] || 'none'}, not ${before[field] || 'none'}`);
  }
  if (canonicalJson(before.zones) !== canonicalJson(now.zones)) {
    changes.push(`has zones ${now.zones.join(', ') || 'none'}, not ${before.zones.join(', ') || 'none'}`);
  }
  for (const taint of now.taints) if (!before.taints.includes(taint)) changes.push(`has the taint ${taint} now`);
  for (const taint of before.taints) if (!now.taints.includes(taint)) changes.push(`has no taint ${taint} any more`);
  changes.push(...textChanges('label', before.labels, now.labels));
  if (before.ready !== null && now.ready !== null && before.ready !== now.ready) {
    changes.push(now.ready ? 'is ready now' : 'is not ready any more');
  }
  if (before.size !== null && now.size !== null) changes.push(...textChanges('room for', before.size, now.size));
  if (before.apis !== null && now.apis !== null) {
    for (const api of before.apis) if (!now.apis.includes(api)) changes.push(`serves no ${api} any more`);
    for (const api of now.apis) if (!before.apis.includes(api)) changes.push(`serves ${api} now`);
  }
  return changes;
}

type Texts = Readonly<Record<string, string>>;

const textChanges = (what: string, before: Texts, now: Texts): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(now)])].sort(byText).flatMap((key) => {
    if (before[key] === now[key]) return [];
    return [`has ${what} ${key} ${now[key] ?? 'none'}, not ${before[key] ?? 'none'}`];
  });
