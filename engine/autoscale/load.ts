// What a cluster tells of a workload that is to be scaled: how many there are, what its pods ask for, and what they use. All amounts
// are whole thousandths.
import type { MetricIdentifier, ScaleTarget } from '../api/autoscaling.ts';
import type { ConditionStatus } from '../kube/meta.ts';
import type { Millis } from '../kube/time.ts';

/** What is asked for beside the pods themselves. */
export interface LoadWish {
  /** What of containers is of interest: cpu, memory. */
  readonly resources: readonly string[];
  /** Of each pod. */
  readonly pods: readonly MetricIdentifier[];
  readonly objects: readonly { readonly object: ScaleTarget; readonly metric: MetricIdentifier }[];
}

export interface WorkloadLoad {
  /** As its scale says: how many are to be there, and how many there are. */
  readonly replicas: number;
  readonly present: number;
  /** Null where its scale does not say which pods are its own. */
  readonly pods: readonly PodLoad[] | null;
  /** Of the objects that were asked for, in their order; null for what nobody measures there. */
  readonly objects: readonly (number | null)[];
}

export type Amounts = Readonly<Record<string, number>>;

export interface ContainerLoad {
  readonly name: string;
  readonly requests: Amounts;
}

export interface PodLoad {
  readonly name: string;
  readonly phase: string;
  /** Told to go. */
  readonly isGoing?: boolean;
  readonly startedAt?: Millis;
  readonly ready?: { readonly status: ConditionStatus; readonly since: Millis };
  readonly containers: readonly ContainerLoad[];
  /** Where it has been measured. */
  readonly usage?: PodUsage;
  /** Of the metrics that were asked for, in their order; null for what nobody measures of it. */
  readonly metrics?: readonly (number | null)[];
}

export interface PodUsage {
  /** When, and over which time before. */
  readonly at: Millis;
  readonly windowMs: Millis;
  readonly containers: readonly { readonly name: string; readonly usage: Amounts }[];
}

/** All clusters together, as one that holds them. */
export function wholeLoad(loads: readonly WorkloadLoad[]): WorkloadLoad {
  const pods = loads.flatMap((one) => one.pods ?? []);
  const [first] = loads;
  return {
    replicas: loads.reduce((sum, { replicas }) => sum + replicas, 0),
    present: loads.reduce((sum, { present }) => sum + present, 0),
    pods: loads.every((one) => one.pods === null) ? null : pods,
    // An object of several clusters is one that is measured in parts.
    objects: (first?.objects ?? []).map((_, at) =>
      loads.reduce<number | null>((sum, { objects }) => plus(sum, objects[at] ?? null), null),
    ),
  };
}

const plus = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : a + b);
