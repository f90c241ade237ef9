// The extension points of a decision, typed by how their results combine, and the ordered registry of plugins.
// Filters intersect and every reason is kept; scores add up; estimators' answers are lowered to the smallest.
import type { Cluster } from '../api/cluster.ts';
import { assert } from '../base/assert.ts';
import type { Rejection } from './decision.ts';
import type { Bound } from './estimate/bounds.ts';
import type { FleetView } from './fleet-view.ts';
import type { ScheduleRequest } from './request.ts';

export interface FilterPlugin {
  readonly name: string;
  /** The fact for which the cluster is out of the question, or null. */
  reject(cluster: Cluster, request: ScheduleRequest, fleet: FleetView): string | null;
}

export interface ScorePlugin {
  readonly name: string;
  /** 0 to 100; more is better. */
  score(cluster: Cluster, request: ScheduleRequest, fleet: FleetView): number;
}

export interface EstimatorPlugin {
  readonly name: string;
  /** How many more replicas (or component sets) the cluster has room for; null where it cannot tell. */
  estimate(cluster: Cluster, request: ScheduleRequest, fleet: FleetView): number | null;
  /** What the estimate is made of, tightest first; asked for only where a decision is explained. */
  bounds?(cluster: Cluster, request: ScheduleRequest, fleet: FleetView): readonly Bound[];
}

export interface PluginSet {
  readonly filters: readonly FilterPlugin[];
  readonly scores: readonly ScorePlugin[];
  readonly estimators: readonly EstimatorPlugin[];
}

/** Position is order, and a name stands once. */
export function extendPlugins(base: PluginSet, added: Partial<PluginSet>): PluginSet {
  const extended = {
    filters: [...base.filters, ...(added.filters ?? [])],
    scores: [...base.scores, ...(added.scores ?? [])],
    estimators: [...base.estimators, ...(added.estimators ?? [])],
  };
  for (const plugins of [extended.filters, extended.scores, extended.estimators]) {
    const names = plugins.map((plugin) => plugin.name);
    const repeated = names.find((name, at) => names.indexOf(name) !== at);
    assert(repeated === undefined, `a plugin named "${repeated}" is registered once`);
  }
  return extended;
}

export function rejectionsOf(
  filters: readonly FilterPlugin[],
  cluster: Cluster,
  request: ScheduleRequest,
  fleet: FleetView,
): Rejection[] {
  const rejections: Rejection[] = [];
  for (const filter of filters) {
    const fact = filter.reject(cluster, request, fleet);
    if (fact !== null) rejections.push({ filter: filter.name, fact });
  }
  return rejections;
}
