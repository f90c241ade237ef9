// What a simulated container has "written": when it was started, became ready and crashed. Nothing runs in it that could say more.
import { isObject, type KubeObject } from '../../engine/index.ts';

const list = (value: unknown): readonly Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

/** Null as long as it has not been started on a node. */
export function simulatedLog(pod: KubeObject, container: string): string | null {
  const status = isObject(pod.status) ? pod.status : {};
  const started = status.startTime;
  if (typeof started !== 'string') return null;
  const own = list(status.containerStatuses).find(({ name }) => name === container);
  const image = list(isObject(pod.spec) ? pod.spec.containers : []).find(({ name }) => name === container)?.image;
  const ready = list(status.conditions).find(({ type }) => type === 'ContainersReady');
  const lines = [`${started} a simulated container of ${String(image ?? container)} is started`];
  const restarts = Number(own?.restartCount ?? 0);
  if (restarts > 0) lines.push(`${started} it has crashed and been started again ${restarts} times since`);
  const { terminated } = isObject(own?.state) ? own.state : {};
  if (isObject(terminated)) {
    lines.push(`${String(terminated.finishedAt)} it has ended with exit code ${String(terminated.exitCode)}`);
  }
  if (ready?.status === 'True') lines.push(`${String(ready.lastTransitionTime)} it is ready`);
  return `${lines.join('\n')}\n`;
}
