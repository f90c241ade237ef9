// Remedies + conditions of clusters -> what is asked of whoever steers traffic, in the status of each cluster.
import type { Cluster } from '../../api/cluster.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import type { DecisionMatch, Remedy } from '../../api/remedy.ts';
import { byText } from '../../base/order.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type View } from '../../control/controller.ts';
import { findCondition } from '../../kube/conditions.ts';
import { deepEqual } from '../../kube/json.ts';
import type { Condition, KubeObject } from '../../kube/meta.ts';
import type { Change } from '../../store/change.ts';
import { isOther, isWish } from '../changes.ts';
import { patchStatus } from '../writes.ts';

export const remedies: Controller = {
  name: 'remedy',
  ignoresEchoes: true,
  watches: [
    { on: 'hub', collection: COLLECTIONS.clusters, keysOf: ofCluster },
    { on: 'hub', collection: COLLECTIONS.remedies, isOptional: true, keysOf: ofRemedy },
  ],
  reconcile: (name, view) => reconcile(name, view),
};

const asCluster = (object: KubeObject | null): Cluster | null => object as unknown as Cluster | null;

function ofCluster({ type, object, previous }: Change, view: View): readonly string[] {
  if (type === 'DELETED') return [];
  const [now, before] = [asCluster(object)?.status, asCluster(previous)?.status];
  if (now?.remedyActions === undefined && view.list(COLLECTIONS.remedies).length === 0) return [];
  const isNews = isOther(now?.conditions, before?.conditions) || isOther(now?.remedyActions, before?.remedyActions);
  return type === 'ADDED' || isNews ? [object.metadata.name] : [];
}

function ofRemedy(change: Change, view: View): readonly string[] {
  if (!isWish(change)) return [];
  const versions = [change.object, change.previous].filter((one) => one !== null) as unknown as readonly Remedy[];
  return view
    .list(COLLECTIONS.clusters)
    .map(({ metadata }) => metadata.name)
    .filter((name) => versions.some((remedy) => isAbout(remedy, name)));
}

const isAbout = ({ spec: { clusterAffinity } }: Remedy, cluster: string): boolean =>
  clusterAffinity === undefined || clusterAffinity.clusterNames?.includes(cluster) === true;

function reconcile(name: string, view: View): Outcome {
  const cluster = asCluster(view.get(COLLECTIONS.clusters, '', name));
  // Remedies that are not seen yet may be there all the same.
  if (cluster === null || cluster.metadata.deletionTimestamp !== undefined || !view.isSynced(COLLECTIONS.remedies)) {
    return NOTHING_TO_DO;
  }
  const { conditions, remedyActions = [] } = cluster.status ?? {};
  const actions = (view.list(COLLECTIONS.remedies) as unknown as readonly Remedy[])
    .filter((remedy) => isAbout(remedy, name) && isDue(remedy.spec.decisionMatches, conditions))
    .flatMap(({ spec }) => spec.actions ?? []);
  const wanted = [...new Set(actions)].sort(byText);
  if (deepEqual(wanted, remedyActions)) return NOTHING_TO_DO;
  const key = { collection: COLLECTIONS.clusters, namespace: '', name };
  const { uid } = cluster.metadata;
  const command = patchStatus(
    key,
    { metadata: { name, ...(uid !== undefined && { uid }) } },
    {
      remedyActions: wanted.length === 0 ? null : wanted,
    },
  );
  return { commands: [command], requeue: 'await-change', events: [] };
}

/**
 * Any of them will do, of a condition that the cluster has.
 *
 * Differs from Karmada: an empty list is none, and acts at once, as its documentation says; there it never acts.
 */
function isDue(matches: readonly DecisionMatch[] | undefined, conditions: readonly Condition[] | undefined): boolean {
  if (matches === undefined || matches.length === 0) return true;
  return matches.some(({ clusterConditionMatch: match }) => {
    const found = match === undefined ? undefined : findCondition(conditions, match.conditionType);
    if (match === undefined || found === undefined) return false;
    return (found.status === match.conditionStatus) === (match.operator === 'Equal');
  });
}
