// Clusters that would be rejected if they did not run the workload already: the filters let those pass.
import type { Cluster } from '../../api/cluster.ts';
import { formatTaint } from '../../kube/taint.ts';
import type { ScheduleRequest } from '../request.ts';
import { servesKind } from './api-enablement.ts';
import { untoleratedTaints } from './taint-toleration.ts';

/**
 * Why such a cluster keeps what it has and gets no more; null where it may get more. Where everything is placed anew it is weighed
 * as any other: that it takes nothing new is no reason to take from it what it has.
 * Differs from Karmada: there it gets its share of every growth, too.
 */
export function whyNoMore(cluster: Cluster, request: ScheduleRequest): string | null {
  const { previous, placement, spec, profile, fresh } = request;
  if (!profile.switches.closedClustersGetNoMore || fresh || !previous.has(cluster.metadata.name)) return null;
  const taints = untoleratedTaints(cluster, placement);
  if (taints.length > 0) return `no toleration for ${taints.map(formatTaint).join(', ')}: it keeps what it has`;
  const { apiVersion, kind } = spec.resource;
  return servesKind(cluster, apiVersion, kind) ? null : `no API for ${apiVersion} ${kind}: it keeps what it has`;
}
