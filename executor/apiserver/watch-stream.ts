// Streams of what goes on to clients, watches and followed logs: one subscription a collection, lines as they come, bookmarks and
// an end by the clock.
import type { ServerResponse } from 'node:http';
import type { Change, ObjectStore } from '../../engine/index.ts';
import type { WatchResponse } from './request.ts';

const BOOKMARK_MS = 60_000;
/** A client that reads this much too slowly is cut off; it will come back and catch up. */
const BACKLOG_BYTES_MAX = 16 * 1024 * 1024;

interface Stream {
  readonly watch: WatchResponse;
  readonly response: ServerResponse;
  readonly end: () => void;
  /** Lines are held back until this turn of the event loop is over, to go out together. */
  isHeld: boolean;
}

export class WatchStreams {
  private readonly store: ObjectStore;
  private readonly byCollection = new Map<string, Set<Stream>>();
  private readonly stops: readonly (() => void)[];
  private held: Stream[] = [];

  constructor(store: ObjectStore) {
    this.store = store;
    // Nobody knows what happened between the states: clients come back with what they saw last, and are told to list anew.
    const cutAll = () => this.each(({ response }) => response.destroy());
    this.stops = [store.onChange((change) => this.tell(change)), store.onReplace(cutAll)];
  }

  count(): number {
    let total = 0;
    for (const streams of this.byCollection.values()) total += streams.size;
    return total;
  }

  open(watch: WatchResponse, response: ServerResponse): void {
    response.writeHead(200, {
      'Content-Type': watch.contentType,
      'Cache-Control': 'no-cache, private',
      ...watch.headers,
    });
    // Clients wait for the headers before they believe that the watch stands.
    response.flushHeaders();
    for (const line of watch.initial) response.write(line);
    if (watch.isOver()) {
      response.end();
      return;
    }
    const streams = this.byCollection.get(watch.collection) ?? new Set<Stream>();
    this.byCollection.set(watch.collection, streams);
    const timeout = watch.timeoutMs === null ? null : setTimeout(() => stream.end(), watch.timeoutMs);
    const bookmarks = watch.bookmark === null ? null : setInterval(() => this.mark(stream), BOOKMARK_MS);
    const forget = () => {
      if (timeout !== null) clearTimeout(timeout);
      if (bookmarks !== null) clearInterval(bookmarks);
      streams.delete(stream);
    };
    const stream: Stream = {
      watch,
      response,
      isHeld: false,
      end: () => {
        forget();
        if (!response.destroyed && watch.bookmark !== null) response.write(watch.bookmark(this.seen(watch)));
        response.end();
      },
    };
    streams.add(stream);
    response.on('close', forget);
    response.on('error', forget);
  }

  /** Ends every stream: the server goes. */
  close(): void {
    for (const stop of this.stops) stop();
    this.each((stream) => stream.end());
  }

  private each(visit: (stream: Stream) => void): void {
    for (const streams of this.byCollection.values()) for (const stream of [...streams]) visit(stream);
  }

  private seen(watch: WatchResponse): number {
    return Math.max(this.store.published(), watch.after);
  }

  private mark({ watch, response }: Stream): void {
    if (!response.destroyed && watch.bookmark !== null) response.write(watch.bookmark(this.seen(watch)));
  }

  private tell(change: Change): void {
    // The same text goes to many watchers: it is made into a chunk once.
    const chunks = new Map<string, Uint8Array>();
    for (const stream of this.byCollection.get(change.collection) ?? []) {
      const { watch, response } = stream;
      if (change.revision <= watch.after || response.destroyed) continue;
      const line = watch.line(change);
      if (line !== null) this.write(stream, line, chunks);
      if (watch.isOver()) stream.end();
    }
  }

  private write(stream: Stream, line: string, chunks: Map<string, Uint8Array>): void {
    const { response } = stream;
    let chunk = chunks.get(line);
    if (chunk === undefined) {
      chunk = chunkOf(line);
      chunks.set(line, chunk);
    }
    this.hold(stream);
    writeChunk(response, chunk, line);
    if (response.writableLength + (response.socket?.writableLength ?? 0) > BACKLOG_BYTES_MAX) response.destroy();
  }

  private hold(stream: Stream): void {
    if (stream.isHeld) return;
    stream.isHeld = true;
    stream.response.socket?.cork();
    this.held.push(stream);
    if (this.held.length > 1) return;
    setImmediate(() => {
      const { held } = this;
      this.held = [];
      for (const one of held) {
        one.isHeld = false;
        one.response.socket?.uncork();
      }
    });
  }
}

function chunkOf(line: string): Uint8Array {
  const body = Buffer.from(line);
  return Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n')]);
}

/** Past the response's own framing where that is known to be chunks: a thousand watchers share the bytes. */
function writeChunk(response: ServerResponse, chunk: Uint8Array, line: string): void {
  const { socket } = response;
  if (response.chunkedEncoding && socket !== null && !response.writableNeedDrain) socket.write(chunk);
  else response.write(line);
}
