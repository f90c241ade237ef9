// The few calls to etcd that the storage needs, with numbers for etcd's numbers in strings.
import { isObject } from '../../../engine/index.ts';
import { CODE, type EtcdConnection, EtcdError } from './connection.ts';
import { encode } from './keys.ts';

export interface KeyValue {
  readonly key: string;
  /** Base64, as it came. */
  readonly value: string;
  readonly modRevision: number;
  readonly createRevision: number;
}

export type Operation =
  | { readonly request_put: { readonly key: string; readonly value: string } }
  | { readonly request_delete_range: { readonly key: string } };

export interface Comparison {
  readonly key: string;
  readonly target: 'MOD' | 'CREATE';
  readonly result: 'EQUAL';
  readonly mod_revision?: string;
  readonly create_revision?: string;
}

export interface WatchMessage {
  /** What etcd had reached when it wrote this. */
  readonly revision: number;
  readonly events: readonly { readonly isPut: boolean; readonly kv: KeyValue }[];
  /** History up to here is gone; 0 where that is not the trouble. */
  readonly compacted: number;
  readonly isCanceled: boolean;
  readonly reason: string;
}

const PAGE = 500;

export const isCompacted = (error: unknown): boolean =>
  error instanceof EtcdError && error.code === CODE.outOfRange && /compacted/.test(error.message);

export class EtcdClient {
  readonly connection: EtcdConnection;
  readonly #timeoutMs: number;

  constructor(connection: EtcdConnection, timeoutMs: number) {
    this.connection = connection;
    this.#timeoutMs = timeoutMs;
  }

  async get(key: string, revision = 0): Promise<{ readonly kv: KeyValue | null; readonly revision: number }> {
    const answer = await this.#call('/v3/kv/range', { key: encode(key), revision: String(revision) });
    return { kv: readKeyValues(answer)[0] ?? null, revision: revisionOf(answer) };
  }

  /** Everything in a range at one revision, page by page. */
  async *list(
    range: { readonly key: string; readonly range_end: string },
    revision: number,
  ): AsyncGenerator<KeyValue, void> {
    for (let { key } = range; ; ) {
      const asked = { key, range_end: range.range_end, revision: String(revision), limit: String(PAGE) };
      const answer = await this.#call('/v3/kv/range', asked);
      const found = readKeyValues(answer);
      yield* found;
      if (answer.more !== true || found.length === 0) return;
      const last = Buffer.from(String(field((answer.kvs as unknown[]).at(-1), 'key')), 'base64');
      key = Buffer.concat([last, Buffer.alloc(1)]).toString('base64');
    }
  }

  async transact(
    compare: readonly Comparison[],
    success: readonly Operation[],
  ): Promise<{ readonly succeeded: boolean; readonly revision: number }> {
    const answer = await this.#call('/v3/kv/txn', { compare, success });
    return { succeeded: answer.succeeded === true, revision: revisionOf(answer) };
  }

  async compact(revision: number): Promise<void> {
    try {
      await this.#call('/v3/kv/compaction', { revision: String(revision) });
    } catch (error) {
      // Another hub was first.
      if (!isCompacted(error)) throw error;
    }
  }

  /** Returns when the stream ends. */
  async watch(
    range: { readonly key: string; readonly range_end: string },
    from: number,
    onMessage: (message: WatchMessage) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const body = { create_request: { ...range, start_revision: String(from), progress_notify: true } };
    await this.connection.stream('/v3/watch', body, (line) => onMessage(readMessage(line)), signal, this.#timeoutMs);
  }

  #call(path: string, body: unknown): Promise<Readonly<Record<string, unknown>>> {
    return this.connection.call(path, body, this.#timeoutMs);
  }
}

const field = (value: unknown, name: string): unknown => (isObject(value) ? value[name] : undefined);

const revisionOf = (answer: unknown): number => Number(field(field(answer, 'header'), 'revision') ?? 0);

const readKeyValues = (answer: Readonly<Record<string, unknown>>): readonly KeyValue[] =>
  (Array.isArray(answer.kvs) ? answer.kvs : []).map(readKeyValue);

const readKeyValue = (kv: unknown): KeyValue => ({
  key: Buffer.from(String(field(kv, 'key') ?? ''), 'base64').toString('utf8'),
  value: String(field(kv, 'value') ?? ''),
  modRevision: Number(field(kv, 'mod_revision') ?? 0),
  createRevision: Number(field(kv, 'create_revision') ?? 0),
});

function readMessage(line: unknown): WatchMessage {
  const result = field(line, 'result');
  const events = field(result, 'events');
  return {
    revision: revisionOf(result),
    events: (Array.isArray(events) ? events : []).map((event: unknown) => ({
      isPut: field(event, 'type') !== 'DELETE',
      kv: readKeyValue(field(event, 'kv')),
    })),
    compacted: Number(field(result, 'compact_revision') ?? 0),
    isCanceled: field(result, 'canceled') === true,
    reason: String(field(result, 'cancel_reason') ?? ''),
  };
}
