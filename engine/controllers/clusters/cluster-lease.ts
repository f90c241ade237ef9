// Heartbeats of clusters that pull: the agent renews a lease on the hub; where none comes for too long, nobody knows how the
// cluster is.
import type { Cluster } from '../../api/cluster.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import { CLUSTER_NAMESPACE } from '../../api/names.ts';
import type { ResultCode } from '../../control/command.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type View } from '../../control/controller.ts';
import { withCondition } from '../../kube/conditions.ts';
import { canonicalJson, isObject, type JsonObject } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { formatMicroTime, type Millis, parseTime } from '../../kube/time.ts';
import type { Timings } from '../../profile/timings.ts';
import type { ControlPorts } from '../ports.ts';
import { createIn, patchStatus, update } from '../writes.ts';
import { readiness, readyCondition } from './cluster-conditions.ts';

const CUT_OFF = new Set<ResultCode>(['Timeout', 'Unreachable', 'TooManyRequests', 'ServerError']);

const isPull = (cluster: KubeObject | null): boolean =>
  (cluster as unknown as Cluster | null)?.spec.syncMode === 'Pull';

/** The agent's part. */
export function clusterLease({ profile: { timings } }: ControlPorts, cluster: string): Controller {
  const everyMs = Math.max(1, Math.round(timings.clusterLeaseDurationMs * timings.clusterLeaseRenewIntervalFraction));
  return {
    name: 'cluster-lease',
    watches: [
      { on: 'hub', collection: COLLECTIONS.leases },
      { on: 'hub', collection: COLLECTIONS.namespaces },
      { on: 'hub', collection: COLLECTIONS.clusters },
    ],
    initialKeys: [cluster],
    backOff: { baseMs: 500, maxMs: everyMs },
    reconcile: (name, view, now) => renew(name, view, now, everyMs, timings),
  };
}

/** For as long as the hub has its cluster, with which the lease goes. */
function renew(name: string, view: View, now: Millis, everyMs: Millis, timings: Timings): Outcome {
  const cluster = view.get(COLLECTIONS.clusters, '', name);
  if (cluster === null) return { commands: [], requeue: { afterMs: everyMs }, events: [] };
  const lease = view.get(COLLECTIONS.leases, CLUSTER_NAMESPACE, name);
  const spec = {
    holderIdentity: name,
    leaseDurationSeconds: Math.round(timings.clusterLeaseDurationMs / 1000),
    renewTime: formatMicroTime(now),
  };
  const known = lease ?? {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name, namespace: CLUSTER_NAMESPACE },
  };
  const metadata = { ...known.metadata, ownerReferences: ownersOf(known, cluster) };
  const next = { ...known, metadata, spec };
  const write = lease === null ? createIn(COLLECTIONS.leases, next) : update(COLLECTIONS.leases, next);
  const space = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: CLUSTER_NAMESPACE } };
  const isHoused = view.get(COLLECTIONS.namespaces, '', CLUSTER_NAMESPACE) !== null;
  const housing = isHoused ? [] : [{ ...createIn(COLLECTIONS.namespaces, space), isIndependent: true }];
  return { commands: [...housing, write], requeue: { afterMs: everyMs }, events: [] };
}

/** One of an earlier cluster of the name would take the lease away with it. */
function ownersOf({ metadata }: KubeObject, { apiVersion, kind, metadata: { name, uid } }: KubeObject) {
  const others = (metadata.ownerReferences ?? []).filter((one) => one.kind !== kind);
  return uid === undefined ? others : [...others, { apiVersion, kind, name, uid }];
}

/** The hub's part: a lease that is too old makes the cluster's readiness unknown. */
export function clusterMonitor({ profile: { timings } }: ControlPorts): Controller {
  return {
    name: 'cluster-monitor',
    watches: [
      {
        on: 'hub',
        collection: COLLECTIONS.clusters,
        keysOf: ({ type, object }) => (type === 'ADDED' && isPull(object) ? [object.metadata.name] : []),
      },
      { on: 'hub', collection: COLLECTIONS.leases },
    ],
    reconcile: (name, view, now) => monitor(name, view, now, timings),
  };
}

function monitor(name: string, view: View, now: Millis, timings: Timings): Outcome {
  const cluster = view.get(COLLECTIONS.clusters, '', name);
  if (cluster === null || !isPull(cluster)) return NOTHING_TO_DO;
  const again = { afterMs: timings.clusterMonitorPeriodMs };
  const lease = view.get(COLLECTIONS.leases, CLUSTER_NAMESPACE, name);
  const remember = heard(lease, cluster, view, now, timings.clusterMonitorPeriodMs);
  const isNew = readyCondition(cluster) === undefined;
  const graceMs = isNew ? timings.clusterStartupGracePeriodMs : timings.clusterMonitorGracePeriodMs;
  if (now <= remember.at + graceMs || readiness(cluster) === 'Unknown') {
    return { commands: [], requeue: again, events: [], remember };
  }
  const state = {
    type: 'Ready',
    status: 'Unknown' as const,
    reason: isNew ? 'ClusterStatusNeverUpdated' : 'ClusterStatusUnknown',
    message: isNew
      ? 'the agent of the cluster has never told how that is'
      : 'the agent of the cluster has not been heard of for too long',
  };
  const conditions = withCondition((cluster as unknown as Cluster).status?.conditions, state, now);
  const key = { collection: COLLECTIONS.clusters, namespace: '', name };
  const command = patchStatus(key, cluster, { conditions } as unknown as JsonObject);
  return { commands: [command], requeue: again, events: [], remember };
}

/** What was last heard of an agent, by the clock of whoever heard it: the agent's own may be wrong. */
interface Heard extends JsonObject {
  readonly renewed: string | null;
  /** Its condition: who changes that is alive as well. */
  readonly ready: string | null;
  readonly at: Millis;
  /** When it was looked last. */
  readonly looked: Millis;
}

/** Who has not looked for so many periods was not there to hear anything: paused, or on a machine that slept. */
const MISSED_PERIODS = 4;

function heard(lease: KubeObject | null, cluster: KubeObject, view: View, now: Millis, periodMs: Millis): Heard {
  const renewed = isObject(lease?.spec) ? String(lease.spec.renewTime) : null;
  const condition = readyCondition(cluster);
  const ready = condition === undefined ? null : canonicalJson(condition);
  const before = isObject(view.remembered) ? (view.remembered as Heard) : null;
  // While the hub cannot be written to, agents cannot renew anything either.
  const isCutOff = view.attempt.results.some(({ result }) => !result.ok && CUT_OFF.has(result.code));
  const wasAway = before !== null && before.looked + MISSED_PERIODS * periodMs < now;
  const isSilent = before !== null && before.renewed === renewed && before.ready === ready;
  if (isSilent && !isCutOff && !wasAway) return { ...before, looked: now };
  const isNew = before === null && renewed === null && ready === null;
  const at = isNew ? (parseTime(String(cluster.metadata.creationTimestamp ?? '')) ?? now) : now;
  return { renewed, ready, at, looked: now };
}
