// The runs of a container, as its pod's status tells of them: the one that is under way, and the one that ended before it.
import { badRequest, isObject, type KubeObject, type Millis, parseTime } from '../../../engine/index.ts';
import { items, read } from '../resources/cells.ts';

export interface ContainerRun {
  readonly container: string;
  readonly image: string;
  /** 0 for the first. */
  readonly attempt: number;
  readonly startedAt: Millis | null;
  /** Null while it runs. */
  readonly ended: { readonly at: Millis | null; readonly exitCode: number } | null;
}

/** Those that run before the others first. */
const SORTS = ['initContainers', 'containers', 'ephemeralContainers'] as const;
const STATUSES = ['initContainerStatuses', 'containerStatuses', 'ephemeralContainerStatuses'] as const;

export const namesIn = (pod: KubeObject, sort: (typeof SORTS)[number]): readonly string[] =>
  items(read(pod, `spec.${sort}`)).map(({ name }) => String(name));

export const containersOf = (pod: KubeObject): readonly string[] => SORTS.flatMap((sort) => namesIn(pod, sort));

/** The one that is named, or the only one. */
export function containerOf(pod: KubeObject, wanted: string): string {
  const { name } = pod.metadata;
  const own = namesIn(pod, 'containers');
  if (wanted === '') {
    if (own.length === 1) return own[0]!;
    const before = namesIn(pod, 'initContainers');
    const first = before.length === 0 ? '' : ` or one of the init containers: [${before.join(' ')}]`;
    throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${own.join(' ')}]${first}`);
  }
  if (!containersOf(pod).includes(wanted)) {
    throw badRequest(`container ${wanted} is not valid for pod ${name}`);
  }
  return wanted;
}

/** Whose log is meant: of the run before this one, or of this one; where it has not begun yet, of the last that ended. */
export function runOf(pod: KubeObject, container: string, isPrevious: boolean): ContainerRun {
  const status = statusOf(pod, container);
  const { name } = pod.metadata;
  if (status === null) throw badRequest(`container "${container}" in pod "${name}" is not available`);
  const attempt = attemptOf(status);
  const before = attemptAt(pod, container, attempt - 1);
  if (isPrevious) {
    if (before === null) throw badRequest(`previous terminated container "${container}" in pod "${name}" not found`);
    return before;
  }
  const found = attemptAt(pod, container, attempt) ?? before;
  if (found !== null) return found;
  const reason = read(status, 'state.waiting.reason') ?? 'ContainerCreating';
  throw badRequest(`container "${container}" in pod "${name}" is waiting to start: ${String(reason)}`);
}

/** Null where the status does not tell of it. */
export function attemptAt(pod: KubeObject, container: string, attempt: number): ContainerRun | null {
  const status = statusOf(pod, container);
  if (status === null) return null;
  const newest = attemptOf(status);
  const state = attempt === newest ? status.state : attempt === newest - 1 ? status.lastState : undefined;
  if (!isObject(state)) return null;
  const { running, terminated } = state;
  const known = { container, image: imageOf(pod, container), attempt };
  if (isObject(running)) return { ...known, startedAt: timeOf(running.startedAt), ended: null };
  if (!isObject(terminated)) return null;
  const ended = { at: timeOf(terminated.finishedAt), exitCode: Number(terminated.exitCode ?? 0) };
  return { ...known, startedAt: timeOf(terminated.startedAt), ended };
}

const attemptOf = (status: Record<string, unknown>): number => Number(status.restartCount ?? 0);

const timeOf = (value: unknown): Millis | null => (typeof value === 'string' ? parseTime(value) : null);

function statusOf(pod: KubeObject, container: string): Record<string, unknown> | null {
  const all = STATUSES.flatMap((sort) => items(read(pod, `status.${sort}`)));
  return all.find(({ name }) => name === container) ?? null;
}

function imageOf(pod: KubeObject, container: string): string {
  const all = SORTS.flatMap((sort) => items(read(pod, `spec.${sort}`)));
  return String(all.find(({ name }) => name === container)?.image ?? container);
}
