// Lets rejected clusters in: for each of them all the changes that its filters ask for.
import type { WorkloadAffinityGroups } from '../../api/binding.ts';
import type { Cluster, ClusterStatus } from '../../api/cluster.ts';
import type { ClusterAffinityTerm } from '../../api/placement.ts';
import { byKey, byNumber, byText, inOrder, reversed } from '../../base/order.ts';
import { formatTaint, isTolerated, type Taint } from '../../kube/taint.ts';
import type { AttemptTrace } from '../decision.ts';
import { readConstraints } from '../select/topology/constraints.ts';
import { type Change, placementOf, type Relaxation, type Relaxed, type Situation, withPlacement } from './situation.ts';
import { widenAffinity } from './widen-affinity.ts';

/** Ways to let clusters in that one step of the search looks at: the shortest, and of those the most rewarding. */
const WAYS_MAX = 32;

export const admitClusters: Relaxation = (situation, refusal) => {
  const ways = new Map<string, Relaxed & { clusters: number; first: string }>();
  const clusters = new Map(situation.fleet.clusters.map((cluster) => [cluster.metadata.name, cluster]));
  for (const attempt of refusal.attempts) {
    for (const name of attempt.rejected.keys()) {
      const way = admit(situation, clusters.get(name)!, attempt);
      if (way === null) continue;
      const key = way.changes.map(({ what }) => what).join('; ');
      const known = ways.get(key);
      if (known === undefined) ways.set(key, { ...way, clusters: 1, first: name });
      else known.clusters += 1;
    }
  }
  return [...ways.values()].sort(shortestFirst).slice(0, WAYS_MAX);
};

const shortestFirst = inOrder(
  byKey((way: Relaxed & { clusters: number; first: string }) => way.changes.length, byNumber),
  reversed(byKey((way: { clusters: number }) => way.clusters, byNumber)),
  byKey((way: { first: string }) => way.first, byText),
);

/** Null where a filter rejects the cluster for something that nobody can change. */
function admit(situation: Situation, cluster: Cluster, attempt: AttemptTrace): Relaxed | null {
  let reached = situation;
  const changes: Change[] = [];
  for (const { filter } of attempt.rejected.get(cluster.metadata.name)!) {
    const way = REMEDIES.get(filter)?.(reached, cluster, attempt.affinity) ?? null;
    if (way === null) return null;
    reached = way.situation;
    changes.push(...way.changes);
  }
  return changes.length === 0 ? null : { changes, situation: reached };
}

type Remedy = (situation: Situation, cluster: Cluster, affinity: string | null) => Relaxed | null;

/** What helps against each filter; a filter without an entry is final. */
const REMEDIES: ReadonlyMap<string, Remedy> = new Map([
  ['APIEnablement', serveKind],
  ['TaintToleration', tolerateTaints],
  ['ClusterAffinity', widen],
  ['SpreadConstraint', dropConstraints],
  ['ClusterEviction', endEviction],
  ['WorkloadAffinity', (situation) => leaveGroup(situation, 'affinityGroup', 'affinity')],
  ['WorkloadAntiAffinity', (situation) => leaveGroup(situation, 'antiAffinityGroup', 'anti-affinity')],
]);

function serveKind(situation: Situation, cluster: Cluster): Relaxed {
  const { apiVersion, kind } = situation.binding.spec.resource;
  const status: ClusterStatus = {
    ...cluster.status,
    apiEnablements: [
      ...(cluster.status?.apiEnablements ?? []),
      { groupVersion: apiVersion, resources: [{ name: '', kind }] },
    ],
  };
  const change: Change = { on: 'fleet', what: `serve ${apiVersion} ${kind} on ${cluster.metadata.name}` };
  return { changes: [change], situation: withCluster(situation, { ...cluster, status }) };
}

function withCluster(situation: Situation, changed: Cluster): Situation {
  const { fleet } = situation;
  const clusters = fleet.clusters.map((cluster) =>
    cluster.metadata.name === changed.metadata.name ? changed : cluster,
  );
  return { ...situation, fleet: { ...fleet, clusters } };
}

function tolerateTaints(situation: Situation, cluster: Cluster): Relaxed {
  const { clusterTolerations: tolerations = [] } = placementOf(situation);
  const missing = (cluster.spec.taints ?? []).filter(
    (taint) => taint.effect !== 'PreferNoSchedule' && !isTolerated(taint, tolerations),
  );
  const changes = missing.map((taint): Change => ({ on: 'policy', what: `tolerate ${formatTaint(taint)}` }));
  const added = missing.map(({ key, value, effect }: Taint) =>
    value ? { key, operator: 'Equal', value, effect } : { key, operator: 'Exists', effect },
  );
  const tolerant = withPlacement(situation, (placement) => ({
    ...placement,
    clusterTolerations: [...tolerations, ...added],
  }));
  return { changes, situation: tolerant };
}

function widen(situation: Situation, cluster: Cluster, affinity: string | null): Relaxed | null {
  const { clusterAffinity, clusterAffinities = [] } = placementOf(situation);
  const term = affinity === null ? clusterAffinity : clusterAffinities.find((each) => each.affinityName === affinity);
  const wider = term ? widenAffinity(term, cluster) : null;
  if (wider === null) return null;
  const group = affinity === null ? '' : ` (group ${affinity})`;
  const terms = clusterAffinities.map((each) => (each === term ? (wider.value as ClusterAffinityTerm) : each));
  const changed = affinity === null ? { clusterAffinity: wider.value } : { clusterAffinities: terms };
  return {
    changes: wider.changes.map((what): Change => ({ on: 'policy', what: `${what}${group}` })),
    situation: withPlacement(situation, (placement) => ({ ...placement, ...changed })),
  };
}

function dropConstraints(situation: Situation, cluster: Cluster): Relaxed {
  const { spreadConstraints: constraints = [] } = placementOf(situation);
  const read = readConstraints(constraints, situation.profile);
  const lacks = read.filter((constraint) => constraint.groupsOf(cluster).length === 0);
  return {
    changes: lacks.map(({ field }): Change => ({ on: 'policy', what: `drop the spread over ${field}` })),
    situation: withPlacement(situation, (placement) => ({
      ...placement,
      spreadConstraints: constraints.filter((_, at) => !lacks.includes(read[at]!)),
    })),
  };
}

function endEviction(situation: Situation, cluster: Cluster): Relaxed {
  const { name } = cluster.metadata;
  const { binding } = situation;
  const gracefulEvictionTasks = (binding.spec.gracefulEvictionTasks ?? []).filter((task) => task.fromCluster !== name);
  return {
    changes: [{ on: 'workload', what: `end the eviction from ${name}` }],
    situation: { ...situation, binding: { ...binding, spec: { ...binding.spec, gracefulEvictionTasks } } },
  };
}

function leaveGroup(situation: Situation, field: keyof WorkloadAffinityGroups, noun: string): Relaxed | null {
  const { binding } = situation;
  const { [field]: group, ...workloadAffinityGroups } = binding.spec.workloadAffinityGroups ?? {};
  if (group === undefined) return null;
  return {
    changes: [{ on: 'policy', what: `leave the ${noun} group ${group}` }],
    situation: { ...situation, binding: { ...binding, spec: { ...binding.spec, workloadAffinityGroups } } },
  };
}
