// From what is measured to how many there should be.
//
// Shares are reckoned in the same steps with the same doubles as Kubernetes does it, and so with the same bits on every machine: where
// a count hangs on the last of them, as at 88 of 80 percent, it is the same count.
import { INT32_MAX } from '../kube/scalar-shapes.ts';
import type { Sample, SortedPods } from './sorted-pods.ts';

export interface Scale {
  /** As the template asks for. */
  readonly current: number;
  /** What the clusters were told, as a part of that: those out of sight are taken to do as those in sight. */
  readonly calibration: number;
  readonly tolerance: number;
}

/** What pods should use: a percentage of what they request, or an amount. */
export type Goal =
  | { readonly percent: number; readonly requestOf: (sample: Sample) => number }
  | { readonly amount: number };

export interface Count {
  readonly replicas: number;
  /** Of those whose measurement counts. */
  readonly average: number;
  readonly percent: number | null;
}

interface Usage {
  readonly ratio: number;
  readonly average: number;
  readonly percent: number | null;
}

const ceil = (value: number): number => Math.min(INT32_MAX, Math.ceil(value));

const isWithin = (ratio: number, tolerance: number): boolean => Math.abs(1 - ratio) <= tolerance;

/** Null where nothing that was measured says anything. */
export function countByPods({ ready, unready, missing }: SortedPods, goal: Goal, scale: Scale): Count | null {
  const { current, calibration, tolerance } = scale;
  const usage = usageOf(ready, goal);
  if (usage === null) return null;
  const { ratio, average, percent } = usage;
  const found = (replicas: number): Count => ({ replicas, average, percent });
  const growsBesideUnready = unready.length > 0 && ratio > 1;
  if (!growsBesideUnready && missing.length === 0) {
    return found(isWithin(ratio, tolerance) ? current : ceil((ratio * ready.length) / calibration));
  }
  // Who is not known is taken to use what speaks against the change: nothing where there are to be more, and else all that it may.
  const idle = (sample: Sample): Sample => ({ ...sample, value: 0 });
  const busy = (sample: Sample): Sample => ({ ...sample, value: busiest(sample, goal) });
  const counted = [
    ...ready,
    ...(ratio < 1 ? missing.map(busy) : ratio > 1 ? missing.map(idle) : []),
    ...(growsBesideUnready ? unready.map(idle) : []),
  ];
  const again = usageOf(counted, goal)?.ratio ?? ratio;
  const turns = (ratio < 1 && again > 1) || (ratio > 1 && again < 1);
  if (isWithin(again, tolerance) || turns) return found(current);
  const replicas = ceil((again * counted.length) / calibration);
  const goesTheOtherWay = (again < 1 && replicas > current) || (again > 1 && replicas < current);
  return found(goesTheOtherWay ? current : replicas);
}

const busiest = (sample: Sample, goal: Goal): number =>
  'amount' in goal ? goal.amount : Math.trunc((goal.requestOf(sample) * Math.max(100, goal.percent)) / 100);

/** Sums may be larger than a double holds exactly. */
function usageOf(samples: readonly Sample[], goal: Goal): Usage | null {
  if (samples.length === 0) return null;
  const total = samples.reduce((sum, { value }) => sum + BigInt(value ?? 0), 0n);
  const average = Number(total / BigInt(samples.length));
  if ('amount' in goal) return { ratio: average / goal.amount, average, percent: null };
  const requested = samples.reduce((sum, sample) => sum + BigInt(goal.requestOf(sample)), 0n);
  if (requested === 0n) return null;
  const percent = Math.min(INT32_MAX, Number((total * 100n) / requested));
  return { ratio: percent / goal.percent, average, percent };
}

/** By one value that all pods have a part in. */
export function countByValue(value: number, goal: number, ready: number, scale: Scale): number {
  const ratio = value / goal;
  return isWithin(ratio, scale.tolerance) ? scale.current : ceil((ratio * ready) / scale.calibration);
}

/** By one value of which each of those that are there is to have so much. Karmada calibrates it twice; once is right. */
export function countByShare(value: number, goal: number, present: number, scale: Scale): number {
  const isEnough = isWithin(value / (goal * present), scale.tolerance);
  return ceil((isEnough ? present : value / goal) / scale.calibration);
}
