// What a simulated container has "written" in one run: when it was started, became ready and ended. Nothing runs in it that could
// say more.
import { isObject, type KubeObject, type Millis, parseTime } from '../../engine/index.ts';
import type { ContainerRun } from '../apiserver/handlers/container-run.ts';
import type { LogLine } from '../apiserver/handlers/pod-log.ts';

export function simulatedLog(pod: KubeObject, { image, attempt, startedAt, ended }: ContainerRun): readonly LogLine[] {
  const ready = startedAt ?? ended?.at ?? 0;
  const lines: LogLine[] = [];
  const again = attempt === 0 ? '' : ` again, after ${attempt} ${attempt === 1 ? 'crash' : 'crashes'}`;
  const begun = attempt === 0 ? Math.min(placedAt(pod) ?? ready, ready) : ready;
  lines.push({ at: begun, text: `a simulated container of ${image} is started${again}` });
  if (ended === null || (ended.at ?? 0) > ready) lines.push({ at: ready, text: 'it is ready' });
  if (ended !== null) lines.push({ at: ended.at ?? ready, text: `it has ended with exit code ${ended.exitCode}` });
  return lines;
}

function placedAt({ status }: KubeObject): Millis | null {
  const { startTime } = isObject(status) ? status : {};
  return typeof startTime === 'string' ? parseTime(startTime) : null;
}
