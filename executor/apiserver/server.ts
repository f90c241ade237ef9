// The hub on a socket: reads requests within limits, has them answered, writes answers and keeps watches open.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { StatusError, tooLarge } from '../../engine/index.ts';
import type { Credentials } from './auth/authenticate.ts';
import type { ServerIdentity } from './authority.ts';
import { forward } from './cluster-proxy.ts';
import { BODY_MAX, statusResponse } from './dispatch.ts';
import { answerLasting, type Durability, MEMORY_ONLY } from './lasting.ts';
import { ServerMetrics } from './metrics.ts';
import { type HubOptions, type OpenHub, openHub } from './open-hub.ts';
import type { ApiRequest } from './request.ts';
import { readRoute } from './routes.ts';
import { send } from './send.ts';
import { WatchStreams } from './watch-stream.ts';

export interface HubServerOptions extends Omit<HubOptions, 'address' | 'rootCertificate' | 'metrics'> {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Null for plain HTTP. */
  readonly identity: ServerIdentity | null;
  /** What stands behind the store, if anything does. */
  readonly durability?: Durability;
  readonly onError: (message: string) => void;
}

export interface HubServer {
  readonly url: string;
  readonly open: OpenHub;
  /** Ends watches, lets running requests finish, and closes the socket. */
  close(): Promise<void>;
}

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;
const KEEP_ALIVE_MS = 120_000;
const CLOSE_MS = 5000;
const SWEEP_MS = 60_000;

export async function startHub(options: HubServerOptions): Promise<HubServer> {
  const { identity, host, store, durability = MEMORY_ONLY } = options;
  const streams = new WatchStreams(store);
  const metrics = new ServerMetrics({
    watches: () => streams.count(),
    revision: () => store.published(),
    isWritable: () => durability.problem() === null,
  });
  const sockets = new Set<Socket>();
  // Requests need the hub, and the hub needs the address that only the listening socket has.
  let serve: (request: IncomingMessage, response: ServerResponse) => void = (_request, response) => response.destroy();
  const handler = (request: IncomingMessage, response: ServerResponse) => serve(request, response);
  const server: Server =
    identity === null
      ? createServer(handler)
      : createSecureServer(
          {
            key: identity.key,
            cert: `${identity.certificate}\n${identity.authority.certificate}`,
            ca: identity.authority.certificate,
            requestCert: true,
            rejectUnauthorized: false,
            minVersion: 'TLSv1.2',
          },
          handler,
        );
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
  });
  await listen(server, host, options.port);
  const { port } = server.address() as AddressInfo;
  const shown = host.includes(':') ? `[${host}]` : host;
  const open = openHub({
    ...options,
    address: `${shown}:${port}`,
    rootCertificate: identity?.authority.certificate ?? null,
    metrics: () => metrics.read(),
  });
  const session = new Session(open, streams, metrics, { ...options, durability });
  await untilFurnished(open, durability);
  serve = (request, response) => void session.serve(request, response);
  const sweeping = setInterval(() => session.sweep(), SWEEP_MS);
  sweeping.unref();
  return {
    url: `${identity === null ? 'http' : 'https'}://${shown}:${port}`,
    open,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      clearInterval(sweeping);
      streams.close();
      server.closeIdleConnections();
      const cut = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, CLOSE_MS);
      await closed;
      clearTimeout(cut);
      open.housekeeping.close();
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Where another hub on the same storage was first, what it made is there, and only the rest is to be made. */
async function untilFurnished(open: OpenHub, durability: Durability): Promise<void> {
  for (;;) {
    const settlement = await durability.settled();
    if (settlement.ok || settlement.loss.why !== 'outrun') return;
    open.furnish();
  }
}

class Session {
  private readonly open: OpenHub;
  private readonly streams: WatchStreams;
  private readonly metrics: ServerMetrics;
  private readonly options: HubServerOptions & { readonly durability: Durability };
  private isSettling = false;

  constructor(
    open: OpenHub,
    streams: WatchStreams,
    metrics: ServerMetrics,
    options: HubServerOptions & { readonly durability: Durability },
  ) {
    this.open = open;
    this.streams = streams;
    this.metrics = metrics;
    this.options = options;
    const { store, durability } = options;
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
    if (this.options.durability.problem() === null) this.open.housekeeping.expireEvents(this.open.hub);
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const began = this.options.now();
    const url = new URL(request.url ?? '/', 'http://hub');
    const headers = headersOf(request);
    const bare = { method: request.method ?? 'GET', path: decodePath(url.pathname), query: url.searchParams, headers };
    try {
      const body = await readBody(request);
      if (bare.path.startsWith('/metrics')) await this.metrics.refresh();
      const { store, durability } = this.options;
      const credentials = credentialsOf(request, headers);
      const answered = await answerLasting(store, durability, () => {
        const made = this.open.answer({ ...bare, body }, credentials);
        // At once: what is published from here on is for the stream to tell.
        if (made.kind === 'watch' && !response.destroyed) this.streams.open(made, response);
        return made;
      });
      if (response.destroyed || answered.kind === 'watch') return;
      if (answered.kind === 'proxy') {
        const { access, path, user } = answered;
        await forward(access, { method: bare.method, path, body, user }, request, response);
      } else {
        await send(request, response, answered);
        this.count(bare, answered.status, (this.options.now() - began) / 1000);
      }
    } catch (error) {
      this.fail({ ...bare, body: new Uint8Array() }, request, response, error);
    }
  }

  private fail(
    bare: Omit<ApiRequest, 'user'>,
    request: IncomingMessage,
    response: ServerResponse,
    error: unknown,
  ): void {
    if (response.destroyed) return;
    if (error instanceof StatusError) {
      void send(request, response, statusResponse(error.status, bare));
      return;
    }
    this.options.onError(error instanceof Error ? (error.stack ?? error.message) : String(error));
    if (response.headersSent) response.destroy();
    else {
      const status = { kind: 'Status' as const, apiVersion: 'v1' as const, metadata: {}, status: 'Failure' as const };
      const message = 'Internal error occurred: the server met a mistake of its own';
      void send(request, response, statusResponse({ ...status, message, reason: 'InternalError', code: 500 }, bare));
    }
  }

  private count(
    { method, path, query }: { method: string; path: string; query: URLSearchParams },
    code: number,
    seconds: number,
  ): void {
    const route = readRoute(path);
    const resource = route.kind === 'resource' ? route.plural : '';
    const isList = route.kind === 'resource' && route.name === null && method === 'GET';
    const verb = isList ? (query.get('watch') === 'true' ? 'WATCH' : 'LIST') : method;
    this.metrics.count({ verb, resource, code, seconds });
  }

  /** The hub's own work is done between requests, never inside one. */
  private scheduleSettling(): void {
    if (this.isSettling) return;
    this.isSettling = true;
    setImmediate(() => {
      this.isSettling = false;
      // What cannot be written now is due when it can be again.
      if (this.options.durability.problem() !== null) return;
      try {
        this.open.housekeeping.settle();
      } catch (error) {
        this.options.onError(error instanceof Error ? (error.stack ?? error.message) : String(error));
      }
    });
  }
}

function decodePath(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

function headersOf(request: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
}

function credentialsOf(request: IncomingMessage, headers: Record<string, string | undefined>): Credentials {
  const { socket } = request;
  if (!(socket instanceof TLSSocket) || !socket.authorized) return { headers, certificate: null };
  const { subject } = socket.getPeerCertificate();
  if (subject?.CN === undefined) return { headers, certificate: null };
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
  return Buffer.concat(chunks);
}
