// The status that each kind's controller writes, from the pods there are. Counters that are zero are left out, as Go does it.
import { findCondition, withCondition } from '../../kube/conditions.ts';
import { dropZeros } from '../../kube/drop-zeros.ts';
import { isObject } from '../../kube/json.ts';
import type { Condition, ConditionStatus } from '../../kube/meta.ts';
import { formatTime, type Millis } from '../../kube/time.ts';
import type { Node } from './nodes.ts';
import { isActive, isReady, type Pod } from './pod.ts';
import { isAvailable, isJobOver, wantsDaemon } from './rollout.ts';
import { type Fields, numberIn, objectIn, podSpecOf, shareOf, specOf, type Workload } from './workload.ts';

interface Counts {
  readonly all: number;
  readonly ready: number;
  readonly available: number;
  readonly updated: number;
}

function countPods({ pods, revision }: Workload, now: Millis): Counts {
  const counts = { all: 0, ready: 0, available: 0, updated: 0 };
  for (const pod of pods) {
    if (!isActive(pod)) continue;
    counts.all += 1;
    if (pod.revision === revision) counts.updated += 1;
    if (isReady(pod)) counts.ready += 1;
    if (isAvailable(pod, now)) counts.available += 1;
  }
  return counts;
}

export function statusOf(workload: Workload, nodes: readonly Node[], now: Millis): Fields {
  switch (workload.kind) {
    case 'Deployment':
      return deploymentStatus(workload, now);
    case 'ReplicaSet':
      return replicaSetStatus(workload, now);
    case 'StatefulSet':
      return statefulSetStatus(workload, now);
    case 'DaemonSet':
      return daemonSetStatus(workload, nodes, now);
    case 'Job':
      return jobStatus(workload, now);
    case 'Pod':
      return podStatus([...workload.pods][0] ?? null, workload);
  }
}

const generationOf = ({ object }: Workload): number => object?.metadata.generation ?? 0;

const statusBefore = ({ object }: Workload): Fields => (isObject(object?.status) ? object.status : {});

function conditionsOf(status: Fields): readonly Condition[] {
  return Array.isArray(status.conditions) ? (status.conditions as Condition[]) : [];
}

const condition = (type: string, status: ConditionStatus, reason: string, message: string) => ({
  type,
  status,
  reason,
  message,
});

/** Every pod is of the newest template, and there are as many as wanted. */
export function isRolledOut(workload: Workload, now: Millis): boolean {
  const wanted = numberIn(specOf(workload.object), 'replicas', 1);
  const { all, updated, available } = countPods(workload, now);
  return updated === wanted && all === wanted && available === wanted;
}

/** When a Deployment's rollout is to be called stuck; null where it is not under way. */
export function rolloutDeadline(workload: Workload, now: Millis): Millis | null {
  if (workload.kind !== 'Deployment' || workload.object === null || isRolledOut(workload, now)) return null;
  const deadline = workload.progressAt + numberIn(specOf(workload.object), 'progressDeadlineSeconds', 600) * 1000;
  return deadline > now ? deadline : null;
}

function deploymentStatus(workload: Workload, now: Millis): Fields {
  const spec = specOf(workload.object);
  const wanted = numberIn(spec, 'replicas', 1);
  const { all, ready, available, updated } = countPods(workload, now);
  const rolling = objectIn(objectIn(spec, 'strategy'), 'rollingUpdate');
  const mayMiss = Math.min(shareOf(rolling.maxUnavailable, wanted, '25%', 'down'), wanted);
  const isUp = available >= wanted - mayMiss;
  const up = isUp
    ? condition('Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.')
    : condition('Available', 'False', 'MinimumReplicasUnavailable', 'Deployment does not have minimum availability.');
  const deadlineMs = numberIn(spec, 'progressDeadlineSeconds', 600) * 1000;
  const progress = isRolledOut(workload, now)
    ? condition('Progressing', 'True', 'NewReplicaSetAvailable', 'The newest template has successfully progressed.')
    : now - workload.progressAt >= deadlineMs
      ? condition('Progressing', 'False', 'ProgressDeadlineExceeded', 'The newest template has timed out progressing.')
      : condition('Progressing', 'True', 'ReplicaSetUpdated', 'The newest template is progressing.');
  const conditions = withCondition(withCondition(conditionsOf(statusBefore(workload)), up, now), progress, now);
  return dropZeros({
    observedGeneration: generationOf(workload),
    replicas: all,
    updatedReplicas: updated,
    readyReplicas: ready,
    availableReplicas: available,
    unavailableReplicas: Math.max(0, Math.max(all, wanted) - available),
    conditions,
  });
}

function replicaSetStatus(workload: Workload, now: Millis): Fields {
  const { all, ready, available } = countPods(workload, now);
  return {
    replicas: all,
    ...dropZeros({
      fullyLabeledReplicas: all,
      readyReplicas: ready,
      availableReplicas: available,
      observedGeneration: generationOf(workload),
    }),
  };
}

function statefulSetStatus(workload: Workload, now: Millis): Fields {
  const { all, ready, available, updated } = countPods(workload, now);
  const { revision, settledRevision, key } = workload;
  const isSettled = revision === settledRevision;
  return {
    replicas: all,
    availableReplicas: available,
    collisionCount: 0,
    currentRevision: `${key.name}-${settledRevision}`,
    updateRevision: `${key.name}-${revision}`,
    ...dropZeros({
      observedGeneration: generationOf(workload),
      readyReplicas: ready,
      currentReplicas: isSettled ? all : all - updated,
      updatedReplicas: updated,
    }),
  };
}

function daemonSetStatus(workload: Workload, nodes: readonly Node[], now: Millis): Fields {
  const { ready, available, updated } = countPods(workload, now);
  const wanted = new Set<Node | null>(nodes.filter((node) => wantsDaemon(workload, node)));
  const placed = [...workload.pods].filter((pod) => isActive(pod) && pod.node !== null);
  const right = placed.filter(({ node }) => wanted.has(node)).length;
  return {
    currentNumberScheduled: right,
    numberMisscheduled: placed.length - right,
    desiredNumberScheduled: wanted.size,
    numberReady: ready,
    ...dropZeros({
      observedGeneration: generationOf(workload),
      updatedNumberScheduled: updated,
      numberAvailable: available,
      numberUnavailable: Math.max(0, wanted.size - available),
    }),
  };
}

function jobStatus(workload: Workload, now: Millis): Fields {
  const before = statusBefore(workload);
  const { all, ready } = countPods(workload, now);
  const over = isJobOver(workload);
  const isSuspended = specOf(workload.object).suspend === true;
  const conditions = conditionsOf(before);
  const told = over === null ? undefined : findCondition(conditions, over);
  const ended =
    over === null
      ? null
      : over === 'Complete'
        ? condition('Complete', 'True', 'CompletionsReached', 'Reached expected number of succeeded pods')
        : condition('Failed', 'True', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit');
  const next = ended === null ? conditions : withCondition(conditions, ended, now);
  const completionTime = told === undefined && over === 'Complete' ? formatTime(now) : before.completionTime;
  return {
    ...(next.length > 0 && { conditions: next }),
    ...(isSuspended ? {} : { startTime: before.startTime ?? formatTime(now) }),
    ...(completionTime === undefined ? {} : { completionTime }),
    ...dropZeros({ active: all, succeeded: workload.succeeded, failed: workload.failed }),
    ready,
    terminating: 0,
    uncountedTerminatedPods: {},
  };
}

/** Also what a mirrored pod of a workload shows. */
export function podStatus(pod: Pod | null, workload: Workload): Fields {
  const before = statusBefore(workload);
  const conditions = conditionsOf(workload.kind === 'Pod' ? before : {});
  if (pod === null) {
    if (workload.failed > 0) return { ...before, phase: 'Failed', reason: 'Evicted' };
    return workload.succeeded > 0 ? { ...before, phase: 'Succeeded' } : { phase: 'Pending' };
  }
  const answer = isReady(pod) ? 'True' : 'False';
  const since = formatTime(pod.since);
  const scheduled: ConditionStatus = pod.node === null ? 'False' : 'True';
  const wanted = [
    ['PodScheduled', scheduled, scheduled === 'True' ? '' : 'Unschedulable'],
    ['Initialized', scheduled, ''],
    ['ContainersReady', answer, answer === 'True' ? '' : 'ContainersNotReady'],
    ['Ready', answer, answer === 'True' ? '' : 'ContainersNotReady'],
  ] as const;
  const told = wanted.map(([type, status, reason]) => {
    const known = findCondition(conditions, type);
    const lastTransitionTime = known?.status === status ? known.lastTransitionTime : since;
    return { type, status, lastTransitionTime, ...(reason === '' ? {} : { reason }) };
  });
  return {
    phase: pod.node === null || (pod.phase === 'starting' && pod.restarts === 0) ? 'Pending' : 'Running',
    conditions: told,
    ...(pod.node === null ? {} : { startTime: formatTime(pod.createdAt) }),
    containerStatuses: containerNames(workload).map((name) => ({
      name,
      ready: isReady(pod),
      started: isReady(pod),
      restartCount: pod.restarts,
      ...(pod.node === null ? {} : { state: containerState(pod, since) }),
    })),
  };
}

/** What kubectl counts as ready runs as well. */
function containerState(pod: Pod, since: string): Fields {
  if (isReady(pod)) return { running: { startedAt: since } };
  return { waiting: { reason: pod.restarts > 0 ? 'CrashLoopBackOff' : 'ContainerCreating' } };
}

function containerNames({ kind, object }: Workload): readonly string[] {
  const containers = object === null ? [] : podSpecOf(kind, object).containers;
  return Array.isArray(containers) ? containers.map((one) => (isObject(one) ? String(one.name ?? '') : '')) : [];
}
