// Begins a watch: what exists, if asked for, then every change that the watcher's selectors let through.
import { type Change, expired, type KubeObject } from '../../../engine/index.ts';
import { metadataOnly, tableOptions } from '../encode.ts';
import type { Hub } from '../hub.ts';
import { type Answer, chooseWatchAnswer } from '../negotiate.ts';
import { ordered, typedText } from '../object-text.ts';
import type { ApiRequest, ApiResponse } from '../request.ts';
import { apiVersionOf, type Resource } from '../resource.ts';
import { zeroOf } from '../resources/decode.ts';
import { tableOf } from '../table.ts';
import { readWatchOptions } from './list-options.ts';
import { readSelection } from './selection.ts';

/** Watches without a limit of their own last between 30 and 60 minutes, so that they do not all end together. */
const WATCH_MIN_MS = 30 * 60_000;

export function handleWatch(
  hub: Hub,
  resource: Resource,
  namespace: string | null,
  name: string | null,
  request: ApiRequest,
): ApiResponse {
  const options = readWatchOptions(request.query, WATCH_MIN_MS + hub.draw(WATCH_MIN_MS));
  const selection = readSelection(request.query, resource, name);
  const answer = chooseWatchAnswer(request.headers.accept);
  const { store } = hub;
  // What is not published yet comes as a change, or not at all.
  const revision = store.published();
  const encoder = new EventEncoder(hub, resource, request, answer);
  const isIn = (object: KubeObject) => namespace === null || (object.metadata.namespace ?? '') === namespace;
  const isSelective = selection.labels.length > 0 || selection.fields.length > 0;
  const isSeen = (object: KubeObject) =>
    isIn(object) && (!isSelective || selection.matches(resource.fromStored(object)));

  const line = (change: Change): string | null => {
    if (!isIn(change.object)) return null;
    const after = change.type !== 'DELETED' && isSeen(change.object);
    const before = change.previous !== null && isSeen(change.previous);
    if (after) return encoder.event(before ? 'MODIFIED' : 'ADDED', change.object);
    if (!before) return null;
    // What leaves the selection is told as it was, at the revision at which it left.
    const last = change.type === 'DELETED' ? change.object : atRevision(change.previous!, change.revision);
    return encoder.event('DELETED', last);
  };
  const initial: string[] = [];
  let isOver = false;
  if (options.onlyNews) {
    // What exists is known to this watcher.
  } else if (options.after === null) {
    const existing = store.collectionAt(resource.collection, revision)!.list(namespace).filter(isSeen);
    for (const object of existing) initial.push(encoder.event('ADDED', object));
    if (options.initialEvents && options.bookmarks) initial.push(encoder.bookmark(revision, true));
  } else {
    const missed = store.changesSince(resource.collection, options.after);
    if (missed === null) {
      initial.push(encoder.error(options.after, store.oldest()));
      isOver = true;
    }
    for (const change of missed ?? []) {
      const text = line(change);
      if (text !== null) initial.push(text);
    }
  }
  return {
    kind: 'watch',
    contentType: 'application/json',
    timeoutMs: options.timeoutMs,
    collection: resource.collection,
    initial,
    // Who names a revision that is yet to come hears only of what follows it.
    after: Math.max(revision, options.after ?? 0),
    line,
    bookmark: options.bookmarks ? (seen) => encoder.bookmark(seen, false) : null,
    isOver: () => isOver,
  };
}

const atRevision = (object: KubeObject, revision: number): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion: String(revision) },
});

/** The line made last: a change is told to one watcher after the other, and all get the very same text. */
let latest: { readonly object: KubeObject; readonly type: string; readonly line: string } | null = null;

function eventLine(type: string, object: KubeObject): string {
  if (latest !== null && latest.object === object && latest.type === type) return latest.line;
  const line = `{"type":"${type}","object":${typedText(object)}}\n`;
  if (Object.isFrozen(object)) latest = { object, type, line };
  return line;
}

class EventEncoder {
  private readonly hub: Hub;
  private readonly resource: Resource;
  private readonly request: ApiRequest;
  private readonly answer: Answer;
  private isFirst = true;

  constructor(hub: Hub, resource: Resource, request: ApiRequest, answer: Answer) {
    this.hub = hub;
    this.resource = resource;
    this.request = request;
    this.answer = answer;
  }

  event(type: string, stored: KubeObject): string {
    const object = this.resource.fromStored(stored);
    return this.answer.form === 'object' ? eventLine(type, object) : this.line(type, object);
  }

  bookmark(revision: number, endsInitial: boolean): string {
    const { builtin, kind } = this.resource;
    const zero = builtin === null ? {} : zeroOf(builtin);
    const object = {
      ...zero,
      kind,
      apiVersion: apiVersionOf(this.resource),
      metadata: {
        resourceVersion: String(revision),
        ...(endsInitial ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}),
      },
    } as unknown as KubeObject;
    return this.line('BOOKMARK', object);
  }

  error(wanted: number, oldest: number): string {
    const { status } = expired(`too old resource version: ${wanted} (${oldest})`);
    return `${JSON.stringify({ type: 'ERROR', object: status })}\n`;
  }

  private line(type: string, object: KubeObject): string {
    return `${JSON.stringify({ type, object: this.formed(type, object) })}\n`;
  }

  private formed(type: string, object: KubeObject): unknown {
    switch (this.answer.form) {
      case 'table': {
        const withColumns = this.isFirst;
        this.isFirst = false;
        const { resourceVersion } = object.metadata;
        const options = tableOptions(this.request, this.answer, this.hub.now());
        const objects = type === 'BOOKMARK' ? [] : [object];
        return tableOf(objects, { resourceVersion }, this.resource, options, withColumns);
      }
      case 'metadata':
      case 'metadata-list':
        return metadataOnly(object, this.answer.metaVersion);
      default:
        return ordered(object);
    }
  }
}
