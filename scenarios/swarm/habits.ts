// What can happen at all in one run of the swarm: drawn before anything else, with some of it switched off, since a run in which
// some things never happen and others often goes further than one in which everything happens a little.
import type { Random } from '../../engine/index.ts';

const WORKLOADS = ['deployment', 'stateful', 'config', 'job', 'daemon'] as const;
const OPERATIONS = [
  'scale',
  'recreate',
  'rollout',
  'edit-policy',
  'delete-workload',
  'delete-policy',
  'delete-namespace',
  'cordon',
  'taint',
  'remove-cluster',
  'retire-cluster',
  'add-cluster',
  'resize',
  'override',
  'suspend',
  'rebalance',
] as const;

export type WorkloadSort = (typeof WORKLOADS)[number];
export type Operation = (typeof OPERATIONS)[number];

export interface SwarmHabits {
  readonly profile: 'karmada' | 'muster';
  readonly minutes: number;
  readonly workloads: readonly WorkloadSort[];
  readonly workloadCount: number;
  readonly operations: readonly Operation[];
  readonly operationCount: number;
  readonly faultCount: number;
  /** Some clusters have an agent of their own. */
  readonly pull: boolean;
  /** Faults also strike at the n-th write, and not only at times. */
  readonly triggers: boolean;
  /** Only such faults as hold things up: then the end has to be just what it is without them. */
  readonly isMild: boolean;
  /** Workloads need something that follows them. */
  readonly needs: boolean;
  /** Policies of what few users use: lazy ones, general ones, such as leave everything behind, failover of applications. */
  readonly isOdd: boolean;
}

export function drawHabits(random: Random): SwarmHabits {
  const some = <T>(all: readonly T[], least: number): readonly T[] =>
    random.shuffled(all).slice(0, random.integer(least, all.length));
  return {
    profile: random.chance(1, 4) ? 'karmada' : 'muster',
    minutes: random.integer(3, 12),
    workloads: some(WORKLOADS, 1),
    workloadCount: random.integer(1, 5),
    operations: some(OPERATIONS, 0),
    operationCount: random.integer(0, 10),
    faultCount: random.integer(0, 14),
    pull: random.chance(1, 4),
    triggers: random.chance(1, 2),
    isMild: random.chance(1, 3),
    needs: random.chance(1, 3),
    isOdd: random.chance(1, 3),
  };
}
