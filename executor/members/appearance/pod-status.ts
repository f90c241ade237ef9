// The status of a pod as a kubelet would write it: conditions, addresses, and what each container is at.
import {
  type Fields,
  formatTime,
  isObject,
  isReadyPod,
  type KubeObject,
  objectIn,
  type Pod,
  specOf,
} from '../../../engine/index.ts';

/** What is known of a pod that has, or has had, a node. */
export interface Placed {
  readonly node: string;
  readonly hostIp: string;
  readonly podIp: string;
  /** When it was put there. */
  readonly since: string;
}

export interface PodFacts {
  readonly pod: Pod;
  /** As it was last shown. */
  readonly object: KubeObject;
  readonly placed: Placed | null;
  /** Why no node takes it; empty for one that has a node. */
  readonly unschedulable: string;
}

type Answer = 'True' | 'False';

export function statusOfPod({ pod, object, placed, unschedulable }: PodFacts): Fields {
  const before = isObject(object.status) ? object.status : {};
  const since = formatTime(pod.since);
  const conditions = conditionsOf(pod, before, since, unschedulable);
  const qosClass = before.qosClass ?? qosOf(object);
  if (placed === null) return { phase: 'Pending', conditions, qosClass };
  const init = itemsOf(specOf(object).initContainers);
  const isEnded = pod.phase === 'succeeded' || pod.phase === 'failed';
  return {
    phase: phaseOf(pod),
    conditions,
    hostIP: placed.hostIp,
    hostIPs: [{ ip: placed.hostIp }],
    ...(pod.phase !== 'starting' || pod.restarts > 0 ? { podIP: placed.podIp, podIPs: [{ ip: placed.podIp }] } : {}),
    startTime: placed.since,
    ...(init.length > 0 && {
      initContainerStatuses: init.map((one) => initStatus(one, pod, object, placed.since, isEnded)),
    }),
    containerStatuses: itemsOf(specOf(object).containers).map((one, at) =>
      containerStatus(one, pod, object, since, itemsOf(before.containerStatuses)[at] ?? {}),
    ),
    qosClass,
  };
}

function phaseOf({ phase, restarts }: Pod): string {
  if (phase === 'succeeded') return 'Succeeded';
  if (phase === 'failed') return 'Failed';
  return phase === 'starting' && restarts === 0 ? 'Pending' : 'Running';
}

function conditionsOf(pod: Pod, before: Fields, since: string, unschedulable: string): readonly Fields[] {
  const known = itemsOf(before.conditions);
  const condition = (type: string, status: Answer, told: { reason?: string; message?: string } = {}): Fields => {
    const last = known.find((one) => one.type === type);
    const lastTransitionTime = last?.status === status ? last.lastTransitionTime : since;
    return { type, status, lastProbeTime: null, lastTransitionTime, ...told };
  };
  if (unschedulable !== '') {
    return [condition('PodScheduled', 'False', { reason: 'Unschedulable', message: unschedulable })];
  }
  const isEnded = pod.phase === 'succeeded' || pod.phase === 'failed';
  const isUp = isReadyPod(pod);
  const ready: Answer = isUp ? 'True' : 'False';
  const why = isUp
    ? {}
    : isEnded
      ? { reason: pod.phase === 'failed' ? 'PodFailed' : 'PodCompleted' }
      : { reason: 'ContainersNotReady', message: 'containers with unready status' };
  const hasSandbox: Answer = isUp || (pod.restarts > 0 && !isEnded) ? 'True' : 'False';
  return [
    condition('PodReadyToStartContainers', hasSandbox),
    condition('Initialized', 'True', pod.phase === 'succeeded' ? { reason: 'PodCompleted' } : {}),
    condition('Ready', ready, why),
    condition('ContainersReady', ready, why),
    condition('PodScheduled', 'True'),
  ];
}

function containerStatus(container: Fields, pod: Pod, object: KubeObject, since: string, before: Fields): Fields {
  const name = String(container.name ?? '');
  const image = String(container.image ?? '');
  const isUp = isReadyPod(pod);
  const isEnded = pod.phase === 'succeeded' || pod.phase === 'failed';
  const { restarts } = pod;
  const hasRun = isUp || isEnded || restarts > 0;
  const startedAt = objectIn(objectIn(before, 'state'), 'running').startedAt;
  return {
    name,
    state: stateOf(pod, object, name, since, startedAt ?? since),
    lastState:
      restarts === 0
        ? {}
        : restarts === before.restartCount
          ? objectIn(before, 'lastState')
          : { terminated: ending(object, name, restarts - 1, 1, startedAt ?? since, since) },
    ready: isUp,
    restartCount: restarts,
    image,
    imageID: hasRun ? image : '',
    ...(hasRun && { containerID: containerId(object, name, restarts) }),
    started: isUp,
  };
}

function stateOf(pod: Pod, object: KubeObject, name: string, since: string, startedAt: unknown): Fields {
  switch (pod.phase) {
    case 'ready':
      return { running: { startedAt: since } };
    case 'succeeded':
      return { terminated: ending(object, name, pod.restarts, 0, startedAt, since) };
    case 'failed':
      return { terminated: ending(object, name, pod.restarts, 1, startedAt, since) };
    case 'starting':
      if (pod.restarts === 0) return { waiting: { reason: 'ContainerCreating' } };
      return {
        waiting: {
          reason: 'CrashLoopBackOff',
          message: `back-off restarting failed container=${name} pod=${shown(object)}`,
        },
      };
    default:
      return { running: { startedAt } };
  }
}

const ending = (
  object: KubeObject,
  name: string,
  attempt: number,
  exitCode: number,
  startedAt: unknown,
  finishedAt: string,
): Fields => ({
  exitCode,
  reason: exitCode === 0 ? 'Completed' : 'Error',
  startedAt,
  finishedAt,
  containerID: containerId(object, name, attempt),
});

/** Done before the others were begun. */
function initStatus(container: Fields, pod: Pod, object: KubeObject, since: string, isEnded: boolean): Fields {
  const name = String(container.name ?? '');
  const image = String(container.image ?? '');
  const isDone = isEnded || isReadyPod(pod) || pod.restarts > 0;
  return {
    name,
    state: isDone
      ? { terminated: ending(object, name, 0, 0, since, since) }
      : { waiting: { reason: 'PodInitializing' } },
    lastState: {},
    ready: isDone,
    restartCount: 0,
    image,
    imageID: isDone ? image : '',
    started: false,
  };
}

/** Guaranteed where every container's limits are its requests, BestEffort where none asks for anything. */
function qosOf(object: KubeObject): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const spec = specOf(object);
  const all = [...itemsOf(spec.containers), ...itemsOf(spec.initContainers)].map((one) => objectIn(one, 'resources'));
  const asks = all.map((one) => ({ limits: objectIn(one, 'limits'), requests: objectIn(one, 'requests') }));
  const isSet = (fields: Fields, name: string) =>
    fields[name] !== undefined && fields[name] !== 0 && fields[name] !== '0';
  const names = ['cpu', 'memory'] as const;
  if (!asks.some(({ limits, requests }) => names.some((name) => isSet(limits, name) || isSet(requests, name)))) {
    return 'BestEffort';
  }
  const isExact = asks.every(({ limits, requests }) =>
    names.every(
      (name) => isSet(limits, name) && (!isSet(requests, name) || String(requests[name]) === String(limits[name])),
    ),
  );
  return isExact ? 'Guaranteed' : 'Burstable';
}

/** As kubelets name it in what they tell. */
export const shown = ({ metadata }: KubeObject): string =>
  `${metadata.name}_${metadata.namespace ?? ''}(${metadata.uid ?? ''})`;

const containerId = ({ metadata }: KubeObject, name: string, attempt: number): string =>
  `simulated://${metadata.uid ?? ''}/${name}/${attempt}`;

export const itemsOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isObject) : []);
