// Every sentence in which a decision can fail, made in one place from its numbers.
import { byText } from '../base/order.ts';
import type { Failure, Rejection, RejectionsByCluster } from './decision.ts';

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

export const noClusterFits = (total: number, rejected: RejectionsByCluster): Failure => ({
  code: 'NoClusterFits',
  step: 'filter',
  message:
    total === 0
      ? 'the fleet has no clusters'
      : [`none of ${plural(total, 'cluster')} fits`, ...(rejected.size === 0 ? [] : [summary(rejected)])].join(': '),
});

export const tooFewReplicas = (available: number, wanted: number): Failure => ({
  code: 'InsufficientReplicas',
  step: 'assign',
  message: `the selected clusters have room for ${plural(available, 'replica')}, and ${wanted} are wanted`,
});

export const noRoomInSelection = (clusters: number, available: number, wanted: number): Failure => ({
  code: 'InsufficientReplicas',
  step: 'select',
  message:
    clusters === 0
      ? 'the cluster constraint selects no cluster, so there is no room: set its maxGroups'
      : clusters === 1
        ? `no single cluster has room for ${plural(wanted, 'replica')}; the best found has room for ${available}`
        : `no ${clusters} clusters together have room for ${wanted} replicas; the best found have room for ${available}`,
});

export const tooFewGroups = (field: string, found: number, wanted: number): Failure => ({
  code: 'SpreadUnsatisfiable',
  step: 'select',
  message: `the spread over ${field} needs at least ${wanted}, and the clusters that fit have ${found}`,
});

export const noGroupsReach = (field: string, clustersWanted: number, groupsMax: number): Failure => ({
  code: 'SpreadUnsatisfiable',
  step: 'select',
  message: `no choice of at most ${plural(groupsMax, field)} has the ${plural(clustersWanted, 'cluster')} that the cluster spread constraint needs`,
});

export const noChoiceHolds = (
  field: string,
  groupsMin: number,
  groupsMax: number,
  reached: number | null,
): Failure => ({
  code: 'SpreadUnsatisfiable',
  step: 'select',
  message: `no choice of clusters holds the spread over ${field} (${groupsMin} to ${groupsMax === Number.POSITIVE_INFINITY ? 'any number' : groupsMax}) together with the others${reached === null ? '' : `: with those alone it comes to ${reached}`}`,
});

export const tooFewReplicasToSpread = (replicas: number): Failure => ({
  code: 'SpreadUnsatisfiable',
  step: 'select',
  message: `${plural(replicas, 'replica')} cannot be in as many groups as the spread constraints ask for`,
});

export const spreadUnsupported = (fields: readonly string[]): Failure => ({
  code: 'SpreadUnsupported',
  step: 'select',
  message: `Karmada spreads by cluster and region only, not by ${fields.join(', ')}: use the muster profile`,
});

export const nothingSelected = (): Failure => ({
  code: 'NoClusterSelected',
  step: 'assign',
  message: 'the spread constraints select no cluster: set maxGroups of the cluster constraint',
});

export const strategyUnsupported = (): Failure => ({
  code: 'StrategyUnsupported',
  step: 'assign',
  message: 'replicas are to be divided, but replicaDivisionPreference is neither Weighted nor Aggregated',
});

export const weightFactorUnsupported = (factor: string): Failure => ({
  code: 'StrategyUnsupported',
  step: 'assign',
  message: `dynamicWeight "${factor}" is unknown: only AvailableReplicas is`,
});

/** Each cluster counts under every filter that rejects it; the filter that rejects most comes first. */
function summary(rejected: RejectionsByCluster): string {
  const counts = new Map<string, number>();
  for (const rejections of rejected.values()) {
    for (const filter of new Set(rejections.map((rejection: Rejection) => rejection.filter))) {
      counts.set(filter, (counts.get(filter) ?? 0) + 1);
    }
  }
  return [...counts]
    .sort(([a, some], [b, others]) => others - some || byText(a, b))
    .map(([filter, count]) => `${filter} rejects ${count}`)
    .join(', ');
}
