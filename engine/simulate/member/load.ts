// What a member's own metrics tell of a workload: measured every fifteen seconds, of pods that serve.
import type { Amounts, ContainerLoad, LoadWish, PodLoad, WorkloadLoad } from '../../autoscale/load.ts';
import { isObject } from '../../kube/json.ts';
import { parseQuantity, quantityMilli } from '../../kube/quantity.ts';
import type { Millis } from '../../kube/time.ts';
import { isActive, isReady, type Pod } from './pod.ts';
import { type Fields, numberIn, objectIn, podSpecOf, specOf, type Workload } from './workload.ts';

const WINDOW_MS: Millis = 15_000;

/** `used` is what each pod that serves uses; what nobody says anything of is not measured. */
export function loadOf(workload: Workload, { resources, objects }: LoadWish, used: Amounts, now: Millis): WorkloadLoad {
  const { kind, object, pods, key } = workload;
  const at = Math.floor(now / WINDOW_MS) * WINDOW_MS;
  const podSpec = object === null ? {} : podSpecOf(kind, object);
  const containers = (Array.isArray(podSpec.containers) ? podSpec.containers : [])
    .filter(isObject)
    .map((one) => containerLoad(one, resources));
  const known = resources.filter((name) => used[name] !== undefined);
  const wanted = Object.fromEntries(known.map((name) => [name, used[name]!]));
  const usage = containers.map(({ name }, nth) => ({ name, usage: shareOf(containers, nth, wanted) }));
  const isMeasured = (pod: Pod): boolean => known.length > 0 && pod.isServing && pod.since <= at;
  return {
    replicas: numberIn(specOf(object), 'replicas', 1),
    present: [...pods].filter(isActive).length,
    pods: [...pods].map((pod): PodLoad => {
      const told = podLoad(pod, key.name, containers);
      return isMeasured(pod) ? { ...told, usage: { at, windowMs: WINDOW_MS, containers: usage } } : told;
    }),
    objects: objects.map(() => null),
  };
}

function containerLoad(container: Fields, resources: readonly string[]): ContainerLoad {
  const requests = objectIn(objectIn(container, 'resources'), 'requests');
  const own = resources.flatMap((name) => {
    const amount = requests[name];
    const quantity = typeof amount === 'string' || typeof amount === 'number' ? parseQuantity(amount) : null;
    return quantity === null ? [] : [[name, Number(quantityMilli(quantity))] as const];
  });
  return { name: String(container.name ?? ''), requests: Object.fromEntries(own) };
}

/** As it requests its part of what all of the pod request; where nobody requests anything the first does the work. */
function shareOf(containers: readonly ContainerLoad[], at: number, wanted: Amounts): Amounts {
  const shares = Object.keys(wanted).map((name) => {
    const all = containers.reduce((sum, { requests }) => sum + (requests[name] ?? 0), 0);
    const part = all === 0 ? (at === 0 ? 1 : 0) : (containers[at]!.requests[name] ?? 0) / all;
    return [name, Math.ceil(wanted[name]! * part)] as const;
  });
  return Object.fromEntries(shares);
}

function podLoad(pod: Pod, workload: string, containers: readonly ContainerLoad[]): PodLoad {
  const isUp = isReady(pod);
  const runs = pod.node !== null && (pod.phase !== 'starting' || pod.restarts > 0);
  return {
    name: `${workload}-${pod.number}`,
    phase: runs ? 'Running' : 'Pending',
    ...(pod.phase === 'stopping' && { isGoing: true }),
    ...(pod.node !== null && { startedAt: pod.createdAt }),
    ready: { status: isUp ? 'True' : 'False', since: pod.since },
    containers,
  };
}
