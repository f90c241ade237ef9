// One decision, on one screen: filter, score, select, assign; affinity groups tried in order.
// This is the readable path. The fast one in `fast/` must always answer the same.
import type { TargetCluster } from '../api/binding.ts';
import type { Cluster } from '../api/cluster.ts';
import type { ClusterAffinity } from '../api/placement.ts';
import type { Profile } from '../profile/profile.ts';
import { assignReplicas } from './assign/assign.ts';
import type { AttemptTrace, Decision, Failure, Outcome, Rejection } from './decision.ts';
import { fail, succeed } from './decision.ts';
import { estimateRoom } from './estimate/estimate.ts';
import { tierOf } from './filter/cluster-affinity.ts';
import type { FleetView } from './fleet-view.ts';
import { type PluginSet, rejectionsOf } from './plugin.ts';
import { noClusterFits } from './reasons.ts';
import { type BindingInput, isRescheduleTriggered, readRequest, type ScheduleRequest } from './request.ts';
import { type Candidate, candidateOrder } from './select/candidate.ts';
import { selectClusters } from './select/select.ts';

export function schedule(binding: BindingInput, fleet: FleetView, profile: Profile, plugins: PluginSet): Decision {
  const terms = affinityTerms(binding);
  const attempts: AttemptTrace[] = [];
  if (terms.length === 0) {
    // A list of groups without a group: nothing is tried and nothing changes.
    return { ok: true, clusters: binding.spec.clusters ?? [], affinity: null, attempts };
  }
  for (const { name, tiers } of terms) {
    const attempt = attemptSchedule(readRequest(binding, profile, tiers), name, fleet, plugins);
    attempts.push(attempt.trace);
    if (attempt.outcome.ok) return { ok: true, clusters: attempt.outcome.value, affinity: name, attempts };
  }
  const told = attempts.reduce((known, one) => (isToldInstead(one.failure!, known.failure!, profile) ? one : known));
  return { ok: false, ...told.failure!, rejected: told.rejected, attempts };
}

/** The first affinity's failure is told, unless it is for good and that of a later one is not. */
export const isToldInstead = (later: Failure, known: Failure, { switches }: Profile): boolean =>
  switches.waitsForRoomInAnyAffinity && known.step === 'filter' && later.step !== 'filter';

interface AffinityTerm {
  readonly name: string | null;
  readonly tiers: readonly ClusterAffinity[];
}

/** The groups from the observed one on; earlier ones are tried again only when a reschedule is triggered. */
export function affinityTerms(binding: BindingInput): readonly AffinityTerm[] {
  const { clusterAffinity, clusterAffinities } = binding.spec.placement ?? {};
  if (clusterAffinities === undefined || clusterAffinities === null) {
    return [{ name: null, tiers: clusterAffinity ? [clusterAffinity] : [] }];
  }
  const observed = binding.status?.schedulerObservingAffinityName;
  const known = clusterAffinities.findIndex((term) => term.affinityName === observed);
  const start = isRescheduleTriggered(binding) ? 0 : Math.max(known, 0);
  return clusterAffinities.slice(start).map(({ affinityName }) => {
    // A group is known by its name alone: where names repeat, which only admission forbids, the first one speaks.
    const term = clusterAffinities.find((each) => each.affinityName === affinityName)!;
    return { name: affinityName, tiers: [term, ...(term.overflowAffinities ?? [])] };
  });
}

function attemptSchedule(
  request: ScheduleRequest,
  affinity: string | null,
  fleet: FleetView,
  plugins: PluginSet,
): { outcome: Outcome<readonly TargetCluster[]>; trace: AttemptTrace } {
  const rejected = new Map<string, readonly Rejection[]>();
  const feasible: Cluster[] = [];
  for (const cluster of fleet.clusters) {
    const rejections = isDeleting(cluster)
      ? [{ filter: 'Deleting', fact: 'the cluster is being deleted' }]
      : rejectionsOf(plugins.filters, cluster, request, fleet);
    if (rejections.length === 0) feasible.push(cluster);
    else rejected.set(cluster.metadata.name, rejections);
  }

  const scores = new Map(feasible.map((cluster) => [cluster.metadata.name, scoreOf(cluster, request, fleet, plugins)]));
  const trace = (failure: Failure | null, selected: readonly Candidate[] | null): AttemptTrace => ({
    affinity,
    rejected,
    scores,
    selected: selected?.map(({ name }) => name) ?? null,
    estimates: new Map(selected?.map(({ name, room }) => [name, room])),
    failure,
  });
  if (feasible.length === 0) {
    const failure = noClusterFits(fleet.clusters.length, rejected);
    return { outcome: fail(failure), trace: trace(failure, null) };
  }

  const candidates = feasible
    .map((cluster) => toCandidate(cluster, scores.get(cluster.metadata.name)!, request, fleet, plugins))
    .sort(candidateOrder);
  const selection = selectClusters(candidates, request);
  if (!selection.ok) return { outcome: selection, trace: trace(selection.failure, null) };
  const assigned = assignReplicas(selection.value, request);
  return {
    outcome: assigned.ok ? succeed(assigned.value) : assigned,
    trace: trace(assigned.ok ? null : assigned.failure, selection.value),
  };
}

export const isDeleting = (cluster: Cluster): boolean => Boolean(cluster.metadata.deletionTimestamp);

export function scoreOf(cluster: Cluster, request: ScheduleRequest, fleet: FleetView, plugins: PluginSet): number {
  return plugins.scores.reduce((sum, plugin) => sum + plugin.score(cluster, request, fleet), 0);
}

export function toCandidate(
  cluster: Cluster,
  score: number,
  request: ScheduleRequest,
  fleet: FleetView,
  plugins: PluginSet,
): Candidate {
  const { name } = cluster.metadata;
  const room = estimateRoom(cluster, request, plugins.estimators, fleet);
  const available = room + (request.previous.get(name)?.replicas ?? 0);
  return { name, cluster, tier: tierOf(cluster, request) ?? 0, score, room, available };
}
