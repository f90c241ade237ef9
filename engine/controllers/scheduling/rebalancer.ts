// WorkloadRebalancer: asks once for each listed workload to be placed anew, tells what came of it, and goes when its time is up.
import { COLLECTIONS } from '../../api/kinds.ts';
import { bindingNameOf } from '../../api/names.ts';
import type { ObservedWorkload, RebalancedWorkload, WorkloadRebalancer } from '../../api/rebalancer.ts';
import { byKey, byText } from '../../base/order.ts';
import type { Command } from '../../control/command.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type View } from '../../control/controller.ts';
import type { JsonObject } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { formatTime, type Millis, parseTime } from '../../kube/time.ts';
import { bindingAt, objectKeyOf } from '../bindings.ts';
import { isWish } from '../changes.ts';
import { patch, remove, updateStatus } from '../writes.ts';

export const rebalancer: Controller = {
  name: 'workload-rebalancer',
  watches: [
    {
      on: 'hub',
      collection: COLLECTIONS.rebalancers,
      keysOf: (change) => (change.type !== 'DELETED' && isWish(change) ? [change.object.metadata.name] : []),
    },
    { on: 'hub', collection: COLLECTIONS.bindings },
    { on: 'hub', collection: COLLECTIONS.clusterBindings },
  ],
  reconcile: (name, view, now) => {
    const found = view.get(COLLECTIONS.rebalancers, '', name);
    return found === null || found.metadata.deletionTimestamp !== undefined
      ? NOTHING_TO_DO
      : rebalance(found, view, now);
  },
};

function rebalance(found: KubeObject, view: View, now: Millis): Outcome {
  const { spec, status = {} } = found as unknown as WorkloadRebalancer;
  const { workloads, ttlSecondsAfterFinished } = spec;
  const finished = status.finishTime === undefined ? null : parseTime(status.finishTime);
  const observedGeneration = found.metadata.generation ?? 0;
  if (finished !== null && status.observedGeneration === observedGeneration) {
    return expire(found, finished, ttlSecondsAfterFinished, now);
  }
  // Applying it again changes nothing: it stands for the moment at which it was made.
  const triggered = found.metadata.creationTimestamp ?? formatTime(now);
  const commands: Command[] = [];
  const observedWorkloads = observedIn(workloads, status.observedWorkloads ?? []).map((observed): ObservedWorkload => {
    // What has come of one stays, though it failed, as long as it is listed.
    if (observed.result !== undefined) return observed;
    const { namespace = '', kind, name } = observed.workload;
    const key = `${namespace}/${bindingNameOf(kind, name)}`;
    const binding = bindingAt(view, key);
    if (binding === null) return { ...observed, result: 'Failed', reason: 'ReferencedBindingNotFound' };
    if ((binding.spec.rescheduleTriggeredAt ?? '') < triggered) {
      commands.push({
        ...patch(objectKeyOf(key), binding, { spec: { rescheduleTriggeredAt: triggered } }),
        precondition: binding.metadata.uid === undefined ? null : { uid: binding.metadata.uid },
      });
    }
    return { ...observed, result: 'Successful' };
  });
  const next = { observedWorkloads, observedGeneration, finishTime: formatTime(now) };
  commands.push(updateStatus(COLLECTIONS.rebalancers, { ...found, status: next as unknown as JsonObject }));
  return { commands, requeue: 'when-done', events: [] };
}

/** What is listed, each once, and what has been placed anew since it was; in the order of its text. */
function observedIn(
  workloads: readonly RebalancedWorkload[],
  before: readonly ObservedWorkload[],
): readonly ObservedWorkload[] {
  const listed = new Map(workloads.map((workload) => [textOf(workload), workload]));
  const kept = before.filter(({ workload, result }) => listed.delete(textOf(workload)) || result === 'Successful');
  const added = [...listed.values()].map((workload): ObservedWorkload => ({ workload }));
  return [...kept, ...added].sort(byKey(({ workload }) => textOf(workload), byText));
}

const textOf = ({ apiVersion, kind, namespace = '', name }: RebalancedWorkload): string =>
  `${apiVersion} ${kind} ${namespace} ${name}`;

function expire(found: KubeObject, finished: Millis, ttlSeconds: number | undefined, now: Millis): Outcome {
  if (ttlSeconds === undefined) return NOTHING_TO_DO;
  const left = finished + ttlSeconds * 1000 - now;
  if (left > 0) return { commands: [], requeue: { afterMs: left }, events: [] };
  const key = { collection: COLLECTIONS.rebalancers, namespace: '', name: found.metadata.name };
  return { commands: [remove(key, found)], requeue: 'await-change', events: [] };
}
