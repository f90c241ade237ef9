// Serves metrics, and whether the process is alive, to whoever has the token.
import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

export interface MetricsServerOptions {
  readonly host: string;
  readonly port: number;
  /** Null lets everybody read who reaches it. */
  readonly token: string | null;
  readonly text: () => Promise<string>;
}

export interface MetricsServer {
  readonly url: string;
  close(): Promise<void>;
}

const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
const ALIVE = new Set(['/healthz', '/livez', '/readyz']);
/** Nobody sends anything here. */
const HEADERS_MAX = 8_192;
const TIMEOUT_MS = 10_000;

function isKnown(request: IncomingMessage, token: string): boolean {
  const given = Buffer.from(/^bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '');
  const wanted = Buffer.from(token);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

export async function serveMetrics({ host, port, token, text }: MetricsServerOptions): Promise<MetricsServer> {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '').split('?')[0]!;
    const end = (status: number, body: string, type = 'text/plain; charset=utf-8') => {
      response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' });
      response.end(request.method === 'HEAD' ? '' : body);
    };
    if (request.method !== 'GET' && request.method !== 'HEAD') return end(405, 'only GET and HEAD\n');
    if (ALIVE.has(path)) return end(200, 'ok\n');
    if (path !== '/metrics') return end(404, 'there is /metrics, /healthz, /livez and /readyz\n');
    if (token !== null && !isKnown(request, token)) {
      response.setHeader('WWW-Authenticate', 'Bearer');
      return end(401, 'a bearer token is needed\n');
    }
    end(200, await text(), CONTENT_TYPE);
  };
  const server = createServer({ maxHeaderSize: HEADERS_MAX, requestTimeout: TIMEOUT_MS }, (request, response) => {
    answer(request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await listening(server, host, port);
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}/metrics`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

const listening = (server: Server, host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
