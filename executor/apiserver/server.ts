// The hub on a socket: reads requests within limits, has them answered, writes answers and keeps watches open.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { AuditLog } from './audit.ts';
import { type ServerIdentity, trustIn } from './authority.ts';
import type { ShownCertificate } from './certificate-files.ts';
import type { FairnessOptions } from './fairness.ts';
import { type Durability, MEMORY_ONLY } from './lasting.ts';
import { ServerMetrics } from './metrics.ts';
import { type HubOptions, type OpenHub, openHub } from './open-hub.ts';
import { Priorities } from './priority.ts';
import { CLIENT_RATE, ClientRates, type RateOptions } from './rates.ts';
import { Session } from './session.ts';
import { WatchStreams } from './watch-stream.ts';

export interface HubServerOptions
  extends Omit<HubOptions, 'address' | 'rootCertificate' | 'signing' | 'metrics' | 'storageProblem'> {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Null for plain HTTP. */
  readonly identity: ServerIdentity | null;
  /** What stands behind the store, if anything does. */
  readonly durability?: Durability;
  /** Hears of every request, if anybody wants to know. */
  readonly audit?: AuditLog;
  readonly fairness?: FairnessOptions;
  readonly clientRate?: RateOptions;
  readonly limits?: Partial<ConnectionLimits>;
  /** Sees every request first, and decides whether and when it goes on. */
  readonly gate?: (request: IncomingMessage, response: ServerResponse, go: () => void) => void;
  readonly onError: (message: string) => void;
}

/** How long a client may take over what takes no time. */
export interface ConnectionLimits {
  readonly handshakeMs: number;
  readonly headersMs: number;
  readonly requestMs: number;
  /** How often connections are looked at. */
  readonly checkMs: number;
}

const LIMITS: ConnectionLimits = { handshakeMs: 10_000, headersMs: 10_000, requestMs: 60_000, checkMs: 10_000 };
const CONNECTIONS_MAX = 16_384;

export interface HubServer {
  readonly url: string;
  readonly open: OpenHub;
  /** From now on new connections are shown this. */
  show(certificate: ShownCertificate): void;
  /** Ends watches, lets running requests finish, and closes the socket. */
  close(): Promise<void>;
}

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
  const limits = { ...LIMITS, ...options.limits };
  const timing = { connectionsCheckingInterval: limits.checkMs };
  const server: Server | SecureServer =
    identity === null
      ? createServer(timing, handler)
      : createSecureServer(
          {
            ...timing,
            ...contextOf(identity, identity),
            handshakeTimeout: limits.handshakeMs,
            requestCert: true,
            rejectUnauthorized: false,
          },
          handler,
        );
  server.headersTimeout = limits.headersMs;
  server.requestTimeout = limits.requestMs;
  server.maxConnections = CONNECTIONS_MAX;
  // Headers are limited by their size; past a count they would be dropped unseen, and one of them may be what matters.
  server.maxHeadersCount = 0;
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
    rootCertificate: identity === null ? null : trustIn(identity),
    ...(identity !== null && { signing: identity.authority }),
    metrics: () => metrics.read(),
    storageProblem: () => durability.problem(),
  });
  const priorities = new Priorities(store, open.hub.registry, options.fairness);
  const rates = new ClientRates(options.clientRate ?? CLIENT_RATE, options.now);
  const session = new Session({ ...options, open, streams, metrics, priorities, rates, durability });
  await untilFurnished(open, durability);
  const { gate = (_request, _response, go) => go() } = options;
  serve = (request, response) => gate(request, response, () => void session.serve(request, response));
  server.on('upgrade', (request, socket, head) => void session.upgrade(request, socket, head));
  const sweeping = setInterval(() => session.sweep(), SWEEP_MS);
  sweeping.unref();
  return {
    url: `${identity === null ? 'http' : 'https'}://${shown}:${port}`,
    open,
    show: (certificate) => {
      if (identity !== null && 'setSecureContext' in server) server.setSecureContext(contextOf(certificate, identity));
    },
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

const contextOf = ({ certificate, key }: ShownCertificate, identity: ServerIdentity) => ({
  key,
  cert: certificate,
  ca: [identity.authority.certificate, identity.clientAuthorities ?? []].flat(),
  minVersion: 'TLSv1.2' as const,
});

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
