// What a workload's controller does next with its pods, as the real ones decide it: which to make, which to stop. Pure.

import { isTolerated, type Toleration } from '../../kube/taint.ts';
import type { Millis } from '../../kube/time.ts';
import type { Node } from './nodes.ts';
import { isActive, isReady, type Pod } from './pod.ts';
import { isWanted } from './shape.ts';
import { numberIn, objectIn, shareOf, specOf, type Workload } from './workload.ts';

export interface NewPod {
  readonly revision: number;
  /** In a StatefulSet; -1 elsewhere. */
  readonly ordinal: number;
  /** The node that a DaemonSet's pod belongs to. */
  readonly bound: Node | null;
}

export interface Plan {
  readonly create: readonly NewPod[];
  readonly stop: readonly Pod[];
}

const NOTHING: Plan = { create: [], stop: [] };

export function planPods(workload: Workload, nodes: readonly Node[], now: Millis): Plan {
  const active = [...workload.pods].filter(isActive);
  if (workload.object === null) return { create: [], stop: active };
  // What waits to be deleted gets nothing new, and what it has is for others to delete.
  if (workload.object.metadata.deletionTimestamp !== undefined) return NOTHING;
  switch (workload.kind) {
    case 'Deployment':
      return planDeployment(workload, active, now);
    case 'ReplicaSet':
      return scaled(workload, active, numberIn(specOf(workload.object), 'replicas', 1));
    case 'StatefulSet':
      return planStatefulSet(workload, active, now);
    case 'DaemonSet':
      return planDaemonSet(workload, active, nodes, now);
    case 'Job':
      return planJob(workload, active);
    case 'Pod':
      return workload.pods.size + workload.failed + workload.succeeded > 0 ? NOTHING : many(workload, 1);
  }
}

/** Ready for as long as the workload asks before it counts. */
export function isAvailable(pod: Pod, now: Millis): boolean {
  const minReadyMs = numberIn(specOf(pod.workload.object), 'minReadySeconds', 0) * 1000;
  return isReady(pod) && now - pod.since >= minReadyMs;
}

function planDeployment(workload: Workload, active: readonly Pod[], now: Millis): Plan {
  const spec = specOf(workload.object);
  const wanted = numberIn(spec, 'replicas', 1);
  const strategy = objectIn(spec, 'strategy');
  const current = active.filter(({ revision }) => revision === workload.revision);
  const old = active.filter(({ revision }) => revision !== workload.revision);
  if (old.length === 0 && (strategy.type !== 'Recreate' || !isLeaving(workload)))
    return scaled(workload, current, wanted);
  if (spec.paused === true) return scaled(workload, active, wanted);
  if (strategy.type === 'Recreate') return { create: [], stop: old };
  const rolling = objectIn(strategy, 'rollingUpdate');
  const surge = shareOf(rolling.maxSurge, wanted, '25%', 'up');
  const mayMiss = shareOf(rolling.maxUnavailable, wanted, '25%', 'down');
  const leastAvailable = wanted - (surge === 0 && mayMiss === 0 ? 1 : Math.min(mayMiss, wanted));
  const room = Math.min(wanted - current.length, wanted + surge - active.length);
  const create = room > 0 ? many(workload, room).create : [];
  const excess = current.length > wanted ? firstToGo(current, current.length - wanted) : [];
  const unavailable = current.filter((pod) => !isAvailable(pod, now)).length;
  const mayStop = active.length - leastAvailable - unavailable;
  if (mayStop <= 0) return { create, stop: excess };
  const broken = old.filter((pod) => !isReady(pod)).slice(0, mayStop);
  const available = active.filter((pod) => isAvailable(pod, now)).length;
  const rest = old.filter((pod) => !broken.includes(pod));
  const more = Math.min(mayStop - broken.length, Math.max(0, available - leastAvailable));
  return { create, stop: [...excess, ...broken, ...firstToGo(rest, more)] };
}

/** Pods of an older template that have been told to go but have not gone. */
const isLeaving = ({ pods, revision }: Workload) =>
  [...pods].some((pod) => pod.revision !== revision && pod.phase === 'stopping');

function planStatefulSet(workload: Workload, active: readonly Pod[], now: Millis): Plan {
  const spec = specOf(workload.object);
  const wanted = numberIn(spec, 'replicas', 1);
  const inOrder = spec.podManagementPolicy !== 'Parallel';
  const update = objectIn(spec, 'updateStrategy');
  const partition = numberIn(objectIn(update, 'rollingUpdate'), 'partition', 0);
  const byOrdinal = new Map([...workload.pods].map((pod) => [pod.ordinal, pod] as const));
  const create: NewPod[] = [];
  for (let ordinal = 0; ordinal < wanted; ordinal += 1) {
    const pod = byOrdinal.get(ordinal);
    if (pod === undefined) {
      const revision = ordinal < partition ? workload.settledRevision : workload.revision;
      create.push({ revision, ordinal, bound: null });
      if (inOrder) return { create, stop: [] };
    } else if (inOrder && !isAvailable(pod, now)) return { create, stop: [] };
  }
  const condemned = active.filter(({ ordinal }) => ordinal >= wanted).sort((a, b) => b.ordinal - a.ordinal);
  if (condemned.length > 0) {
    const isOneLeaving = [...workload.pods].some((pod) => pod.ordinal >= wanted && !isActive(pod));
    if (inOrder) return { create, stop: isOneLeaving ? [] : condemned.slice(0, 1) };
    return { create, stop: condemned };
  }
  if (update.type === 'OnDelete' || create.length > 0) return { create, stop: [] };
  for (let ordinal = wanted - 1; ordinal >= partition; ordinal -= 1) {
    const pod = byOrdinal.get(ordinal);
    if (pod === undefined || !isActive(pod)) return NOTHING;
    if (pod.revision !== workload.revision) return { create, stop: [pod] };
    if (!isAvailable(pod, now)) return NOTHING;
  }
  return NOTHING;
}

/** What a DaemonSet's pods endure that others do not. */
const DAEMON_TOLERATIONS: readonly Toleration[] = [
  'node.kubernetes.io/not-ready',
  'node.kubernetes.io/unreachable',
  'node.kubernetes.io/disk-pressure',
  'node.kubernetes.io/memory-pressure',
  'node.kubernetes.io/pid-pressure',
  'node.kubernetes.io/unschedulable',
].map((key) => ({ key, operator: 'Exists' }));

export function wantsDaemon({ shape }: Workload, node: Node): boolean {
  const tolerations = [...shape.tolerations, ...DAEMON_TOLERATIONS];
  return (
    isWanted(shape, node) &&
    node.taints.every((taint) => taint.effect === 'PreferNoSchedule' || isTolerated(taint, tolerations))
  );
}

function planDaemonSet(workload: Workload, active: readonly Pod[], nodes: readonly Node[], now: Millis): Plan {
  const update = objectIn(specOf(workload.object), 'updateStrategy');
  const occupied = new Set([...workload.pods].map(({ bound }) => bound));
  const eligible = nodes.filter((node) => wantsDaemon(workload, node));
  const isEligible = new Set<Node | null>(eligible);
  const create = eligible
    .filter((node) => !occupied.has(node))
    .map((bound) => ({ revision: workload.revision, ordinal: -1, bound }));
  const misplaced = active.filter(({ bound }) => !isEligible.has(bound));
  const old = active.filter((pod) => pod.revision !== workload.revision && isEligible.has(pod.bound));
  if (old.length === 0 || update.type === 'OnDelete') return { create, stop: misplaced };
  const mayMiss = Math.max(1, shareOf(objectIn(update, 'rollingUpdate').maxUnavailable, eligible.length, '1', 'up'));
  const missing = eligible.length - active.filter((pod) => isAvailable(pod, now) && isEligible.has(pod.bound)).length;
  const broken = old.filter((pod) => !isReady(pod));
  const working = old.filter(isReady).slice(0, Math.max(0, mayMiss - missing));
  return { create, stop: [...misplaced, ...broken, ...working] };
}

function planJob(workload: Workload, active: readonly Pod[]): Plan {
  const spec = specOf(workload.object);
  if (spec.suspend === true || isJobOver(workload)) return { create: [], stop: active };
  const parallelism = numberIn(spec, 'parallelism', 1);
  const completions = typeof spec.completions === 'number' ? spec.completions : null;
  const wanted =
    completions === null
      ? workload.succeeded > 0
        ? Math.min(parallelism, active.length)
        : parallelism
      : Math.min(parallelism, completions - workload.succeeded);
  return scaled(workload, active, Math.max(0, wanted));
}

/** Complete, or failed for good. */
export function isJobOver(workload: Workload): 'Complete' | 'Failed' | null {
  const spec = specOf(workload.object);
  if (workload.failed > numberIn(spec, 'backoffLimit', 6)) return 'Failed';
  const isWorking = [...workload.pods].some(isActive);
  const completions = typeof spec.completions === 'number' ? spec.completions : null;
  if (completions === null) return workload.succeeded > 0 && !isWorking ? 'Complete' : null;
  return workload.succeeded >= completions ? 'Complete' : null;
}

function scaled(workload: Workload, pods: readonly Pod[], wanted: number): Plan {
  if (pods.length < wanted) return many(workload, wanted - pods.length);
  return { create: [], stop: firstToGo(pods, pods.length - wanted) };
}

const many = ({ revision }: Workload, count: number): Plan => ({
  create: Array.from({ length: count }, () => ({ revision, ordinal: -1, bound: null })),
  stop: [],
});

const READINESS: Readonly<Record<string, number>> = { waiting: 0, starting: 1, lost: 1, ready: 2 };

/** Those without a node go first, then those that are not ready, then the youngest. */
function firstToGo(pods: readonly Pod[], count: number): readonly Pod[] {
  if (count <= 0) return [];
  return [...pods]
    .sort(
      (a, b) =>
        READINESS[a.phase]! - READINESS[b.phase]! ||
        b.since - a.since ||
        b.restarts - a.restarts ||
        b.number - a.number,
    )
    .slice(0, count);
}
