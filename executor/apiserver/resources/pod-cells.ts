// The row of a pod: the one word for its state, and how many of its containers are ready.
import { isObject, type KubeObject } from '../../../engine/index.ts';
import { ageOf, items, none, read } from './cells.ts';
import type { Cell } from './columns.ts';

export function podCells(object: KubeObject, age: string, now: number): readonly Cell[] {
  const containers = items(read(object, 'spec.containers'));
  const sidecars = items(read(object, 'spec.initContainers')).filter((one) => one.restartPolicy === 'Always');
  const statuses = items(read(object, 'status.containerStatuses'));
  const ready = statuses.filter((one) => one.ready === true && isObject(one.state) && one.state.running !== undefined);
  const gates = items(read(object, 'spec.readinessGates'));
  const conditions = items(read(object, 'status.conditions'));
  const passed = gates.filter((gate) =>
    conditions.some(({ type, status }) => type === gate.conditionType && status === 'True'),
  );
  const ips = items(read(object, 'status.podIPs'));
  return [
    object.metadata.name,
    `${ready.length}/${containers.length + sidecars.length}`,
    stateOf(object, statuses),
    restarts(statuses, now),
    age,
    none(ips[0]?.ip ?? read(object, 'status.podIP')),
    none(read(object, 'spec.nodeName')),
    none(read(object, 'status.nominatedNodeName')),
    gates.length === 0 ? '<none>' : `${passed.length}/${gates.length}`,
  ];
}

function stateOf(object: KubeObject, statuses: readonly Record<string, unknown>[]): string {
  let state = String(read(object, 'status.reason') ?? read(object, 'status.phase') ?? '');
  const gated = items(read(object, 'status.conditions')).some(
    ({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated',
  );
  if (gated) state = 'SchedulingGated';
  const starting = items(read(object, 'status.initContainerStatuses')).findIndex(
    (one) => !(isObject(one.state) && isObject(one.state.terminated) && one.state.terminated.exitCode === 0),
  );
  if (starting >= 0) {
    const total = items(read(object, 'spec.initContainers')).length;
    const one = items(read(object, 'status.initContainerStatuses'))[starting]!;
    const reason = reasonOf(one);
    state = reason === '' || reason === 'PodInitializing' ? `Init:${starting}/${total}` : `Init:${reason}`;
  } else {
    let running = false;
    for (const status of [...statuses].reverse()) {
      const reason = reasonOf(status);
      if (reason !== '') state = reason;
      else if (status.ready === true) running = true;
    }
    if (state === 'Completed' && running) state = 'Running';
  }
  if (object.metadata.deletionTimestamp === undefined) return state;
  return read(object, 'status.reason') === 'NodeLost' ? 'Unknown' : 'Terminating';
}

function reasonOf(status: Record<string, unknown>): string {
  const state = isObject(status.state) ? status.state : {};
  if (isObject(state.waiting) && state.waiting.reason) return String(state.waiting.reason);
  if (!isObject(state.terminated)) return '';
  if (state.terminated.reason) return String(state.terminated.reason);
  return state.terminated.signal ? `Signal:${state.terminated.signal}` : `ExitCode:${state.terminated.exitCode}`;
}

function restarts(statuses: readonly Record<string, unknown>[], now: number): string {
  const total = statuses.reduce((sum, one) => sum + Number(one.restartCount ?? 0), 0);
  const last = statuses
    .map((one) => read(one, 'lastState.terminated.finishedAt'))
    .filter((time) => typeof time === 'string')
    .sort()
    .at(-1);
  return total > 0 && last !== undefined ? `${total} (${ageOf(last, now)} ago)` : String(total);
}
