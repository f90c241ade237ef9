// Roles of the hub -> members: whoever may go through the hub into a cluster may be acted for there, by the account whose token the hub
// has, and nobody else. The member then judges by its own roles what they may do.
import type { Cluster } from '../../api/cluster.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import { ANNOTATIONS, clusterOfExecutionSpace, executionSpaceOf, workNameOf } from '../../api/names.ts';
import type { Work } from '../../api/work.ts';
import type { Command } from '../../control/command.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type View } from '../../control/controller.ts';
import { deepEqual, type JsonObject } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import type { Millis } from '../../kube/time.ts';
import { withMarks } from '../../propagate/manifest.ts';
import { soleWork } from '../../propagate/sole-work.ts';
import type { Change } from '../../store/change.ts';
import { keyOf } from '../../store/key.ts';
import { isOther, isWish } from '../changes.ts';
import { onceMore } from '../once-more.ts';
import { renewed } from '../works/own-works.ts';
import { event, remove } from '../writes.ts';
import {
  clustersBehind,
  guestsOf,
  IMPERSONATOR,
  impersonationRules,
  roleGivenBy,
} from './unified-auth/impersonation.ts';

const { clusters: CLUSTERS, clusterRoles: ROLES, clusterRoleBindings: BINDINGS, works: WORKS } = COLLECTIONS;
const RBAC = 'rbac.authorization.k8s.io';
const CLUSTER_API = 'cluster.karmada.io/v1alpha1';

export const unifiedAuth: Controller = {
  name: 'unified-auth',
  ignoresEchoes: true,
  watches: [
    { on: 'hub', collection: CLUSTERS, keysOf: ofCluster },
    { on: 'hub', collection: ROLES, keysOf: ofRole },
    { on: 'hub', collection: BINDINGS, keysOf: ofBinding },
    { on: 'hub', collection: WORKS, keysOf: ofOwnWork },
    { on: 'hub', collection: COLLECTIONS.namespaces, keysOf: ofSpace },
  ],
  reconcile: (name, view, now) => {
    const cluster = view.get(CLUSTERS, '', name) as unknown as Cluster | null;
    // Its Works are owned by it, and go with it.
    if (cluster === null || cluster.metadata.deletionTimestamp !== undefined) return NOTHING_TO_DO;
    if (view.get(COLLECTIONS.namespaces, '', executionSpaceOf(name)) === null) return NOTHING_TO_DO;
    return written(cluster, hasImpersonator(cluster) ? granted(cluster, view) : withdrawn(name, view), view, now);
  },
};

/** Whoever acts for users with the hub's own credentials may do everything as it is. */
export function hasImpersonator({ spec }: Cluster): boolean {
  const { impersonatorSecretRef: impersonator, secretRef: own } = spec;
  return impersonator != null && !deepEqual(impersonator, own);
}

function ofCluster({ type, object, previous }: Change): readonly string[] {
  if (type === 'DELETED') return [];
  const [now, before] = [object, previous] as unknown as readonly [Cluster, Cluster | null];
  if (before === null) return hasImpersonator(now) ? [now.metadata.name] : [];
  const isSame =
    !isOther(now.spec.impersonatorSecretRef, before.spec.impersonatorSecretRef) &&
    !isOther(now.spec.secretRef, before.spec.secretRef);
  return isSame ? [] : [now.metadata.name];
}

/** Before it has one there is no place for its Works. */
function ofSpace({ type, object }: Change): readonly string[] {
  const cluster = type === 'ADDED' ? clusterOfExecutionSpace(object.metadata.name) : null;
  return cluster === null ? [] : [cluster];
}

function ofRole(change: Change, view: View): readonly string[] {
  if (!isWish(change)) return [];
  const behind = [change.object, change.previous].map((role) => (role === null ? [] : clustersBehind(role)));
  return behind.includes(null) ? withImpersonator(view) : [...new Set(behind.flatMap((names) => names ?? []))];
}

function ofBinding(change: Change, view: View): readonly string[] {
  if (!isWish(change)) return [];
  const roles = [change.object, change.previous].flatMap((binding) => {
    const name = binding === null ? null : roleGivenBy(binding);
    const role = name === null ? null : view.get(ROLES, '', name);
    return role === null ? [] : [role];
  });
  const behind = roles.map(clustersBehind);
  return behind.includes(null) ? withImpersonator(view) : [...new Set(behind.flatMap((names) => names ?? []))];
}

const withImpersonator = (view: View): readonly string[] =>
  view
    .list(CLUSTERS)
    .filter((cluster) => hasImpersonator(cluster as unknown as Cluster))
    .map(({ metadata }) => metadata.name);

const clusterOwning = ({ metadata }: KubeObject): string | null =>
  metadata.ownerReferences?.find(({ kind, controller }) => kind === 'Cluster' && controller === true)?.name ?? null;

/** One that is lost is made again, one that somebody changed is put right, and one that nobody needs any more goes. */
function ofOwnWork(change: Change): readonly string[] {
  const owner = clusterOwning(change.object);
  return owner !== null && isWish(change) ? [owner] : [];
}

function written(cluster: Cluster, commands: readonly Command[], view: View, now: Millis): Outcome {
  if (commands.length === 0) return NOTHING_TO_DO;
  const { waitMs, remember } = onceMore(view, now);
  if (waitMs > 0) return { commands: [], requeue: { afterMs: waitMs }, events: [] };
  const key = { collection: CLUSTERS, namespace: '', name: cluster.metadata.name };
  const message = 'the cluster is told for whom the hub may act there';
  const told = event('Normal', 'Cluster', key, 'SyncImpersonationConfigSucceed', message);
  return { commands, requeue: 'await-change', events: [told], ...(remember !== undefined && { remember }) };
}

const OBJECTS = ['ClusterRole', 'ClusterRoleBinding'] as const;

const nameFor = (kind: string): string => workNameOf(kind, IMPERSONATOR, undefined);

function withdrawn(cluster: string, view: View): readonly Command[] {
  return OBJECTS.flatMap((kind): readonly Command[] => {
    const stored = view.get(WORKS, executionSpaceOf(cluster), nameFor(kind));
    const isOurs = stored !== null && clusterOwning(stored) === cluster;
    return isOurs && stored.metadata.deletionTimestamp === undefined ? [remove(keyOf(WORKS, stored), stored)] : [];
  });
}

function granted(cluster: Cluster, view: View): readonly Command[] {
  const rules = impersonationRules(guestsOf(cluster.metadata.name, view.list(ROLES), view.list(BINDINGS)));
  const { namespace } = cluster.spec.impersonatorSecretRef!;
  const subject = { kind: 'ServiceAccount', name: IMPERSONATOR, namespace };
  const roleRef = { apiGroup: RBAC, kind: 'ClusterRole', name: IMPERSONATOR };
  const contents = { ClusterRole: { rules: [...rules] }, ClusterRoleBinding: { roleRef, subjects: [subject] } };
  return OBJECTS.flatMap((kind) => inWork(kind, contents[kind], cluster, view));
}

function inWork(kind: string, content: JsonObject, { metadata }: Cluster, view: View): readonly Command[] {
  const { name: cluster, uid = '' } = metadata;
  const name = nameFor(kind);
  const stored = view.get(WORKS, executionSpaceOf(cluster), name) as unknown as Work | null;
  const bare = { apiVersion: `${RBAC}/v1`, kind, metadata: { name: IMPERSONATOR }, ...content };
  // Joining once made both, for everybody.
  const marked = withMarks(bare, { labels: {}, annotations: { [ANNOTATIONS.conflictResolution]: 'overwrite' } });
  const owner = {
    apiVersion: CLUSTER_API,
    kind: 'Cluster',
    name: cluster,
    uid,
    controller: true,
    blockOwnerDeletion: true,
  };
  return renewed(stored, soleWork(stored, { name, cluster, seed: `${uid}/${name}`, manifest: marked, owner }));
}
