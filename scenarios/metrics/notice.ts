// What the metrics take from what happens: which clusters the hub holds for well, and for which bindings something was decided.
import {
  type Cluster,
  COLLECTIONS,
  hasConditionStatus,
  isObject,
  type ObjectKey,
  type TraceLine,
} from '../../engine/index.ts';
import type { Standing } from './faults.ts';

/** Null for one that is gone. */
export function standingOf(cluster: Cluster | null): Standing {
  if (cluster === null) return { isReady: false, isWanted: false };
  const { metadata, spec, status } = cluster;
  return {
    isReady: hasConditionStatus(status?.conditions, 'Ready', 'True'),
    isWanted:
      metadata.deletionTimestamp === undefined && spec.taints?.some(({ effect }) => effect === 'NoExecute') !== true,
  };
}

/** Controllers that say where a workload goes. */
export const DECIDERS: ReadonlySet<string> = new Set(['scheduler', 'fleet-follower', 'descheduler']);
const BINDINGS = new Set<string>([COLLECTIONS.bindings, COLLECTIONS.clusterBindings]);

const NONE: readonly ObjectKey[] = [];

/** The bindings that a step wrote places of, or a refusal. */
export function decidedIn(line: TraceLine): readonly ObjectKey[] {
  if (line.type !== 'step' || line.commands.length === 0 || !DECIDERS.has(line.controller)) return NONE;
  return line.commands.flatMap((command) => {
    if (!('key' in command) || !BINDINGS.has(command.key.collection) || !('patch' in command)) return [];
    const { patch } = command;
    const isPlaced = isObject(patch.spec) && Array.isArray(patch.spec.clusters);
    const conditions = isObject(patch.status) ? patch.status.conditions : undefined;
    const isRefused = hasConditionStatus(conditions as Conditions, 'Scheduled', 'False');
    return isPlaced || isRefused ? [command.key] : [];
  });
}

type Conditions = Parameters<typeof hasConditionStatus>[0];
