// A stand-in for a cluster that runs containers for real: pods that commands can be run in over WebSockets, as Kubernetes' own
// protocol for it has it, and a metrics server.
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';

const WEBSOCKET = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const STDOUT = 1;
const STDERR = 2;
const STATUS = 3;

const OBJECTS: Readonly<Record<string, unknown>> = {
  '/api/v1/namespaces/default/pods/real': { kind: 'Pod', metadata: { name: 'real', namespace: 'default' } },
  '/api/v1/nodes': {
    items: [{ metadata: { name: 'n1' }, status: { allocatable: { cpu: '4', memory: '8Gi' } } }],
  },
  '/apis/metrics.k8s.io/v1beta1/nodes': {
    items: [{ metadata: { name: 'n1' }, usage: { cpu: '1500m', memory: '2Gi' } }],
  },
  '/apis/metrics.k8s.io/v1beta1/namespaces/default/pods': {
    items: [
      { metadata: { name: 'small', namespace: 'default' }, containers: [{ usage: { cpu: '10m', memory: '16Mi' } }] },
      {
        metadata: { name: 'real', namespace: 'default' },
        containers: [{ usage: { cpu: '250m', memory: '64Mi' } }, { usage: { cpu: '50m', memory: '64Mi' } }],
      },
    ],
  },
};

function frame(channel: number, text: string): Buffer {
  const data = Buffer.concat([Buffer.from([channel]), Buffer.from(text)]);
  const head =
    data.length < 126
      ? Buffer.from([0x82, data.length])
      : Buffer.from([0x82, 126, data.length >> 8, data.length & 255]);
  return Buffer.concat([head, data]);
}

function runs(request: IncomingMessage, socket: Duplex): void {
  const key = String(request.headers['sec-websocket-key']);
  const accept = createHash('sha1').update(`${key}${WEBSOCKET}`).digest('base64');
  const [protocol = ''] = String(request.headers['sec-websocket-protocol'])
    .split(/,\s*/)
    .filter((one) => one === 'v4.channel.k8s.io');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n` +
      `Sec-WebSocket-Protocol: ${protocol}\r\n\r\n`,
  );
  const words = new URL(request.url ?? '/', 'http://x').searchParams.getAll('command');
  const isGood = words[0] === 'echo';
  if (isGood) socket.write(frame(STDOUT, `${words.slice(1).join(' ')}\n`));
  else socket.write(frame(STDERR, `${words[0]}: not found\n`));
  const failed = {
    status: 'Failure',
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: '127' }] },
  };
  socket.write(frame(STATUS, JSON.stringify(isGood ? { status: 'Success' } : failed)));
  socket.end(Buffer.from([0x88, 0]));
}

export async function startStandIn(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server: Server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0]!;
    const found = OBJECTS[path];
    // As of a kind that there is, and of one that there is not.
    const name = /^\/api\/v1\/.*\/pods\/([^/]+)$/.exec(path)?.[1];
    const details = name === undefined ? {} : { name };
    response.writeHead(found === undefined ? 404 : 200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(found ?? { kind: 'Status', code: 404, message: 'there is none', details }));
  });
  server.on('upgrade', (request, socket) => runs(request, socket));
  // The server itself forgets those that commands are run over, and waits for them nevertheless.
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
