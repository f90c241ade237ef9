// FederatedResourceQuota -> Works: a ResourceQuota in each cluster that something is assigned to, and none anywhere else.
import type { Cluster } from '../../api/cluster.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import { clusterOfExecutionSpace, executionSpaceOf, LABELS, workNameOf } from '../../api/names.ts';
import type { FederatedResourceQuota, StaticAssignment } from '../../api/quota.ts';
import type { Work } from '../../api/work.ts';
import type { Command } from '../../control/command.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type View } from '../../control/controller.ts';
import type { KubeObject } from '../../kube/meta.ts';
import type { Millis } from '../../kube/time.ts';
import { soleWork } from '../../propagate/sole-work.ts';
import type { Change } from '../../store/change.ts';
import type { IndexDefinition } from '../../store/indexes.ts';
import { isOther, isWish } from '../changes.ts';
import { onceMore } from '../once-more.ts';
import { renewed, taken } from '../works/own-works.ts';
import { event } from '../writes.ts';

/** "namespace/name" of a quota. */
export type QuotaKey = string;

export const quotaKeyOf = ({ metadata }: Pick<KubeObject, 'metadata'>): QuotaKey =>
  `${metadata.namespace ?? ''}/${metadata.name}`;

/** Of the quota that a Work is for; null where it is for none. */
export function quotaKeyIn({ metadata: { labels = {} } }: Pick<KubeObject, 'metadata'>): QuotaKey | null {
  const [namespace, name] = [labels[LABELS.quotaNamespace], labels[LABELS.quotaName]];
  return namespace === undefined || name === undefined ? null : `${namespace}/${name}`;
}

export const WORKS_BY_QUOTA: IndexDefinition = {
  name: 'work-by-quota',
  collection: COLLECTIONS.works,
  valuesOf: (work) => {
    const key = quotaKeyIn(work);
    return key === null ? [] : [key];
  },
};

export const worksOfQuota = (key: QuotaKey, view: View): readonly Work[] =>
  view.byIndex(COLLECTIONS.works, WORKS_BY_QUOTA.name, key) as unknown as readonly Work[];

export function quotaAt(key: QuotaKey, view: View): FederatedResourceQuota | null {
  const [namespace, name] = key.split('/') as [string, string];
  return view.get(COLLECTIONS.quotas, namespace, name) as unknown as FederatedResourceQuota | null;
}

export const quotaSync: Controller = {
  name: 'federated-resource-quota-sync',
  indexes: [WORKS_BY_QUOTA],
  ignoresEchoes: true,
  watches: [
    { on: 'hub', collection: COLLECTIONS.quotas, isOptional: true, keysOf: ofQuota },
    { on: 'hub', collection: COLLECTIONS.clusters, keysOf: ofCluster },
    { on: 'hub', collection: COLLECTIONS.works, keysOf: ofOwnWork },
  ],
  reconcile,
};

function ofQuota({ type, object, previous }: Change): readonly QuotaKey[] {
  const [now, before] = [object, previous] as unknown as readonly (FederatedResourceQuota | null)[];
  const isNews = type !== 'MODIFIED' || isOther(now?.spec.staticAssignments, before?.spec.staticAssignments);
  return isNews ? [quotaKeyOf(object)] : [];
}

/** One that joins gets what is assigned to it. */
function ofCluster({ type, object }: Change, view: View): readonly QuotaKey[] {
  if (type !== 'ADDED') return [];
  const quotas = view.list(COLLECTIONS.quotas) as unknown as readonly FederatedResourceQuota[];
  return quotas
    .filter(({ spec }) => assignmentIn(spec.staticAssignments, object.metadata.name) !== null)
    .map((quota) => quotaKeyOf(quota as unknown as KubeObject));
}

/** One that is lost is made again, one that somebody changed is put right, and one whose quota has gone goes as well. */
function ofOwnWork(change: Change): readonly QuotaKey[] {
  const key = quotaKeyIn(change.object) ?? (change.previous === null ? null : quotaKeyIn(change.previous));
  return key !== null && isWish(change) ? [key] : [];
}

/** The first of them that names it. */
const assignmentIn = (assignments: readonly StaticAssignment[] | undefined, cluster: string): StaticAssignment | null =>
  assignments?.find(({ clusterName }) => clusterName === cluster) ?? null;

function reconcile(key: QuotaKey, view: View, now: Millis): Outcome {
  const quota = quotaAt(key, view);
  // One that is not seen yet may be there all the same.
  if (quota === null && !view.isSynced(COLLECTIONS.quotas)) return NOTHING_TO_DO;
  const assignments = quota?.spec.staticAssignments;
  const leaving = worksOfQuota(key, view)
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .filter(({ metadata: { namespace = '' } }) => {
      const cluster = clusterOfExecutionSpace(namespace);
      return cluster === null || assignmentIn(assignments, cluster) === null;
    })
    .map(taken);
  const clusters = view.list(COLLECTIONS.clusters) as unknown as readonly Cluster[];
  const building = clusters.flatMap((cluster): readonly Command[] => {
    const assignment = assignmentIn(assignments, cluster.metadata.name);
    if (quota === null || assignment === null || cluster.metadata.deletionTimestamp !== undefined) return [];
    return inCluster(quota, assignment, view);
  });
  const { waitMs, remember } = building.length === 0 ? { waitMs: 0, remember: undefined } : onceMore(view, now);
  if (waitMs > 0) return { commands: leaving, requeue: { afterMs: waitMs }, events: [] };
  const commands = [...leaving, ...building];
  const about = { collection: COLLECTIONS.quotas, namespace: key.split('/')[0]!, name: key.split('/')[1]! };
  const told = `it is assigned to ${building.length === 1 ? 'a cluster' : `${building.length} clusters`}`;
  const events =
    building.length === 0
      ? []
      : [event('Normal', 'FederatedResourceQuota', about, 'SyncFederatedResourceQuotaSucceed', told)];
  return { commands, requeue: 'await-change', events, ...(remember !== undefined && { remember }) };
}

function inCluster(quota: FederatedResourceQuota, assignment: StaticAssignment, view: View): readonly Command[] {
  const { namespace = '', name } = quota.metadata;
  const space = executionSpaceOf(assignment.clusterName);
  const stored = view.get(COLLECTIONS.works, space, workNameOf(KIND, name, namespace)) as unknown as Work | null;
  return renewed(stored, workFor(quota, assignment, stored));
}

const KIND = 'ResourceQuota';

function workFor(
  { metadata: { namespace = '', name, uid = '' } }: FederatedResourceQuota,
  { clusterName: cluster, hard }: StaticAssignment,
  stored: Work | null,
): Work {
  // It is nobody's template: what it is made from has another kind.
  const manifest: KubeObject = { apiVersion: 'v1', kind: KIND, metadata: { namespace, name }, spec: { hard } };
  return soleWork(stored, {
    name: workNameOf(KIND, name, namespace),
    cluster,
    seed: `${uid}/${executionSpaceOf(cluster)}`,
    manifest,
    labels: { [LABELS.quotaNamespace]: namespace, [LABELS.quotaName]: name },
  });
}
