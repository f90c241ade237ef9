// How long the controllers wait, how often they look and how fast they go: Karmada's flags by their names, with its defaults.
import type { Millis } from '../kube/time.ts';

export interface Timings {
  /** Between two probes of a cluster that is pushed to. */
  readonly clusterStatusUpdateFrequencyMs: Millis;
  /** The same while its answers differ from what it is said to be. */
  readonly clusterSuspicionFrequencyMs: Millis;
  /** How long probes must agree before a cluster counts as ready again, or as not ready. */
  readonly clusterSuccessThresholdMs: Millis;
  readonly clusterFailureThresholdMs: Millis;
  /** Between two looks at the leases of clusters. */
  readonly clusterMonitorPeriodMs: Millis;
  /** How old a lease may be, and how long a new cluster may take to have one. */
  readonly clusterMonitorGracePeriodMs: Millis;
  readonly clusterStartupGracePeriodMs: Millis;
  /** An agent's lease, and the part of it after which it is renewed. */
  readonly clusterLeaseDurationMs: Millis;
  readonly clusterLeaseRenewIntervalFraction: number;
  /** How long what is being left gracefully is kept, if its policy does not say. */
  readonly gracefulEvictionTimeoutMs: Millis;
  /** Evicting by NoExecute taints at all, and what then happens where the policy does not say. */
  readonly enableNoExecuteTaintEviction: boolean;
  readonly noExecuteTaintEvictionPurgeMode: 'Gracefully' | 'Directly';
  /** Evictions a second; one every half an hour where it is 0. */
  readonly resourceEvictionRate: number;
  /** With `leavesDeadClusters`: how long a cluster is out of reach before it is left. */
  readonly deadClusterTolerationMs: Millis;
  /** With `holdsEvictionInMassFailure`: the percentage of clusters beyond which nothing is evicted. */
  readonly massFailurePercent: number;
  /** With `followsFleetChanges` and `failsBack`: how long a cluster must be well before anything moves to it for that reason. */
  readonly fleetChangeSettleMs: Millis;
  /** With `followsFleetChanges` and `failsBack`: the least time between two such moves of one workload. */
  readonly voluntaryMoveIntervalMs: Millis;
  /** With `followsFleetChanges` and `failsBack`: the percentage of a workload's replicas that one such move may move. */
  readonly voluntaryMovePercent: number;
  /** A decision that found too little room is tried again after at most this. */
  readonly unschedulableRetryMs: Millis;
  /** With `leavesFullClusters`: how long a replica waits for a node before it may go elsewhere, and the time between two looks for such. */
  readonly unschedulableThresholdMs: Millis;
  readonly deschedulingIntervalMs: Millis;
  /** Promises of capacity that no status has confirmed end after this. */
  readonly assumedPlacementTtlMs: Millis;
  /** Between two looks of an autoscaler. */
  readonly horizontalPodAutoscalerSyncPeriodMs: Millis;
  /** For how long the highest recommendation holds before an autoscaler asks for fewer, if its behavior does not say. */
  readonly horizontalPodAutoscalerDownscaleStabilizationMs: Millis;
  /** How far off what is measured may be before an autoscaler does anything, as a share of its target. */
  readonly horizontalPodAutoscalerTolerance: number;
  /** How long the CPU that a pod uses may be that of its start, and how long one may take that has never been ready. */
  readonly horizontalPodAutoscalerCpuInitializationPeriodMs: Millis;
  readonly horizontalPodAutoscalerInitialReadinessDelayMs: Millis;
}

export const KARMADA_TIMINGS: Timings = {
  clusterStatusUpdateFrequencyMs: 10_000,
  clusterSuspicionFrequencyMs: 10_000,
  clusterSuccessThresholdMs: 30_000,
  clusterFailureThresholdMs: 30_000,
  clusterMonitorPeriodMs: 5_000,
  clusterMonitorGracePeriodMs: 40_000,
  clusterStartupGracePeriodMs: 60_000,
  clusterLeaseDurationMs: 40_000,
  clusterLeaseRenewIntervalFraction: 0.25,
  gracefulEvictionTimeoutMs: 600_000,
  enableNoExecuteTaintEviction: false,
  noExecuteTaintEvictionPurgeMode: 'Gracefully',
  resourceEvictionRate: 0.5,
  deadClusterTolerationMs: 0,
  massFailurePercent: 55,
  fleetChangeSettleMs: 300_000,
  voluntaryMoveIntervalMs: 600_000,
  voluntaryMovePercent: 50,
  unschedulableRetryMs: 300_000,
  unschedulableThresholdMs: 300_000,
  deschedulingIntervalMs: 120_000,
  assumedPlacementTtlMs: 300_000,
  horizontalPodAutoscalerSyncPeriodMs: 15_000,
  horizontalPodAutoscalerDownscaleStabilizationMs: 300_000,
  horizontalPodAutoscalerTolerance: 0.1,
  horizontalPodAutoscalerCpuInitializationPeriodMs: 300_000,
  horizontalPodAutoscalerInitialReadinessDelayMs: 30_000,
};

export const MUSTER_TIMINGS: Timings = {
  ...KARMADA_TIMINGS,
  // Sooner sure that a cluster is out of reach, and then a look whether the others are, too, before anything leaves it.
  clusterSuspicionFrequencyMs: 2_000,
  clusterFailureThresholdMs: 16_000,
  deadClusterTolerationMs: 12_000,
  enableNoExecuteTaintEviction: true,
  resourceEvictionRate: 100,
  unschedulableRetryMs: 30_000,
  // Time enough for a cluster that buys nodes by itself.
  unschedulableThresholdMs: 120_000,
  deschedulingIntervalMs: 30_000,
};
