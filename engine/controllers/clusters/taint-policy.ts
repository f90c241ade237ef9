// ClusterTaintPolicy: conditions of a cluster put taints on it and take them away again.
import type { Cluster } from '../../api/cluster.ts';
import { compileAffinity } from '../../api/cluster-affinity.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import type { ClusterAffinity } from '../../api/placement.ts';
import { byKey, byText, inOrder } from '../../base/order.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type View } from '../../control/controller.ts';
import { findCondition } from '../../kube/conditions.ts';
import type { JsonObject } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import type { Taint } from '../../kube/taint.ts';
import { formatTime, type Millis } from '../../kube/time.ts';
import type { Change } from '../../store/change.ts';
import { isOther } from '../changes.ts';
import type { ControlPorts } from '../ports.ts';
import { event, patch } from '../writes.ts';

interface ConditionMatch {
  readonly conditionType: string;
  readonly operator: 'In' | 'NotIn';
  readonly statusValues: readonly string[];
}

interface TaintPolicySpec {
  readonly targetClusters?: ClusterAffinity;
  readonly addOnConditions?: readonly ConditionMatch[];
  readonly removeOnConditions?: readonly ConditionMatch[];
  readonly taints: readonly Taint[];
}

/** Karmada sorts by age alone; the name settles what is of one age. */
const oldestFirst = inOrder<KubeObject>(
  byKey(({ metadata }) => metadata.creationTimestamp ?? '', byText),
  byKey(({ metadata }) => metadata.name, byText),
);

export function taintPolicy({ profile }: ControlPorts): Controller {
  return {
    name: 'cluster-taint-policy',
    watches: [
      { on: 'hub', collection: COLLECTIONS.clusters, keysOf: ofCluster },
      { on: 'hub', collection: COLLECTIONS.taintPolicies, keysOf: ofPolicy },
    ],
    reconcile: (name, view, now) => (profile.gates.Failover ? reconcile(name, view, now) : NOTHING_TO_DO),
  };
}

/** When its conditions change: a taint that somebody takes away meanwhile stays away until then. */
function ofCluster({ type, object, previous }: Change): readonly string[] {
  if (type === 'DELETED') return [];
  const [now, before] = [object, previous].map((one) => (one as unknown as Cluster | null)?.status?.conditions);
  return type === 'ADDED' || isOther(now, before) ? [object.metadata.name] : [];
}

/** When what it says changes: with it goes nothing that it has done. */
const ofPolicy = ({ type, object, previous }: Change, view: View): readonly string[] =>
  type === 'ADDED' || (type === 'MODIFIED' && isOther(object.spec, previous?.spec))
    ? view.list(COLLECTIONS.clusters).map(({ metadata }) => metadata.name)
    : [];

function reconcile(name: string, view: View, now: Millis): Outcome {
  const found = view.get(COLLECTIONS.clusters, '', name);
  if (found === null || found.metadata.deletionTimestamp !== undefined) return NOTHING_TO_DO;
  const cluster = found as unknown as Cluster;
  const before = cluster.spec.taints ?? [];
  let taints: readonly Taint[] = before;
  for (const policy of [...view.list(COLLECTIONS.taintPolicies)].sort(oldestFirst)) {
    const spec = policy.spec as TaintPolicySpec;
    if (spec.targetClusters !== undefined && compileAffinity(spec.targetClusters)(cluster) !== null) continue;
    if (holds(spec.addOnConditions, cluster)) taints = withTaints(taints, spec.taints, now);
    if (holds(spec.removeOnConditions, cluster)) taints = withoutTaints(taints, spec.taints);
  }
  if (taints === before) return NOTHING_TO_DO;
  const key = { collection: COLLECTIONS.clusters, namespace: '', name };
  const change = { spec: { taints } } as unknown as JsonObject;
  const told = event('Normal', 'Cluster', key, 'TaintClusterSucceed', 'its taints follow its conditions');
  return { commands: [patch(key, found, change)], requeue: 'await-change', events: [told] };
}

/** All of them; none at all means never. */
const holds = (matches: readonly ConditionMatch[] | undefined, { status }: Cluster): boolean =>
  matches !== undefined &&
  matches.length > 0 &&
  matches.every(({ conditionType, operator, statusValues }) => {
    const condition = findCondition(status?.conditions, conditionType);
    if (condition === undefined) return false;
    return statusValues.includes(condition.status) === (operator === 'In');
  });

const isSame = (a: Taint, b: Taint): boolean => a.key === b.key && a.effect === b.effect;

function withTaints(taints: readonly Taint[], wanted: readonly Taint[], now: Millis): readonly Taint[] {
  const missing = wanted.filter((taint) => !taints.some((one) => isSame(one, taint)));
  if (missing.length === 0) return taints;
  return [...taints, ...missing.map((taint) => ({ ...taint, timeAdded: formatTime(now) }))];
}

function withoutTaints(taints: readonly Taint[], unwanted: readonly Taint[]): readonly Taint[] {
  const left = taints.filter((taint) => !unwanted.some((one) => isSame(one, taint)));
  return left.length === taints.length ? taints : left;
}
