// A way to an API that can be in trouble while the API itself is well: it stands on this machine between those who ask and a
// cluster that may not be disturbed otherwise. It has no credentials of its own: whatever it is given it passes on.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  Agent as PlainAgent,
  request as plainRequest,
  type ServerResponse,
} from 'node:http';
import { createServer, Agent as SecureAgent, request as secureRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeAuthority, makeIdentity } from '../apiserver/authority.ts';
import type { ApiAddress } from '../live/http-api.ts';
import { Disturbance } from './disturbance.ts';
import type { Trouble } from './trouble.ts';

export type ProxiedApi = Pick<ApiAddress, 'server' | 'authority' | 'insecure'>;

/** Trouble that needs nothing of the server behind. */
export type WayTrouble = Trouble & { readonly kind: 'partition' | 'slow' | 'throttle' | 'fail' };

export interface TroubleProxy {
  /** Where it is asked in place of the API. */
  readonly address: ProxiedApi;
  setTrouble(trouble: WayTrouble | null): void;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
/** Of one connection, and no part of what is asked or answered. */
const OF_CONNECTION = new Set(['connection', 'keep-alive', 'proxy-connection', 'upgrade', 'host']);

export async function startTroubleProxy(target: ProxiedApi): Promise<TroubleProxy> {
  const now = Date.now();
  const authority = await makeAuthority(now);
  const { certificate, key } = await makeIdentity(authority, [HOST], now);
  // Nobody is told this token: trouble is made from within.
  const disturbance = new Disturbance(randomBytes(32).toString('hex'), () => {});
  const isPlain = target.server.protocol === 'http:';
  const agent = isPlain ? new PlainAgent({ keepAlive: true }) : new SecureAgent({ keepAlive: true });
  const server = createServer({ cert: certificate, key, minVersion: 'TLSv1.2' }, (request, response) =>
    disturbance.meet(request, response, () => passOn(target, agent, request, response)),
  );
  // Watches last.
  server.requestTimeout = 0;
  server.listen(0, HOST);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: { server: new URL(`https://${HOST}:${port}`), authority: authority.certificate, insecure: false },
    setTrouble: (trouble) => disturbance.setTrouble(trouble),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
}

function passOn(
  { server, authority, insecure }: ProxiedApi,
  agent: PlainAgent | SecureAgent,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const isPlain = server.protocol === 'http:';
  const options = {
    protocol: server.protocol,
    host: server.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: server.port === '' ? (isPlain ? 80 : 443) : Number(server.port),
    path: `${server.pathname.replace(/\/$/, '')}${request.url ?? '/'}`,
    method: request.method,
    headers: { ...passed(request.headers), host: server.host },
    agent,
    ...(isPlain ? {} : { rejectUnauthorized: !insecure }),
    ...(authority === null ? {} : { ca: authority }),
  };
  const answered = (answer: IncomingMessage): void => {
    response.writeHead(answer.statusCode ?? 502, passed(answer.headers));
    // Of a watch nothing may follow for long.
    response.flushHeaders();
    answer.on('error', () => response.destroy());
    answer.pipe(response);
  };
  const asked = isPlain ? plainRequest(options, answered) : secureRequest(options, answered);
  asked.on('error', () => response.destroy());
  response.once('close', () => {
    if (!response.writableFinished) asked.destroy();
  });
  request.pipe(asked);
}

const passed = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_CONNECTION.has(name)));
