// One request from its first line to its last byte: let in or not, read, given its turn, answered, counted and recorded.
import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import {
  badRequest,
  internalError,
  type Millis,
  merged,
  type ObjectStore,
  StatusError,
  tooLarge,
} from '../../engine/index.ts';
import type { AuditLog } from './audit.ts';
import type { Credentials } from './auth/authenticate.ts';
import { forward, tunnel } from './cluster-proxy.ts';
import { type BareRequest, BODY_MAX, type Entrance, statusResponse } from './dispatch.ts';
import { answerLasting, type Durability } from './lasting.ts';
import type { ServerMetrics } from './metrics.ts';
import { isTrue } from './negotiate.ts';
import type { OpenHub } from './open-hub.ts';
import type { Priorities } from './priority.ts';
import type { ClientRates } from './rates.ts';
import { send } from './send.ts';
import type { WatchStreams } from './watch-stream.ts';

export interface SessionPorts {
  readonly open: OpenHub;
  readonly store: ObjectStore;
  readonly streams: WatchStreams;
  readonly metrics: ServerMetrics;
  readonly priorities: Priorities;
  readonly rates: ClientRates;
  readonly durability: Durability;
  readonly audit?: AuditLog;
  readonly now: () => Millis;
  readonly onError: (message: string) => void;
}

const AUDIT_ID_MAX = 64;
const FAILURES = 400;
const LISTENING = ['watch', 'follow'];

export class Session {
  private readonly ports: SessionPorts;
  private isSettling = false;

  constructor(ports: SessionPorts) {
    this.ports = ports;
    const { open, store, durability } = ports;
    store.onChange(() => this.scheduleSettling());
    store.onReplace(() => {
      open.housekeeping.noticeAll(open.hub);
      this.scheduleSettling();
    });
    durability.onUndo((undone) => {
      open.housekeeping.noticeUndone(undone);
      this.scheduleSettling();
    });
    durability.onProblem(() => this.scheduleSettling());
  }

  sweep(): void {
    const { durability, open, rates } = this.ports;
    rates.sweep();
    if (durability.problem() !== null) return;
    open.housekeeping.expireEvents(open.hub);
    open.housekeeping.forgetSigned();
    open.housekeeping.forgetExpiredTokens();
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const began = this.ports.now();
    const bare: { -readonly [K in keyof BareRequest]: BareRequest[K] } = {
      method: request.method ?? 'GET',
      path: '/',
      query: new URLSearchParams(),
      headers: headersOf(request),
    };
    let entrance: Entrance | null = null;
    let release: (() => void) | null = null;
    this.record(request, response, bare, began, () => entrance);
    try {
      Object.assign(bare, addressOf(request));
      entrance = this.ports.open.identify(bare, credentialsOf(request, bare.headers, began));
      this.ports.rates.admit(entrance);
      this.ports.open.permit(entrance);
      const body = await readBody(request);
      const taken = this.ports.priorities.take(entrance, bare);
      release = taken instanceof Promise ? await taken : taken;
      if (!response.destroyed) await this.answer(bare, body, entrance, request, response);
    } catch (error) {
      this.fail(bare, request, response, error);
    } finally {
      release?.();
    }
  }

  /** Terminals and forwarded ports of members: the connection is joined with one to the member. */
  async upgrade(request: IncomingMessage, socket: Duplex, head: Uint8Array): Promise<void> {
    socket.on('error', () => socket.destroy());
    const headers = headersOf(request);
    try {
      const bare = { method: request.method ?? 'GET', headers, ...addressOf(request) };
      const { open } = this.ports;
      const entrance = open.identify(bare, credentialsOf(request, headers, this.ports.now()));
      this.ports.rates.admit(entrance);
      open.permit(entrance);
      const body = new Uint8Array();
      const answered = open.answerEntered(merged(bare, { body }), entrance);
      if (answered.kind === 'body' && answered.status >= FAILURES) {
        socket.end(plainAnswer(answered.status, answered.body.toString()));
        return;
      }
      if (answered.kind !== 'proxy') throw badRequest('only connections to member clusters can be upgraded');
      const { access, path, user } = answered;
      await tunnel(access, { method: bare.method, path, body, user }, request, socket, head);
    } catch (error) {
      if (!(error instanceof StatusError)) this.ports.onError(textOf(error));
      const { status } = error instanceof StatusError ? error : internalError('');
      socket.end(plainAnswer(status.code, JSON.stringify(status)));
    }
  }

  private async answer(
    bare: BareRequest,
    body: Uint8Array,
    entrance: Entrance,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { open, store, streams, metrics, durability } = this.ports;
    if (bare.path.startsWith('/metrics')) await metrics.refresh();
    const ask = () => {
      const made = open.answerEntered(merged(bare, { body }), entrance);
      // At once: what is published from here on is for the stream to tell.
      if (made.kind === 'watch' && !response.destroyed) streams.open(made, response);
      return made;
    };
    const answered = await answerLasting(store, durability, ask, bare.method !== 'GET' && bare.method !== 'HEAD');
    if (response.destroyed || answered.kind === 'watch') return;
    if (answered.kind === 'proxy') {
      const { access, path, user } = answered;
      await forward(access, { method: bare.method, path, body, user }, request, response);
    } else {
      await send(request, response, answered);
    }
  }

  /** What became of it is known when the answer is over, however it ended. */
  private record(
    request: IncomingMessage,
    response: ServerResponse,
    bare: BareRequest,
    began: Millis,
    entranceOf: () => Entrance | null,
  ): void {
    const given = bare.headers['audit-id'] ?? '';
    const id = given === '' || given.length > AUDIT_ID_MAX ? randomUUID() : given;
    response.setHeader('Audit-Id', id);
    const address = request.socket.remoteAddress ?? '';
    response.once('close', () => {
      const entrance = entranceOf();
      const ended = this.ports.now();
      const asked = entrance?.asked;
      const verb = (asked?.verb ?? bare.method).toUpperCase();
      const resource = asked?.kind === 'resource' ? asked.resource : '';
      const code = response.statusCode;
      // How long somebody listens says nothing of how quick the server is.
      const goesOn = verb === 'WATCH' || LISTENING.some((option) => isTrue(bare.query.get(option)));
      if (!goesOn) this.ports.metrics.count({ verb, resource, code, seconds: (ended - began) / 1000 });
      const userAgent = bare.headers['user-agent'] ?? '';
      const uri = request.url ?? '';
      this.ports.audit?.write({ id, entrance, uri, method: bare.method, address, userAgent, code, began, ended });
    });
  }

  private fail(bare: BareRequest, request: IncomingMessage, response: ServerResponse, error: unknown): void {
    if (response.destroyed) return;
    if (error instanceof StatusError && !response.headersSent) {
      void send(request, response, statusResponse(error.status, bare));
      return;
    }
    this.ports.onError(textOf(error));
    if (response.headersSent) response.destroy();
    else {
      const status = { kind: 'Status' as const, apiVersion: 'v1' as const, metadata: {}, status: 'Failure' as const };
      const message = 'Internal error occurred: the server met a mistake of its own';
      void send(request, response, statusResponse({ ...status, message, reason: 'InternalError', code: 500 }, bare));
    }
  }

  /** The hub's own work is done between requests, never inside one. */
  private scheduleSettling(): void {
    if (this.isSettling) return;
    this.isSettling = true;
    setImmediate(() => {
      this.isSettling = false;
      // What cannot be written now is due when it can be again.
      if (this.ports.durability.problem() !== null) return;
      try {
        this.ports.open.housekeeping.settle();
      } catch (error) {
        this.ports.onError(textOf(error));
      }
    });
  }
}

/** For connections that have left HTTP already. */
function plainAnswer(code: number, body: string): string {
  const head = ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`, 'Connection: close'];
  return `HTTP/1.1 ${code} ${STATUS_CODES[code] ?? 'Error'}\r\n${head.join('\r\n')}\r\n\r\n${body}`;
}

const textOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

function addressOf(request: IncomingMessage): { path: string; query: URLSearchParams } {
  const text = request.url ?? '/';
  const whole = text.startsWith('/') ? `http://hub${text}` : text;
  if (!URL.canParse(whole)) throw badRequest('the path of the request cannot be read');
  const { pathname, searchParams } = new URL(whole);
  return { path: decodePath(pathname), query: searchParams };
}

function decodePath(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

function headersOf(request: IncomingMessage): Record<string, string | undefined> {
  const headers: Record<string, string | undefined> = Object.create(null);
  for (const name in request.headers) {
    const value = request.headers[name];
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}

function credentialsOf(
  request: IncomingMessage,
  headers: Record<string, string | undefined>,
  now: number,
): Credentials {
  const { socket } = request;
  if (!(socket instanceof TLSSocket)) return { headers, certificate: null };
  const { subject, valid_to: end } = socket.getPeerCertificate();
  if (subject?.CN === undefined) return { headers, certificate: null };
  // It may have ended since the connection was opened.
  if (!socket.authorized || !(Date.parse(end) > now)) return { headers, certificate: 'refused' };
  const organizations = [subject.O ?? []].flat() as string[];
  return { headers, certificate: { commonName: String(subject.CN), organizations } };
}

async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_MAX) throw tooLarge(`Request entity too large: limit is ${BODY_MAX}`);
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}
