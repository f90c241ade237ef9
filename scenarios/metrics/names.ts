// Every metric of a run by its name, each with the sentence that says what it is. Reports, files and expectations all read these.

/** Of a workload, and of all together. A workload's service counts from when all of it served first, or five minutes after it was wanted. */
export const WORKLOAD_METRICS = {
  availability: 'replicas that served, as a share of those wanted, over the time',
  lostReplicaSeconds: 'seconds, summed over replicas, that were wanted and not served',
  downSeconds: 'seconds in which a workload did not serve at all',
  longestShortageSeconds: 'the longest time in which a workload had fewer replicas than wanted, after it lost some',
  moves: 'replicas that were sent from one cluster to another',
  needlessMoves:
    'those of them that could have stayed: they served, their cluster had power, and nobody wanted it empty',
  promisedReplicaSeconds: 'seconds, summed over replicas, for which a cluster was to run them',
  missingReplicaSeconds:
    'those of them in which the cluster did not: there was no room, they still started, or it was dead',
  unplacedReplicaSeconds: 'seconds, summed over replicas, that were wanted and sent to no cluster',
  decisions: 'places that were written, and refusals that were told',
  largestZoneShare: 'the part of all that served which one zone bore, of the zone that bore most',
  largestRegionShare: 'the same of the region that bore most',
  largestProviderShare: 'the same of the provider that bore most',
  cost: 'hours, summed over replicas, that served, each at the price of its cluster',
} as const;

/** Of a run alone, beside those of all workloads together. */
export const RUN_METRICS = {
  calls: 'requests to the APIs of the hub and of the clusters, answered or not',
} as const;

/** Of a fault, in which workloads it struck, and of each of those. */
export const FAULT_WORKLOAD_METRICS = {
  evictSeconds: 'until nothing was assigned any more to the clusters that it struck; never, where something stayed',
  recoverSeconds: 'until all that lost replicas to it served as wanted again; 0 where nothing did',
  lostReplicaSeconds: 'replica-seconds lost until the next fault',
  downSeconds: 'seconds down until the next fault',
  moves: 'replicas moved until the next fault',
  needlessMoves: 'those of them that could have stayed',
  decisions: 'decisions until the next fault',
} as const;

/** Of a fault as a whole. Of several that are meant, times are the longest, and everything else is summed up. */
export const FAULT_METRICS = {
  detectSeconds: 'until the hub held none of the clusters that it struck for ready; never, where it did not notice one',
  ...FAULT_WORKLOAD_METRICS,
  lastedSeconds: 'until it was over; to the end of the run where it was not',
  calls: 'requests until the next fault',
} as const;

export type WorkloadMetric = keyof typeof WORKLOAD_METRICS;
export type FaultMetric = keyof typeof FAULT_METRICS;
type FaultWorkloadMetric = keyof typeof FAULT_WORKLOAD_METRICS;

export type WorkloadFigures = Readonly<Record<WorkloadMetric, number>>;
export type TotalFigures = WorkloadFigures & Readonly<Record<keyof typeof RUN_METRICS, number>>;
/** What never came about took for ever: Infinity, and null in JSON. */
export type FaultWorkloadFigures = Readonly<Record<FaultWorkloadMetric, number>>;

export interface FaultFigures extends Readonly<Record<FaultMetric, number>> {
  /** The id of its line on the timeline. */
  readonly id: string | null;
  readonly what: string;
  /** After the start. */
  readonly atSeconds: number;
  readonly clusters: readonly string[];
  readonly workloads: Readonly<Record<string, FaultWorkloadFigures>>;
}

export interface GroupFigures {
  readonly clusters: number;
  /** What it served, of all workloads. */
  readonly replicaSeconds: number;
  readonly share: number;
  /** At the end. */
  readonly serving: number;
  readonly cost: number;
}

export const GROUPS = ['zone', 'region', 'provider'] as const;
export type Group = (typeof GROUPS)[number];
export type Balance = Readonly<Record<Group, Readonly<Record<string, GroupFigures>>>>;

/** By kind (as "apps/deployments"; "questions" are those about a cluster itself), then by verb. */
export type CallFigures = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface RunFigures {
  readonly all: TotalFigures;
  readonly workloads: Readonly<Record<string, WorkloadFigures>>;
  readonly faults: readonly FaultFigures[];
  readonly balance: Balance;
  readonly calls: { readonly hub: CallFigures; readonly members: CallFigures };
}
