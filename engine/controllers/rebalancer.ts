// WorkloadRebalancer: asks once for each listed workload to be placed anew, tells what came of it, and goes when its time is up.
import { COLLECTIONS } from '../api/kinds.ts';
import { bindingNameOf } from '../api/names.ts';
import type { Command } from '../control/command.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type View } from '../control/controller.ts';
import { deepEqual, isObject, type JsonObject, type JsonValue } from '../kube/json.ts';
import type { KubeObject } from '../kube/meta.ts';
import { formatTime, type Millis, parseTime } from '../kube/time.ts';
import { bindingAt, objectKeyOf } from './bindings.ts';
import { isWish } from './changes.ts';
import { patch, remove, updateStatus } from './writes.ts';

interface Workload {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

interface Rebalancing {
  readonly workloads?: readonly Workload[];
  readonly ttlSecondsAfterFinished?: number;
}

export const rebalancer: Controller = {
  name: 'workload-rebalancer',
  watches: [
    {
      on: 'hub',
      collection: COLLECTIONS.rebalancers,
      keysOf: (change) => (change.type !== 'DELETED' && isWish(change) ? [change.object.metadata.name] : []),
    },
    { on: 'hub', collection: COLLECTIONS.bindings, keysOf: () => [] },
    { on: 'hub', collection: COLLECTIONS.clusterBindings, keysOf: () => [] },
  ],
  reconcile: (name, view, now) => {
    const found = view.get(COLLECTIONS.rebalancers, '', name);
    return found === null || found.metadata.deletionTimestamp !== undefined
      ? NOTHING_TO_DO
      : rebalance(found, view, now);
  },
};

function rebalance(found: KubeObject, view: View, now: Millis): Outcome {
  const { workloads = [], ttlSecondsAfterFinished } = found.spec as Rebalancing;
  const status = isObject(found.status) ? found.status : {};
  const finished = typeof status.finishTime === 'string' ? parseTime(status.finishTime) : null;
  const isTold = status.observedGeneration === (found.metadata.generation ?? 0);
  if (finished !== null && isTold) return expire(found, finished, ttlSecondsAfterFinished, now);
  // Applying it again changes nothing: it stands for the moment at which it was made.
  const triggered = found.metadata.creationTimestamp ?? formatTime(now);
  const commands: Command[] = [];
  const observed = workloads.map((workload): JsonValue => {
    const key = `${workload.namespace ?? ''}/${bindingNameOf(workload.kind, workload.name)}`;
    const binding = bindingAt(view, key);
    const told = { workload: workload as unknown as JsonValue };
    if (binding === null) return { ...told, result: 'Failed', reason: 'ReferencedBindingNotFound' };
    if ((binding.spec.rescheduleTriggeredAt ?? '') < triggered) {
      commands.push({
        ...patch(objectKeyOf(key), binding, { spec: { rescheduleTriggeredAt: triggered } }),
        precondition: binding.metadata.uid === undefined ? null : { uid: binding.metadata.uid },
      });
    }
    return { ...told, result: 'Successful' };
  });
  const next = {
    observedWorkloads: observed,
    observedGeneration: found.metadata.generation ?? 0,
    finishTime: formatTime(now),
  } as unknown as JsonObject;
  if (!deepEqual(next, status)) commands.push(updateStatus(COLLECTIONS.rebalancers, { ...found, status: next }));
  return { commands, requeue: commands.length > 0 ? 'when-done' : 'await-change', events: [] };
}

function expire(found: KubeObject, finished: Millis, ttlSeconds: number | undefined, now: Millis): Outcome {
  if (ttlSeconds === undefined) return NOTHING_TO_DO;
  const left = finished + ttlSeconds * 1000 - now;
  if (left > 0) return { commands: [], requeue: { afterMs: left }, events: [] };
  const key = { collection: COLLECTIONS.rebalancers, namespace: '', name: found.metadata.name };
  return { commands: [remove(key, found)], requeue: 'await-change', events: [] };
}
