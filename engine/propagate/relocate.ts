// What a placement becomes when its workload moves from one cluster to another, or gets a copy in one more; as much as possible of
// what its author meant stays.
import type { Cluster } from '../api/cluster.ts';
import { clusterMatches } from '../api/cluster-affinity.ts';
import type { ClusterAffinity, ClusterAffinityTerm, Placement, StaticClusterWeight } from '../api/placement.ts';
import { byText } from '../base/order.ts';

export interface Places {
  readonly from: Cluster;
  readonly to: Cluster;
  /** Where it is now: what it is pinned to where no selector can say the same. */
  readonly targets: readonly string[];
}

/** One cluster takes the part of another. */
export function movedPlacement(placement: Placement, places: Places): Placement {
  const { from } = places;
  const move = <A extends ClusterAffinity>(affinity: A): A =>
    clusterMatches(from, affinity) ? without(withCluster(affinity, places), from.metadata.name) : affinity;
  return {
    ...placed(placement, move, places),
    ...(placement.replicaScheduling !== undefined && {
      replicaScheduling: withWeights(placement.replicaScheduling, places),
    }),
  };
}

export type ClonedPlacement =
  | { readonly ok: true; readonly placement: Placement }
  | { readonly ok: false; readonly problem: string };

/** Each cluster has whole copies: what is divided over several has no copy to make another of. */
export function clonedPlacement(placement: Placement, to: Cluster, targets: readonly string[]): ClonedPlacement {
  const isDivided = placement.replicaScheduling?.replicaSchedulingType === 'Divided';
  if (isDivided && targets.length > 1) {
    const where = [...targets].sort(byText).join(', ');
    return { ok: false, problem: `its replicas are divided over ${where}: none of them has all of it` };
  }
  if (isDivided) return { ok: true, placement: wholeIn([...targets, to.metadata.name], placement) };
  const places: Places = { from: to, to, targets };
  return { ok: true, placement: placed(placement, (affinity) => withCluster(affinity, places), places) };
}

/** In these alone: wherever else a part of it might have gone, nobody has asked for all of it. */
function wholeIn(clusterNames: readonly string[], placement: Placement): Placement {
  const { clusterAffinity: _one, clusterAffinities: _several, replicaScheduling: _divided, ...rest } = placement;
  return {
    ...rest,
    clusterAffinity: { clusterNames: [...clusterNames] },
    replicaScheduling: { replicaSchedulingType: 'Duplicated' },
  };
}

function placed(
  placement: Placement,
  change: <A extends ClusterAffinity>(affinity: A) => A,
  { from, to }: Places,
): Placement {
  if (placement.clusterAffinities !== undefined) {
    const terms = placement.clusterAffinities.map((term): ClusterAffinityTerm => {
      const { overflowAffinities } = term;
      const overflow = overflowAffinities === undefined ? {} : { overflowAffinities: overflowAffinities.map(change) };
      return { ...change(term), ...overflow };
    });
    return { ...placement, clusterAffinities: terms };
  }
  if (placement.clusterAffinity !== undefined) {
    return { ...placement, clusterAffinity: change(placement.clusterAffinity) };
  }
  return from === to ? placement : { ...placement, clusterAffinity: { exclude: [from.metadata.name] } };
}

/** The affinity with one more cluster that meets it. */
function withCluster<A extends ClusterAffinity>(affinity: A, { to, targets }: Places): A {
  const { name } = to.metadata;
  const { exclude: _excluded, ...rest } = affinity;
  const exclude = (affinity.exclude ?? []).filter((one) => one !== name);
  const open = { ...rest, ...(exclude.length > 0 && { exclude }) } as A;
  const names = affinity.clusterNames ?? [];
  const named = names.length === 0 || names.includes(name) ? open : { ...open, clusterNames: [...names, name] };
  if (clusterMatches(to, named)) return named;
  const { labelSelector: _labels, fieldSelector: _fields, ...pinned } = named;
  const known = names.length === 0 ? [...targets] : names;
  return { ...pinned, clusterNames: [...new Set([...known, name])] } as A;
}

function without<A extends ClusterAffinity>(affinity: A, name: string): A {
  const names = affinity.clusterNames ?? [];
  if (names.length > 0) return { ...affinity, clusterNames: names.filter((one) => one !== name) };
  return { ...affinity, exclude: [...new Set([...(affinity.exclude ?? []), name])] };
}

function withWeights(
  scheduling: NonNullable<Placement['replicaScheduling']>,
  { from, to }: Places,
): NonNullable<Placement['replicaScheduling']> {
  const weights = scheduling.weightPreference?.staticWeightList;
  if (weights === undefined) return scheduling;
  const [fromName, toName] = [from.metadata.name, to.metadata.name];
  const renamed = weights.map((one): StaticClusterWeight => {
    const names = one.targetCluster.clusterNames ?? [];
    if (!names.includes(fromName)) return one;
    const clusterNames = [...new Set(names.map((name) => (name === fromName ? toName : name)))];
    return { ...one, targetCluster: { ...one.targetCluster, clusterNames } };
  });
  const weight = weights.find(({ targetCluster }) => clusterMatches(from, targetCluster))?.weight;
  const isWeighed = renamed.some(({ targetCluster }) => clusterMatches(to, targetCluster));
  const added = weight === undefined || isWeighed ? [] : [{ targetCluster: { clusterNames: [toName] }, weight }];
  return {
    ...scheduling,
    weightPreference: { ...scheduling.weightPreference, staticWeightList: [...renamed, ...added] },
  };
}
