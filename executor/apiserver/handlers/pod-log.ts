// Logs of pods: the lines of a container's run that are asked for, and those that come while it goes on.
import { type Change, type KubeObject, type Millis, notFound } from '../../../engine/index.ts';
import type { Hub } from '../hub.ts';
import { liveObject } from '../objects/write.ts';
import type { ApiRequest, ApiResponse } from '../request.ts';
import type { Resource } from '../resource.ts';
import { read } from '../resources/cells.ts';
import { attemptAt, type ContainerRun, containerOf, runOf } from './container-run.ts';
import { type LogOptions, readLogOptions } from './log-options.ts';

export interface LogLine {
  readonly at: Millis;
  readonly text: string;
}

/** The hub runs no containers; whoever does can hand in a reader of what they have written so far. */
export type LogReader = (pod: KubeObject, run: ContainerRun) => readonly LogLine[];

const TEXT = 'text/plain';

export function handleLog(
  hub: Hub,
  pods: Resource,
  namespace: string,
  name: string,
  request: ApiRequest,
  logs: LogReader | null,
): ApiResponse {
  const pod = liveObject(hub, pods, namespace, name);
  const options = readLogOptions(request.query, name, hub.now());
  const container = containerOf(pod, options.container);
  if ((read(pod, 'spec.nodeName') ?? '') === '') return { kind: 'body', status: 200, contentType: TEXT, body: '' };
  if (logs === null) throw notFound({ group: '', resource: 'pods/log' }, name);
  const run = runOf(pod, container, options.previous);
  const text = new LogText(options);
  const written = text.first(logs(pod, run));
  if (!options.follow || run.ended !== null || text.isFull()) {
    return { kind: 'body', status: 200, contentType: TEXT, body: written };
  }
  let hasEnded = false;
  const isOver = () => hasEnded || text.isFull();
  const line = ({ object, type }: Change): string | null => {
    if (isOver() || object.metadata.uid !== pod.metadata.uid) return null;
    const now = type === 'DELETED' ? null : attemptAt(object, container, run.attempt);
    hasEnded = now === null || now.ended !== null;
    const more = now === null ? '' : text.more(logs(object, now));
    return more === '' ? null : more;
  };
  return {
    kind: 'watch',
    contentType: TEXT,
    timeoutMs: null,
    collection: pods.collection,
    initial: written === '' ? [] : [written],
    after: hub.store.published(),
    line,
    bookmark: null,
    isOver,
  };
}

/** Each line once, in the form that was asked for, and no more bytes than were. */
class LogText {
  readonly #options: LogOptions;
  readonly #told = new Set<string>();
  #room: number;

  constructor(options: LogOptions) {
    this.#options = options;
    this.#room = options.limitBytes ?? Number.POSITIVE_INFINITY;
  }

  isFull(): boolean {
    return this.#room <= 0;
  }

  first(lines: readonly LogLine[]): string {
    const { tailLines, since } = this.#options;
    for (const { text } of lines) this.#told.add(text);
    const last = tailLines === null ? lines : lines.slice(Math.max(0, lines.length - tailLines));
    return this.#within(last.filter(({ at }) => since === null || at >= since));
  }

  more(lines: readonly LogLine[]): string {
    const news = lines.filter(({ text }) => !this.#told.has(text));
    for (const { text } of news) this.#told.add(text);
    return this.#within(news);
  }

  #within(lines: readonly LogLine[]): string {
    const { timestamps } = this.#options;
    const bytes = Buffer.from(lines.map((line) => `${timestamps ? `${stamp(line.at)} ` : ''}${line.text}\n`).join(''));
    const written = bytes.subarray(0, this.#room);
    this.#room -= written.length;
    return written.toString();
  }
}

/** With nine digits behind the second, as kubelets write it. */
const stamp = (at: Millis): string => new Date(at).toISOString().replace('Z', '000000Z');
