// How an autoscaler goes about its work, as whoever runs it wants it.
import type { Millis } from '../kube/time.ts';

export interface Tuning {
  /** How far what is measured may be off before anything is done, as a share of the target. */
  readonly tolerance: number;
  /** How long the CPU that a pod uses may be that of its start. */
  readonly cpuInitializationMs: Millis;
  /** Who is not ready after so long has never been. */
  readonly initialReadinessDelayMs: Millis;
  /** For how long the highest recommendation holds before fewer are asked for. */
  readonly downscaleStabilizationMs: Millis;
}
