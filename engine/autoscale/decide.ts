// How many replicas there are to be: one decision of an autoscaler, from what was measured and what it remembers.
import type { FederatedHPASpec, MetricStatus } from '../api/autoscaling.ts';
import type { ConditionState } from '../kube/conditions.ts';
import type { Millis } from '../kube/time.ts';
import type { WorkloadLoad } from './load.ts';
import { type ScaleMemory, withRecommendation } from './memory.ts';
import { type NoProposal, proposalsOf } from './metrics.ts';
import { limit, limitBy, type Said, stabilize, stabilizeBy } from './pace.ts';
import type { Tuning } from './tuning.ts';

export const SCALING = { able: 'AbleToScale', active: 'ScalingActive', limited: 'ScalingLimited' } as const;

export interface Decision {
  /** Null where nothing can be said. */
  readonly desired: number | null;
  /** Why there are to be more or fewer; empty where there are to be as many. */
  readonly why: string;
  readonly conditions: readonly ConditionState[];
  /** Null where nothing was measured. */
  readonly metrics: readonly MetricStatus[] | null;
  /** A metric of which nothing is known. */
  readonly failed: NoProposal | null;
  readonly memory: ScaleMemory;
}

export interface Situation {
  /** Of the clusters that could be asked, together. */
  readonly load: WorkloadLoad;
  /** As the template asks for; not none. */
  readonly current: number;
  /** The part of it that those clusters were told to run. */
  readonly calibration: number;
  readonly memory: ScaleMemory;
  readonly now: Millis;
  readonly tuning: Tuning;
}

export function decide(spec: FederatedHPASpec, situation: Situation): Decision {
  const { load, current, calibration, now, tuning } = situation;
  const { minReplicas = 1, maxReplicas, metrics = [], behavior } = spec;
  // Bounds that cross have been let through by a hub that looks at nothing.
  const min = Math.max(0, minReplicas);
  const max = Math.max(min, maxReplicas);
  const begun = situation.memory;
  // Who has just begun does not know what there was to do before: for a while there are no fewer than there are.
  const memory = begun.recommended.length > 0 ? begun : withRecommendation(begun, current, now);
  const atOnce = (desired: number, why: string): Decision => {
    return { desired, why, conditions: [], metrics: null, failed: null, memory };
  };
  if (current > max) return atOnce(max, 'Current number of replicas above Spec.MaxReplicas');
  if (current < min) return atOnce(min, 'Current number of replicas below Spec.MinReplicas');
  const scale = { current, calibration, tolerance: tuning.tolerance };
  const { best, statuses, failed } = proposalsOf(metrics, { load, scale, now, tuning });
  if (best === null) {
    const { reason, message } = failed ?? NO_METRICS;
    const inactive: ConditionState = { type: SCALING.active, status: 'False', reason, message };
    return { desired: null, why: '', conditions: [inactive], metrics: null, failed: failed ?? NO_METRICS, memory };
  }
  const { replicas: wanted, by } = best;
  const windowMs = tuning.downscaleStabilizationMs;
  const steady =
    behavior === undefined
      ? stabilize(wanted, memory, windowMs, now)
      : stabilizeBy(behavior, wanted, current, memory, windowMs, now);
  const bounds = { current, min, max };
  const bounded =
    behavior === undefined ? limit(steady.replicas, bounds) : limitBy(behavior, steady.replicas, bounds, memory, now);
  const desired = bounded.replicas;
  const active = { type: SCALING.active, status: 'True' as const, reason: 'ValidMetricFound', message: `by ${by}` };
  return {
    desired,
    why: desired > current ? `${by} above target` : desired < current ? 'All metrics below target' : '',
    conditions: [
      active,
      stateOf(SCALING.able, true, steady),
      stateOf(SCALING.limited, desired !== steady.replicas, bounded),
    ],
    metrics: statuses,
    failed,
    memory: withRecommendation(memory, wanted, now),
  };
}

const stateOf = (type: string, holds: boolean, { reason, message }: Said): ConditionState => ({
  type,
  status: holds ? 'True' : 'False',
  reason,
  message,
});

const NO_METRICS: NoProposal = { ok: false, reason: 'InvalidMetricSourceType', message: 'there are no metrics' };
